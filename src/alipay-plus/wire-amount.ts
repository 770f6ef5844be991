/** Minor units, as the integer our records hold or as the text it came in. */
export interface MoneyToWrite {
  readonly currency: string;
  readonly value: bigint | string;
}

/** The wire shape of an amount: the value as a string of digits, exactly as it was decoded. */
export function wireAmount(money: MoneyToWrite | undefined): { currency: string; value: string } | undefined {
  return money && { currency: money.currency, value: money.value.toString() };
}
