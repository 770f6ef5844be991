import { ask } from '../support/database/ask.js';
import { ApiClient, type Json } from '../support/service/api-client.js';
import { openDemoCustomers } from '../support/service/open-demo-customers.js';
import { ServiceProcess } from '../support/service/service-process.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { disagreements } from '../support/service/three-books.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

describe('a process that is killed', () => {
  let ground: TestGround;
  let running: ServiceProcess | undefined;
  beforeEach(async () => {
    // The time-out of a call decides how long the lease of a killed process lasts.
    ground = await prepareTestGround({ environment: { ALIPAYPLUS_TIMEOUT_MS: '2000' } });
    await openDemoCustomers(ground.database.url);
  });
  afterEach(async () => {
    await running?.end('SIGKILL');
    await ground.stop();
  });

  const start = async (): Promise<ApiClient> => {
    running = await ServiceProcess.start(ground.environment);
    return new ApiClient(running.url, ground.tokens.walletApp);
  };

  const kill = async () => {
    const ended = await running?.end('SIGKILL');
    expect(ended).toEqual({ code: null, signal: 'SIGKILL' });
  };

  const count = async (from: string) => {
    const [row] = await ask<{ count: number }>(
      ground.database.url,
      `select count(*)::int as count from ${from}`,
    );
    return row?.count ?? 0;
  };

  const untilAllAreTold = () =>
    until(
      'every order has ended and is told',
      async () => {
        const open = await count(`payment_order o left join notification n using (payment_id)
          where n.status is distinct from 'DELIVERED'`);
        return open === 0;
      },
      60_000,
    );

  it('failures 5: between the commit of a scan and its answer asks again with the same bytes and has one order', async () => {
    const code = 'twin:S;slow=1s#killed';
    const lost = (await start()).scan(code).catch(() => undefined);
    await until('the call is in flight', async () => (await ground.books.order(code))?.calls === 1);
    await kill();
    expect(await lost).toBeUndefined();
    expect(await count('decode_exchange')).toBe(0);

    const app = await start();
    const [scan] = await ask<{ id: string }>(ground.database.url, 'select scan_id as id from scan');
    const decoded = await app.readScan(scan?.id ?? '', 30_000);
    expect(decoded.body).toMatchObject({ scanId: scan?.id, status: 'DECODED' });
    const again = await app.scan(code);
    expect(again.body).toMatchObject({ scanId: scan?.id, payment: decoded.body.payment });

    const calls = await ground.books.decodeCalls(code);
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(new Set(calls.map((call: Json) => call.bodySha256)).size).toBe(1);
    expect(await count('payment_order')).toBe(1);
    expect((await app.confirm(decoded.body.payment)).body.status).toBe('PAID');
    await untilAllAreTold();
    expect(await disagreements(ground)).toEqual([]);
  });

  it('failures 6, 7: in the middle of confirms leaves each order ended, debited at most once, and told as it ended', async () => {
    const PAYMENTS = 30;
    const halfDone = `payment_order o join debit d using (payment_id)
      join ledger_movement m on m.key = d.debit_id::text and m.kind = 'DEBIT' where o.status = 'DEBITING'`;
    let caught = 0;
    // A kill that interrupts nothing proves little: it is repeated until the ledger had debited something that we had
    // not saved.
    for (let round = 0; round < 8 && caught === 0; round += 1) {
      const app = await start();
      const payments = await Promise.all(
        Array.from({ length: PAYMENTS }, (_, at) => app.decodedPayment(`twin:S#burst-${round}-${at}`)),
      );
      const confirms = payments.map((payment) => app.confirm(payment).catch(() => undefined));
      const debits = `ledger_movement where kind = 'DEBIT'`;
      await until('the ledger has debited some', async () => (await count(debits)) > round * PAYMENTS);
      await kill();
      await Promise.all(confirms);
      caught = await count(halfDone);
      // The apps, which got no answer, send their request once more.
      const next = await start();
      const repeated = await Promise.all(payments.map((payment) => next.confirm(payment)));
      expect(repeated.filter(({ status }) => status !== 200 && status !== 202)).toEqual([]);
      await kill();
    }
    expect(caught).toBeGreaterThan(0);
    await start();
    await untilAllAreTold();
    expect(await disagreements(ground)).toEqual([]);
    const orders = await count('payment_order');
    expect(await count(`payment_order where status = 'PAID'`)).toBe(orders);
    expect(await count(`ledger_movement where kind = 'DEBIT'`)).toBe(orders);
    expect(await ground.books.summary()).toMatchObject({ acknowledgedS: orders, defectCount: 0 });
  });
});
