import { readNotifyStep, readStep } from './script/script-values.js';
import type { NotifyStep } from './script/script.js';
import { LIES, type Lie } from './http/reply.js';
import type { JsonObject } from './wire/json.js';
import type { Step } from './wire/result.js';

/** Trouble for all calls at once, besides the scripts of single codes. */
export class Behaviour {
  isDown = false;
  slowMs = 0;
  everyUserInitiatedPay: { readonly text: string; readonly step: Step } | null = null;
  everyNotification: { readonly text: string; readonly step: NotifyStep } | null = null;
  /** A fault in every answer, whatever its content. */
  everyAnswer: Lie | null = null;

  reset(): void {
    const calm = { down: false, slowMs: 0, everyUserInitiatedPay: null, everyNotification: null };
    this.change({ ...calm, everyAnswer: null });
  }

  /** Sets the named fields. Returns the fault; then nothing was changed. */
  change(wanted: JsonObject): string | null {
    const changes: (() => void)[] = [];
    for (const [name, value] of Object.entries(wanted)) {
      const change = this.#changeOf(name, value);
      if (change === null) return `cannot take ${name}=${JSON.stringify(value)}`;
      changes.push(change);
    }
    for (const change of changes) change();
    return null;
  }

  get row(): JsonObject {
    return {
      down: this.isDown,
      slowMs: this.slowMs,
      everyUserInitiatedPay: this.everyUserInitiatedPay?.text ?? null,
      everyNotification: this.everyNotification?.text ?? null,
      everyAnswer: this.everyAnswer,
    };
  }

  #changeOf(name: string, value: unknown): (() => void) | null {
    if (name === 'down' && typeof value === 'boolean') return () => void (this.isDown = value);
    if (name === 'slowMs' && isDelayMs(value)) return () => void (this.slowMs = value);
    const lie = LIES.find((known) => known === value);
    if (name === 'everyAnswer' && (lie !== undefined || value === null)) {
      return () => void (this.everyAnswer = lie ?? null);
    }
    if (name === 'everyUserInitiatedPay') {
      const every = scripted(value, readStep);
      return every === undefined ? null : () => void (this.everyUserInitiatedPay = every);
    }
    if (name === 'everyNotification') {
      const every = scripted(value, readNotifyStep);
      return every === undefined ? null : () => void (this.everyNotification = every);
    }
    return null;
  }
}

function isDelayMs(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 3_600_000;
}

/** Null ends the trouble; undefined means that the value is not a valid step. */
function scripted<T>(
  value: unknown,
  read: (text: string) => T | null,
): { text: string; step: T } | null | undefined {
  if (value === null) return null;
  if (typeof value !== 'string') return undefined;
  const step = read(value);
  return step === null ? undefined : { text: value, step };
}
