import { waitUntil } from '../support/database/wait-until.js';
import { aDebit, OpenedLedger } from '../support/ledger/opened-ledger.js';

const NOT_AFTER = new Date('2026-03-29T01:00:00.000Z');
const TOO_LATE = { outcome: 'refused', code: 'TOO_LATE' };
const shifted = (ms: number) => new Date(NOT_AFTER.getTime() + ms);

describe("row 12: a debit's deadline, by the database's clock", () => {
  let ledger: OpenedLedger;
  beforeAll(async () => {
    ledger = await OpenedLedger.open();
  });
  afterAll(() => ledger.close());

  it.each([
    [-1, 'done'],
    [0, 'done'],
    [1, 'refused'],
  ])('at notAfter %i ms the debit is %s', async (offsetMs, outcome) => {
    const debit = aDebit(await ledger.aCustomer(100n), { notAfter: NOT_AFTER });
    await ledger.setClock(shifted(offsetMs));
    expect(await ledger.wallet.debit(debit)).toMatchObject({ outcome });
    expect(await ledger.balanceOf(debit.customerId)).toBe(outcome === 'done' ? 0n : 100n);
  });

  it('is checked after the wait for the account, not before it', async () => {
    const debit = aDebit(await ledger.aCustomer(100n), { notAfter: NOT_AFTER });
    await ledger.setClock(shifted(-1));
    const blocker = ledger.dataSource.createQueryRunner();
    await blocker.startTransaction();
    await blocker.query('select from ledger_account where customer_id = $1 for update', [debit.customerId]);
    const answer = ledger.wallet.debit(debit);
    await waitUntil('the debit waits for the account', async () => {
      const waiting = `select from pg_stat_activity where datname = current_database()
                       and wait_event_type = 'Lock' and query like '%ledger_debit(%'`;
      return (await ledger.sql(waiting)).length > 0;
    });
    await ledger.setClock(shifted(1));
    await blocker.commitTransaction();
    await blocker.release();
    expect(await answer).toEqual(TOO_LATE);
  });

  it('takes precedence over every other refusal, since nothing the payer does can help', async () => {
    await ledger.setClock(shifted(1));
    const debit = aDebit(await ledger.aCustomer(1n), { notAfter: NOT_AFTER });
    expect(await ledger.wallet.debit(debit)).toEqual(TOO_LATE);
    expect(await ledger.wallet.debit(aDebit('nobody', { notAfter: NOT_AFTER }))).toEqual(TOO_LATE);
  });
});
