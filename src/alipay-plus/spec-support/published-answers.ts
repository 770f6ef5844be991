/** The answer printed on the API page: no notify address, a promotion, and an orderAmount that adds up to nothing. */
export function publishedAnswer() {
  return {
    result: { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' },
    acquirerId: '1020000000000000001',
    pspId: '1020000000000000001',
    order: {
      referenceOrderId: 'OrderID_0101010101',
      orderDescription: 'SHOES',
      orderAmount: { value: '100', currency: 'JPY' },
      merchant: {
        referenceMerchantId: 'M00000000001',
        merchantMCC: '5411',
        merchantName: 'UGG',
        merchantDisplayName: 'UGG',
        merchantAddress: { region: 'JP', city: 'xxx' },
      },
    },
    codeType: 'ORDER_CODE',
    paymentRequestId: '20200000000000000133',
    paymentAmount: { value: '100', currency: 'JPY' },
    payToAmount: { value: '1000', currency: 'KRW' },
    paymentQuote: { quoteId: '1234567', quoteCurrencyPair: 'JPY/KRW', quotePrice: '10.0000' },
    paymentPromoInfo: {
      paymentPromoDetails: [
        {
          promoId: 'discount_id_1',
          promoType: 'INSTANT_DISCOUNT',
          promoName: '10 JPY off 100 JPY',
          savingsAmount: { value: '100', currency: 'KRW' },
        },
      ],
    },
    paymentFactor: { isCashierPayment: 'true', isInStorePayment: 'false' },
    paymentExpiryTime: '2025-11-27T12:01:01+08:00',
  };
}

/** Case 1 of the API page: 1000 JPY less a coupon of 5 JPY, paid in HKD with a surcharge. */
export function surchargedAnswer() {
  return {
    ...publishedAnswer(),
    paymentAmount: { value: '995', currency: 'JPY' },
    payToAmount: { value: '8518', currency: 'HKD' },
    paymentQuote: { quoteId: 'q-1', quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.5614' },
    surchargeInfo: {
      surchargeAmount: { value: '8916', currency: 'HKD' },
      surchargeQuote: { quoteId: 'q-2', quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.9614' },
    },
    paymentFactor: { isCashierPayment: 'true', isInStorePayment: 'true', needSurcharge: 'true' },
    paymentNotifyUrl: 'https://open-sea-global.alipayplus.com/aps/api/v1/payments/notifyPayment',
    actionForm: { actionType: 'HANDLE_BY_PSP' },
  };
}
