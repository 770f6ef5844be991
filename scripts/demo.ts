import { newCommand, runProgramAndLeave } from '../command-line/run-command.js';

export const command = newCommand(
  'mpp demo',
  'Walks four scans through the whole service, on throwaway parts of its own.',
)
  .option('--json', 'for programs: one JSON document on standard output')
  .option('--console', 'then leave a console running with a few hundred payments to look at, until Ctrl-C')
  .addHelpText(
    'after',
    "\nExit codes: 0 our books and the twin's say the same, 1 they do not, 2 wrong usage.",
  )
  .action(async ({ json = false, console: isKept = false }) =>
    (await import('./demo/demonstrate.js')).demonstrate(json, isKept),
  );

await runProgramAndLeave(import.meta.url, command);
