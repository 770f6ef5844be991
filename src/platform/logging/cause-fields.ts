import { scrubText } from './redaction.js';
import { saysUnreachable } from './unreachable.js';

const MAX_CAUSES = 5;

/**
 * What a log may say about a thrown value: name, code, message and stack of each link of its cause chain.
 * Other properties stay out: clients hang whole requests, headers included, on the errors they throw.
 */
export function causeFields(thrown: unknown): Record<string, unknown> {
  const chain: unknown[] = [];
  for (
    let link: unknown = thrown;
    link !== undefined && link !== null && chain.length < MAX_CAUSES;
    link = link instanceof Error ? link.cause : undefined
  ) {
    chain.push(link);
  }
  const [first, ...rest] = chain.map(describe);
  return {
    errorName: first?.name,
    errorCode: first?.code,
    errorMessage: first?.message,
    stack: stackOf(thrown),
    causes: rest.length > 0 ? rest : undefined,
  };
}

/** No stack when a server we need is away: the code is not at fault, and an outage brings very many. */
function stackOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || thrown.stack === undefined || saysUnreachable(thrown)) return undefined;
  return scrubText(thrown.stack);
}

interface Description {
  readonly name: string;
  readonly code?: string | undefined;
  readonly message: string;
}

function describe(thrown: unknown): Description {
  if (!(thrown instanceof Error)) return { name: typeof thrown, message: textOf(thrown) };
  const code: unknown = Reflect.get(thrown, 'code');
  return {
    name: thrown.name,
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : undefined,
    message: scrubText(thrown.message),
  };
}

/** Only texts are written; a thrown object may hold anything. */
function textOf(thrown: unknown): string {
  return typeof thrown === 'string' ? scrubText(thrown) : '';
}
