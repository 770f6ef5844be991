import { wholeNumber } from '../command-line/option-values.js';
import { newCommand, runProgram, UsageError } from '../command-line/run-command.js';
import { ProgressBar } from './mpp/progress-bar.js';
import { NotEmptyError, seedOperations } from './seed-operations/seed-operations.js';

const NOTES = `
The database has to be empty and the user a superuser: triggers and foreign keys are off while rows are inserted
(session_replication_role), and the secondary indexes are made at the end. Never point it at a database you need.
Exit codes: 0 filled, 1 failed, 2 wrong usage, or the database is not empty.`;

export const command = newCommand(
  'mpp seed-operations',
  'Fills an empty database with payments, scans and notifications as in life, to try searches on.',
)
  .requiredOption('--database <url>', 'postgres://…')
  .option('--orders <n>', 'how many orders', wholeNumber(1, 100_000_000), 5_000_000)
  .addHelpText('after', NOTES)
  .action(async ({ database, orders }) => {
    const bar = new ProgressBar('orders', orders);
    try {
      const onDone = (done: number): void => bar.at(done);
      await seedOperations({ url: database, orders, tell: (message) => bar.say(message), onDone });
    } catch (error) {
      throw error instanceof NotEmptyError ? new UsageError(error.message, { cause: error }) : error;
    } finally {
      bar.stop();
    }
  });

await runProgram(import.meta.url, command);
