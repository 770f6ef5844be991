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
 * What does not fit among the amounts of an answer, in fixed words; undefined when all amounts fit. `orderAmount` takes
 * no part: it is what the merchant displays, and the published sample itself does not add up by it.
 */
export function amountMismatch(amounts: AmountsToCheck): string | undefined {
  const { paymentAmount, payToAmount, payAmount, rate, promotions } = amounts;
  if (!paymentAmount || !payToAmount) return undefined;
  if (promotions.some(({ currency }) => currency !== payToAmount.currency)) return 'PROMOTION_CURRENCY';
  const mismatch = rate
    ? rateMismatch(paymentAmount, payToAmount, rate, promotions.length)
    : unquotedMismatch(paymentAmount, payToAmount);
  return mismatch ?? surchargeMismatch(paymentAmount, payToAmount, payAmount, amounts);
}

function unquotedMismatch(paymentAmount: Money, payToAmount: Money): string | undefined {
  if (paymentAmount.currency !== payToAmount.currency) return 'QUOTE_MISSING';
  return paymentAmount.value === payToAmount.value ? undefined : 'AMOUNTS_DIFFER';
}

/** Within one currency a quote may stand too, as `KRW/KRW`; one between two others belongs to another order. */
function rateMismatch(
  paymentAmount: Money,
  payToAmount: Money,
  rate: Rate,
  promotions: number,
): string | undefined {
  const { currency } = paymentAmount;
  if (currency === payToAmount.currency && rate.quoteCurrencyPair !== `${currency}/${currency}`)
    return 'QUOTE_WITHOUT_NEED';
  return isWithinTolerance(paymentAmount, payToAmount, rate, promotions) ? undefined : 'RATE_DOES_NOT_FIT';
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
