// Frozen: the specs of one worker share them.
const AMOUNT: Readonly<Record<'currency' | 'value', string>> = Object.freeze({
  currency: 'JPY',
  value: '1000',
});

const ADDRESS = Object.freeze({
  region: 'JP',
  state: 'Tokyo',
  city: 'Shibuya',
  address1: '1-2-3 Jinnan',
  address2: 'Floor 4',
  zipCode: '150-0041',
});

const NAME = Object.freeze({
  firstName: 'Hanako',
  middleName: 'M',
  lastName: '山田',
  fullName: '山田 花子',
});

const QUOTE = Object.freeze({
  quoteId: 'q-1',
  quoteCurrencyPair: 'JPY/HKD',
  quotePrice: '8.5614',
  quoteStartTime: '2025-11-27T11:50:00+08:00',
  quoteExpiryTime: '2025-11-27T12:30:00+08:00',
  baseCurrency: 'JPY',
  quoteUnit: '1',
});

/** An accepted answer with every field the API knows, and as many goods as it allows; for specs and benchmarks. */
export function fullAnswer(goodsCount = 100) {
  return {
    result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' },
    acquirerId: '1020000000000000001',
    pspId: '1020000000000000002',
    codeType: 'ORDER_CODE',
    paymentRequestId: '20200000000000000134',
    order: fullOrder(goodsCount),
    paymentFactor: fullFactor(),
    paymentAmount: { currency: 'JPY', value: '995' },
    payToAmount: { currency: 'HKD', value: '8518' },
    paymentQuote: QUOTE,
    surchargeInfo: {
      surchargeAmount: { currency: 'HKD', value: '8916' },
      surchargeQuote: { ...QUOTE, quoteId: 'q-2', quotePrice: '8.9614' },
    },
    paymentNotifyUrl: 'https://open-sea-global.alipayplus.com/aps/api/v1/payments/notifyPayment',
    paymentRedirectUrl: 'https://merchant.example/result?order=1',
    paymentExpiryTime: '2025-11-27T12:01:01+08:00',
    authorizationInfo: { referenceAgreementId: 'A-1', authClientId: 'C-1', authState: 'state' },
    paymentPromoInfo: {
      paymentPromoDetails: [
        {
          promoId: 'discount_id_2',
          promoType: 'COUPON',
          promoName: '5 JPY off',
          savingsAmount: { currency: 'HKD', value: '43' },
        },
      ],
    },
    actionForm: { actionType: 'HANDLE_BY_PSP', sdkActionPayload: 'opaque' },
    passThroughInfo: '{"table":"7"}',
  };
}

function fullOrder(goodsCount: number) {
  return {
    referenceOrderId: 'OrderID_0101010102',
    orderDescription: 'Shoes and socks',
    orderAmount: AMOUNT,
    merchant: {
      referenceMerchantId: 'M00000000001',
      merchantMCC: '5411',
      merchantName: 'UGG Japan K.K.',
      merchantAddress: ADDRESS,
      merchantDisplayName: 'UGG 渋谷',
      merchantRegisterDate: '2019-11-27T12:01:01+08:00',
      store: {
        referenceStoreId: 'S-17',
        storeName: 'UGG Shibuya',
        storeMCC: '5411',
        storeDisplayName: 'UGG Shibuya',
        storeTerminalId: 'T-3',
        storeAddress: ADDRESS,
      },
    },
    goods: Array.from({ length: goodsCount }, (_, index) => ({
      referenceGoodsId: `SKU-${index}-0000000001`,
      goodsName: `Wool sock, size ${index}, dark blue`,
      goodsCategory: 'Clothes/Socks',
      goodsUnitAmount: AMOUNT,
      goodsQuantity: '2',
    })),
    shipping: {
      shippingName: NAME,
      shippingAddress: ADDRESS,
      shippingCarrier: 'FedEx',
      shippingPhoneNo: '+81312345678',
    },
    buyer: {
      referenceBuyerId: 'B-1',
      buyerName: NAME,
      buyerPhoneNo: '+81312345678',
      buyerEmail: 'hanako@example.com',
    },
    env: {
      terminalType: 'APP',
      osType: 'IOS',
      deviceTokenId: 'device-1',
      clientIp: '203.0.113.7',
      cookieId: 'cookie-1',
      userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)',
    },
  };
}

function fullFactor() {
  return {
    isInStorePayment: 'true',
    needSurcharge: 'true',
    isPaymentEvaluation: 'false',
    isCashierPayment: 'true',
    isAgreementPayment: 'false',
    isAuthorizationAndPay: 'false',
    isAuthorizationPayment: 'false',
    isDeferredPayment: 'false',
    needCheckCompliance: 'false',
    needOtpVerification: 'false',
    isCrossborderSettlement: 'true',
    inStorePaymentScenario: 'OrderCode',
  };
}
