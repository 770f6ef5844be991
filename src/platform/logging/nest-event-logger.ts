import type { LoggerService } from '@nestjs/common';
import type { EventLog } from './event-log.js';

/** Nest logs each error of a start and then throws it; main reports it better. */
const TOLD_BY_THE_CALLER = 'ExceptionHandler';

/**
 * What the framework logs, as events of our log. Its ordinary lines (each module, each route) are written at debug
 * level.
 */
export class NestEventLogger implements LoggerService {
  /** @param failures gets what was thrown at the framework, which only logs it */
  constructor(
    private readonly eventLog: EventLog,
    private readonly failures?: unknown[],
  ) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.eventLog.debug('framework.said', said(message, rest));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.eventLog.debug('framework.said', said(message, rest));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.eventLog.debug('framework.said', said(message, rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.eventLog.warn('framework.warned', said(message, rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) === TOLD_BY_THE_CALLER) return;
    const cause = causeIn(message, rest);
    if (cause instanceof Error) this.failures?.push(cause);
    this.eventLog.error('framework.failed', said(message, rest), cause);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.eventLog.error('framework.failed', said(message, rest), causeIn(message, rest));
  }
}

/** Nest passes the name of the speaker last; an error may be preceded by its stack, which spans lines. */
function said(message: unknown, rest: readonly unknown[]): Record<string, string | undefined> {
  const speaker = rest.at(-1);
  return {
    speaker: typeof speaker === 'string' && !speaker.includes('\n') ? speaker : undefined,
    message: typeof message === 'string' ? message : undefined,
  };
}

function causeIn(message: unknown, rest: readonly unknown[]): unknown {
  if (message instanceof Error) return message;
  const thrown = rest.find((part) => part instanceof Error);
  if (thrown !== undefined) return thrown;
  return rest.find((part) => typeof part === 'string' && part.includes('\n'));
}
