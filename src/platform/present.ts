/** `T` while it is being put together: what may be absent may still be undefined or null. */
export type MaybePresent<T> = {
  readonly [Name in keyof T]: T extends Required<Pick<T, Name>> ? T[Name] : T[Name] | null | undefined;
};

/**
 * An absent value becomes an absent property, not one that is there and undefined. One pass over the fields: a spread of
 * a condition for each of them takes five times as long, on every row and every answer.
 */
export function present<T extends object>(fields: MaybePresent<T>): T {
  const kept: Record<string, unknown> = {};
  for (const name in fields) {
    const value: unknown = fields[name];
    if (value !== undefined && value !== null) kept[name] = value;
  }
  return kept as T; // every field that T requires is neither undefined nor null
}

/** `T` with every field named: one that is left out does not compile, whether it may be absent or not. */
export type EveryField<T> = {
  readonly [Name in keyof Required<T>]: T extends Required<Pick<T, Name>>
    ? T[Name]
    : T[Name] | null | undefined;
};

/** The same for an answer, whose view must forget no field and add none: `answerOf<ThingDto>({ … })`. */
export function answerOf<T extends object>(fields: EveryField<T>): T {
  return present<T>(fields);
}
