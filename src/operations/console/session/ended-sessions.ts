import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../../platform/database/database.js';

const END: Statement = {
  name: 'console_session_end',
  text: `
    with over as (delete from ended_session where ended_at < db_now() - make_interval(hours => $2))
    insert into ended_session (session_id, ended_at) values ($1, db_now()) on conflict do nothing returning session_id`,
};

const ENDED: Statement = {
  name: 'console_session_ended',
  text: `select from ended_session where session_id = $1`,
};

/** Every copy of a cookie has expired by then, so an older row is no longer needed. */
const KEPT_HOURS = 24;

/**
 * Sessions that were signed out, and sign-ins that were answered. A cookie proves itself, so a copy of it would open
 * the console until it expires; this table tells every process, also one started later, that it has ended.
 */
@Injectable()
export class EndedSessions {
  constructor(private readonly database: Database) {}

  /** Ends a session or sign-in; false when it had ended before. */
  async end(sessionId: string): Promise<boolean> {
    return (await this.database.run(END, [sessionId, KEPT_HOURS])).length > 0;
  }

  async has(sessionId: string): Promise<boolean> {
    return (await this.database.run(ENDED, [sessionId])).length > 0;
  }
}
