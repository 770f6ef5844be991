import { EventLog } from '../logging/event-log.js';
import { QueueWatch } from './queue-watch.js';

describe('the watch over the queues', () => {
  let lines: Record<string, unknown>[];
  let nowMs: number;
  let watch: QueueWatch;
  beforeEach(() => {
    lines = [];
    nowMs = 1_000_000;
    const log = new EventLog({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
    watch = new QueueWatch(log, () => nowMs);
  });
  const told = () => lines.map(({ event }) => event);

  /** As the timer of the process does. */
  function pass(seconds: number, each: () => void = () => undefined): void {
    for (let second = 0; second < seconds; second += 1) {
      nowMs += 1_000;
      each();
      watch.look();
    }
  }

  it('writes one line at the beginning, one a minute and one at the end, however much fails', () => {
    pass(150, () => {
      for (const queue of ['mail', 'print', 'fetch']) {
        for (let at = 0; at < 12; at += 1) watch.failed(queue, at % 2 === 0 ? 'add' : 'take', 'ECONNREFUSED');
      }
    });
    expect(told()).toEqual(['queue.unreachable', 'queue.still_unreachable', 'queue.still_unreachable']);
    for (const queue of ['mail', 'print', 'fetch']) {
      watch.succeeded(queue, 'add');
      watch.succeeded(queue, 'take');
    }
    pass(5);
    expect(told().slice(3)).toEqual(['queue.reached_again']);
    expect(lines[3]).toMatchObject({ failures: 150 * 36, lastedMs: 149_000 });
    pass(120);
    expect(lines).toHaveLength(4);
  });

  it('goes on for as long as jobs cannot be added, although they are taken', () => {
    watch.failed('mail', 'add', 'OOM command not allowed');
    pass(70, () => watch.succeeded('mail', 'take'));
    expect(told()).toEqual(['queue.unreachable', 'queue.still_unreachable']);
    expect(lines[0]).toMatchObject({ level: 'warn', queue: 'mail', deed: 'add', alarm: true });
    expect(watch.troubles()).toEqual([
      { queue: 'mail', deed: 'add', sinceMs: 1_000_000, reason: 'OOM command not allowed' },
    ]);
  });

  it('counts one that comes and goes as one outage', () => {
    pass(50, () => {
      watch.failed('mail', 'take', 'Connection is closed.');
      watch.succeeded('mail', 'take');
    });
    pass(5);
    expect(told()).toEqual(['queue.unreachable', 'queue.reached_again']);
  });

  it('knows the last success of each', () => {
    watch.succeeded('fetch', 'add');
    nowMs += 5_000;
    watch.failed('fetch', 'add', 'no answer');
    expect(watch.tried()).toMatchObject([{ queue: 'fetch', deed: 'add', succeededAtMs: 1_000_000 }]);
  });
});
