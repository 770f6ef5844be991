import { ask } from '../database/ask.js';
import type { Json } from './api-client.js';
import type { TestGround } from './test-ground.js';

interface OrderInBooks {
  readonly requestId: string;
  readonly status: string;
  readonly notification: string | null;
  /** What the wallet's ledger took for the order, reversals not counted. */
  readonly debits: number;
  readonly rightAmount: boolean;
}

const ORDERS = `
  select o.payment_request_id as "requestId", o.status, n.status as notification, count(m.key)::int as debits,
    coalesce(bool_and(m.amount = o.pay_value and m.currency = o.pay_currency and m.customer_id = o.customer_id), true)
      as "rightAmount"
  from payment_order o left join notification n using (payment_id) left join debit d using (payment_id)
    left join ledger_movement m on m.key = d.debit_id::text and m.kind = 'DEBIT'
  group by o.payment_id, n.status`;

/**
 * Holds our orders, the wallet's ledger and the twin's books against each other once everything is said to be over.
 * Each line names one order and what is wrong with it; an empty list means that the three agree.
 */
export async function disagreements(ground: TestGround): Promise<string[]> {
  const { url } = ground.database;
  const ours = await ask<OrderInBooks>(url, ORDERS);
  const theirs = new Map((await ground.books.orders()).map((order) => [order.paymentRequestId, order]));
  const faults = await ask<{ fault: string; subject: string }>(url, 'select * from ledger_check()');
  const [strays] = await ask<{ count: number }>(
    url,
    `select count(*)::int as count from ledger_movement
     where kind = 'DEBIT' and key not in (select debit_id::text from debit)`,
  );
  const { defects } = await ground.books.summary();
  return [
    ...faults.map(({ fault, subject }) => `ledger: ${fault} ${subject}`),
    ...defects.map((defect: Json) => `twin: ${defect.kind} ${defect.detail}`),
    ...(strays?.count === 0 ? [] : ['ledger: a debit without an intent']),
    ...ours.flatMap((order) => faultsOf(order, theirs.get(order.requestId))),
    ...[...theirs.values()]
      .filter(({ status, paymentRequestId }) => status !== 'UNKNOWN' && paymentRequestId !== null)
      .filter(({ paymentRequestId }) => !ours.some(({ requestId }) => requestId === paymentRequestId))
      .map(({ paymentRequestId }) => `${paymentRequestId}: issued by the twin and unknown to us`),
  ];
}

function faultsOf(order: OrderInBooks, twin: Json): string[] {
  const isPaid = order.status === 'PAID';
  const bodies = new Set((twin?.notifications ?? []).map((told: Json) => told.bodySha256));
  const facts: readonly (readonly [boolean, string])[] = [
    [['PAID', 'FAILED', 'DECLINED', 'EXPIRED'].includes(order.status), `is still ${order.status}`],
    [order.notification === 'DELIVERED', `its notification is ${order.notification}`],
    [order.debits === (isPaid ? 1 : 0), `${order.debits} debits although it is ${order.status}`],
    [order.rightAmount, 'another amount or customer was debited'],
    [twin?.acknowledgedResult === (isPaid ? 'S' : 'F'), `the twin was told ${twin?.acknowledgedResult}`],
    [bodies.size === 1, `${bodies.size} different notifications`],
  ];
  return facts.filter(([holds]) => !holds).map(([, fault]) => `${order.requestId}: ${fault}`);
}
