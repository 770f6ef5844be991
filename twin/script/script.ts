import type { Step } from '../wire/result.js';

/** Integer minor units and currency. */
export interface Money {
  readonly value: bigint;
  readonly currency: string;
}

/** The n-th call for a code, or all of them. */
export type CallNumber = number | 'every';

export type Trouble = 'drop' | 'unsigned' | 'badsig' | 'garbage';

export type NotifyStep =
  | { readonly kind: 'result'; readonly step: Step }
  | { readonly kind: 'http'; readonly httpStatus: number }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: NotifyTrouble };

export const NOTIFY_TROUBLES = [
  '200html',
  'unsigned',
  'badsig',
  'drop',
  'redirect',
  'huge',
  'empty',
  'garbage',
] as const;
type NotifyTrouble = (typeof NOTIFY_TROUBLES)[number];

export const CANCEL_MOMENTS = ['beforeConfirm', 'duringDebit', 'afterPaid'] as const;
type CancelMoment = (typeof CANCEL_MOMENTS)[number];

export const REFUND_TWICE = ['same', 'changed'] as const;
type RefundTwice = (typeof REFUND_TWICE)[number];

/** The instructions of a code value for the twin. */
export interface Script {
  readonly steps: readonly Step[];
  readonly pay?: Money;
  readonly payTo?: Money;
  readonly rate?: string;
  readonly reversedPair: boolean;
  readonly promo?: Money;
  readonly surcharge?: Money;
  readonly surchargeRate?: string;
  readonly expireMs: number;
  readonly quoteExpireMs?: number;
  readonly delays: readonly { readonly delayMs: number; readonly call: CallNumber | null }[];
  readonly troubles: readonly { readonly trouble: Trouble; readonly call: CallNumber }[];
  readonly httpStatuses: readonly { readonly httpStatus: number; readonly call: CallNumber }[];
  readonly notify: readonly NotifyStep[];
  readonly cancel?: CancelMoment;
  readonly cancelAfterMs?: number;
  /** Requested once the order is paid, each after its delay. */
  readonly refunds: readonly { readonly amount: Money; readonly delayMs: number }[];
  readonly refundTwice?: RefundTwice;
  readonly sdk: boolean;
  readonly isCashier: boolean;
  readonly flags: readonly string[];
  readonly merchant?: string;
  readonly goods: number;
  readonly request?: string;
  readonly redirect?: string;
  readonly pass?: string;
  readonly overrides: readonly { readonly path: readonly string[]; readonly value: unknown }[];
}

const SUCCESS: Step = { status: 'S', code: 'SUCCESS' };

export const PLAIN_SCRIPT: Script = {
  steps: [SUCCESS],
  reversedPair: false,
  expireMs: 600_000,
  delays: [],
  troubles: [],
  httpStatuses: [],
  notify: [{ kind: 'result', step: SUCCESS }],
  refunds: [],
  sdk: false,
  isCashier: false,
  flags: [],
  goods: 0,
  overrides: [],
};

/** The answer to the n-th call (counted from 1). */
export interface CallPlan {
  readonly step: Step;
  readonly delayMs: number;
  readonly troubles: ReadonlySet<Trouble>;
  readonly httpStatus: number;
}

export function planOfCall(script: Script, call: number): CallPlan {
  const isMeant = (named: CallNumber): boolean => named === 'every' || named === call;
  // A bare `slow` slows every call of a one-step script, and only the first call of a longer one.
  const slowByDefault: CallNumber = script.steps.length > 1 ? 1 : 'every';
  return {
    step: stepOfCall(script.steps, call),
    delayMs: script.delays.filter((delay) => isMeant(delay.call ?? slowByDefault)).at(-1)?.delayMs ?? 0,
    troubles: new Set(script.troubles.filter((item) => isMeant(item.call)).map((item) => item.trouble)),
    httpStatus: script.httpStatuses.filter((item) => isMeant(item.call)).at(-1)?.httpStatus ?? 200,
  };
}

/** The n-th call takes the n-th step; the last step repeats for ever. */
export function stepOfCall<T>(steps: readonly T[], call: number): T {
  const step = steps[Math.min(call, steps.length) - 1];
  if (step === undefined) throw new Error('a script has at least one step and calls are counted from 1');
  return step;
}
