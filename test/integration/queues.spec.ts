import { outageBehaviours } from '../support/queues/outage-behaviours.js';
import { postgresHome, redisHome, type QueueHome } from '../support/queues/queue-home.js';
import { QueueLab } from '../support/queues/queue-lab.js';
import { retentionBehaviours } from '../support/queues/retention-behaviours.js';
import { runBehaviours } from '../support/queues/run-behaviours.js';
import { wakeBehaviours } from '../support/queues/wake-behaviours.js';
import { describeWithRedis } from '../support/redis/describe-with-redis.js';

jest.setTimeout(180_000);

describe('work queues in PostgreSQL', () => behavesAsWorkQueues(postgresHome));
describeWithRedis('work queues in Redis', () => behavesAsWorkQueues(redisHome));

function behavesAsWorkQueues(openHome: () => Promise<QueueHome>): void {
  let lab: QueueLab;

  beforeAll(async () => {
    lab = new QueueLab(await openHome());
  });
  afterEach(async () => {
    await lab.home.gate.open();
    await lab.closeAll();
  });
  afterAll(() => lab.home.stop());

  wakeBehaviours(() => lab);
  runBehaviours(() => lab);
  retentionBehaviours(() => lab);
  outageBehaviours(() => lab);
}
