import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '../../platform/database/database.js';
import type { DeliveryRow } from './event.entities.js';
import type { EventType } from './event-type.js';

/** Which deliveries an operator wants to resend. */
export interface ResendFilter {
  readonly eventId?: string;
  readonly endpoint?: string;
  readonly type?: EventType;
  readonly since?: string;
  readonly until?: string;
  /** Otherwise also those that were delivered. */
  readonly onlyParked: boolean;
  readonly limit: number;
}

export interface ResentDelivery {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly endpoint: string;
}

/** A pending one is due anyway. */
const FIND: Statement = {
  name: 'event_resend_find',
  text: `
    select d.delivery_id, d.event_id, d.endpoint
    from wallet_event e join event_delivery d using (event_id)
    where ($1::uuid is null or e.event_id = $1) and ($2::text is null or d.endpoint = $2)
      and ($3::text is null or e.type = $3) and ($4::timestamptz is null or e.at >= $4)
      and ($5::timestamptz is null or e.at < $5) and d.next_attempt_at is null and (not $6 or d.status = 'PARKED')
      and exists (select from event_endpoint p where p.name = d.endpoint)
    order by e.at, e.event_id, d.endpoint limit $7`,
};

/** Due now, with a new window and schedule. $1 the delivery_ids, $2 who asks, $3 why, $4 for how long in ms */
const REQUEST: Statement = {
  name: 'event_resend',
  text: `
    with clock as materialized (select db_now() as now),
    d as (
      update event_delivery set status = 'PENDING', next_attempt_at = now, lease_until = null, requested_by = $2,
        gives_up_at = now + $4 * interval '1 ms', schedule_from = tries, updated_at = now
      from clock where delivery_id = any ($1::bigint[]) and next_attempt_at is null
      returning delivery_id, event_id, endpoint),
    kept as (
      insert into event_resend (event_id, endpoint, at, actor, reason)
      select event_id, endpoint, now, $2::text, $3::text from d, clock)
    select delivery_id, event_id, endpoint from d`,
};

const HAS_ENDPOINT: Statement = {
  name: 'event_endpoint_known',
  text: `select from event_endpoint where name = $1`,
};

/** Sets deliveries due again, and keeps who asked for it and why. */
@Injectable()
export class EventResendStore {
  constructor(private readonly database: Database) {}

  async hasEndpoint(name: string): Promise<boolean> {
    return (await this.database.run(HAS_ENDPOINT, [name])).length > 0;
  }

  /** Oldest first. */
  async find(filter: ResendFilter): Promise<readonly ResentDelivery[]> {
    const { eventId, endpoint, type, since, until, onlyParked, limit } = filter;
    const values = [eventId, endpoint, type, since, until].map((value) => value ?? null);
    return (await this.database.run<Row>(FIND, [...values, onlyParked, limit])).map(toResent);
  }

  async request(
    deliveryIds: readonly string[],
    by: { readonly actor: string; readonly reason: string; readonly tryForMs: number },
  ): Promise<readonly ResentDelivery[]> {
    const values = [deliveryIds, by.actor, by.reason, by.tryForMs];
    return (await this.database.run<Row>(REQUEST, values)).map(toResent);
  }
}

type Row = Pick<DeliveryRow, 'delivery_id' | 'event_id' | 'endpoint'>;

function toResent({ delivery_id: deliveryId, event_id: eventId, endpoint }: Row): ResentDelivery {
  return { deliveryId, eventId, endpoint };
}
