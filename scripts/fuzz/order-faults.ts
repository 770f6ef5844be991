import type { FuzzGround } from './fuzz-ground.js';
import { isAbsent, isFlag, isObject, isRaised, part, type Read } from './reading.js';

export interface MadeAmount {
  readonly currency: string;
  readonly value: string;
}

/** An order as it is stored. */
export interface MadeOrder {
  readonly paymentRequestId: string;
  /** Not payable in this state. */
  readonly held: boolean;
  readonly payAmount: MadeAmount | undefined;
  readonly payToAmount: MadeAmount | undefined;
  readonly paymentAmount: MadeAmount | undefined;
  readonly notifyUrl: string;
}

/** Flags with requirements that a payment must not skip. */
const GUARDED = [
  'needOtpVerification',
  'needCheckCompliance',
  'isDeferredPayment',
  'isPaymentEvaluation',
  'isAuthorizationAndPay',
  'isAgreementPayment',
];
const OTHER_FLAGS = [
  'isInStorePayment',
  'isCashierPayment',
  'needSurcharge',
  'isAuthorizationPayment',
  'isCrossborderSettlement',
];
const EXPIRY = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;

/** The faults of an order made of an answer; a held order may lack amounts, but never guess them. */
export function orderFaults(json: Read, order: MadeOrder, ground: FuzzGround): string[] {
  const factor = part(json, 'paymentFactor');
  const due = isRaised(factor['needSurcharge'])
    ? part(json, 'surchargeInfo')['surchargeAmount']
    : json['payToAmount'];
  return [
    ...fault(order.paymentRequestId === textOf(json['paymentRequestId']), 'another paymentRequestId'),
    ...amountFaults('payAmount', order.payAmount, due),
    ...amountFaults('payToAmount', order.payToAmount, json['payToAmount']),
    ...amountFaults('paymentAmount', order.paymentAmount, json['paymentAmount']),
    ...(order.held ? [] : payableFaults(json, order, ground)),
  ];
}

/** An amount is the one that was sent, letter for letter, or absent. */
function amountFaults(name: string, made: MadeAmount | undefined, told: unknown): string[] {
  if (made === undefined) return [];
  const { currency, value } = isObject(told) ? told : {};
  return [
    ...fault(made.currency === currency && /^[A-Z]{3}$/.test(made.currency), `${name}: another currency`),
    ...fault(made.value === textOf(value), `${name}: another value`),
    ...fault(/^[1-9]\d*$/.test(made.value), `${name}: no natural number`),
  ];
}

/** Conditions that must hold before anybody may pay. */
function payableFaults(json: Read, order: MadeOrder, ground: FuzzGround): string[] {
  const { payAmount, payToAmount, paymentAmount, notifyUrl } = order;
  const factor = part(json, 'paymentFactor');
  const { paymentNotifyUrl: told } = json;
  return [
    ...fault(
      payAmount !== undefined && payToAmount !== undefined && paymentAmount !== undefined,
      'no amount',
    ),
    ...fault(part(json, 'result')['resultCode'] === 'SUCCESS', 'S with another code'),
    ...fault(isAbsent(json['codeType']) || json['codeType'] === 'ORDER_CODE', 'no order code'),
    ...fault(EXPIRY.test(textOf(json['paymentExpiryTime'])), 'no expiry'),
    ...fault(notifyUrl === (isAbsent(told) ? ground.notifyUrl : told), 'told elsewhere'),
    ...fault(isAbsent(json['paymentFactor']) || isObject(json['paymentFactor']), 'unreadable flags'),
    ...fault(!GUARDED.some((flag) => isRaised(factor[flag])), 'a guarded flag is raised'),
    ...fault(
      [...GUARDED, ...OTHER_FLAGS].every((flag) => isFlag(factor[flag])),
      'a flag nobody can read',
    ),
    ...fault(!unknownFlags(factor).some((flag) => isRaised(factor[flag])), 'an unknown flag is raised'),
    ...actionFaults(json),
    ...fault(
      isRaised(factor['needSurcharge']) === !isAbsent(json['surchargeInfo']),
      'surcharge and flag contradict each other',
    ),
    ...fault(payAmount?.currency === payToAmount?.currency, 'pays in another currency than it settles'),
    ...quoteFaults(json, payToAmount, paymentAmount),
  ];
}

function unknownFlags(factor: Read): string[] {
  return Object.keys(factor).filter(
    (name) => ![...GUARDED, ...OTHER_FLAGS, 'inStorePaymentScenario'].includes(name),
  );
}

function actionFaults({ actionForm }: Read): string[] {
  const isOurs = isObject(actionForm) && actionForm['actionType'] === 'HANDLE_BY_PSP';
  return fault(isAbsent(actionForm) || isOurs, 'an action is asked for');
}

function quoteFaults(json: Read, payTo?: MadeAmount, payment?: MadeAmount): string[] {
  if (payTo === undefined || payment === undefined || payTo.currency === payment.currency) return [];
  const { quoteId, quoteCurrencyPair, quotePrice } = part(json, 'paymentQuote');
  const [one, other] = [payment.currency, payTo.currency];
  const isPair = [`${one}/${other}`, `${other}/${one}`].some((pair) => pair === quoteCurrencyPair);
  const price = textOf(quotePrice);
  const hasPrice = Number(price) > 0 && /^\d+(\.\d+)?$/.test(price);
  return fault(isPair && hasPrice && !isAbsent(quoteId), 'no rate between its currencies');
}

/** A scalar as its intended text, with every digit; anything else is not a text. */
function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') return '';
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? '' : String(value);
}

function fault(holds: boolean, name: string): string[] {
  return holds ? [] : [name];
}
