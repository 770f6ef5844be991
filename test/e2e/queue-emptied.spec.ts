import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../support/database/ask.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { disagreements } from '../support/service/three-books.js';
import { until } from '../support/service/until.js';
import { WorkQueues } from '../../src/platform/queues/work-queues.js';

jest.setTimeout(90_000);

const SCANS = 40;

describe('the queues are emptied again and again while scans are under way', () => {
  let test: TestService;
  beforeAll(async () => {
    // Only the sweeper finds work whose jobs are deleted.
    test = await startTestService({ environment: { SWEEP_INTERVAL_MS: '100' } });
  });
  afterAll(() => test.stop());

  /** Empties all three until it is stopped; returns the number of deleted jobs. */
  const startEmptying = () => {
    const queues = test.service.app.get(WorkQueues);
    const over = new AbortController();
    let thrownAway = 0;
    const emptying = (async () => {
      while (!over.signal.aborted) {
        for (const name of ['decode', 'debit', 'notify', 'events']) {
          const { waiting = 0, delayed = 0 } = await queues.counts(name);
          thrownAway += waiting + delayed;
          await queues.empty(name);
        }
        await sleep(20);
      }
      return thrownAway;
    })();
    return async () => {
      over.abort();
      return emptying;
    };
  };

  it('failures 17, 19: every scan is decoded, paid and told all the same, each once', async () => {
    const stopEmptying = startEmptying();
    const codes = Array.from({ length: SCANS }, (_, at) => `twin:U,U,S;notify=U,S#emptied-${at}`);
    const payments = await Promise.all(codes.map((code) => test.app.decodedPayment(code)));
    const confirms = await Promise.all(payments.map((payment) => test.app.confirm(payment)));
    expect(confirms.map(({ body }) => body.status)).toEqual(Array(SCANS).fill('PAID'));
    await until(
      'every result is acknowledged',
      async () => {
        const text = `select 1 from notification where status = 'DELIVERED'`;
        return (await ask(test.database.url, text)).length === SCANS;
      },
      60_000,
    );
    expect(await stopEmptying()).toBeGreaterThan(0);
    expect(await disagreements(test)).toEqual([]);
    for (const code of codes) {
      expect(await test.books.order(code)).toMatchObject({ calls: 3, maxInFlight: 1, notificationCount: 2 });
    }
  });

  it('failures 19: afterwards the queues work as before', async () => {
    const payment = await test.app.decodedPayment('twin:U,S;notify=U,S#after');
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    await until(
      'it is acknowledged',
      async () => (await test.books.order('twin:U,S;notify=U,S#after')).acknowledged,
    );
  });
});
