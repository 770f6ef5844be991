import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { AxesStanding, NotificationStatus, PaymentStatus } from '../order/payment-status.js';
import type { NotificationRow } from './notification.entities.js';
import * as sql from './redelivery.sql.js';
import type { PaymentId } from '../order/ids.js';

export interface RedeliveryRequest {
  readonly paymentIds: readonly PaymentId[];
  readonly actor: string;
  readonly reason: string;
}

export interface RequestedRedelivery {
  readonly paymentId: PaymentId;
  readonly wasStatus: NotificationStatus;
  readonly tries: number;
  readonly givesUpAt: Date;
}

export interface UndeliveredFilter {
  readonly statuses: readonly NotificationStatus[];
  readonly since: string;
  readonly until?: string;
  /** `host`, or `host:port` for one port of it. */
  readonly host?: string;
  readonly limit: number;
}

export interface UndeliveredNotification {
  readonly paymentId: PaymentId;
  readonly status: NotificationStatus;
  readonly host: string;
  readonly tries: number;
  readonly lastOutcome?: string;
  readonly createdAt: Date;
}

/** Sets unacknowledged notifications due again, and records who requested it and why. */
@Injectable()
export class RedeliveryStore {
  constructor(private readonly database: Database) {}

  /** Those that are delivered already are left out; nothing is sent from here. */
  async request(request: RedeliveryRequest): Promise<RequestedRedelivery[]> {
    type Row = Pick<NotificationRow, 'payment_id' | 'tries' | 'gives_up_at'> & {
      readonly was_status: NotificationStatus;
    };
    const values = [request.paymentIds, request.actor, request.reason];
    const rows = await this.database.run<Row>(sql.REDELIVER, values);
    return rows.map((row) => ({
      paymentId: row.payment_id,
      wasStatus: row.was_status,
      tries: row.tries,
      givesUpAt: row.gives_up_at,
    }));
  }

  /** Undefined for an unknown payment; one that is not final has no notification yet. */
  async standing(paymentId: PaymentId): Promise<AxesStanding | undefined> {
    interface Row {
      status: PaymentStatus;
      notification_status: NotificationStatus | null;
    }
    const [row] = await this.database.run<Row>(sql.STANDING, [paymentId]);
    return (
      row && {
        status: row.status,
        ...(row.notification_status && { notification: row.notification_status }),
      }
    );
  }

  async undelivered(filter: UndeliveredFilter): Promise<UndeliveredNotification[]> {
    type Row = Pick<
      NotificationRow,
      'payment_id' | 'status' | 'host' | 'tries' | 'last_outcome' | 'created_at'
    >;
    const { statuses, since, until = null, host = null, limit } = filter;
    const rows = await this.database.run<Row>(sql.FIND_UNDELIVERED, [statuses, since, until, host, limit]);
    return rows.map((row) => ({
      paymentId: row.payment_id,
      status: row.status,
      host: row.host,
      tries: row.tries,
      ...(row.last_outcome === null ? {} : { lastOutcome: row.last_outcome }),
      createdAt: row.created_at,
    }));
  }
}
