import { DIRECTIVES, type Directive } from './directives.js';
import { figuresFault } from './figures.js';
import { readStep } from './script-values.js';
import { PLAIN_SCRIPT, type Script } from './script.js';

export type ParsedScript =
  { readonly ok: true; readonly script: Script } | { readonly ok: false; readonly fault: string };

const SCRIPT_PREFIX = 'twin:';

const BY_NAME: ReadonlyMap<string, Directive> = new Map(DIRECTIVES.map((item) => [item.name, item]));

/**
 * Reads the script in a code value: `twin:STEP,STEP;directive;directive=value#anything`. A code that is not a script
 * means `twin:S`. A script with a fault is refused as a whole, so that a typing error never turns into a different
 * test.
 */
export function parseScript(codeValue: string): ParsedScript {
  if (!codeValue.startsWith(SCRIPT_PREFIX)) return { ok: true, script: PLAIN_SCRIPT };
  const [text = ''] = codeValue.slice(SCRIPT_PREFIX.length).split('#', 1);
  const [stepsText = '', ...parts] = text.split(';');
  const steps = stepsText === '' ? PLAIN_SCRIPT.steps : stepsText.split(',').map(readStep);
  if (!steps.every((step) => step !== null)) return faulty(`steps cannot be read: ${stepsText}`);
  return withDirectives({ ...PLAIN_SCRIPT, steps }, parts);
}

function withDirectives(start: Script, parts: readonly string[]): ParsedScript {
  const seen = new Set<string>();
  let script = start;
  for (const part of parts) {
    const { name, value } = split(part);
    const directive = BY_NAME.get(name);
    if (directive === undefined) return faulty(`unknown directive: ${name}`);
    if (seen.has(name) && directive.isRepeatable !== true) return faulty(`directive stands twice: ${name}`);
    seen.add(name);
    const change = directive.read(value, script);
    if (change === null) return faulty(`directive cannot be read: ${part}, expected ${directive.form}`);
    script = { ...script, ...change };
  }
  if (seen.has('pass') && seen.has('passLength')) return faulty('pass and passLength exclude each other');
  const fault = figuresFault(script);
  return fault === null ? { ok: true, script } : faulty(fault);
}

/** `name=value`, `name`, and for the troubles that take only a call, `name@2`. */
function split(part: string): { readonly name: string; readonly value: string } {
  const equals = part.indexOf('=');
  if (equals >= 0) return { name: part.slice(0, equals), value: part.slice(equals + 1) };
  const at = part.indexOf('@');
  if (at >= 0) return { name: part.slice(0, at), value: part.slice(at) };
  return { name: part, value: '' };
}

function faulty(fault: string): ParsedScript {
  return { ok: false, fault };
}
