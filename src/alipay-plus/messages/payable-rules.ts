import type { Amount, Quote } from '../wire/amount.js';
import { cut } from '../wire/characters.js';
import { readCurrencyPair } from '../wire/scalars.js';
import { PaymentFactor, type UserInitiatedPayResponse } from '../wire/user-initiated-pay.js';
import { wireFieldsOf } from '../wire/wire-field.js';
import { isJsonObject, type JsonObject, type WireFault } from '../wire/wire-reader.js';

/** Why an answer may not be paid: the field, by its path, and the rule it breaks. */
export type NotPayableReason = WireFault;

export interface Verdict {
  readonly notPayable: readonly NotPayableReason[];
  readonly tolerated: readonly WireFault[];
}

/** The fields that decide what is debited, until when, and whom to tell; a fault in one of them stops the payment. */
const DECISIVE: ReadonlySet<string> = new Set([
  'codeType',
  'paymentRequestId',
  'paymentFactor',
  'paymentAmount',
  'payToAmount',
  'paymentQuote',
  'surchargeInfo',
  'paymentNotifyUrl',
  'paymentExpiryTime',
  'actionForm',
]);

/** The API forbids deciding by this one. */
const NEVER_DECISIVE = 'paymentFactor.inStorePaymentScenario';

/** Sorts the faults found while reading and adds those that show only between fields. */
export function notPayableReasons(
  response: UserInitiatedPayResponse,
  json: JsonObject,
  faults: readonly WireFault[],
): Verdict {
  const tolerated = faults.filter((fault) => !isDecisive(fault));
  if (response.result.resultStatus !== 'S') {
    return { notPayable: [{ field: 'result.resultStatus', rule: 'must be S' }], tolerated };
  }
  const decisive = faults.filter(isDecisive);
  const between = RULES.flatMap((rule) => rule(response));
  // A field that was dropped as faulty would otherwise be reported again, as missing.
  const fresh = between.filter(({ field }) => !decisive.some((fault) => isWithin(fault.field, field)));
  return { notPayable: [...decisive, ...fresh, ...unknownDemands(json)], tolerated };
}

function isDecisive({ field, isHarmless }: WireFault): boolean {
  return !isHarmless && DECISIVE.has(field.split('.', 1)[0] ?? '') && field !== NEVER_DECISIVE;
}

function isWithin(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`);
}

type Rule = (response: UserInitiatedPayResponse) => NotPayableReason[];

const RULES: readonly Rule[] = [
  ({ result }) => unless(result.resultCode === 'SUCCESS', 'result.resultCode', 'must be SUCCESS'),
  (response) => [
    ...unless(response.paymentRequestId !== undefined, 'paymentRequestId', 'is missing'),
    ...unless(response.paymentAmount !== undefined, 'paymentAmount', 'is missing'),
    ...unless(response.payToAmount !== undefined, 'payToAmount', 'is missing'),
  ],
  // The API leaves the expiry out of an evaluation only; an order without one would stay payable for ever.
  ({ paymentFactor, paymentExpiryTime }) =>
    unless(
      paymentExpiryTime !== undefined || paymentFactor?.isPaymentEvaluation === true,
      'paymentExpiryTime',
      'is missing',
    ),
  ({ paymentNotifyUrl }) =>
    unless(
      paymentNotifyUrl === undefined || /^https?:/i.test(paymentNotifyUrl),
      'paymentNotifyUrl',
      'must be an address of https',
    ),
  ({ paymentAmount, payToAmount, paymentQuote }) =>
    quoteReasons('paymentQuote', paymentQuote, [paymentAmount, payToAmount]),
  surchargeReasons,
  ({ paymentFactor, authorizationInfo }) =>
    unless(
      paymentFactor?.isAuthorizationAndPay !== true || authorizationInfo !== undefined,
      'authorizationInfo',
      'is missing although isAuthorizationAndPay is true',
    ),
  ({ actionForm }) =>
    unless(
      actionForm?.actionType !== 'HANDLE_BY_SDK' || actionForm.sdkActionPayload !== undefined,
      'actionForm.sdkActionPayload',
      'is missing although actionType is HANDLE_BY_SDK',
    ),
];

/** An unknown flag, raised to true, asks for something we would silently skip by paying. */
function unknownDemands({ paymentFactor }: JsonObject): NotPayableReason[] {
  if (!isJsonObject(paymentFactor)) return [];
  const raised = Object.entries(paymentFactor).filter(
    ([name, value]) => !KNOWN_FACTORS.has(name) && isRaised(value),
  );
  return raised.map(([name]) => ({
    field: `paymentFactor.${cut(name, 64)}`,
    rule: 'is a flag we do not know, raised to true',
  }));
}

/** Only a text or a boolean can be a flag; turning an object into text can throw. */
function isRaised(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.trim().toLowerCase() === 'true');
}

const KNOWN_FACTORS: ReadonlySet<string> = new Set(wireFieldsOf(PaymentFactor).map((field) => field.name));

function surchargeReasons(response: UserInitiatedPayResponse): NotPayableReason[] {
  const { paymentFactor, surchargeInfo, paymentAmount, payToAmount } = response;
  if (paymentFactor?.needSurcharge !== true) {
    return unless(
      surchargeInfo === undefined,
      'surchargeInfo',
      'is there although needSurcharge is not true',
    );
  }
  if (!surchargeInfo) return [{ field: 'surchargeInfo', rule: 'is missing although needSurcharge is true' }];
  const { surchargeAmount, surchargeQuote } = surchargeInfo;
  const sameCurrency = payToAmount === undefined || surchargeAmount.currency === payToAmount.currency;
  return [
    ...unless(sameCurrency, 'surchargeInfo.surchargeAmount.currency', 'must be the currency of payToAmount'),
    ...quoteReasons('surchargeInfo.surchargeQuote', surchargeQuote, [paymentAmount, surchargeAmount]),
  ];
}

/** Two currencies need a rate, and the rate has to be between these two, in either order. */
function quoteReasons(
  field: string,
  quote: Quote | undefined,
  [from, to]: readonly [Amount | undefined, Amount | undefined],
): NotPayableReason[] {
  if (!from || !to || from.currency === to.currency) return [];
  if (!quote) return [{ field, rule: 'is missing although the currencies differ' }];
  const pair: readonly string[] = readCurrencyPair(quote.quoteCurrencyPair) ?? [];
  return [
    ...unless(
      pair.includes(from.currency) && pair.includes(to.currency),
      `${field}.quoteCurrencyPair`,
      'must name the currencies of the two amounts',
    ),
    ...unless(
      quote.baseCurrency === undefined || quote.baseCurrency === pair[0],
      `${field}.baseCurrency`,
      'must be the first currency of quoteCurrencyPair',
    ),
  ];
}

function unless(holds: boolean, field: string, rule: string): NotPayableReason[] {
  return holds ? [] : [{ field, rule }];
}
