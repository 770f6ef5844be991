import type { RefundStatus } from '../../../src/payment-order/refund/refund.js';
import type { Connections } from '../database/connections.js';
import { Violation } from '../engine/violation.js';
import { isLostWithItsCancel, mayTellOtherwise, type PartnerRefund } from '../world/partner-refunds.js';
import type { World } from '../world/world.js';

interface KeptRefund {
  readonly refund_id: string;
  readonly refund_request_id: string;
  readonly status: RefundStatus;
  readonly back_value: string | null;
}

const WRONG = `
  select o.payment_request_id, o.payment_id,
    case when sum(r.back_value) > o.pay_value then 'more is given back than was paid'
      else 'a refund was accepted after the cancel' end as what
  from refund r join payment_order o using (payment_id) where r.status <> 'REFUSED'
  group by o.payment_id
  having sum(r.back_value) > o.pay_value or bool_or(r.created_at > o.cancel_requested_at) limit 1`;

/** Guarantee 11, in our own books, after each commit. */
export async function checkRefundsKept(connections: Connections): Promise<void> {
  const [wrong] = await connections.look<{ payment_request_id: string; payment_id: string; what: string }>(
    WRONG,
  );
  if (wrong) throw violation(wrong.what, [wrong.payment_request_id, wrong.payment_id]);
}

/** Guarantee 11, once nothing moves: our answers to Alipay+, our rows and the ledger's books agree. */
export async function checkRefundsAtRest(world: World): Promise<void> {
  const rows = await world.connections.look<KeptRefund & Record<string, unknown>>(
    'select refund_id, refund_request_id, status, back_value from refund',
  );
  const byRequest = new Map(rows.map((row) => [row.refund_request_id, row]));
  for (const row of rows) checkLedger(world, row);
  for (const refund of world.refunds.all) checkTold(world, refund, byRequest.get(refund.refundRequestId));
  for (const [key, { debit }] of world.ledger.entries) checkSum(world, key, debit?.amount.value ?? 0n);
}

/**
 * By the ledger's books alone, whatever our rows say: a reversal gives back the rest, so this is all that went back.
 */
function checkSum(world: World, debitKey: string, taken: bigint): void {
  const back = world.ledger.refundedOf(debitKey);
  if (back > taken) throw violation(`the ledger took ${taken} and refunds gave back ${back}`, [debitKey]);
}

function checkLedger(
  world: World,
  { refund_id: id, refund_request_id, status, back_value }: KeptRefund,
): void {
  const given = world.ledger.refunds.get(id);
  const isGiven = given?.answer.outcome === 'done';
  const refund = world.refunds.all.find((one) => one.refundRequestId === refund_request_id);
  if (isGiven && status === 'REFUSED' && refund && isLostWithItsCancel(refund.order)) return;
  if (isGiven !== (status === 'REFUNDED'))
    throw violation(
      `${refund_request_id} is ${status}, and the ledger gave ${isGiven ? 'it' : 'nothing'} back`,
      [id],
    );
  if (isGiven && String(given.refund.amount.value) !== back_value)
    throw violation(`${refund_request_id} gave back another amount than was kept`, [id]);
}

/** After an S the money is back at the ledger, also when our records of it are lost. */
function checkTold(world: World, refund: PartnerRefund, row: KeptRefund | undefined): void {
  const { refundRequestId, told, refundId = '' } = refund;
  if (told === 'S' && world.ledger.refunds.get(refundId)?.answer.outcome !== 'done')
    throw violation(`${refundRequestId} was told S, and the ledger gave nothing back`, [refundId]);
  if (told === undefined || (told === 'S') === (row?.status === 'REFUNDED')) return;
  if (refund.order.areCommitsLost && (!row || mayTellOtherwise(refund))) return;
  throw violation(`${refundRequestId} was told ${told} and is ${row?.status ?? 'not kept'}`, [
    row?.refund_id ?? '',
  ]);
}

function violation(what: string, about: readonly string[]): Violation {
  return new Violation(11, what, [...about]);
}
