import { isWithinTolerance, type Rate } from './conversion.js';
import type { Money } from './money.js';

export interface AmountsToCheck {
  readonly paymentAmount?: Money;
  readonly payToAmount?: Money;
  readonly payAmount?: Money;
  readonly rate?: Rate;
  readonly surchargeRate?: Rate;
  readonly promotions: readonly { readonly currency: string }[];
}

/**
 * What does not fit among the amounts of an answer, in fixed words; undefined when all of it does. `orderAmount` takes
 * no part: it is what the merchant displays, and the published sample itself does not add up by it.
 */
export function amountMismatch(amounts: AmountsToCheck): string | undefined {
  const { paymentAmount, payToAmount, payAmount, rate, promotions } = amounts;
  if (!paymentAmount || !payToAmount) return undefined;
  if (promotions.some(({ currency }) => currency !== payToAmount.currency)) return 'PROMOTION_CURRENCY';
  if (paymentAmount.currency === payToAmount.currency) {
    if (rate) return 'QUOTE_WITHOUT_NEED';
    return paymentAmount.value === payToAmount.value ? undefined : 'AMOUNTS_DIFFER';
  }
  if (!rate) return 'QUOTE_MISSING';
  if (!isWithinTolerance(paymentAmount, payToAmount, rate, promotions.length)) return 'RATE_DOES_NOT_FIT';
  return surchargeMismatch(paymentAmount, payToAmount, payAmount, amounts);
}

function surchargeMismatch(
  paymentAmount: Money,
  payToAmount: Money,
  payAmount: Money | undefined,
  { surchargeRate, promotions }: AmountsToCheck,
): string | undefined {
  if (!payAmount || !surchargeRate) return undefined;
  if (payAmount.currency !== payToAmount.currency) return 'SURCHARGE_CURRENCY';
  const fits = isWithinTolerance(paymentAmount, payAmount, surchargeRate, promotions.length);
  return fits ? undefined : 'SURCHARGE_RATE_DOES_NOT_FIT';
}
