import { Injectable } from '@nestjs/common';
import { EventStore, type WalletEvent } from '../payment-order/event/event.store.js';
import { PaymentOrderStore } from '../payment-order/order/payment-order.store.js';
import { ScanStore } from '../payment-order/scan/scan.store.js';
import { EventViews } from './event-views.js';

/**
 * The bytes of an event. They are written when it is first sent and never change afterwards: every endpoint and every
 * attempt gets the same. `change` is what happened; the payment stands as it did when the bytes were written, which is
 * never before the change.
 */
@Injectable()
export class EventBody {
  constructor(
    private readonly events: EventStore,
    private readonly orders: PaymentOrderStore,
    private readonly scans: ScanStore,
    private readonly views: EventViews,
  ) {}

  /** Undefined when the event, or what it is about, is no longer kept. */
  async of(eventId: string): Promise<Buffer | undefined> {
    const event = await this.events.read(eventId);
    if (!event || event.body) return event?.body;
    const message = await this.messageOf(event);
    return message && this.events.freeze(eventId, Buffer.from(JSON.stringify(message)));
  }

  private async messageOf(event: WalletEvent): Promise<object | undefined> {
    const { about } = event;
    if (about.kind === 'scan') {
      const scan = await this.scans.find(about.scanId);
      return scan && this.views.scan(event, scan);
    }
    const payment = await this.orders.find(about.paymentId);
    return payment && this.views.payment(event, about.change, payment);
  }
}
