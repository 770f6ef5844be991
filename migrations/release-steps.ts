/**
 * Indexes that only the previous version reads. They stay while one of its processes may run, and `mpp migrate
 * --finish` drops them. While they exist, each update of an order writes all of its indexes.
 */
export const NEEDED_BEFORE = [
  'payment_order_status_ix',
  'payment_order_expiry_ix',
  'payment_order_cancel_ix',
  'scan_code_ix',
] as const;

/**
 * Frequent texts in messages of Alipay+ and contents of orders, the most frequent last: raw deflate looks back from the
 * end.
 */
export const PACKING_WORDS =
  '{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"},"paymentResult":{"resultCode":' +
  '"PROCESS_FAIL","resultStatus":"F","passThroughInfo":"","redirectUrl":"","indirectAcquirerName":"","paymentAuth' +
  'Method":"","needOtpVerification":"true","surchargeInfo":{"surchargeAmount":{"value":"","currency":""}},"requir' +
  'ements":{"flags":[],"proofs":[]},"authorizationInfo":"","sdkActionPayload":"","goods":[{"referenceGoodsId":"",' +
  '"goodsName":"","goodsCategory":"","goodsUnitAmount":{"value":"","currency":""},"goodsQuantity":"1"}],"env":{"t' +
  'erminalType":""},"buyer":{"referenceBuyerId":""},"paymentPromoInfo":{"paymentPromoDetails":[{"promoId":"promo"' +
  ',"promoType":"INSTANT_DISCOUNT","promoName":" off","savingsAmount":{"value":"","currency":"CNY"}}]},"acquirerI' +
  'd":"102218800000000000","pspId":"102217200000000000","customerId":"","paymentId":"","paymentTime":"2026-01-01T' +
  '00:00:00+08:00","promotions":[],"surcharged":false,"exchangeRate":{"quoteCurrencyPair":"","quotePrice":""},"or' +
  'der":{"referenceOrderId":"ORDER","orderDescription":"","orderAmount":{"value":"100","currency":"JPY"},"merchan' +
  't":{"referenceMerchantId":"M0000","merchantMCC":"5411","merchantName":"","merchantDisplayName":"","merchantAdd' +
  'ress":{"region":"JP","city":"Tokyo","address1":"","address2":"","state":"","zipCode":"100-"},"merchantRegister' +
  'Date":"","store":{"referenceStoreId":"S0000","storeName":"","storeMCC":"5411","storeDisplayName":"","storeTerm' +
  'inalId":"","storeOperatorId":"","storePhoneNo":"","storeAddress":{"region":"HK","city":"Hong Kong","address1":' +
  '"","zipCode":""}}}},"codeType":"ORDER_CODE","paymentRequestId":"","paymentAmount":{"value":"","currency":"KRW"' +
  '},"payToAmount":{"value":"","currency":"HKD"},"payAmount":{"value":"","currency":"USD"},"paymentQuote":{"quote' +
  'Id":"","quoteCurrencyPair":"JPY/HKD","quotePrice":"","quoteStartTime":"","quoteExpiryTime":"","guaranteed":"tr' +
  'ue"},"paymentFactor":{"isInStorePayment":"true","isCashierPayment":"true","inStorePaymentScenario":"OrderCode"' +
  '},"paymentNotifyUrl":"https://open-sea-global.alipayplus.com/aps/api/v1/payments/notifyPayment","paymentExpiry' +
  'Time":"2026-","actionForm":{"actionType":"HANDLE_BY_PSP"}}';
