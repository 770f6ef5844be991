import { DISCREPANCY_KINDS } from '../books/discrepancy.js';
import type { Injected, PastFault } from '../faults/injector.js';
import type { FollowedEntry } from '../runbook/entry-steps.js';
import { alarmsOf } from './alarms.js';
import type { Drill } from '../run-drill.js';

/** One kind of fault over a whole drill. */
interface FaultFigures {
  readonly name: string;
  readonly times: number;
  /** The longest time from its beginning until the failed part was back. */
  readonly longestMs: number;
  readonly recovered: number;
  readonly longestRecoveryMs: number;
  /** Absent where Prometheus is not installed. */
  readonly alarms?: readonly string[];
}

/** The results of a drill in numbers; the shape of --json. */
export interface DrillFigures {
  readonly backend: string;
  readonly seed: number;
  readonly seconds: number;
  readonly scans: Readonly<Record<string, number>>;
  readonly orders: Readonly<Record<string, number>>;
  readonly debits: number;
  readonly givenBack: number;
  readonly refunds: number;
  readonly acknowledged: number;
  readonly notifications: number;
  readonly inquiries: number;
  readonly repeatedByApps: Readonly<Record<string, number>>;
  readonly faults: readonly FaultFigures[];
  readonly faultCount: number;
  readonly recoveryCount: number;
  readonly longestRecoveryMs: number;
  /** The fault before the longest recovery. */
  readonly longestRecoveryAfter: string;
  /** The item that moved on last. */
  readonly longestRecoveryOf: string;
  readonly discrepancies: Readonly<Record<string, number>>;
  /** The runbook entries followed to the letter; none in the half that has only faults. */
  readonly followed: readonly FollowedEntry[];
  readonly lines: readonly string[];
  readonly agree: boolean;
}

export function figuresOf(drill: Drill, lines: readonly string[]): DrillFigures {
  const { ours, ledger, twin } = drill.books;
  const longest = drill.injected.toSorted((left, right) => msOf(right) - msOf(left))[0];
  return {
    backend: drill.backend,
    seed: drill.seed,
    seconds: Math.round(drill.tookMs / 1_000),
    scans: counted(ours.scans.map(({ status }) => status)),
    orders: counted(ours.orders.map(({ status }) => status)),
    debits: ledger.keys.filter(({ kind }) => kind === 'DEBIT').length,
    givenBack: ledger.keys.filter(({ isReversed }) => isReversed).length,
    refunds: ledger.refunds.length,
    acknowledged: twin.orders.filter(({ acknowledgedResult }) => acknowledgedResult !== null).length,
    notifications: twin.orders.reduce((sum, { toldSha256 }) => sum + toldSha256.length, 0),
    inquiries: drill.inquiries,
    repeatedByApps: Object.fromEntries([...drill.repeated].toSorted()),
    faults: faultFigures(drill.injected),
    faultCount: drill.injected.reduce((sum, { faults }) => sum + faults.length, 0),
    recoveryCount: drill.injected.filter(({ recovery }) => recovery.ms !== undefined).length,
    longestRecoveryMs: Math.round(longest ? msOf(longest) : 0),
    longestRecoveryAfter: namesOf(longest?.faults ?? []).join(' + '),
    longestRecoveryOf: longest?.recovery.last ?? '',
    discrepancies: Object.fromEntries(
      DISCREPANCY_KINDS.map((kind) => [
        kind,
        drill.discrepancies.filter((discrepancy) => discrepancy.kind === kind).length,
      ]),
    ),
    followed: drill.followed.map((one) => ({ ...one, tookMs: Math.round(one.tookMs) })),
    lines,
    agree: lines.length === 0,
  };
}

/** A recovery that did not end in time counts as endless. */
function msOf({ recovery }: Injected): number {
  return recovery.ms ?? Number.MAX_SAFE_INTEGER;
}

function namesOf(faults: readonly PastFault[]): string[] {
  return faults.map(({ name }) => name);
}

function faultFigures(injected: readonly Injected[]): FaultFigures[] {
  const all = injected.flatMap(({ faults }) => faults);
  return [...new Set(namesOf(all))].toSorted().map((name) => {
    const those = all.filter((fault) => fault.name === name);
    const recovered = injected
      .filter(({ faults }) => namesOf(faults).includes(name))
      .map(({ recovery }) => recovery.ms)
      .filter((ms) => ms !== undefined);
    const alarms = alarmsOf(name, injected);
    return {
      name,
      ...(alarms && { alarms }),
      times: those.length,
      longestMs: Math.round(Math.max(...those.map(({ tookMs }) => tookMs))),
      recovered: recovered.length,
      longestRecoveryMs: Math.round(Math.max(0, ...recovered)),
    };
  });
}

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words.toSorted()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
