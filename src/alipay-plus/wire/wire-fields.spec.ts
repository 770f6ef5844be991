import { CancelPaymentRequest } from './cancel-payment.js';
import { InquiryPaymentRequest, InquiryPaymentResponse } from './inquiry-payment.js';
import { NotifyPaymentRequest } from './notify-payment.js';
import { InquiryRefundRequest, InquiryRefundResponse, RefundRequest, RefundResponse } from './refund.js';
import { ResultOnlyResponse } from './result.js';
import { UserInitiatedPayRequest, UserInitiatedPayResponse } from './user-initiated-pay.js';
import { wireFieldsOf, type WireClass, type WireShape } from './wire-field.js';

/** From the API pages, field by field; `!` marks REQUIRED. Groups that occur several times are listed once. */
const GROUPS: Readonly<Record<string, string>> = {
  Result: 'resultCode! 64, resultStatus! S|F|U, resultMessage 256',
  Amount: 'currency! ISO4217, value! natural',
  Address: 'region! 2, state 64, city 64, address1 256, address2 256, zipCode 32',
  UserName: 'firstName 32, middleName 32, lastName 32, fullName! 128',
  Quote:
    'quoteId! 64, quoteCurrencyPair! pair8, quotePrice! decimal32, quoteStartTime datetime, quoteExpiryTime datetime, baseCurrency ISO4217, quoteUnit 12',
  IndirectMpp: 'indirectMppId! 64, indirectMppName 256',
  Store:
    'referenceStoreId! 32, storeName! 256, storeMCC! 32, storeDisplayName 64, storeTerminalId 64, storeAddress Address',
  Merchant:
    'referenceMerchantId! 32, merchantMCC! 32, merchantName! 256, merchantAddress! Address, merchantDisplayName! 64, merchantRegisterDate datetime, store Store',
  Goods:
    'referenceGoodsId! 64, goodsName! 256, goodsCategory 256, goodsUnitAmount Amount, goodsQuantity natural',
  Shipping: 'shippingName! UserName, shippingAddress! Address, shippingCarrier 128, shippingPhoneNo 16',
  Buyer: 'referenceBuyerId 64, buyerName UserName, buyerPhoneNo 24, buyerEmail 64',
  Env: 'terminalType WEB|WAP|APP|MINI_APP, osType IOS|ANDROID, deviceTokenId 64, clientIp 64, cookieId 64, userAgent 1024',
  Order:
    'referenceOrderId! 64, orderDescription! 256, orderAmount! Amount, merchant! Merchant, goods [100]Goods, shipping Shipping, buyer Buyer, env Env',
  PaymentFactor:
    'isInStorePayment flag, needSurcharge flag, isPaymentEvaluation flag, isCashierPayment flag, isAgreementPayment flag, isAuthorizationAndPay flag, isAuthorizationPayment flag, isDeferredPayment flag, needCheckCompliance flag, needOtpVerification flag, isCrossborderSettlement flag, inStorePaymentScenario PaymentCode|OrderCode|EntryCode',
  SurchargeInfo: 'surchargeAmount! Amount, surchargeQuote! Quote',
  RefundSurchargeInfo: 'surchargeAmount Amount, surchargeQuote Quote',
  AuthorizationInfo: 'referenceAgreementId! 64, authClientId! 64, authState 256',
  PaymentPromoDetail:
    'promoId! 128, promoType! INSTANT_DISCOUNT|COUPON, promoName! 128, savingsAmount! Amount',
  PaymentPromoInfo: 'paymentPromoDetails []PaymentPromoDetail',
  ActionForm: 'actionType! HANDLE_BY_SDK|HANDLE_BY_PSP, sdkActionPayload 2048',
};

const MESSAGES: readonly (readonly [string, WireClass, string])[] = [
  [
    'userInitiatedPay request',
    UserInitiatedPayRequest,
    'codeValue! 512, customerId! 64, passThroughInfo 20000, indirectMpp IndirectMpp',
  ],
  [
    'userInitiatedPay response',
    UserInitiatedPayResponse,
    'result! Result, acquirerId 64, pspId 64, codeType ORDER_CODE, paymentRequestId 64, order Order, paymentFactor PaymentFactor, paymentAmount Amount, payToAmount Amount, paymentQuote Quote, surchargeInfo SurchargeInfo, paymentNotifyUrl url2048, paymentRedirectUrl url2048, paymentExpiryTime datetime, authorizationInfo AuthorizationInfo, paymentPromoInfo PaymentPromoInfo, actionForm ActionForm, passThroughInfo 20000',
  ],
  [
    'notifyPayment request',
    NotifyPaymentRequest,
    'paymentResult! Result, paymentRequestId! 64, paymentId 64, paymentTime datetime, paymentAmount Amount, payToAmount Amount, customerId 64, customsDeclarationAmount Amount, passThroughInfo 20000',
  ],
  ['result-only answer', ResultOnlyResponse, 'result! Result'],
  ['inquiryPayment request', InquiryPaymentRequest, 'acquirerId! 64, pspId! 64, paymentRequestId! 64'],
  ['cancelPayment request', CancelPaymentRequest, 'acquirerId! 64, pspId! 64, paymentRequestId! 64'],
  [
    'inquiryPayment answer',
    InquiryPaymentResponse,
    'result! Result, paymentResult Result, paymentId 64, paymentTime datetime, paymentAmount Amount, payToAmount Amount, customerId 64',
  ],
  [
    'refund request',
    RefundRequest,
    'acquirerId! 64, pspId! 64, paymentRequestId! 64, paymentId! 64, refundRequestId! 64, refundAmount! Amount, refundFromAmount Amount, refundQuote Quote, surchargeInfo RefundSurchargeInfo',
  ],
  ['refund answer', RefundResponse, 'result! Result, refundId 64, refundTime datetime'],
  ['inquiryRefund request', InquiryRefundRequest, 'acquirerId! 64, pspId! 64, refundRequestId! 64'],
  [
    'inquiryRefund answer',
    InquiryRefundResponse,
    'result! Result, refundResult Result, refundId 64, refundTime datetime, refundAmount Amount, refundFromAmount Amount',
  ],
];

describe('the wire classes', () => {
  it.each(MESSAGES)('declare every field and limit of the %s, and no other', (_, type, expected) => {
    expect(declared('', type).toSorted()).toEqual(flattened('', expected).toSorted());
  });

  it('send the fields of a request in a fixed order', () => {
    expect(wireFieldsOf(UserInitiatedPayRequest).map(({ name }) => name)).toEqual([
      'codeValue',
      'customerId',
      'passThroughInfo',
      'indirectMpp',
    ]);
  });
});

function flattened(path: string, group: string): string[] {
  return group.split(', ').flatMap((entry) => {
    const [name = '', shape = ''] = entry.split(' ');
    const group = GROUPS[shape.replace(/^\[\d*\]/, '')];
    if (group === undefined) return [`${path}${name} ${shape}`];
    const own = shape.startsWith('[') ? shape.replace(/[A-Z].*/, '') : '{}';
    return [`${path}${name} ${own}`, ...flattened(`${path}${name.replace('!', '')}.`, group)];
  });
}

function declared(path: string, type: WireClass): string[] {
  return wireFieldsOf(type).flatMap(({ name, value, required }) => {
    const line = `${path}${name}${required ? '!' : ''} ${notation(value)}`;
    return value.shape === 'scalar' ? [line] : [line, ...declared(`${path}${name}.`, value.of)];
  });
}

/** Tested by the values that a kind accepts, not by its declaration, wherever it has a limit. */
function notation(value: WireShape): string {
  if (value.shape === 'object') return '{}';
  if (value.shape === 'list') return `[${value.maxElements ?? ''}]`;
  const { kind } = value;
  const longest = (make: (length: number) => string) => {
    const lengths = Array.from({ length: 20_002 }, (_, index) => index + 1);
    return lengths.filter((length) => kind.accepts(make(length))).at(-1);
  };
  if (kind.type === 'text') return String(longest((length) => 'x'.repeat(length)));
  if (kind.type === 'URL') return `url${longest((length) => 'https://h/'.padEnd(length, 'p'))}`;
  if (kind.type === 'decimal') return `decimal${longest((length) => '1'.repeat(length))}`;
  if (kind.type === 'word') return kind.limit.replaceAll(', ', '|');
  const names: Readonly<Record<string, string>> = {
    'currency pair': 'pair8',
    currency: 'ISO4217',
    'natural number': 'natural',
  };
  return names[kind.type] ?? kind.type;
}
