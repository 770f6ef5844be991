import { Command } from 'commander';

/**
 * A command line for the few programs that must run before anything is compiled, with the behaviour of
 * `command-line/run-command.ts`: help ends with 0, wrong usage with the usage and 2.
 *
 * @param {string} start the words a reader types to start it
 * @param {string} about
 */
export function plainCommand(start, about) {
  return new Command(start)
    .description(about)
    .helpOption('-h, --help', 'print this text and do nothing else')
    .allowExcessArguments(false)
    .showHelpAfterError()
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}
