import { Injectable } from '@nestjs/common';
import { isListedResultCode } from '../alipay-plus/codes/result-codes.js';
import { EventLog } from '../platform/logging/event-log.js';

/** The most codes remembered; invented codes must not fill our memory. */
const MOST = 200;

/** Raises an event the first time a result code comes that our reviewed table does not list. */
@Injectable()
export class FirstSeenCodes {
  private readonly seen = new Set<string>();

  constructor(private readonly log: EventLog) {}

  note(outcome: string, resultCode: string | undefined): void {
    if (resultCode === undefined || isListedResultCode(resultCode)) return;
    if (this.seen.has(resultCode) || this.seen.size >= MOST) return;
    this.seen.add(resultCode);
    this.log.warn('result_code.first_seen', { resultCode, outcome, alarm: true });
  }
}
