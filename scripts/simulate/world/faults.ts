import type { SeededRandom } from '../engine/seeded-random.js';

/** The probabilities of faults. Drawn once for each seed, so that some histories are calm and some wild. */
export interface Faults {
  crash: number;
  pause: number;
  /** A statement stays in an open transaction, with others beside it, before it is committed. */
  overlap: number;
  databaseConflict: number;
  databaseLostBefore: number;
  databaseLostAfter: number;
  requestLost: number;
  answerLost: number;
  late: number;
  duplicate: number;
  /** Alipay+ answers something other than its decision: throttled, unsigned, forged, U, a page of a proxy. */
  lie: number;
  /** The wallet's ledger answers UNKNOWN. */
  ledgerUnknown: number;
  jobLost: number;
  jobLate: number;
  jobTwice: number;
  queueEmptied: number;
  queueAway: number;
}

export function drawFaults(random: SeededRandom): Faults {
  const level = (most: number): number => (random.chance(0.35) ? 0 : random.next() * most);
  return {
    crash: level(0.008),
    pause: level(0.004),
    overlap: level(0.6),
    databaseConflict: level(0.02),
    databaseLostBefore: level(0.01),
    databaseLostAfter: level(0.01),
    requestLost: level(0.2),
    answerLost: level(0.25),
    late: level(0.2),
    duplicate: level(0.2),
    lie: level(0.3),
    ledgerUnknown: level(0.2),
    jobLost: level(0.3),
    jobLate: level(0.4),
    jobTwice: level(0.2),
    queueEmptied: level(0.002),
    queueAway: level(0.002),
  };
}

/** From here on everything works again: unfinished work has to end by itself. */
export function heal(faults: Faults): void {
  for (const name of Object.keys(faults)) Object.assign(faults, { [name]: 0 });
}
