import { isInTransaction } from '../database/sim-database.js';
import type { Scheduler } from '../engine/scheduler.js';
import type { SimProcess } from '../engine/sim-process.js';
import { Violation } from '../engine/violation.js';
import type { Faults } from './faults.js';

export interface Call<Answer> {
  readonly from: SimProcess;
  readonly to: string;
  readonly label: string;
  readonly timeoutMs: number;
  /** The action of the far side when the message reaches it, possibly more than once, possibly after the time-out. */
  readonly arrive: () => Answer | Promise<Answer>;
  readonly describe: (answer: Answer) => string;
  /** The caller's result when no answer came in time. */
  readonly silence: () => Answer;
  /** A check of the world when the call is sent. */
  readonly leaves?: () => void | Promise<void>;
}

/** Carries calls out of a process, with all that can happen to a message and its answer. */
export class Network {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly faults: Faults,
  ) {}

  call<Answer>(call: Call<Answer>): Promise<Answer> {
    const isForbidden = isInTransaction();
    return new Promise((resolve) => {
      let isOver = false;
      const answer = (text: string, what: Answer): void => {
        if (isOver) return;
        isOver = true;
        this.scheduler.tell(call.from.name, `<- ${call.to} ${call.label}: ${text}`);
        resolve(what);
      };
      this.scheduler.add({
        owner: call.from,
        label: `-> ${call.to} ${call.label}`,
        run: async () => {
          if (isForbidden) throw new Violation(2, `${call.label} is called inside a database transaction`);
          await call.leaves?.();
          this.scheduler.add({
            owner: call.from,
            atMs: this.scheduler.nowMs + call.timeoutMs,
            run: () => answer('no answer in time', call.silence()),
          });
          this.carry(call, answer);
        },
      });
    });
  }

  private carry<Answer>(call: Call<Answer>, answer: (text: string, what: Answer) => void): void {
    const { random } = this.scheduler;
    if (random.chance(this.faults.requestLost)) return;
    const copies = random.chance(this.faults.duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const delayMs = random.chance(this.faults.late) ? random.between(500, 40_000) : random.between(1, 80);
      this.scheduler.add({
        atMs: this.scheduler.nowMs + delayMs,
        who: call.to,
        label: `receives ${call.label}`,
        run: async () => this.reply(call, await call.arrive(), answer),
      });
    }
  }

  private reply<Answer>(
    call: Call<Answer>,
    what: Answer,
    answer: (text: string, what: Answer) => void,
  ): void {
    const { random } = this.scheduler;
    const text = call.describe(what);
    const isLost = random.chance(this.faults.answerLost);
    this.scheduler.tell(call.to, `answers ${call.label}: ${text}${isLost ? ' (lost on its way)' : ''}`);
    if (isLost) return;
    const delayMs = random.chance(this.faults.late) ? random.between(500, 12_000) : random.between(1, 80);
    this.scheduler.add({
      owner: call.from,
      atMs: this.scheduler.nowMs + delayMs,
      run: () => answer(text, what),
    });
  }
}
