import { Injectable } from '@nestjs/common';
import type { Exchange } from '../alipay-plus/calls/exchange.js';
import {
  NotificationStore,
  type ClaimedNotification,
} from '../payment-order/notification/notification.store.js';
import type { ExchangeEvidence } from '../payment-order/evidence/exchange-evidence.js';
import { statusAfter } from './acknowledgement.js';
import { NotificationWatch } from './notification-watch.js';
import type { Sending } from './notification.sender.js';
import { NotifyPolicy } from './notify-policy.js';
import { nextTryMs } from './notify-schedule.js';
import { redactedAnswer } from './redacted-answer.js';

/** One turn of one notification: what came of sending it is written down, and when it is sent next. */
@Injectable()
export class NotificationTurn {
  constructor(
    private readonly notifications: NotificationStore,
    private readonly watch: NotificationWatch,
    private readonly policy: NotifyPolicy,
  ) {}

  /** @returns how long until its next try, or undefined when none is set from here */
  async end(notification: ClaimedNotification, sending: Sending): Promise<number | undefined> {
    if (sending.end === 'sent') return this.settle(notification, sending.exchange);
    if (sending.end === 'resting') await this.notifications.release([notification.paymentId]);
    else await this.park(notification, sending.why, sending.foundSha256);
    return undefined;
  }

  private async settle(
    notification: ClaimedNotification,
    exchange: Exchange<unknown>,
  ): Promise<number | undefined> {
    const { paymentId, requestedBy, scheduleTries } = notification;
    const { scheduleMs, jitter } = this.policy;
    const status = statusAfter(exchange.outcome, exchange.resultCode);
    const delayMs = nextTryMs(scheduleMs, scheduleTries + 1, jitter, Math.random());
    const recorded = await this.notifications.record(paymentId, evidenceOf(exchange), {
      status,
      requestedBy,
      ...(status === 'PENDING' ? { delayMs } : {}),
    });
    this.watch.attempted(notification, exchange, status);
    if (recorded?.isAlarming) this.watch.undelivered(paymentId, 'ten_tries', recorded.tries);
    return status === 'PENDING' ? recorded?.delayMs : undefined;
  }

  private async park(notification: ClaimedNotification, why: string, foundSha256?: string): Promise<void> {
    const { paymentId, url, tries, bodySha256 } = notification;
    if (!(await this.notifications.park(paymentId, why))) return;
    const hashes = foundSha256 === undefined ? {} : { frozenSha256: bodySha256.toString('hex'), foundSha256 };
    this.watch.parked({ paymentId, url, tries }, why, hashes);
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
