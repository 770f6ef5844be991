import { EventLog } from '../platform/logging/event-log.js';
import type { ClockLimit } from '../platform/clock/clock-limit.js';
import type { DecodeBacklog } from './decode-backlog.js';
import type { SweepPlan } from './sweep-plan.js';
import { SweeperService } from './sweeper.service.js';

const KINDS = 20;

async function failuresOf(error: Error): Promise<unknown[]> {
  const lines: string[] = [];
  let failed = 0;
  let allFailed = (): void => undefined;
  const thrice = new Promise<void>((resolve) => (allFailed = resolve));
  const sweeps = Array.from({ length: KINDS }, (_, at) => ({
    kind: `kind-${at}`,
    run: async () => {
      if ((failed += 1) > 3 * KINDS) allFailed();
      throw error;
    },
  }));
  const sweeper = new SweeperService(
    { sweeps } as unknown as SweepPlan, // all that is read of it
    { finish: async () => undefined } as unknown as DecodeBacklog, // all that is called
    { intervalMs: 1, graceMs: 1 },
    new EventLog({ level: 'info' }, { write: (line) => lines.push(line) }),
    { isBeyond: false } as unknown as ClockLimit, // all that is read of it
  );
  sweeper.start();
  await thrice;
  await sweeper.beforeApplicationShutdown();
  return lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'sweep.failed');
}

describe('a sweeper', () => {
  it('does not say for each kind that the database is away', async () => {
    const failures = await failuresOf(new Error('timeout exceeded when trying to connect'));
    expect(failures).toHaveLength(10);
    expect(failures[0]).toMatchObject({ reason: 'unreachable' });
  });

  it('says of each kind what else fails', async () => {
    const failures = await failuresOf(new Error('a bug'));
    expect(failures.length).toBeGreaterThanOrEqual(3 * KINDS);
    expect(failures[0]).not.toHaveProperty('reason');
  });
});
