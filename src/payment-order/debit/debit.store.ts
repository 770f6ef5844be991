import { Injectable } from '@nestjs/common';
import { jsonBytes } from '../../platform/database/columns.js';
import { Database } from '../../platform/database/database.js';
import { GroupedWrites } from '../../platform/database/grouped-writes.js';
import type { Sealing } from '../../platform/sealing/sealing.js';
import { FrozenResult, type FrozenMessage } from '../order/frozen-result.js';
import type { PaymentOrder } from '../order/payment-order.js';
import { toPaymentOrder, type OrderRow } from '../order/payment-order.row.js';
import { closed, PAID, type PaymentResult } from '../order/payment-result.js';
import { ONE_COMMIT } from '../order/statement-parts.js';
import type { DueRow } from '../order/work.js';
import { NEVER_DEBITED, type Confirmation, type ConfirmedOrder, type Debit } from './debit.js';
import { sealedProofs, toDebit, type SETTLED_COLUMNS, type DebitRow } from './debit.row.js';
import { SETTLE_CANCELLED } from './debit.sql.js';
import * as sql from './debit.sql.js';
import type { DebitKey, PaymentId } from '../order/ids.js';
import type { Origin } from '../../platform/tracing/origin.js';

/**
 * Settles debits. Every method returns undefined when another process settled it first. An order that was cancelled
 * meanwhile ends `CANCELLED` whatever the ledger said, and what was debited then has to be given back.
 */
@Injectable()
export class DebitStore {
  private readonly ends = new GroupedWrites(
    (ends: readonly WrittenEnd[]) => this.settleAll(ends),
    ONE_COMMIT,
  );

  constructor(
    private readonly database: Database,
    private readonly frozen: FrozenResult,
  ) {}

  /** Undefined when the order could not be confirmed as it stands; read it to say why. */
  async confirm(confirmation: Confirmation): Promise<ConfirmedOrder | undefined> {
    const { sealing } = this.database;
    type Row = OrderRow & DebitRow & { readonly traceparent: string | null };
    const [row] = await this.database.run<Row>(sql.CONFIRM_ORDER, [
      confirmation.paymentId,
      confirmation.leaseMs,
      confirmation.actor,
      confirmation.payAmount.currency,
      confirmation.payAmount.value.toString(),
      confirmation.quoteId ?? null,
      confirmation.customerId ?? null,
      JSON.stringify(sealedProofs(sealing, confirmation.paymentId, confirmation.proofs ?? {})),
      JSON.stringify(traces(confirmation, sealing)),
    ]);
    if (!row) return undefined;
    const confirmed = { order: toPaymentOrder(row, sealing), debit: toDebit(row, sealing) };
    return row.traceparent === null ? confirmed : { ...confirmed, traceparent: row.traceparent };
  }

  /** The intent to ask what the ledger knows of an order; undefined when it is not open, or nothing can be unknown. */
  async askLedger(paymentId: PaymentId, leaseMs: number): Promise<ConfirmedOrder | undefined> {
    const [row] = await this.database.run<OrderRow & DebitRow>(sql.ASK_LEDGER, [paymentId, leaseMs]);
    return (
      row && { order: toPaymentOrder(row, this.database.sealing), debit: toDebit(row, this.database.sealing) }
    );
  }

  async claim(debitId: DebitKey, leaseMs: number, earlyMs: number): Promise<ConfirmedOrder | undefined> {
    const [row] = await this.database.run<OrderRow & DebitRow>(sql.CLAIM_DEBIT, [debitId, leaseMs, earlyMs]);
    return (
      row && { order: toPaymentOrder(row, this.database.sealing), debit: toDebit(row, this.database.sealing) }
    );
  }

  /** The unsettled debit of an order, unless it is claimed, or was asked for less than `quietMs` ago. */
  async claimDoubt(
    paymentId: PaymentId,
    leaseMs: number,
    quietMs: number,
  ): Promise<ConfirmedOrder | undefined> {
    const [row] = await this.database.run<OrderRow & DebitRow>(sql.CLAIM_DOUBT, [
      paymentId,
      leaseMs,
      quietMs,
    ]);
    return (
      row && { order: toPaymentOrder(row, this.database.sealing), debit: toDebit(row, this.database.sealing) }
    );
  }

  /** @param paymentTime ISO 8601 with offset, as it will be sent */
  debited(
    confirmed: TracedOrder,
    ledgerReference: string,
    paymentTime: string,
  ): Promise<PaymentOrder | undefined> {
    return this.settle(confirmed, {
      debit: 'DEBITED',
      event: 'DEBITED',
      status: 'PAID',
      result: PAID,
      ledgerReference,
      paymentTime,
    });
  }

  /** A refusal for good: the order has failed. */
  refused(
    confirmed: TracedOrder,
    refusalCode: string,
    result: PaymentResult,
  ): Promise<PaymentOrder | undefined> {
    return this.settle(confirmed, {
      debit: 'REFUSED',
      event: 'REFUSED',
      status: 'FAILED',
      result,
      refusalCode,
    });
  }

  /** The ledger was asked too late and has taken nothing: the order has expired. */
  tooLate(confirmed: TracedOrder): Promise<PaymentOrder | undefined> {
    const result = closed('EXPIRED');
    const refusalCode = 'TOO_LATE';
    return this.settle(confirmed, {
      debit: 'REFUSED',
      event: 'TOO_LATE',
      status: 'EXPIRED',
      result,
      refusalCode,
    });
  }

  /** A refusal that leaves the order open for another confirm, unless it was cancelled. */
  async reopened(confirmed: ConfirmedOrder, refusalCode: string): Promise<PaymentOrder | undefined> {
    // Closing its key was the last that was left to ask.
    const values = [confirmed.debit.debitId, refusalCode, refusalCode !== NEVER_DEBITED];
    const [row] = await this.database.run<OrderRow>(sql.REOPEN_ORDER, values);
    return row
      ? toPaymentOrder(row, this.database.sealing)
      : this.settleCancelled(confirmed, { debit: 'REFUSED', refusalCode });
  }

  /** The keys of attempts that may have followed this one in records that are lost, the next one first. */
  async laterKeys({ debitId }: Debit): Promise<DebitKey[]> {
    const rows = await this.database.run<{ readonly key: DebitKey }>(sql.LATER_KEYS, [debitId]);
    return rows.map(({ key }) => key);
  }

  async inDoubt(debitId: DebitKey, reason: string, askAgainMs: number): Promise<DueRow | undefined> {
    const [row] = await this.database.run<DueRow>(sql.DOUBT_DEBIT, [debitId, reason, askAgainMs]);
    return row;
  }

  /** Written together with others that the ledger answers at the same moment. */
  private async settle(confirmed: TracedOrder, end: Settlement): Promise<PaymentOrder | undefined> {
    const message = this.frozen.messageOf(confirmed.order, end.result, end.paymentTime);
    const { at } = await this.ends.write(toWrite(confirmed, end, message));
    return at ? settledOrder(confirmed.order, end, at) : this.settleCancelled(confirmed, end);
  }

  /** Of several answers about one debit the first one counts, as when they come one after the other. */
  private async settleAll(ends: readonly WrittenEnd[]): Promise<{ readonly at: Date | undefined }[]> {
    const first = new Map(ends.toReversed().map((end) => [end.debit_id, end]));
    const list = JSON.stringify([...first.values()]);
    const rows = await this.database.run<{ debit_id: DebitKey; updated_at: Date }>(sql.SETTLE_DEBITS, [list]);
    const settled = new Map(rows.map((row) => [row.debit_id, row.updated_at]));
    return ends.map((end) => ({
      at: first.get(end.debit_id) === end ? settled.get(end.debit_id) : undefined,
    }));
  }

  private async settleCancelled(
    confirmed: ConfirmedOrder,
    end: Pick<Settlement, 'debit' | 'refusalCode' | 'ledgerReference'>,
  ): Promise<PaymentOrder | undefined> {
    const result = closed('CANCELLED');
    const message = this.frozen.messageOf(confirmed.order, result);
    const [row] = await this.database.run<OrderRow>(SETTLE_CANCELLED, [
      confirmed.debit.debitId,
      end.debit === 'DEBITED' ? 'REVERSING' : 'REFUSED',
      end.refusalCode ?? null,
      end.ledgerReference ?? null,
      result.resultCode,
      result.resultMessage,
      confirmed.order.notifyUrl,
      message.body,
      message.sha256,
    ]);
    return row && toPaymentOrder(row, this.database.sealing);
  }
}

/** The columns that the statement changed; the others are as they were when the debit was claimed. */
function settledOrder(
  order: PaymentOrder,
  { status, result, paymentTime }: Settlement,
  at: Date,
): PaymentOrder {
  return {
    ...order,
    status,
    result,
    updatedAt: at,
    readAt: at,
    notificationStatus: 'PENDING',
    ...(paymentTime === undefined ? {} : { paymentTime }),
  };
}

/** As the statement reads it. */
function toWrite({ order, debit, origin }: TracedOrder, end: Settlement, { body, sha256 }: FrozenMessage) {
  return {
    debit_id: debit.debitId,
    debit_status: end.debit,
    refusal_code: end.refusalCode,
    ledger_reference: end.ledgerReference,
    event: end.event,
    order_status: end.status,
    result_status: end.result.resultStatus,
    result_code: end.result.resultCode,
    result_message: end.result.resultMessage,
    payment_time: end.paymentTime,
    url: order.notifyUrl,
    body: jsonBytes(body),
    body_sha256: jsonBytes(sha256),
    traceparent: origin?.traceparent,
  } satisfies Record<keyof typeof SETTLED_COLUMNS, unknown>;
}

/** With the span that settles it; the traces of its notification link to it. */
interface TracedOrder extends ConfirmedOrder {
  readonly origin?: Origin | undefined;
}

type WrittenEnd = ReturnType<typeof toWrite>;

interface Settlement {
  readonly debit: 'DEBITED' | 'REFUSED';
  readonly event: 'DEBITED' | 'REFUSED' | 'TOO_LATE';
  readonly status: 'PAID' | 'FAILED' | 'EXPIRED';
  readonly result: PaymentResult;
  readonly refusalCode?: string;
  readonly ledgerReference?: string;
  readonly paymentTime?: string;
}

/**
 * What is left of proofs for ever: enough to show later that this was the one that was given, salted with the payment so
 * that equal ones do not look alike, and keyed, because all one-time passwords are soon tried.
 */
function traces({ paymentId, proofs = {} }: Confirmation, sealing: Sealing): Record<string, string> {
  const digest = (name: string, proof: string): string =>
    sealing.digest(`${paymentId} ${name} ${proof}`).toString('hex');
  return Object.fromEntries(Object.entries(proofs).map(([name, proof]) => [name, digest(name, proof)]));
}
