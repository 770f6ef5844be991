import type { LedgerDebit, ListedDebit } from '../../../src/wallet-ledger/wallet-ledger.js';
import { CheckFailure } from '../check-failure.js';
import type { Check } from '../check.js';
import type { Examination } from '../examination.js';

/** More than the difference of two clocks, and so little that a busy core has few pages of it. */
const AROUND_MS = 600_000;
const MOST_PAGES = 1_000;

const list: Check = {
  id: 'list',
  title: 'The list has every debit that took money, once and with its content, and no other',
  protects: 'Only debits that took money, `DEBITED` or, when they were given back since, `REVERSED`',
  expected:
    'one entry for a debit, DEBITED; one for a debit that was given back, REVERSED; none for a refused one or of another hour',
  needs: 'customer',
  async examine(at) {
    const beganAtMs = Date.now();
    const [held, back] = [at.aDebit(), at.aDebit()];
    at.expectDone('a debit', await at.debit(held));
    at.expectDone('another debit', await at.debit(back));
    at.expectDone('its reversal', await at.reverse(back.key));
    const refused = at.aDebit({ customerId: at.ledger.nobody });
    await at.debit(refused);
    const listed = await listedIn(at, new Date(beganAtMs - AROUND_MS), new Date(beganAtMs + AROUND_MS));
    expectOne(listed, held, 'debited');
    expectOne(listed, back, 'reversed');
    if (listed.some(({ key }) => key === refused.key))
      throw new CheckFailure('the list has a debit that was refused: it took no money');
    const yesterday = beganAtMs - 86_400_000;
    const earlier = await listedIn(at, new Date(yesterday - AROUND_MS), new Date(yesterday));
    if (earlier.some(({ key }) => key === held.key || key === back.key))
      throw new CheckFailure('the list of yesterday has a debit of now');
    return `DEBITED and REVERSED, among ${listed.length}`;
  },
};

export const LIST_CHECKS: readonly Check[] = [list];

async function listedIn(at: Examination, from: Date, to: Date): Promise<readonly ListedDebit[]> {
  const all: ListedDebit[] = [];
  let after: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const listing = await at.client.list({ from, to, ...(after === undefined ? {} : { after }) });
    if (listing.outcome === 'not_offered')
      at.skip('the ledger does not have the optional list: it answered 404, and a repair cannot ask it');
    if (listing.outcome === 'unknown')
      throw new CheckFailure(`page ${page} of the list cannot be read: ${listing.reason}`);
    all.push(...listing.debits);
    after = listing.next;
    if (after === undefined) return all;
  }
  throw new CheckFailure(`the list does not end after ${MOST_PAGES} pages`);
}

function expectOne(listed: readonly ListedDebit[], debit: LedgerDebit, status: ListedDebit['status']): void {
  const entries = listed.filter(({ key }) => key === debit.key);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    throw new CheckFailure(`a debit should be listed once, and is listed ${entries.length} times`);
  const wanted = contentOf({ ...debit, status });
  const found = contentOf(entry);
  if (found !== wanted) throw new CheckFailure(`a debit should be listed as ${wanted}, and is as ${found}`);
}

function contentOf({
  status,
  paymentRequestId,
  customerId,
  amount: { currency, value },
}: Pick<ListedDebit, 'status' | 'paymentRequestId' | 'customerId' | 'amount'>): string {
  return [status.toUpperCase(), paymentRequestId, customerId, currency, value].join(' ');
}
