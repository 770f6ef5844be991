import { randomUUID } from 'node:crypto';
import { Database, type Runner } from '../../src/platform/database/database.js';
import { openPool } from '../../src/platform/database/pool.js';
import { EmbeddedWalletLedger } from '../../src/wallet-ledger/embedded/embedded-wallet-ledger.js';
import { waitUntil } from '../support/database/wait-until.js';
import { aDebit, OpenedLedger } from '../support/ledger/opened-ledger.js';

const MISMATCH = { outcome: 'unknown', reason: 'key_content_mismatch' };
const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

describe('the embedded ledger', () => {
  let ledger: OpenedLedger;
  beforeAll(async () => {
    ledger = await OpenedLedger.open();
  });
  afterEach(async () => expect(await ledger.books.check()).toEqual([]));
  afterAll(() => ledger.close());

  describe('debit', () => {
    it('takes the money once; a repeat moves nothing and gets the same reference', async () => {
      const debit = aDebit(await ledger.aCustomer(250n));
      const first = await ledger.wallet.debit(debit);
      expect(first).toEqual({ outcome: 'done', ledgerReference: expect.any(String) });
      const later = { ...debit, notAfter: new Date(0), description: 'asked again, too late' };
      expect(await ledger.wallet.debit(later)).toEqual(first);
      expect(await ledger.balanceOf(debit.customerId)).toBe(150n);
      expect(await ledger.movementsOf(debit.key)).toEqual(['DEBIT']);
    });

    it('is one round trip to the database', async () => {
      const asked: string[] = [];
      const counting: Runner = {
        run: (statement, values) => {
          asked.push(statement.name);
          return ledger.database.run(statement, values);
        },
      };
      await new EmbeddedWalletLedger(counting, ledger.log).debit(aDebit(await ledger.aCustomer(100n)));
      expect(asked).toEqual(['ledger_debit']);
    });

    it('row 6: 200 parallel calls with one key from two processes make one movement and get one answer', async () => {
      const debit = aDebit(await ledger.aCustomer(1_000n));
      const other = openPool(ledger.url, { name: 'other', max: 20 });
      try {
        const wallets = [ledger.wallet, new EmbeddedWalletLedger(new Database(other), ledger.log)] as const;
        const answers = await times(200, (index) => wallets[index % 2 === 0 ? 0 : 1].debit(debit));
        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
        expect(answers[0]?.outcome).toBe('done');
      } finally {
        await other.end();
      }
      expect(await ledger.movementsOf(debit.key)).toEqual(['DEBIT']);
      expect(await ledger.balanceOf(debit.customerId)).toBe(900n);
    });

    it('one key used for two payers at once debits one of them; the other gets a mismatch', async () => {
      const customerId = await ledger.aCustomer(5_000n);
      const answers = await times(200, () => ledger.wallet.debit(aDebit(customerId)));
      expect(answers.filter((answer) => answer.outcome === 'done')).toHaveLength(50);
      expect(answers.filter((answer) => answer.outcome === 'refused')).toHaveLength(150);
      expect(await ledger.balanceOf(customerId)).toBe(0n);
    });

    it('one key used for two payers at once debits one of them; the other is told of the mismatch', async () => {
      const payers = [await ledger.aCustomer(100n), await ledger.aCustomer(100n)];
      const key = randomUUID();
      const answers = await times(60, (index) =>
        ledger.wallet.debit(aDebit(payers[index % 2] ?? '', { key })),
      );
      expect(answers.filter((answer) => answer.outcome === 'done')).toHaveLength(30);
      expect(answers.filter((answer) => answer.outcome === 'unknown')).toHaveLength(30);
      expect(answers).toContainEqual(MISMATCH);
      const balances = await Promise.all(payers.map((payer) => ledger.balanceOf(payer)));
      expect(new Set(balances)).toEqual(new Set([0n, 100n]));
    });

    it('takes the money of an order once, whatever the keys and whoever pays, also after it went back', async () => {
      const payers = [await ledger.aCustomer(100n), await ledger.aCustomer(100n)];
      const paymentRequestId = randomUUID();
      const debits = Array.from({ length: 40 }, (_, index) =>
        aDebit(payers[index % 2] ?? '', { paymentRequestId }),
      );
      await Promise.all(debits.map((debit) => ledger.wallet.debit(debit)));
      // Two customers meet at the index on orders, where one of them gets no answer at first.
      const answers = await Promise.all(debits.map((debit) => ledger.wallet.debit(debit)));
      const done = debits.filter((_, index) => answers[index]?.outcome === 'done');
      expect(done).toHaveLength(1);
      const refused = { outcome: 'refused', code: 'ALREADY_DEBITED' };
      for (const answer of answers.filter(({ outcome }) => outcome !== 'done'))
        expect(answer).toEqual(refused);
      const balances = await Promise.all(payers.map((payer) => ledger.balanceOf(payer)));
      expect(new Set(balances)).toEqual(new Set([0n, 100n]));

      await ledger.wallet.reverse(done[0]?.key ?? '', 'cancelled');
      const late = aDebit(payers[0] ?? '', { paymentRequestId });
      expect(await ledger.wallet.debit(late)).toEqual(refused);
    });

    it('with other content under the same key is unknown and never a second debit', async () => {
      const debit = aDebit(await ledger.aCustomer(1_000n));
      await ledger.wallet.debit(debit);
      const customerId = await ledger.aCustomer(1_000n);
      expect(await ledger.wallet.debit({ ...debit, customerId })).toEqual(MISMATCH);
      for (const amount of [
        { currency: 'HKD', value: 101n },
        { currency: 'JPY', value: 100n },
      ])
        expect(await ledger.wallet.debit({ ...debit, amount })).toEqual(MISMATCH);
      expect(await ledger.movementsOf(debit.key)).toEqual(['DEBIT']);
    });

    it('row 24: is exact far beyond what a float can hold', async () => {
      const customerId = await ledger.aCustomer(10n ** 38n);
      const value = 10n ** 38n - 1n;
      expect(
        await ledger.wallet.debit(aDebit(customerId, { amount: { currency: 'HKD', value } })),
      ).toMatchObject({ outcome: 'done' });
      expect(await ledger.balanceOf(customerId)).toBe(1n);
      const tooMuch = aDebit(customerId, { amount: { currency: 'HKD', value: 10n ** 60n } });
      expect(await ledger.wallet.debit(tooMuch)).toEqual({
        outcome: 'refused',
        code: 'INSUFFICIENT_BALANCE',
      });
    });
  });

  describe('a refusal', () => {
    it('names its reason and moves nothing', async () => {
      const payer = await ledger.aCustomer(99n);
      const blocked = `blocked-${randomUUID()}`;
      await ledger.books.open({ customerId: blocked, blocked: true, openingBalance: 1_000n });
      const jpy = { currency: 'JPY', value: 1n };
      const asked = [
        [aDebit(`nobody-${randomUUID()}`), 'CUSTOMER_NOT_FOUND'],
        [aDebit(blocked), 'CUSTOMER_BLOCKED'],
        [aDebit(payer, { amount: jpy }), 'CURRENCY_NOT_SUPPORTED'],
        [aDebit(payer), 'INSUFFICIENT_BALANCE'],
        [aDebit(payer, { notAfter: new Date(0) }), 'TOO_LATE'],
      ] as const;
      for (const [debit, code] of asked) {
        expect(await ledger.wallet.debit(debit)).toEqual({ outcome: 'refused', code });
        expect(await ledger.wallet.lookup(debit.key)).toEqual({ outcome: 'refused', code });
        expect(await ledger.movementsOf(debit.key)).toEqual(['REFUSAL']);
      }
      expect(await ledger.balanceOf(payer)).toBe(99n);
    });

    it('is final for its key, also when its cause has gone; another key succeeds', async () => {
      const poor = aDebit(await ledger.aCustomer(1n));
      await ledger.wallet.debit(poor);
      const amount = { currency: 'HKD', value: 500n };
      const { customerId } = poor;
      await ledger.books.deposit({ key: randomUUID(), customerId, amount, description: 'top up' });
      expect(await ledger.wallet.debit(poor)).toEqual({ outcome: 'refused', code: 'INSUFFICIENT_BALANCE' });

      const late = aDebit(customerId, { notAfter: new Date(0) });
      await ledger.wallet.debit(late);
      const inTime = { ...late, notAfter: new Date(Date.now() + 60_000) };
      expect(await ledger.wallet.debit(inTime)).toEqual({ outcome: 'refused', code: 'TOO_LATE' });
      expect(await ledger.wallet.debit(aDebit(customerId))).toMatchObject({ outcome: 'done' });
    });
  });

  describe('reverse', () => {
    it('gives back once, with the same answer however often and in parallel it is called', async () => {
      const debit = aDebit(await ledger.aCustomer(100n));
      await ledger.wallet.debit(debit);
      const answers = await times(50, () => ledger.wallet.reverse(debit.key, 'cancelled'));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      const [answer] = answers;
      expect(answer).toEqual({ outcome: 'done', ledgerReference: expect.any(String) });
      expect(await ledger.wallet.lookup(debit.key)).toEqual({ ...answer, outcome: 'reversed' });
      expect(await ledger.balanceOf(debit.customerId)).toBe(100n);
      expect(await ledger.movementsOf(debit.key)).toEqual(['DEBIT', 'REVERSAL']);
    });

    it('prevents a late repeat of the debit from reporting the money as taken', async () => {
      const debit = aDebit(await ledger.aCustomer(100n));
      await ledger.wallet.debit(debit);
      await ledger.wallet.reverse(debit.key, 'cancelled');
      expect(await ledger.wallet.debit(debit)).toEqual({ outcome: 'refused', code: 'REFUSED' });
      expect(await ledger.balanceOf(debit.customerId)).toBe(100n);
    });

    it('closes an absent key for ever: a late debit is refused', async () => {
      const debit = aDebit(await ledger.aCustomer(100n));
      expect(await ledger.wallet.lookup(debit.key)).toEqual({ outcome: 'absent' });
      const closed = await ledger.wallet.reverse(debit.key, 'cancelled before the debit');
      expect(closed).toMatchObject({ outcome: 'done' });
      const refused = { outcome: 'refused', code: 'REFUSED' };
      expect(await ledger.wallet.debit(debit)).toEqual(refused);
      expect(await ledger.wallet.lookup(debit.key)).toEqual(refused);
      expect(await ledger.wallet.reverse(debit.key, 'again')).toEqual(closed);
      expect(await ledger.movementsOf(debit.key)).toEqual(['CLOSED']);
    });

    it('of a refused key is done and moves nothing', async () => {
      const debit = aDebit(await ledger.aCustomer(1n));
      await ledger.wallet.debit(debit);
      expect(await ledger.wallet.reverse(debit.key, 'cancelled')).toMatchObject({ outcome: 'done' });
      expect(await ledger.wallet.lookup(debit.key)).toEqual({
        outcome: 'refused',
        code: 'INSUFFICIENT_BALANCE',
      });
      expect(await ledger.balanceOf(debit.customerId)).toBe(1n);
    });

    it('racing with its debit always leaves the payer with all the money', async () => {
      const customerId = await ledger.aCustomer(100n);
      await times(60, async () => {
        const debit = aDebit(customerId);
        const [debited, reversed] = await Promise.all([
          ledger.wallet.debit(debit),
          ledger.wallet.reverse(debit.key, 'cancelled'),
        ]);
        expect(debited.outcome).not.toBe('unknown');
        expect(reversed.outcome).toBe('done');
        expect((await ledger.wallet.lookup(debit.key)).outcome).not.toBe('debited');
      });
      expect(await ledger.balanceOf(customerId)).toBe(100n);
    });
  });

  it('row 8: answers unknown, logged with its cause, when the database is gone', async () => {
    const lost = await OpenedLedger.open(2);
    const debit = aDebit(await lost.aCustomer(100n));
    await lost.loseDatabase();
    const gone = { outcome: 'unknown', reason: expect.stringMatching(/^database_\w+$/) };
    expect(await lost.wallet.debit(debit)).toEqual(gone);
    expect(await lost.wallet.lookup(debit.key)).toEqual(gone);
    expect(await lost.wallet.reverse(debit.key, 'x')).toEqual(gone);
    expect(lost.logged).toHaveLength(3);
    expect(lost.logged.join('')).toContain('ledger.database_failed');
    await lost.close();
  });

  it('row 8: answers unknown when the connection dies under the debit, and a repeat finds out', async () => {
    const debit = aDebit(await ledger.aCustomer(100n));
    const blocker = ledger.dataSource.createQueryRunner();
    await blocker.startTransaction();
    await blocker.query('select from ledger_account where customer_id = $1 for update', [debit.customerId]);
    const answer = ledger.wallet.debit(debit);
    const waiting = `select pid from pg_stat_activity where datname = current_database()
                     and wait_event_type = 'Lock' and query like '%ledger_debit(%' and pid <> pg_backend_pid()`;
    await waitUntil('the debit waits for the account', async () => (await ledger.sql(waiting)).length === 1);
    await ledger.sql(`select pg_terminate_backend(pid) from (${waiting}) w`);
    expect(await answer).toMatchObject({ outcome: 'unknown', reason: expect.stringMatching(/^database_/) });
    await blocker.rollbackTransaction();
    await blocker.release();
    expect(await ledger.wallet.lookup(debit.key)).toEqual({ outcome: 'absent' });
    expect(await ledger.wallet.debit(debit)).toMatchObject({ outcome: 'done' });
    expect(await ledger.movementsOf(debit.key)).toEqual(['DEBIT']);
  });
});
