import { setTimeout as sleep } from 'node:timers/promises';
import { WORKER_OPTIONS } from '../../src/platform/queues/queue-backend.js';
import { postgresHome, type PostgresQueueHome } from '../support/queues/queue-home.js';
import { QueueLab } from '../support/queues/queue-lab.js';
import { RecordedWork } from '../support/queues/recorded-work.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

describe('a process that only takes jobs, from a queue in PostgreSQL', () => {
  let home: PostgresQueueHome;
  let lab: QueueLab;
  beforeAll(async () => {
    home = await postgresHome();
    lab = new QueueLab(home);
  });
  afterAll(async () => {
    await lab.closeAll();
    await home.stop();
  });

  it('finds a job whose notice was lost, also after an outage', async () => {
    const work = new RecordedWork(lab.aName());
    await home.addUnnoticed(work.name, 'before');
    lab.aProcess().start(work);
    await lab.ran(work, 'before');
    await until('its job is done', async () => (await home.jobIds(work.name)).length === 0);
    await home.gate.shut();
    // An outage so long that the worker has tried to listen again, and failed.
    await sleep(WORKER_OPTIONS.runRetryDelay + 2_000);
    await home.gate.open();
    await home.listens(work.name);
    await home.addUnnoticed(work.name, 'unnoticed');
    await lab.ran(work, 'unnoticed');
  });
});
