import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { debuglog } from 'node:util';
import {
  Command,
  CommanderError,
  type CommandUnknownOpts,
  type OptionValues,
} from '@commander-js/extra-typings';
import { failureSentence } from './failure-sentence.js';

/** Wrong usage that only the program itself can detect; reported with the usage, exit code 2. */
export class UsageError extends Error {}

/** Ends a program with an exit code after it has printed everything. */
export class Exit extends Error {
  constructor(readonly exitCode: number) {
    super(`exit code ${exitCode}`);
  }
}

/** Where a program writes, so that a test can read it. */
export interface Output {
  log(text: string): void;
  error(text: string): void;
}

/** Shows the stack of a failure when `NODE_DEBUG=mpp` asks for it. */
const debug = debuglog('mpp');

/**
 * A command that accepts only what is declared on it, and knows `--help`.
 *
 * ```ts
 * export const command = newCommand('npm run migrate --', 'Brings a database up to date.')
 *   .option('--dry-run', 'only says what it would do')
 *   .action(async ({ dryRun }) => { … });
 * await runProgram(import.meta.url, command);
 * ```
 *
 * @param start the words a reader types to start it
 */
export function newCommand(start: string, about: string): Command {
  return new Command(start)
    .description(about)
    .helpOption('-h, --help', 'print this text and do nothing else')
    .allowExcessArguments(false)
    .configureHelp({ helpWidth: 110 });
}

/**
 * Runs one command line and gives its exit code: 0 done, 1 failed, 2 wrong usage, or what an action put into `Exit`.
 * Nothing is thrown: a failure is one sentence on the error output.
 */
export async function runCommand(
  command: CommandUnknownOpts,
  args: readonly string[],
  output: Output = console,
): Promise<number> {
  prepare(command, output);
  try {
    refuseMissingValues(command, args);
    await command.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error, command, output);
  }
}

/**
 * Reads the command line of a program whose work is at the top level of its file. Ends the program for help and wrong
 * usage, and reports later failures in one sentence.
 */
export async function readCommandLine<Words extends unknown[], Options extends OptionValues>(
  command: Command<Words, Options>,
): Promise<{ readonly options: Options; readonly words: Words }> {
  endWithReader();
  let isRead = false;
  const exitCode = await runCommand(
    command.action(() => void (isRead = true)),
    process.argv.slice(2),
  );
  if (!isRead) process.exit(exitCode);
  process.once('uncaughtException', (error) => process.exit(exitCodeOf(error, command, console)));
  return { options: command.opts(), words: command.processedArgs };
}

/** Runs the command when its file is the program that was started; a test or `mpp` that imports it runs nothing. */
export async function runProgram(moduleUrl: string, command: CommandUnknownOpts): Promise<void> {
  if (!isStarted(moduleUrl)) return;
  endWithReader();
  process.exitCode = await runCommand(command, process.argv.slice(2));
}

/** Like `runProgram`, for a program that may leave timers, connections or the channel of its parent open. */
export async function runProgramAndLeave(moduleUrl: string, command: CommandUnknownOpts): Promise<void> {
  if (!isStarted(moduleUrl)) return;
  endWithReader();
  process.exit(await runCommand(command, process.argv.slice(2)));
}

/** The exit code that shells give a program that wrote to a closed pipe: 128 and SIGPIPE, which Node.js ignores. */
const EXIT_PIPE_CLOSED = 141;

/**
 * A reader that closes the output, as `head` does, has enough: the program exits silently. Where the output cannot be
 * written, as on a full disk, what is there is not the result. Lost errors stop nothing.
 *
 * @returns removes the listeners, for a caller that starts a program which works without an output
 */
export function endWithReader(): () => void {
  const onLost = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE') process.exit(EXIT_PIPE_CLOSED);
    process.stderr.write(`the output could not be written: ${failureSentence(error)}\n`);
    process.exit(1);
  };
  const onSilent = (): undefined => undefined;
  process.stdout.on('error', onLost);
  process.stderr.on('error', onSilent);
  return () => {
    process.stdout.off('error', onLost);
    process.stderr.off('error', onSilent);
  };
}

function isStarted(moduleUrl: string): boolean {
  const [, program] = process.argv;
  return program !== undefined && realpathSync(program) === fileURLToPath(moduleUrl);
}

function prepare(command: CommandUnknownOpts, output: Output): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => output.log(text.trimEnd()),
    writeErr: (text) => output.error(text.trimEnd()),
    // Printed below, together with the usage.
    outputError: () => undefined,
  });
  for (const subcommand of command.commands) prepare(subcommand, output);
}

function exitCodeOf(error: unknown, command: CommandUnknownOpts, output: Output): number {
  if (error instanceof Exit) return error.exitCode;
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (error instanceof CommanderError || error instanceof UsageError) {
    const isHelp = error instanceof CommanderError && error.code === 'commander.help';
    const fault = isHelp ? 'error: a command is missing' : error.message;
    output.error(`${fault.replace(/^(?!error: )/, 'error: ')}\n\n${command.helpInformation().trimEnd()}`);
    return 2;
  }
  output.error(failureSentence(error));
  debug('%o', error);
  return 1;
}

/** The parser would take `--json` in `--port --json` for the port. */
function refuseMissingValues(command: CommandUnknownOpts, args: readonly string[]): void {
  const options = [command, ...command.commands].flatMap((one) => one.options);
  for (const [at, word] of args.entries()) {
    if (word === '--') return;
    const takesValue = options.some(({ required, long, short }) => required && [long, short].includes(word));
    if (takesValue && /^-([^\d]|$)/.test(args[at + 1] ?? '-'))
      throw new UsageError(`option '${word}' needs a value`);
  }
}
