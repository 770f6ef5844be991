import { randomUUID } from 'node:crypto';
import { ledgerCommand } from '../../scripts/ledger.js';
import { OpenedLedger } from '../support/ledger/opened-ledger.js';

describe('npm run ledger', () => {
  let ledger: OpenedLedger;
  beforeAll(async () => {
    ledger = await OpenedLedger.open(2);
  });
  afterAll(() => ledger.close());

  const run = (...args: string[]) => ledgerCommand(args, ledger.books);

  it('opens a customer, takes a deposit once per key, and shows both', async () => {
    const customerId = `payer-${randomUUID()}`;
    expect(await run('open', customerId)).toMatchObject({ exitCode: 0, report: { opened: true } });
    expect(await run('open', customerId, '--blocked')).toMatchObject({
      exitCode: 0,
      report: { opened: false },
    });
    const deposit = ['deposit', customerId, 'HKD', '12345678901234567890', '--key', `key-${customerId}`];
    const first = await run(...deposit);
    expect(first).toMatchObject({ exitCode: 0, report: { outcome: 'done' } });
    expect(await run(...deposit)).toEqual(first);
    const other = await run('deposit', customerId, 'HKD', '1', '--key', `key-${customerId}`);
    expect(other).toMatchObject({ exitCode: 1, text: 'refused: KEY_CONTENT_MISMATCH' });

    const shown = await run('show', customerId, '--json');
    expect(shown.report).toMatchObject({
      blocked: false,
      balances: [{ currency: 'HKD', balance: '12345678901234567890' }],
      movements: [{ kind: 'DEPOSIT', amount: '12345678901234567890', key: `key-${customerId}` }],
    });
    expect(shown.text).toContain('12345678901234567890 HKD');
  });

  it('gives a deposit without a key a key of its own', async () => {
    const customerId = `payer-${randomUUID()}`;
    await run('open', customerId, '--opening-balance', '5');
    await run('deposit', customerId, 'JPY', '10');
    await run('deposit', customerId, 'JPY', '10');
    expect(await ledger.balanceOf(customerId, 'JPY')).toBe(25n);
  });

  it('opens the demo customers and audits the books', async () => {
    expect(await run('demo')).toMatchObject({ exitCode: 0 });
    expect(await run('show', 'customer-blocked')).toMatchObject({ exitCode: 0, report: { blocked: true } });
    expect(await run('check')).toMatchObject({ exitCode: 0, text: 'the books are sound' });
  });

  it('reports an unknown customer', async () => {
    expect(await run('show', 'nobody')).toMatchObject({ exitCode: 1, text: 'no customer nobody' });
    expect(await run('deposit', 'nobody', 'HKD', '1')).toMatchObject({
      exitCode: 1,
      text: 'refused: CUSTOMER_NOT_FOUND',
    });
  });

  it.each([
    [[]],
    [['spend']],
    [['toString']],
    [['open']],
    [['open', 'a', 'b']],
    [['open', '']],
    [['open', 'a', '--opening-balance', '0']],
    [['deposit', 'a', 'HKD']],
    [['deposit', 'a', 'hkd', '1']],
    [['deposit', 'a', 'HKD', '1.50']],
    [['deposit', 'a', 'HKD', '-1']],
    [['deposit', 'a', 'HKD', '1', '--key', 'two words']],
    [['check', '--deep']],
  ])('prints its usage when called with %j, and changes nothing', async (args) => {
    const { exitCode, text } = await run(...args);
    expect(exitCode).toBe(2);
    expect(text).toContain('deposit [options] <customerId> <currency> <value>');
  });
});
