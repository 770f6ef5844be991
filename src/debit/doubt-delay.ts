/** Half of what Alipay+ waits for an answer to inquiryPayment; a slower ledger answers a worker later. */
export const PATIENCE_MS = 2_500;

/** When the ledger is asked again about a debit in doubt: soon at first, because a payer is waiting. */
const ASK_AGAIN_MS = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000] as const;

/**
 * @param tries how often the ledger has been asked so far
 * @param random a number in [0, 1); spreads the questions by up to a fifth
 */
export function askAgainMs(tries: number, random: number): number {
  const steadyMs = 60_000;
  return Math.round((ASK_AGAIN_MS[tries] ?? steadyMs) * (0.9 + 0.2 * random));
}
