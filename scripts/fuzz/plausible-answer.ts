import * as fc from 'fast-check';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** An answer as Alipay+ might give it, and its expected outcome without tampering. */
export interface PlausibleAnswer {
  readonly answer: JsonObject;
  readonly payable: boolean;
}

/** Codes that end one scan and say nothing about our set-up or our traffic, which would affect all scans. */
const FAILURES = ['EXPIRED_CODE', 'INVALID_CODE', 'ORDER_IS_CLOSED', 'PROCESS_FAIL', 'NEW_CODE'];
const GUARDED = ['needOtpVerification', 'needCheckCompliance', 'isDeferredPayment', 'isAgreementPayment'];

const natural = fc
  .oneof(fc.bigInt({ min: 1n, max: 99_999n }), fc.bigInt({ min: 1n, max: 10n ** 30n }))
  .map(String);
const currency = fc.constantFrom('JPY', 'HKD', 'USD', 'KRW', 'BHD', 'EUR');
const name = fc.oneof(
  fc.constantFrom('UGG', 'ドンキ🛒渋谷', 'طلب ٧', 'Café "Zur Post"\\'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 }),
);

const parts = fc.record({
  resultStatus: fc.oneof({ weight: 8, arbitrary: fc.constant('S') }, fc.constantFrom('F', 'U')),
  failure: fc.constantFrom(...FAILURES),
  order: currency,
  wallet: currency,
  paymentValue: natural,
  payToValue: natural,
  surchargeValue: fc.option(natural, { freq: 3 }),
  savings: fc.array(natural, { maxLength: 3 }),
  goods: fc.array(name, { maxLength: 4 }),
  merchant: name,
  guarded: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, fc.constantFrom(...GUARDED)),
  actionType: fc.constantFrom(undefined, undefined, null, 'HANDLE_BY_PSP', 'HANDLE_BY_PSP', 'HANDLE_BY_SDK'),
  passThroughInfo: fc.option(fc.json({ maxDepth: 2 })),
});

type Parts = typeof parts extends fc.Arbitrary<infer T> ? T : never;

export const plausibleAnswer: fc.Arbitrary<PlausibleAnswer> = parts.map((given) => ({
  answer: given.resultStatus === 'S' ? orderOf(given) : { result: resultOf(given) },
  payable: given.resultStatus === 'S' && given.guarded === null && given.actionType !== 'HANDLE_BY_SDK',
}));

function resultOf({ resultStatus, failure }: Parts): JsonObject {
  if (resultStatus === 'S') return { resultCode: 'SUCCESS', resultStatus, resultMessage: 'success' };
  return { resultCode: resultStatus === 'F' ? failure : 'UNKNOWN_EXCEPTION', resultStatus };
}

function orderOf(given: Parts): JsonObject {
  const { order, wallet, surchargeValue, actionType } = given;
  const isSurcharged = surchargeValue !== null;
  return {
    result: resultOf(given),
    acquirerId: '1020000000000000001',
    pspId: '1020000000000000002',
    codeType: 'ORDER_CODE',
    paymentRequestId: 'ID',
    order: orderDetails(given),
    paymentAmount: { currency: order, value: given.paymentValue },
    payToAmount: { currency: wallet, value: given.payToValue },
    ...(order === wallet ? {} : { paymentQuote: quote(order, wallet, '8.5614') }),
    ...(isSurcharged && {
      surchargeInfo: {
        surchargeAmount: { currency: wallet, value: surchargeValue },
        surchargeQuote: quote(order, order === wallet ? 'CNY' : wallet, '8.9614'),
      },
    }),
    paymentFactor: factorsOf(given),
    paymentPromoInfo: { paymentPromoDetails: given.savings.map((value) => promotion(wallet, value)) },
    paymentExpiryTime: '2099-11-27T12:01:01+08:00',
    ...(actionType === undefined ? {} : { actionForm: actionForm(actionType) }),
    passThroughInfo: given.passThroughInfo,
  };
}

function orderDetails({ order, paymentValue, merchant, goods }: Parts): JsonObject {
  return {
    referenceOrderId: 'OrderID_0101010101',
    orderDescription: merchant,
    orderAmount: { currency: order, value: paymentValue },
    merchant: {
      referenceMerchantId: 'M00000000001',
      merchantMCC: '5411',
      merchantName: merchant,
      merchantDisplayName: merchant,
      merchantAddress: { region: 'JP', city: 'Tokyo' },
    },
    goods: goods.map((goodsName, index) => ({ referenceGoodsId: String(index), goodsName })),
  };
}

function factorsOf({ surchargeValue, guarded }: Parts): JsonObject {
  return {
    isInStorePayment: 'true',
    isCashierPayment: 'TRUE',
    needSurcharge: surchargeValue === null ? 'false' : 'true',
    ...(guarded !== null && { [guarded]: 'true' }),
  };
}

function quote(from: string, to: string, quotePrice: string): JsonObject {
  return { quoteId: `q-${from}`, quoteCurrencyPair: `${from}/${to}`, quotePrice };
}

function promotion(currencyOfSaving: string, value: string): JsonObject {
  const savingsAmount = { currency: currencyOfSaving, value };
  return { promoId: 'p-1', promoType: 'COUPON', promoName: '5 off', savingsAmount };
}

function actionForm(actionType: string | null): Json {
  return actionType === null ? null : { actionType, sdkActionPayload: 'opaque' };
}
