import { Injectable } from '@nestjs/common';
import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleWhenResult } from 'cockatiel';
import { AlipayPlusClient } from '../alipay-plus/alipay-plus.client.js';
import type { Exchange } from '../alipay-plus/exchange.js';
import type { ReadUserInitiatedPay } from '../alipay-plus/read-user-initiated-pay.js';
import { EventLog } from '../platform/logging/event-log.js';
import { STANDSTILL_MS } from './retry-delay.js';

/** By these Alipay+ says that it does not know us or our key. Another scan would be answered the same. */
const OWN_SETUP_CODES: ReadonlySet<string> = new Set([
  'INVALID_SIGNATURE',
  'KEY_NOT_FOUND',
  'INVALID_CLIENT',
  'ACCESS_DENIED',
]);

/** From this many in a row on it is not one odd code but us: no scan is refused for it any more. */
const SUSPICIOUS = 3;
/** After this many in a row the line stops. */
const STOP_AFTER = 5;

export interface AnsweredOnLine {
  readonly asked: true;
  readonly exchange: Exchange<ReadUserInitiatedPay>;
  /** An F that says more about us than about this code. */
  readonly isOurFault: boolean;
}

export type AskedOnLine =
  | AnsweredOnLine
  /** The line stands: Alipay+ was not asked. */
  | { readonly asked: false };

/**
 * Stops asking when Alipay+ keeps saying that our own set-up is wrong: going on would end every payer's scan for a
 * fault that is ours. Scans stay pending meanwhile and are asked for again while their window lasts.
 */
@Injectable()
export class DecodeLine {
  private inARow = 0;
  private readonly breaker = circuitBreaker(handleWhenResult(isOwnSetupFault), {
    halfOpenAfter: STANDSTILL_MS,
    breaker: new ConsecutiveBreaker(STOP_AFTER),
  });

  constructor(
    private readonly client: AlipayPlusClient,
    log: EventLog,
  ) {
    this.breaker.onBreak(() =>
      log.error('decode.line_stopped', { alarm: true, standstillMs: STANDSTILL_MS }),
    );
    this.breaker.onReset(() => log.event('decode.line_resumed'));
  }

  async ask(requestBody: Buffer): Promise<AskedOnLine> {
    try {
      const exchange = await this.breaker.execute(() => this.client.userInitiatedPay(requestBody));
      this.inARow = isOwnSetupFault(exchange) ? this.inARow + 1 : 0;
      return { asked: true, exchange, isOurFault: this.inARow >= SUSPICIOUS };
    } catch (error) {
      if (error instanceof BrokenCircuitError) return { asked: false };
      throw error;
    }
  }
}

function isOwnSetupFault(exchange: unknown): boolean {
  return (
    typeof exchange === 'object' &&
    exchange !== null &&
    'resultCode' in exchange &&
    typeof exchange.resultCode === 'string' &&
    OWN_SETUP_CODES.has(exchange.resultCode)
  );
}
