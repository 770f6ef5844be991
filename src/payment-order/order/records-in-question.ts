import type { Runner, Statement } from '../../platform/database/database.js';

/** Whether what is not there may be among lost records. */
export const IN_QUESTION: Statement = {
  name: 'records_in_question',
  text: `select 1 from record_watch where watch_id = 1 and ask_until > db_now()`,
};

export async function areRecordsInQuestion(runner: Runner): Promise<boolean> {
  return (await runner.run(IN_QUESTION, [])).length > 0;
}
