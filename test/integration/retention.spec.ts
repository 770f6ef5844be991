import { mock } from 'node:test';
import { WorkQueues } from '../../src/platform/queues/work-queues.js';
import { SweeperService } from '../../src/sweep/sweeper.service.js';
import { aPendingScan, evidence } from '../support/builders/a-scan.js';
import { OpenedStores } from '../support/builders/opened-stores.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(90_000);

const DAYS = 2;
const HOURS = 3;
/** The sweeper deletes old rows once a minute. */
const A_MINUTE_MS = 61_000;

describe('the sweeper deletes old rows once a minute:', () => {
  let test: TestService;
  let stores: OpenedStores;
  let aheadMs: number;
  beforeEach(async () => {
    aheadMs = 0;
    test = await startTestService({
      environment: {
        SWEEP_INTERVAL_MS: '60000',
        EVIDENCE_RETENTION_DAYS: String(DAYS),
        FAILED_JOB_RETENTION_HOURS: String(HOURS),
      },
    });
    stores = await OpenedStores.on(test.database);
  });
  afterEach(async () => {
    await stores.close();
    await test.stop();
  });

  async function sweepInAMinute(): Promise<void> {
    aheadMs += A_MINUTE_MS;
    const real = performance.now.bind(performance);
    const later = mock.method(performance, 'now', () => real() + aheadMs);
    try {
      await test.service.app.get(SweeperService).sweepOnce();
    } finally {
      later.mock.restore();
    }
  }

  const failedJobs = async () => (await test.service.app.get(WorkQueues).counts('decode'))['failed'];
  const exchanges = () => stores.sql<{ attempt: number }>('select attempt from decode_exchange order by 1');

  it('failed jobs after FAILED_JOB_RETENTION_HOURS', async () => {
    const queues = test.service.app.get(WorkQueues);
    for (const id of ['no-scan', 'none-either']) await queues.wake('decode', { id, turn: '0', delayMs: 0 });
    await until('both have failed', async () => (await failedJobs()) === 2);
    await sweepInAMinute();
    expect(await failedJobs()).toBe(2);
    await stores.sql(
      `update bullmq.job set finished_at_ms = finished_at_ms - $1::bigint where id like '%no-scan%'`,
      [HOURS * 3_600_000],
    );
    await sweepInAMinute();
    expect(await failedJobs()).toBe(1);
    expect(test.log.filter((line) => line.includes('"queue.pruned"'))).toHaveLength(1);
  });

  it('evidence after EVIDENCE_RETENTION_DAYS', async () => {
    const { scanId } = await aPendingScan(stores);
    await stores.sql(
      `insert into decode_exchange (scan_id, attempt, finished_at, duration_ms, outcome, request_time, key_version)
       select $1, days, db_now() - days * interval '1 day', 1, 'unknown', '2026-03-01T12:00:00+00:00', '1'
       from unnest(array[${DAYS + 3}, ${DAYS + 2}, ${DAYS - 2}]) days`,
      [scanId],
    );
    await stores.scans.reject(scanId, evidence({ outcome: 'rejected' }), 'EXPIRED_CODE');
    await sweepInAMinute();
    // Today's exchanges stay: those of manual attempts and of the answer that ended the scan.
    expect(await exchanges()).toEqual([{ attempt: DAYS - 2 }, { attempt: 1 }]);
  });

  it('rests of the sweeper that are over for hours', async () => {
    await stores.sql(
      `insert into sweep_rest (kind, id, until) select 'debit', gen_random_uuid(), db_now() - hours * interval '1 hour'
       from unnest(array[1, 3, 4]) hours`,
    );
    await sweepInAMinute();
    expect(await stores.sql('select 1 from sweep_rest')).toHaveLength(1);
  });
});
