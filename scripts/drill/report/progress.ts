import type { Injected } from '../faults/injector.js';
import type { Load } from '../load/load.js';

const LOOK_MS = 15_000;

/** Reports line by line, during the drill, what happens and how far it is. */
export class Progress {
  private readonly startedAt = Date.now();
  private load: Load | undefined;
  private timer: NodeJS.Timeout | undefined;
  private told = 0;

  /** @param write takes one line */
  constructor(private readonly write: (line: string) => void) {}

  say(what: string): void {
    const seconds = Math.floor((Date.now() - this.startedAt) / 1_000);
    const clock = `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
    const load = this.load
      ? `  ${String(this.load.begun).padStart(5)} scans, ${this.load.inHand} under way`
      : '';
    this.write(`${clock}${load}  ${what}`);
    this.told = Date.now();
  }

  /** Also reports mishaps at once, and a sign of life when nothing happens. */
  follow(load: Load, mishaps: readonly string[]): void {
    this.stop();
    this.load = load;
    let seen = 0;
    this.timer = setInterval(() => {
      for (const mishap of mishaps.slice(seen)) this.say(mishap);
      seen = mishaps.length;
      if (Date.now() - this.told > LOOK_MS) this.say('…');
    }, 1_000);
  }

  injected({ faults, recovery }: Injected): void {
    const { ms, work, last, left } = recovery;
    const what = faults.map(({ name, tookMs }) => `${name} (${seconds(tookMs)})`).join(' + ');
    const end =
      ms === undefined ? `NOT RECOVERED, ${left.length} stand still` : `recovered in ${seconds(ms)}`;
    const alarms = faults[0]?.alarms;
    const raised = alarms === undefined ? '' : `; alarms: ${alarms.join(', ') || 'none'}`;
    this.say(`${what}: ${end}; ${work} unfinished, the last to move on: ${last}${raised}`);
  }

  stop(): void {
    clearInterval(this.timer);
    this.load = undefined;
  }
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
