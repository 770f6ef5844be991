import { ask } from './ask.js';

/**
 * Sets the clock of every decision to an SQL expression: `clock_timestamp() + interval '1 day'`, or one time for ever.
 */
export async function setDatabaseClock(url: string, expression: string): Promise<void> {
  await ask(
    url,
    `create or replace function db_now() returns timestamptz language sql volatile parallel safe
     as $$ select ${expression} $$`,
  );
}
