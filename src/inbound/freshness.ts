import { Injectable } from '@nestjs/common';
import { EventLog } from '../platform/logging/event-log.js';
import type { InboundCall } from './inbound-call.js';
import { InboundSettings } from './inbound.settings.js';

/** Beyond this the two clocks need a check, whether or not a limit is enforced. */
const WORTH_A_WARNING_MS = 2_000;

/**
 * How old a signed call is. Alipay+ names no limit, so the age is only reported, unless the settings name one: then a
 * call that is too old, too far ahead or has no readable time is refused.
 */
@Injectable()
export class Freshness {
  constructor(
    private readonly settings: InboundSettings,
    private readonly log: EventLog,
  ) {}

  accepts({ api, origin, address }: InboundCall, requestedAt: Date | undefined, now = Date.now()): boolean {
    const { maxSkewMs } = this.settings;
    if (!requestedAt) {
      this.log.warn('inbound.time_unreadable', { origin, api, address });
      return maxSkewMs === 0;
    }
    const skewMs = now - requestedAt.getTime();
    const isTooFar = maxSkewMs > 0 && Math.abs(skewMs) > maxSkewMs;
    if (Math.abs(skewMs) > WORTH_A_WARNING_MS)
      this.log.warn('inbound.skewed', { origin, api, address, skewMs, refused: isTooFar });
    return !isTooFar;
  }
}
