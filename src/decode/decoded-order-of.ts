import { judgeNotifyUrl, type UrlRules } from '../alipay-plus/calls/notify-url.js';
import type { Amount as WireAmount } from '../alipay-plus/wire/amount.js';
import { readDatetime } from '../alipay-plus/wire/datetime.js';
import type { Goods } from '../alipay-plus/wire/order.js';
import type { UserInitiatedPayResponse } from '../alipay-plus/wire/user-initiated-pay.js';
import { amountMismatch, type AmountsToCheck } from '../payment-order/order/amount-check.js';
import { readMoney, type Money } from '../payment-order/order/money.js';
import type { GoodsLine, OrderContent, Promotion, Scenario } from '../payment-order/order/order-content.js';
import { PROOF_OF_FLAG, SUPPORTABLE_FLAGS, type Requirements } from '../payment-order/order/requirements.js';
import type { DecodedOrder } from '../payment-order/order/payment-order.js';
import { present } from '../platform/present.js';
import { heldReason, type NotPayable } from './held-reasons.js';

export interface DecodeRules {
  /** Where results go when the answer names no address (agreed with Alipay+ beforehand). */
  readonly notifyUrl: string;
  /** Which addresses a result may be sent to. */
  readonly notifyUrls: UrlRules;
  /** Guarded flags that the wallet does what they ask for. */
  readonly supportedFlags: readonly string[];
  /** What happens when amounts and rate do not fit together. */
  readonly amountCheck: 'off' | 'flag' | 'reject';
}

/**
 * What an accepted answer means to us, or undefined when it lacks the one thing an order cannot be kept without: its
 * `paymentRequestId`. An id that breaks its rule names no order either: cut or corrected it might name another one.
 * Amounts are taken as they are, never computed.
 */
export function decodedOrderOf(
  response: UserInitiatedPayResponse,
  notPayable: readonly NotPayable[],
  rules: DecodeRules,
): DecodedOrder | undefined {
  const { paymentRequestId, paymentQuote } = response;
  if (paymentRequestId === undefined || notPayable.some(({ field }) => field === 'paymentRequestId')) {
    return undefined;
  }
  const amounts = amountsOf(response);
  const amountFlag = rules.amountCheck === 'off' ? undefined : amountMismatch(checkedOf(response, amounts));
  const rejected = rules.amountCheck === 'reject' ? amountFlag : undefined;
  const address = addressOf(response, notPayable, rules);
  const faults = [...notPayable, ...address.faults];
  const held = heldReason(response, faults, rules.supportedFlags, rejected);
  return present<DecodedOrder>({
    paymentRequestId,
    scenario: scenarioOf(response),
    notifyUrl: address.notifyUrl,
    content: contentOf(response),
    acquirerId: searchable(response.acquirerId),
    pspId: searchable(response.pspId),
    ...amounts,
    quoteId: paymentQuote?.quoteId,
    quoteExpiresAt: earliest(quoteExpiries(response)),
    expiresAt: dateOf(response.paymentExpiryTime),
    heldReason: held,
    amountFlag,
  });
}

interface NotifyAddress {
  readonly notifyUrl: string;
  readonly faults: readonly NotPayable[];
}

/**
 * Where the result goes. An address that may not be called is found now and not when the payer has paid: such an order
 * is never paid, and its result goes to the address agreed beforehand.
 */
function addressOf(
  { paymentNotifyUrl }: UserInitiatedPayResponse,
  known: readonly NotPayable[],
  rules: DecodeRules,
): NotifyAddress {
  const notifyUrl = paymentNotifyUrl ?? rules.notifyUrl;
  const verdict = judgeNotifyUrl(notifyUrl, rules.notifyUrls);
  if (verdict.trusted) return { notifyUrl, faults: [] };
  const field = 'paymentNotifyUrl';
  const isKnown = known.some((fault) => fault.field === field);
  const fault = { field, rule: `may not be called (${verdict.why})` };
  return { notifyUrl: rules.notifyUrl, faults: isKnown ? [] : [fault] };
}

interface Amounts {
  readonly paymentAmount: Money | undefined;
  readonly payToAmount: Money | undefined;
  readonly payAmount: Money | undefined;
}

/** With a surcharge the payer pays `surchargeAmount`, while `payToAmount` stays what is settled. */
function amountsOf({
  paymentAmount,
  payToAmount,
  paymentFactor,
  surchargeInfo,
}: UserInitiatedPayResponse): Amounts {
  const settled = moneyOf(payToAmount);
  const payAmount = paymentFactor?.needSurcharge === true ? moneyOf(surchargeInfo?.surchargeAmount) : settled;
  return { paymentAmount: moneyOf(paymentAmount), payToAmount: settled, payAmount };
}

function checkedOf(response: UserInitiatedPayResponse, amounts: Amounts): AmountsToCheck {
  const { paymentQuote, surchargeInfo, paymentFactor } = response;
  const surchargeQuote = paymentFactor?.needSurcharge === true ? surchargeInfo?.surchargeQuote : undefined;
  return present<AmountsToCheck>({
    ...amounts,
    rate: paymentQuote,
    surchargeRate: surchargeQuote,
    promotions: promotionsOf(response).flatMap(({ savingsAmount }) => (savingsAmount ? [savingsAmount] : [])),
  });
}

/** Only these two flags may be trusted for it; `inStorePaymentScenario` may not. */
function scenarioOf({ paymentFactor }: UserInitiatedPayResponse): Scenario {
  if (paymentFactor?.isCashierPayment !== true) return 'OTHER';
  return paymentFactor.isInStorePayment === true ? 'MERCHANT_PRESENTED' : 'CASHIER';
}

/** The payer's amount hangs on every quote it was made with. */
function quoteExpiries(response: UserInitiatedPayResponse): (Date | undefined)[] {
  const surchargeQuote =
    response.paymentFactor?.needSurcharge === true ? response.surchargeInfo?.surchargeQuote : undefined;
  return [dateOf(response.paymentQuote?.quoteExpiryTime), dateOf(surchargeQuote?.quoteExpiryTime)];
}

function earliest(dates: readonly (Date | undefined)[]): Date | undefined {
  const times = dates.filter((date) => date !== undefined).map((date) => date.getTime());
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

function contentOf(response: UserInitiatedPayResponse): OrderContent {
  const { order, paymentQuote, actionForm } = response;
  return present<OrderContent>({
    promotions: promotionsOf(response),
    surcharged: response.paymentFactor?.needSurcharge === true,
    referenceOrderId: searchable(order?.referenceOrderId),
    orderDescription: order?.orderDescription,
    orderAmount: order?.orderAmount,
    goods: order?.goods?.map(goodsLine),
    merchant: merchantOf(response),
    exchangeRate: paymentQuote && {
      quoteCurrencyPair: paymentQuote.quoteCurrencyPair,
      quotePrice: paymentQuote.quotePrice,
    },
    redirectUrl: response.paymentRedirectUrl,
    sdkActionPayload: actionForm?.sdkActionPayload,
    passThroughInfo: response.passThroughInfo,
    requirements: requirementsOf(response),
  });
}

function requirementsOf({
  paymentFactor,
  authorizationInfo,
}: UserInitiatedPayResponse): Requirements | undefined {
  const flags = SUPPORTABLE_FLAGS.filter((flag) => paymentFactor?.[flag] === true);
  if (flags.length === 0 && authorizationInfo === undefined) return undefined;
  const proofs = flags.map((flag) => PROOF_OF_FLAG[flag]);
  return present<Requirements>({ flags, proofs, authorizationInfo });
}

function merchantOf({ order }: UserInitiatedPayResponse): OrderContent['merchant'] {
  const merchant = order?.merchant;
  if (!merchant) return undefined;
  return present<NonNullable<OrderContent['merchant']>>({
    referenceMerchantId: searchable(merchant.referenceMerchantId),
    merchantName: searchable(merchant.merchantName),
    merchantDisplayName: searchable(merchant.merchantDisplayName),
    merchantMCC: merchant.merchantMCC,
    region: merchant.merchantAddress?.region,
    storeName: merchant.store?.storeDisplayName ?? merchant.store?.storeName,
  });
}

/** The most characters an indexed column takes: an entry of a PostgreSQL index has to fit a third of a page. */
const MAX_SEARCHABLE = 512;

/** Far beyond what the API allows a text is cut, so that a senseless one does not keep a payer from paying. */
function searchable(text: string | undefined): string | undefined {
  if (text === undefined || text.length <= MAX_SEARCHABLE) return text;
  return Array.from(text).slice(0, MAX_SEARCHABLE).join('');
}

function goodsLine({ goodsName, goodsQuantity, goodsUnitAmount }: Goods): GoodsLine {
  return present<GoodsLine>({
    name: searchable(goodsName),
    quantity: goodsQuantity,
    unitAmount: goodsUnitAmount && { currency: goodsUnitAmount.currency, value: goodsUnitAmount.value },
  });
}

function promotionsOf({ paymentPromoInfo }: UserInitiatedPayResponse): readonly Promotion[] {
  return (paymentPromoInfo?.paymentPromoDetails ?? []).map((promo) =>
    present<Promotion>({
      promoId: promo.promoId,
      promoName: promo.promoName,
      promoType: promo.promoType,
      savingsAmount: promo.savingsAmount,
    }),
  );
}

function moneyOf(amount: WireAmount | undefined): Money | undefined {
  return amount && readMoney(amount);
}

/** The reader of the answer has checked that it is ISO 8601 with an offset. */
function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : readDatetime(text);
}
