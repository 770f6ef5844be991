import { createHash } from 'node:crypto';
import { appRules, type AppWitness } from './app-rules.js';
import { broken, type Discrepancy } from './discrepancy.js';
import { readLedgerBooks, type LedgerBooks } from './ledger-books.js';
import { moneyRules } from './money-rules.js';
import { readOurBooks, type OurBooks } from './our-books.js';
import { refundRules } from './refund-rules.js';
import type { ReadRows } from './read-rows.js';
import { isOpen, toldRules } from './told-rules.js';
import { readTwinBooks, type TwinBooks, type TwinOrder } from './twin-books.js';

/** Three accounts of the same payments, each kept by another program. */
export interface ThreeBooks {
  readonly ours: OurBooks;
  readonly ledger: LedgerBooks;
  readonly twin: TwinBooks;
}

/** @param readLedger where the ledger has a database of its own */
export async function readThreeBooks(
  read: ReadRows,
  twinUrl: string,
  readLedger: ReadRows = read,
): Promise<ThreeBooks> {
  const [ours, ledger] = [await readOurBooks(read), await readLedgerBooks(readLedger)];
  return { ours, ledger, twin: await readTwinBooks(twinUrl) };
}

/**
 * Compares the books once everything has ended. An empty list means: nothing is lost, nothing is doubled, every amount
 * is right, every result is acknowledged.
 *
 * @param witnesses the answers that payers' apps got; they must still be true
 */
export function compareBooks(books: ThreeBooks, witnesses: readonly AppWitness[] = []): Discrepancy[] {
  const { ours, ledger, twin } = books;
  const keys = new Map(ledger.keys.map((known) => [known.key, known]));
  const given = new Map(ledger.refunds.map((refund) => [refund.key, refund]));
  const theirs = new Map(twin.orders.map((order) => [order.paymentRequestId, order]));
  return [
    ...ours.orders.flatMap((order) => {
      const issued = theirs.get(order.paymentRequestId);
      const isIssued = issued !== undefined && issued.status !== 'NOT_ISSUED';
      return [
        ...broken(order.paymentRequestId, [
          [!isOpen(order), 'unfinished', `is still ${order.status}`],
          [isIssued, 'contradiction', 'is an order of ours that the twin never issued'],
        ]),
        ...moneyRules(order, keys),
        ...refundRules(order, issued, given),
        ...(isIssued ? toldRules(order, issued) : []),
      ];
    }),
    ...unknownToUs(ours, twin),
    ...withoutIntent(ours, ledger),
    ...ours.scans.flatMap(({ scanId, status }) =>
      broken(`scan ${scanId}`, [[status !== 'PENDING', 'unfinished', 'is still PENDING']]),
    ),
    ...ledger.faults.map((what): Discrepancy => ({ kind: 'contradiction', about: 'the ledger', what })),
    ...twin.defects.map((what): Discrepancy => ({ kind: 'contradiction', about: 'the twin', what })),
    ...appRules(ours, witnesses),
  ];
}

/**
 * An order that Alipay+ issued and that we do not have. If all its scans ended before a trustworthy answer, it never
 * reached us.
 */
function unknownToUs({ orders, scans }: OurBooks, twin: TwinBooks): Discrepancy[] {
  const known = new Set(orders.map(({ paymentRequestId }) => paymentRequestId));
  const endsByCode = new Map<string, string[]>();
  for (const { codeSha256, status } of scans)
    endsByCode.set(codeSha256, [...(endsByCode.get(codeSha256) ?? []), status]);
  const wasNeverLearned = ({ codeValues }: TwinOrder): boolean => {
    const ends = codeValues.flatMap((code) => endsByCode.get(sha256(code)) ?? []);
    return ends.length > 0 && ends.every((end) => end === 'GIVEN_UP' || end === 'REJECTED');
  };
  return twin.orders
    .filter(({ status, paymentRequestId }) => status !== 'NOT_ISSUED' && !known.has(paymentRequestId))
    .filter((order) => !wasNeverLearned(order))
    .map(({ paymentRequestId }) => ({
      kind: 'lost',
      about: paymentRequestId,
      what: 'was issued by the twin and is unknown to us',
    }));
}

function withoutIntent({ orders }: OurBooks, { keys }: LedgerBooks): Discrepancy[] {
  const intended = new Set(orders.flatMap(({ debits }) => debits.map(({ debitId }) => debitId)));
  return keys
    .filter(({ key, kind }) => kind === 'DEBIT' && !intended.has(key))
    .map(({ key }) => ({
      kind: 'doubled',
      about: `key ${key}`,
      what: 'is a debit without an intent of ours',
    }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
