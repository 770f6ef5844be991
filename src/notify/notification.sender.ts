import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AlipayPlusClient } from '../alipay-plus/calls/alipay-plus.client.js';
import type { Exchange } from '../alipay-plus/calls/exchange.js';
import { judgeNotifyUrl } from '../alipay-plus/calls/notify-url.js';
import type { ClaimedNotification } from '../payment-order/notification/notification.store.js';
import type { DeliveryLane } from '../platform/delivery/delivery-lane.js';
import { NotifyPolicy } from './notify-policy.js';
import type { Origin } from '../platform/tracing/origin.js';

/** A claimed one, with the span of this attempt. */
export interface AttemptedNotification extends ClaimedNotification {
  readonly origin: Origin;
}

export type Sending =
  | { readonly outcome: 'sent'; readonly exchange: Exchange<unknown> }
  /** Not now: the host is left alone for a while. No attempt was made. */
  | { readonly outcome: 'resting' }
  /** Never like this: a person has to look. No byte was sent. */
  | { readonly outcome: 'refused'; readonly why: string; readonly foundSha256?: string };

/** Sends one notification once, if its bytes are the frozen ones and its address may be called. */
@Injectable()
export class NotificationSender {
  constructor(
    private readonly client: AlipayPlusClient,
    private readonly policy: NotifyPolicy,
  ) {}

  async send({ url, body, bodySha256, origin }: AttemptedNotification, lane: DeliveryLane): Promise<Sending> {
    // Its lease ends and it is tried again: a key that was made meanwhile is known soon. See data.not_opened.
    if (body === undefined) throw new Error('the bytes of the notification cannot be opened');
    const digest = hash('sha256', body, 'buffer');
    if (!digest.equals(bodySha256))
      return { outcome: 'refused', why: 'body_differs_from_frozen', foundSha256: digest.toString('hex') };
    const verdict = judgeNotifyUrl(url, this.policy.urls);
    if (!verdict.trusted) return { outcome: 'refused', why: verdict.why };
    const { anyAddress } = verdict;
    const exchange = await lane.call(() => this.client.notifyPayment(url, body, { anyAddress, origin }));
    if (!exchange) return { outcome: 'resting' };
    return exchange.reason === 'address_not_public'
      ? { outcome: 'refused', why: 'address_not_public' }
      : { outcome: 'sent', exchange };
  }
}
