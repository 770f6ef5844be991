import { DEFAULT_CODES, RESULT_STATUSES, type Step } from '../wire/result.js';
import { NOTIFY_TROUBLES, type CallNumber, type Money, type NotifyStep } from './script.js';

const STEP = /^([SFU])(?:\.([A-Z][A-Z0-9_]{0,63}))?$/;

export function readStep(text: string): Step | null {
  const [, letter, code] = STEP.exec(text) ?? [];
  const status = RESULT_STATUSES.find((known) => known === letter);
  return status === undefined ? null : { status, code: code ?? DEFAULT_CODES[status] };
}

const MONEY = /^(\d{1,60})([A-Z]{3})$/;

export function readMoney(text: string): Money | null {
  const [, value, currency] = MONEY.exec(text) ?? [];
  return value === undefined || currency === undefined ? null : { value: BigInt(value), currency };
}

/** `30JPY@3s`: 30 JPY, three seconds after the order was paid; `30JPY`: at once. */
export function readRefund(text: string): { amount: Money; delayMs: number } | null {
  const [money = '', delay = '0ms'] = text.split('@', 2);
  const amount = readMoney(money);
  const delayMs = readDurationMs(delay);
  return amount === null || amount.value === 0n || delayMs === null ? null : { amount, delayMs };
}

const DURATION = /^(\d{1,7})(ms|s|m|h)$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** The longest time a Node timer can wait. */
const MAX_DURATION_MS = 2 ** 31 - 1;

export function readDurationMs(text: string): number | null {
  const [, count, unit = ''] = DURATION.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (count === undefined || unitMs === undefined) return null;
  const durationMs = Number(count) * unitMs;
  return durationMs <= MAX_DURATION_MS ? durationMs : null;
}

export function readCount(text: string, from: number, to: number): number | null {
  if (!/^\d{1,6}$/.test(text)) return null;
  const count = Number(text);
  return count >= from && count <= to ? count : null;
}

export interface CallTarget {
  readonly value: string;
  /** Null when the directive names no call. */
  readonly call: CallNumber | null;
}

/** `9s@2` is meant for the second call, `9s@*` for each. */
export function readCallTarget(text: string): CallTarget | null {
  const at = text.lastIndexOf('@');
  if (at < 0) return { value: text, call: null };
  const value = text.slice(0, at);
  const target = text.slice(at + 1);
  if (target === '*') return { value, call: 'every' };
  const call = readCount(target, 1, 999_999);
  return call === null ? null : { value, call };
}

export function readPlainText(text: string): string | null {
  try {
    const plain = decodeURIComponent(text);
    return plain === '' ? null : plain;
  } catch {
    return null;
  }
}

const DEFAULT_SLOW_MS = 7000;

export function readNotifyStep(text: string): NotifyStep | null {
  const step = readStep(text);
  if (step) return { kind: 'result', step };
  const trouble = NOTIFY_TROUBLES.find((known) => known === text);
  if (trouble) return { kind: trouble };
  if (text === 'slow') return { kind: 'slow', delayMs: DEFAULT_SLOW_MS };
  if (text.startsWith('slow:')) return slowStep(text.slice('slow:'.length));
  const httpStatus = readCount(text, 200, 599);
  return httpStatus === null ? null : { kind: 'http', httpStatus };
}

function slowStep(text: string): NotifyStep | null {
  const delayMs = readDurationMs(text);
  return delayMs === null ? null : { kind: 'slow', delayMs };
}

export interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
}

const OVERRIDE = /^([A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*):(.+)$/s;

/** `paymentAmount.value:1000` puts a JSON value at a place of the answer. */
export function readOverride(text: string): Override | null {
  const [, path, json] = OVERRIDE.exec(readPlainText(text) ?? '') ?? [];
  if (path === undefined || json === undefined) return null;
  try {
    const value: unknown = JSON.parse(json);
    return { path: path.split('.'), value };
  } catch {
    return null;
  }
}
