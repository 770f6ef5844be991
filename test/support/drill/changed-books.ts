import { createHash } from 'node:crypto';
import type { AppWitness } from '../../../scripts/drill/books/app-rules.js';
import { compareBooks, type ThreeBooks } from '../../../scripts/drill/books/compare-books.js';
import { discrepancyLine } from '../../../scripts/drill/books/discrepancy.js';
import type { LedgerKey, LedgerRefund } from '../../../scripts/drill/books/ledger-books.js';
import type { OurOrder, OurScan } from '../../../scripts/drill/books/our-books.js';
import type { TwinOrder } from '../../../scripts/drill/books/twin-books.js';

const CODE = 'twin:S#1';
const PAY_TO = { currency: 'HKD', value: '8518' };

export const debit = { debitId: 'debit-1', status: 'DEBITED', customerId: 'payer', amount: PAY_TO };
export const notification = { status: 'DELIVERED', bodySha256: 'aa', resultStatus: 'S' };
const order: OurOrder = {
  paymentId: 'ours-1',
  paymentRequestId: '2020-1',
  status: 'PAID',
  customerId: 'payer',
  isCancelRequested: false,
  paymentAmount: { currency: 'JPY', value: '995' },
  payToAmount: PAY_TO,
  payAmount: PAY_TO,
  debits: [debit],
  refunds: [],
  notification,
};
const scan: OurScan = {
  scanId: 'scan-1',
  codeSha256: createHash('sha256').update(CODE).digest('hex'),
  status: 'DECODED',
};
export const key: LedgerKey = {
  key: 'debit-1',
  kind: 'DEBIT',
  customerId: 'payer',
  amount: PAY_TO,
  isReversed: false,
};
const issued: TwinOrder = {
  paymentRequestId: '2020-1',
  codeValues: [CODE],
  status: 'PAID',
  paymentAmount: { currency: 'JPY', value: '995' },
  payToAmount: PAY_TO,
  surchargeAmount: null,
  acknowledgedResult: 'S',
  toldSha256: ['aa'],
  refunds: [],
  isCancelWanted: false,
  isCancelled: false,
};

export interface Change {
  readonly order?: Partial<OurOrder> | null;
  readonly scan?: Partial<OurScan>;
  readonly keys?: readonly LedgerKey[];
  readonly refunds?: readonly LedgerRefund[];
  readonly twin?: Partial<TwinOrder> | null;
  readonly faults?: readonly string[];
  readonly defects?: readonly string[];
  readonly witnesses?: readonly AppWitness[];
}

/** Compares one paid payment in three books, with changes; null leaves the order out of a book. */
export function found(change: Change = {}): string[] {
  const books: ThreeBooks = {
    ours: {
      scans: [{ ...scan, ...change.scan }],
      orders: change.order === null ? [] : [{ ...order, ...change.order }],
    },
    ledger: { keys: change.keys ?? [key], refunds: change.refunds ?? [], faults: change.faults ?? [] },
    twin: {
      orders: change.twin === null ? [] : [{ ...issued, ...change.twin }],
      defects: change.defects ?? [],
    },
  };
  return compareBooks(books, change.witnesses).map(discrepancyLine);
}
