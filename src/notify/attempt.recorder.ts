import { Injectable } from '@nestjs/common';
import type { Exchange } from '../alipay-plus/calls/exchange.js';
import { NotificationStore } from '../payment-order/notification/notification.store.js';
import type { ExchangeEvidence } from '../payment-order/evidence/exchange-evidence.js';
import { statusAfter } from './acknowledgement.js';
import { NotificationWatch } from './notification-watch.js';
import type { AttemptedNotification, Sending } from './notification.sender.js';
import { NotifyPolicy } from './notify-policy.js';
import { redactedAnswer } from './redacted-answer.js';

/** Records the outcome of one attempt, and when the next one is due. */
@Injectable()
export class AttemptRecorder {
  constructor(
    private readonly notifications: NotificationStore,
    private readonly watch: NotificationWatch,
    private readonly policy: NotifyPolicy,
  ) {}

  /** @returns how long until its next attempt, or undefined when none is set from here */
  async record(notification: AttemptedNotification, sending: Sending): Promise<number | undefined> {
    if (sending.outcome === 'sent') return this.recordAnswer(notification, sending.exchange);
    if (sending.outcome === 'resting') await this.notifications.release([notification.paymentId]);
    else await this.park(notification, sending.why, sending.foundSha256);
    return undefined;
  }

  private async recordAnswer(
    notification: AttemptedNotification,
    exchange: Exchange<unknown>,
  ): Promise<number | undefined> {
    const { paymentId, requestedBy, scheduleTries, origin } = notification;
    const status = statusAfter(exchange.outcome, exchange.resultCode);
    const delayMs = this.policy.nextMs(scheduleTries + 1);
    const recorded = await this.notifications.record(paymentId, evidenceOf(exchange), {
      status,
      requestedBy,
      ...(status === 'PENDING' ? { delayMs } : {}),
    });
    this.watch.attempted(notification, exchange, status);
    if (recorded?.isAlarming) this.watch.undelivered(paymentId, 'ten_tries', recorded.tries, { origin });
    return status === 'PENDING' ? recorded?.delayMs : undefined;
  }

  private async park(notification: AttemptedNotification, why: string, foundSha256?: string): Promise<void> {
    const { paymentId, url, tries, bodySha256, origin } = notification;
    if (!(await this.notifications.park(paymentId, why))) return;
    const hashes = foundSha256 === undefined ? {} : { frozenSha256: bodySha256.toString('hex'), foundSha256 };
    this.watch.parked({ paymentId, url, tries }, why, { origin, ...hashes });
  }
}

function evidenceOf(exchange: Exchange<unknown>): ExchangeEvidence {
  return {
    outcome: exchange.outcome,
    durationMs: exchange.durationMs,
    requestTime: exchange.requestTime,
    keyVersion: exchange.keyVersion,
    ...(exchange.reason === undefined ? {} : { reason: exchange.reason }),
    ...(exchange.resultCode === undefined ? {} : { resultCode: exchange.resultCode }),
    ...(exchange.httpStatus === undefined ? {} : { httpStatus: exchange.httpStatus }),
    ...(exchange.rawResponse === undefined ? {} : { answer: redactedAnswer(exchange.rawResponse) }),
  };
}
