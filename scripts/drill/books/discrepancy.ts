/**
 * Kinds of disagreement: a payment or its money is missing; money is held that should not be; an amount or its payer
 * differs; a result is not acknowledged; a payment has not ended; or two books contradict each other.
 */
export const DISCREPANCY_KINDS = [
  'lost',
  'doubled',
  'amount',
  'unacknowledged',
  'unfinished',
  'contradiction',
] as const;

type DiscrepancyKind = (typeof DISCREPANCY_KINDS)[number];

export interface Discrepancy {
  readonly kind: DiscrepancyKind;
  /** The paymentRequestId; without one, another id of the thing. */
  readonly about: string;
  readonly what: string;
}

export function discrepancyLine({ kind, about, what }: Discrepancy): string {
  return `${kind}: ${about}: ${what}`;
}

/** The facts of a list that are not true. */
export function broken(about: string, facts: readonly Fact[]): Discrepancy[] {
  return facts.filter(([holds]) => !holds).map(([, kind, what]) => ({ kind, about, what }));
}

export type Fact = readonly [holds: boolean, kind: DiscrepancyKind, otherwise: string];
