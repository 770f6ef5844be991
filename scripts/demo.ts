import { newCommand, runProgramAndLeave } from '../command-line/run-command.js';

export const command = newCommand(
  'mpp demo',
  'Walks four scans through the whole service, on throwaway parts of its own.',
)
  .option('--json', 'for programs: one JSON document on standard output')
  .option('--observe', 'then start a Prometheus on it, show an alarm that fires, and stay until Ctrl-C')
  .option('--console', 'then leave a console running with a few hundred payments to look at, until Ctrl-C')
  .addHelpText(
    'after',
    "\nExit codes: 0 our books and the twin's say the same, 1 they do not, 2 wrong usage. --observe needs Debian's prometheus.",
  )
  .action(async ({ json = false, console: isKept = false, observe: isObserved = false }) =>
    (await import('./demo/demonstrate.js')).demonstrate({ isJson: json, isKept, isObserved }),
  );

await runProgramAndLeave(import.meta.url, command);
