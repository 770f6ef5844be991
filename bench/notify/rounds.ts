export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which `share` of the others lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function medianOf<Key extends string>(runs: readonly Record<Key, number>[], figure: Key): number {
  return median(runs.map((run) => run[figure]));
}

/** The median of the ratios of each round: the rounds of one turn follow each other within seconds. */
export function ratioOf<Key extends string>(
  own: readonly Record<Key, number>[],
  other: readonly Record<Key, number>[],
  figure: Key,
): number {
  return median(own.map((run, at) => run[figure] / (other[at]?.[figure] ?? Number.NaN)));
}
