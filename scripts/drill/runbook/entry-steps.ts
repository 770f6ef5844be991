import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** One block of commands, as a person pastes it into a shell. */
export interface EntryStep {
  readonly commands: string;
  /** Texts that must be in the output; they may name variables of the shell, such as $VERSION. */
  readonly expected: readonly string[];
}

/** The outcome of following an entry. */
export interface FollowedEntry {
  readonly entry: string;
  readonly steps: number;
  /** From the first step until the trouble was over; 0 where it was not. */
  readonly tookMs: number;
  /** Why it did not help; absent when it did. */
  readonly failure?: string;
}

const STEP_PATIENCE_MS = 60_000;
/** Enough of the output of a command to see why it failed. */
const SHOWN_CHARACTERS = 300;

/**
 * The steps of a runbook entry: its blocks of commands in their order, each with the block of text below it.
 *
 * @param document the runbook
 * @param entry the heading of the entry
 * @throws when there is no such entry, or it has no commands
 */
export function entrySteps(document: string, entry: string): EntryStep[] {
  const found = document.split(/^##+ /m).find((part) => part.startsWith(`${entry}\n`));
  if (found === undefined) throw new Error(`the runbook has no entry ${entry}`);
  const blocks = [...found.matchAll(/^( *)```(\w+)\n([^]*?)^\1```$/gm)].map(
    ([, margin = '', language, lines = '']) => ({
      language,
      lines: lines.split('\n').flatMap((line) => line.slice(margin.length) || []),
    }),
  );
  const steps = blocks.flatMap(({ language, lines }, at) => {
    if (language !== 'sh') return [];
    const below = blocks[at + 1];
    return { commands: lines.join('\n'), expected: below?.language === 'text' ? below.lines : [] };
  });
  if (steps.length === 0) throw new Error(`the entry ${entry} has no commands to follow`);
  return steps;
}

/**
 * Follows the steps one after the other.
 *
 * @param values the variables of the shell, the settings of the service among them
 * @throws when a command fails, or its output lacks a required text
 */
export async function followSteps(
  steps: readonly EntryStep[],
  values: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [at, { commands, expected }] of steps.entries()) {
    const { code, output } = await pasted(commands, values);
    const shown = `step ${at + 1} (${commands.split('\n')[0]}): ${output.slice(0, SHOWN_CHARACTERS)}`;
    if (code !== 0) throw new Error(`exit code ${code} of ${shown}`);
    for (const line of expected) {
      const wanted = line.replaceAll(/\$(\w+)/g, (name, key: string) => values[key] ?? name);
      if (!output.includes(wanted)) throw new Error(`no ${wanted} in the output of ${shown}`);
    }
  }
}

/** The shell gets nothing of this process's own environment. */
async function pasted(
  commands: string,
  values: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | string; readonly output: string }> {
  const shell = spawn('/bin/sh', ['-e', '-u', '-c', commands], {
    env: values,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: STEP_PATIENCE_MS,
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    shell.on('error', reject);
    shell.on('close', (code, signal) => resolve(code ?? String(signal)));
  });
  const [code, ...output] = await Promise.all([ended, text(shell.stdout), text(shell.stderr)]);
  return { code, output: output.join('') };
}
