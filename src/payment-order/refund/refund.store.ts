import { Injectable } from '@nestjs/common';
import { Database, type Runner } from '../../platform/database/database.js';
import type { Sealing } from '../../platform/sealing/sealing.js';
import { toPaymentOrder, type OrderRow } from '../order/payment-order.row.js';
import type { Money } from '../order/money.js';
import type { PaymentOrder } from '../order/payment-order.js';
import { areRecordsInQuestion } from '../order/records-in-question.js';
import type { DueRow } from '../order/work.js';
import { judgeRefund, NOTHING_REFUNDED, type RefundedSoFar, type RefundVerdict } from './refund-rules.js';
import {
  toClaimedRefund,
  toRefund,
  toSum,
  type ClaimedRefundRow,
  type RefundRow,
  type SumRow,
} from './refund.row.js';
import type { ClaimedRefund, Refund, RefundRefusal, RefundRequest } from './refund.js';
import * as sql from './refund.sql.js';
import type { PaymentId, RefundKey } from '../order/ids.js';

export type RefundIntent =
  /** Decided and committed just now. */
  | { readonly outcome: 'kept'; readonly refund: Refund }
  /** The id was asked for before, with this content or another. */
  | { readonly outcome: 'known'; readonly refund: Refund }
  /** Nothing was kept: see `RefundVerdict`. */
  | Undecided;

type Undecided = Extract<RefundVerdict, { outcome: 'undecided' | 'only ledger knows' }>;

/** Decides refunds and keeps track of them; an answer about one is given only once it is committed. */
@Injectable()
export class RefundStore {
  constructor(private readonly database: Database) {}

  /**
   * Decides a refund while its order is held, and commits what was decided; one that was accepted is due at once.
   *
   * @param isCertain the ledger knows of no order that our records may lack
   */
  async request(request: RefundRequest, isCertain = false): Promise<RefundIntent> {
    const kept = await this.database.transaction((tx) =>
      decide(tx, request, isCertain, this.database.sealing),
    );
    if (kept) return kept;
    // Another request used the id between our query and our insert; it is committed by now.
    const refund = await this.find(request.refundRequestId);
    return refund ? { outcome: 'known', refund } : { outcome: 'undecided' };
  }

  async find(refundRequestId: string): Promise<Refund | undefined> {
    const [row] = await this.database.run<RefundRow>(sql.FIND, [refundRequestId]);
    return row && toRefund(row);
  }

  /** Whether a request repeats the one that was kept under its id. */
  isRepetition(kept: Refund, request: RefundRequest): boolean {
    const digests = this.database.sealing.digests(request.content).map(hashText);
    const isSame = [request.content, ...digests].includes(kept.content);
    return isSame && kept.paymentRequestId === request.paymentRequestId;
  }

  /** All refunds of a payment, the first one first. */
  async ofPayment(paymentId: PaymentId): Promise<Refund[]> {
    return (await this.database.run<RefundRow>(sql.OF_PAYMENT, [paymentId])).map(toRefund);
  }

  async claim(refundId: RefundKey, leaseMs: number, earlyMs: number): Promise<ClaimedRefund | undefined> {
    const [row] = await this.database.run<ClaimedRefundRow>(sql.CLAIM, [refundId, leaseMs, earlyMs]);
    return row && toClaimedRefund(row);
  }

  /** Unless it is claimed, or was asked for less than `quietMs` ago. */
  async claimDoubt(
    refundId: RefundKey,
    leaseMs: number,
    quietMs: number,
  ): Promise<ClaimedRefund | undefined> {
    const [row] = await this.database.run<ClaimedRefundRow>(sql.CLAIM_DOUBT, [refundId, leaseMs, quietMs]);
    return row && toClaimedRefund(row);
  }

  /** @param refundTime ISO 8601 with offset, as it will be sent */
  refunded(refundId: RefundKey, ledgerReference: string, refundTime: string): Promise<Refund | undefined> {
    return this.settle(refundId, ['REFUNDED', ledgerReference, refundTime, null, null, null]);
  }

  /** The ledger will not give it back under this key, ever. */
  refused(refundId: RefundKey, refusalCode: string, refusal: RefundRefusal): Promise<Refund | undefined> {
    const { resultCode, resultMessage } = refusal;
    return this.settle(refundId, ['REFUSED', null, null, refusalCode, resultCode, resultMessage]);
  }

  async inDoubt(refundId: RefundKey, reason: string, askAgainMs: number): Promise<DueRow | undefined> {
    const [row] = await this.database.run<DueRow>(sql.DOUBT, [refundId, reason, askAgainMs]);
    return row;
  }

  private async settle(refundId: RefundKey, values: readonly (string | null)[]): Promise<Refund | undefined> {
    const [row] = await this.database.run<RefundRow>(sql.SETTLE, [refundId, ...values]);
    return row && toRefund(row);
  }
}

/**
 * With a keyed hash instead of its content: a repetition is held against it, and nothing ever has to read it. Without a
 * key that seals, as it is.
 */
function keptRequest(request: RefundRequest, sealing: Sealing): RefundRequest {
  if (sealing.sealingKeyId === undefined) return request;
  return { ...request, content: hashText(sealing.digest(request.content)) };
}

const hashText = (digest: Buffer): string => `hmac:${digest.toString('hex')}`;

/**
 * Puts the hash in the place of contents of before there were keys, a batch at a time.
 *
 * @param after the last id of the batch before
 * @returns how many, and where the next batch begins; undefined at the end
 */
export async function hashRefunds(
  database: Pick<Database, 'sealing' | 'run'>,
  after: RefundKey | undefined,
  rows: number,
): Promise<{ readonly hashed: number; readonly next: RefundKey | undefined }> {
  const found = await database.run<Pick<RefundRow, 'refund_id' | 'content'>>(sql.UNHASHED, [
    after ?? null,
    rows,
  ]);
  const ids = found.map((row) => row.refund_id);
  const contents = found.map(({ content }) => hashText(database.sealing.digest(content)));
  if (ids.length > 0) await database.run(sql.HASH, [ids, contents]);
  return { hashed: ids.length, next: ids.length < rows ? undefined : ids.at(-1) };
}

type HeldRow = OrderRow & { readonly may_have_been_another: boolean };

/** Undefined when another request used the id in between. */
async function decide(
  tx: Runner,
  request: RefundRequest,
  isCertain: boolean,
  sealing: Sealing,
): Promise<RefundIntent | undefined> {
  const [orderRow] = await tx.run<HeldRow>(sql.HOLD_ORDER, [request.paymentRequestId]);
  const order = orderRow && toPaymentOrder(orderRow, sealing);
  const [known] = await tx.run<RefundRow>(sql.FIND, [request.refundRequestId]);
  if (known) return { outcome: 'known', refund: toRefund(known) };
  const sofar = order ? await sumOf(tx, order) : NOTHING_REFUNDED;
  const inQuestion = (!order || sofar.unsettled !== 0) && (await areRecordsInQuestion(tx));
  const verdict = judgeRefund(order, request, sofar, {
    mayBeLost: inQuestion && !isCertain,
    mayRefuseOthers: inQuestion,
    mayHaveBeenAnother: orderRow?.may_have_been_another === true,
  });
  if (verdict.outcome === 'undecided' || verdict.outcome === 'only ledger knows') return verdict;
  const [row] = await tx.run<RefundRow>(sql.KEEP, valuesOf(keptRequest(request, sealing), order, verdict));
  return row && { outcome: 'kept', refund: toRefund(row) };
}

async function sumOf(tx: Runner, { paymentId }: PaymentOrder): Promise<RefundedSoFar> {
  const [row] = await tx.run<SumRow>(sql.SUM_UP, [paymentId]);
  return row ? toSum(row) : NOTHING_REFUNDED;
}

function valuesOf(
  request: RefundRequest,
  order: PaymentOrder | undefined,
  verdict: Exclude<RefundVerdict, Undecided>,
): unknown[] {
  const { refundAmount, refundFromAmount, quote } = request;
  const accepted = verdict.outcome === 'accepted' ? verdict : undefined;
  const refusal = verdict.outcome === 'refused' ? verdict.refusal : undefined;
  const values = [
    request.refundRequestId,
    request.paymentRequestId,
    order?.paymentId,
    refusal ? 'REFUSED' : 'REQUESTED',
    ...amountValues(refundAmount),
    ...amountValues(refundFromAmount),
    ...amountValues(accepted?.backAmount),
    request.content,
    quote?.quoteId,
    accepted?.flag,
    refusal?.resultCode,
    refusal?.resultMessage,
  ];
  return values.map((value) => value ?? null);
}

function amountValues(money: Money | undefined): (string | undefined)[] {
  return [money?.currency, money?.value.toString()];
}
