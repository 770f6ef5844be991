import { Injectable } from '@nestjs/common';
import { EventLog } from '../platform/logging/event-log.js';

/** The codes by which Alipay+ says that it does not know us or our key. */
const OWN_SETUP_CODES: ReadonlySet<string> = new Set([
  'INVALID_SIGNATURE',
  'KEY_NOT_FOUND',
  'INVALID_CLIENT',
]);

/**
 * Raised when Alipay+ says that our own set-up is wrong. Such an answer often cannot be signed, so it decides nothing
 * about a payment; but every further call will end the same way until somebody mends the configuration.
 */
@Injectable()
export class SetupAlarm {
  private readonly counted = new Map<string, number>();

  constructor(private readonly log: EventLog) {}

  /** How often each code has been raised since the start. */
  get counts(): ReadonlyMap<string, number> {
    return this.counted;
  }

  watch(resultCode: string | undefined): void {
    if (resultCode !== undefined && OWN_SETUP_CODES.has(resultCode)) this.onOwnSetupFault(resultCode);
  }

  onOwnSetupFault(resultCode: string): void {
    this.counted.set(resultCode, (this.counted.get(resultCode) ?? 0) + 1);
    this.log.error('alipayplus.own_setup_fault', { resultCode, alarm: true });
  }
}
