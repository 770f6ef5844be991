import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import type { ClaimedDelivery } from '../payment-order/event/event.store.js';
import type { DeliveryLane } from '../platform/delivery/delivery-lane.js';
import { PostTransport, type TransportAnswer } from '../platform/outbound/post-transport.js';
import type { EventEndpoint } from './endpoint-entries.js';
import { EventBody } from './event-body.js';
import { EventEndpoints } from './event-endpoints.js';
import { EventsSettings } from './events.settings.js';
import type { Origin } from '../platform/tracing/origin.js';

/** A claimed one, with the span of this attempt. */
export interface AttemptedDelivery extends ClaimedDelivery {
  readonly origin: Origin;
}

export type EventSending =
  | { readonly outcome: 'delivered'; readonly httpStatus: number; readonly ms: number }
  /** No acknowledgement: why, in one stable word. */
  | { readonly outcome: 'failed'; readonly why: string; readonly isHostAtFault: boolean; readonly ms: number }
  /** An earlier event of the same payment is to be delivered first. No attempt was made. */
  | { readonly outcome: 'blocked' }
  /** Not now: the endpoint is left alone, or this process stops. No attempt was made. */
  | { readonly outcome: 'resting' };

/** Answers that are about this one event, and not about the endpoint. */
const ABOUT_THE_EVENT = new Set([400, 406, 409, 413, 415, 422]);

/** Sends one event to one endpoint once, signed after Standard Webhooks. */
@Injectable()
export class EventSender implements OnApplicationShutdown {
  private readonly transport = new PostTransport();

  constructor(
    private readonly endpoints: EventEndpoints,
    private readonly bodies: EventBody,
    private readonly settings: EventsSettings,
  ) {}

  async send(
    { eventId, endpoint: name, isBlocked, origin }: AttemptedDelivery,
    lane: DeliveryLane,
  ): Promise<EventSending> {
    if (isBlocked) return { outcome: 'blocked' };
    const endpoint = this.endpoints.find(name);
    if (!endpoint) return { outcome: 'resting' };
    const body = await this.bodies.of(eventId);
    if (!body) return { outcome: 'failed', why: 'nothing_to_tell', isHostAtFault: false, ms: 0 };
    return (await lane.call(() => this.post(endpoint, eventId, body, origin))) ?? { outcome: 'resting' };
  }

  onApplicationShutdown(): Promise<void> {
    return this.transport.onApplicationShutdown();
  }

  private async post(
    endpoint: EventEndpoint,
    eventId: string,
    body: Buffer,
    origin: Origin,
  ): Promise<EventSending> {
    const { host } = new URL(endpoint.url);
    const attributes = { 'http.request.method': 'POST', 'server.address': host };
    const call = origin.under({ name: `event to ${host}`, kind: 'call', attributes });
    const startedAt = performance.now();
    const answer = await this.transport.post({
      url: endpoint.url,
      headers: { ...headersOf(endpoint, eventId, body, new Date()), ...call.headers },
      body,
      timeoutMs: this.settings.timeoutMs,
      publicOnly: !endpoint.anyAddress,
    });
    const sending = judged(answer, Math.round(performance.now() - startedAt));
    const { httpStatus } = answer;
    if (httpStatus !== undefined) call.note({ 'http.response.status_code': httpStatus });
    call.end(sending.outcome === 'failed' ? sending.why : undefined);
    return sending;
  }
}

/** Whether an answer says that the endpoint is unwell, or not where it should be. */
export function isEndpointFailure(sending: unknown): boolean {
  return (
    typeof sending === 'object' &&
    sending !== null &&
    'isHostAtFault' in sending &&
    sending.isHostAtFault === true
  );
}

/** Signed with every valid secret: a receiver that knows one of them can verify it. */
export function headersOf(
  { secrets }: Pick<EventEndpoint, 'secrets'>,
  eventId: string,
  body: Buffer,
  now: Date,
): Readonly<Record<string, string>> {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(eventId, now, body.toString()));
  return {
    'content-type': 'application/json; charset=utf-8',
    'accept-encoding': 'identity',
    'user-agent': 'mpp-payments',
    'webhook-id': eventId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}

/** Only a 2xx acknowledges. What the body says is not read: a status is all that Standard Webhooks asks for. */
function judged(answer: TransportAnswer, ms: number): EventSending {
  const { httpStatus } = answer;
  if (httpStatus !== undefined && httpStatus >= 200 && httpStatus < 300)
    return { outcome: 'delivered', httpStatus, ms };
  if (!answer.answered) {
    const isHostAtFault = answer.reason !== 'address_not_public';
    return { outcome: 'failed', why: answer.reason, isHostAtFault, ms };
  }
  const isHostAtFault = !ABOUT_THE_EVENT.has(answer.httpStatus);
  return { outcome: 'failed', why: `http_${answer.httpStatus}`, isHostAtFault, ms };
}
