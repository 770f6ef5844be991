import { PlatformError } from '../http/platform-error.js';

/** Everything to the database was taken for too long. Nothing was sent, so the same may be tried again. */
export class DatabaseBusy extends PlatformError {
  readonly code = 'DATABASE_BUSY';
  readonly retry = 'later';

  constructor(waitedMs: number) {
    super(`nothing was free to write with for ${waitedMs} ms`);
  }
}
