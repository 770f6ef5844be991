import { hidden } from '../../../src/payment-order/order/statement-parts.js';
import { without, type Mutant } from './mutant.js';

/** Mistakes in the schema and in the text of statements. */
export const SQL_MUTANTS: readonly Mutant[] = [
  {
    name: 'no-unique-order',
    what: 'paymentRequestId is not unique',
    caughtBy: [1],
    mistake: {
      schema: 'alter table payment_order drop constraint payment_order_request_uq',
      rewrites: { scan_accept: without('on conflict (payment_request_id) do nothing') },
    },
  },
  {
    name: 'no-unique-decode',
    what: 'nothing stops two decodes of one code at a time',
    caughtBy: [1],
    mistake: {
      schema: 'drop index scan_in_flight_uq',
      rewrites: { scan_begin: without(`on conflict (code_hash) where status = 'PENDING' do nothing`) },
    },
  },
  {
    name: 'no-owner-check',
    what: 'a merged scan shows the order of another customer',
    caughtBy: [1],
    mistake: {
      rewrites: {
        merge_lock_order: without('o.customer_id,', `'anybody' as customer_id,`),
        merge_lock_scan: without('select customer_id,', `select 'anybody' as customer_id,`),
      },
    },
  },
  {
    name: 'confirmed-twice',
    what: 'a second confirm begins a second debit',
    caughtBy: [1],
    mistake: {
      schema: 'drop index debit_effective_uq',
      rewrites: {
        order_confirm: without(
          `status = ${hidden('AWAITING_CONFIRMATION')} and`,
          `status in ('AWAITING_CONFIRMATION', 'DEBITING') and`,
        ),
      },
    },
  },
  {
    name: 'expiry-at-confirm-only',
    what: 'the debit itself has no deadline',
    caughtBy: [8],
    mistake: {
      rewrites: {
        order_confirm: without('least(expires_at, quote_expires_at)', `expires_at + interval '1 day'`),
      },
    },
  },
  {
    name: 'dead-quote',
    what: 'only the order may expire, not its quote',
    caughtBy: [8],
    mistake: {
      rewrites: {
        order_confirm: (text) =>
          without(
            'least(expires_at, quote_expires_at)',
            'expires_at',
          )(without('and (quote_expires_at is null or quote_expires_at > now)')(text)),
      },
    },
  },
  {
    name: 'settlement-debited',
    what: 'payToAmount is debited instead of the surcharged amount',
    caughtBy: [7],
    mistake: {
      rewrites: {
        order_confirm: without(
          'customer_id, pay_currency, pay_value',
          'customer_id, pay_to_currency, pay_to_value',
        ),
      },
    },
  },
  {
    name: 'floating-money',
    what: 'the amount goes through a floating-point number',
    caughtBy: [7],
    mistake: {
      rewrites: {
        order_confirm: without(
          'customer_id, pay_currency, pay_value',
          'customer_id, pay_currency, trunc(pay_value::float8::numeric)',
        ),
      },
    },
  },
  {
    name: 'cancel-ignored-in-debit',
    what: 'a cancel that comes during the debit is forgotten',
    caughtBy: [9],
    mistake: {
      rewrites: {
        debit_settle: without('and o.cancel_requested_at is null'),
        sweep_cancel: without(`'AWAITING_CONFIRMATION', 'HELD', 'PAID'`, `'AWAITING_CONFIRMATION', 'HELD'`),
      },
    },
  },
  {
    name: 'random-keys',
    what: 'a debit that is lost and made again has another key',
    caughtBy: [1],
    mistake: {
      lossChance: 1,
      rewrites: {
        order_confirm: without('debit_key(payment_request_id, debit_count)', 'gen_random_uuid()'),
      },
    },
  },
  {
    name: 'ends-unasked',
    what: 'an order of lost commits ends unpaid although only the ledger knows',
    caughtBy: [3, 9],
    mistake: {
      lossChance: 1,
      rewrites: {
        scan_accept: without('ask_until from record_watch', `timestamptz 'epoch' from record_watch`),
      },
    },
  },
  {
    name: 'closed-key-ends',
    what: 'a key that was closed after lost commits is believed to be the last one after others were lost, too',
    caughtBy: [3, 9],
    mistake: {
      lossChance: 1,
      rewrites: { debit_later_keys: without('where d.debit_id = $1', 'where d.debit_id = $1 and false') },
    },
  },
  {
    name: 'no-tombstone',
    what: 'an order that comes after its cancel does not know of it',
    caughtBy: [9],
    mistake: { schema: 'drop trigger payment_order_cancelled_before_tr on payment_order' },
  },
  {
    name: 'cancel-does-not-wait',
    what: 'a cancel looks for the order while it is being inserted, and the order for the cancel without a lock',
    caughtBy: [9],
    mistake: {
      schema: `
        create or replace function payment_order_cancelled_before() returns trigger language plpgsql as $$
        begin
          select received_at into new.cancel_requested_at from cancel_request
            where payment_request_id = new.payment_request_id;
          return new;
        end $$`,
    },
  },
  {
    name: 'refunds-not-summed',
    what: 'each refund is held against the payment by itself',
    caughtBy: [11],
    mistake: {
      schema: 'drop trigger refund_within_payment_tr on refund',
      rewrites: { refund_sum_up: without(`status <> 'REFUSED'`, 'false') },
    },
  },
  {
    name: 'refund-does-not-hold',
    what: 'refunds of one order are summed up without holding the order',
    caughtBy: [11],
    mistake: {
      schema: 'drop trigger refund_within_payment_tr on refund',
      rewrites: { refund_hold_order: without('for no key update') },
    },
  },
  {
    name: 'refund-random-keys',
    what: 'a refund that is lost and asked for again has another key',
    caughtBy: [11],
    mistake: {
      lossChance: 1,
      rewrites: { refund_keep: without('refund_key($2, $1)', 'gen_random_uuid()') },
    },
  },
  {
    name: 'refund-gap-ignored',
    what: 'a refund of an order that was lost is refused as if the order had never been',
    caughtBy: [11],
    mistake: {
      lossChance: 1,
      rewrites: { records_in_question: without('ask_until > db_now()', 'false') },
    },
  },
  {
    name: 'refund-after-cancel',
    what: 'a cancelled order is refunded as if it were still paid',
    caughtBy: [11],
    mistake: {
      schema: 'drop trigger refund_within_payment_tr on refund',
      rewrites: {
        refund_hold_order: (text) =>
          without(
            'o.cancel_requested_at,',
            'null::timestamptz as cancel_requested_at,',
          )(
            without(
              'o.status,',
              `case o.status when 'CANCELLED' then 'PAID' else o.status end as status,`,
            )(text),
          ),
      },
    },
  },
];
