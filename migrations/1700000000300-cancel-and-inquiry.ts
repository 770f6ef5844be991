import type { MigrationInterface, QueryRunner } from 'typeorm';

const CANCEL = `
  -- Every id that Alipay+ ever cancelled, also one that we had not seen: a tombstone blocks the order for ever.
  create table cancel_request (
    payment_request_id text        not null,
    acquirer_id        text,
    psp_id             text,
    received_at        timestamptz not null,
    constraint cancel_request_pk primary key (payment_request_id),
    constraint cancel_request_id_ck check (char_length(payment_request_id) between 1 and 64)
  );

  -- A cancel and the first decode of an order may overlap. An insert of an order holds this lock until it is
  -- committed, and looks for the tombstone while holding it. A cancel commits the tombstone first, then waits for the
  -- lock, and then looks for the order. So at least one of the two sees the other.
  create function payment_order_cancelled_before() returns trigger language plpgsql as $$
  begin
    perform pg_advisory_xact_lock_shared(hashtextextended(new.payment_request_id, 1));
    select received_at into new.cancel_requested_at from cancel_request
      where payment_request_id = new.payment_request_id;
    return new;
  end $$;
  create trigger payment_order_cancelled_before_tr before insert on payment_order
    for each row execute function payment_order_cancelled_before();

  create index payment_order_cancel_ix on payment_order (cancel_requested_at)
    where cancel_requested_at is not null and status in ('AWAITING_CONFIRMATION', 'HELD', 'PAID');
`;

const EXCHANGE = `
  -- The requests of Alipay+ and our answers, byte for byte (capped).
  create table inbound_exchange (
    exchange_id        bigint generated always as identity,
    api                text        not null,
    payment_request_id text,
    received_at        timestamptz not null,
    request_time       text,
    request            bytea       not null,
    answer             bytea       not null,
    result_status      char(1)     not null,
    result_code        text        not null,
    payment_status     char(1),
    payment_code       text,
    constraint inbound_exchange_pk primary key (exchange_id),
    constraint inbound_exchange_api_ck check (api in ('inquiryPayment', 'cancelPayment'))
  );
  create index inbound_exchange_order_ix on inbound_exchange (payment_request_id, exchange_id);
  create trigger inbound_exchange_append_only_tr before update on inbound_exchange
    for each row execute function refuse_change();
`;

/** Requests of Alipay+ to us: cancels with their tombstones, and the evidence of every inbound call. */
export class CancelAndInquiry1700000000300 implements MigrationInterface {
  readonly name = 'CancelAndInquiry1700000000300';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [CANCEL, EXCHANGE]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table inbound_exchange;
      drop index payment_order_cancel_ix;
      drop trigger payment_order_cancelled_before_tr on payment_order;
      drop function payment_order_cancelled_before();
      drop table cancel_request;
    `);
  }
}
