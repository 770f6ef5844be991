import { newCommand, runProgramAndLeave } from '../command-line/run-command.js';

export const command = newCommand(
  'npm run structure --',
  'Prints how the production code in src is cut into files.',
)
  .option('--json', 'one JSON document, for programs')
  .option('--no-scan', 'do not start the service to count the files and functions of one scan')
  .action(async ({ json = false, scan: withScan }) =>
    (await import('./structure/print-structure.js')).printStructure(json, withScan),
  );

await runProgramAndLeave(import.meta.url, command);
