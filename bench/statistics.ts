/** The value in the middle; of an even number of values, halfway between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** The value below which `share` of the others lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function medianOf<Key extends string>(
  rounds: readonly Readonly<Record<Key, number>>[],
  figure: Key,
): number {
  return median(rounds.map((round) => round[figure]));
}

/**
 * The ratio of one contender to another: the median of the ratios of each round, not the ratio of two medians. The
 * rounds of one turn follow each other within seconds, so other work of the machine affects both alike.
 */
export function ratioOf<Key extends string>(
  own: readonly Readonly<Record<Key, number>>[],
  other: readonly Readonly<Record<Key, number>>[],
  figure: Key,
): number {
  return median(own.map((round, at) => round[figure] / (other[at]?.[figure] ?? Number.NaN)));
}
