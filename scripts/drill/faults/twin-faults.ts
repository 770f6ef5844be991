import { setTimeout as sleep } from 'node:timers/promises';
import type { DrillTwin } from '../ground/drill-twin.js';
import type { Fault } from './fault.js';

const NOTIFICATION_LIES = ['500', 'U', '200html', 'unsigned', 'badsig', 'garbage', 'F.PROCESS_FAIL', 'drop'];
const ANSWER_LIES = ['unsigned', 'badsig', 'garbage'];

/** Alipay+ is dead, slow or lies. */
export const TWIN_FAULTS: readonly Fault[] = [
  {
    group: 'twin',
    name: 'the twin killed',
    isBrief: true,
    run: async ({ twin }, random) => {
      await twin.program.end('SIGKILL');
      await sleep(random.between(200, 4_000));
      await twin.program.start();
    },
  },
  {
    group: 'twin',
    name: 'the twin hangs up on everybody',
    run: ({ twin }, random) => during(random.between(1_000, 4_000), twin, { down: true }, { down: false }),
  },
  {
    group: 'twin',
    name: 'the twin slower than the time-outs',
    run: ({ twin }, random) => during(random.between(3_000, 5_000), twin, { slowMs: 2_500 }, { slowMs: 0 }),
  },
  {
    group: 'twin',
    name: 'the twin throttles',
    run: ({ twin }, random) =>
      during(
        random.between(1_000, 3_000),
        twin,
        { everyUserInitiatedPay: 'U.REQUEST_TRAFFIC_EXCEED_LIMIT' },
        { everyUserInitiatedPay: null },
      ),
  },
  {
    group: 'twin',
    name: 'the twin lies in every answer',
    isBrief: true,
    run: ({ twin }, random) =>
      during(
        random.between(2_000, 4_000),
        twin,
        { everyAnswer: random.pick(ANSWER_LIES) },
        { everyAnswer: null },
      ),
  },
  {
    group: 'twin',
    name: 'the twin acknowledges nothing',
    run: ({ twin }, random) =>
      during(
        random.between(2_000, 4_000),
        twin,
        { everyNotification: random.pick(NOTIFICATION_LIES) },
        { everyNotification: null },
      ),
  },
  {
    group: 'twin',
    name: 'the twin says that our signature is wrong',
    run: ({ twin }, random) =>
      during(
        random.between(1_000, 2_000),
        twin,
        { everyUserInitiatedPay: 'F.INVALID_SIGNATURE', everyNotification: 'F.INVALID_SIGNATURE' },
        { everyUserInitiatedPay: null, everyNotification: null },
      ),
  },
];

type Behaviour = Readonly<Record<string, unknown>>;

async function during(ms: number, twin: DrillTwin, trouble: Behaviour, calm: Behaviour): Promise<void> {
  await twin.behave(trouble);
  try {
    await sleep(ms);
  } finally {
    await twin.behave(calm);
  }
}
