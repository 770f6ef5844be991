import { isObject, type JsonObject } from '../wire/json.js';
import { resultOf } from '../wire/result.js';
import { timestamp } from '../wire/timestamp.js';
import { figuresOf, type Figures, type Quote } from './figures.js';
import type { Money, Script } from './script.js';

export const ACQUIRER_ID = '1022188000000000001';
export const PSP_ID = '1022172000000000001';

/** The fixed data of an order. With the script it gives the whole answer, byte for byte, at any later time. */
export interface OrderSeed {
  readonly paymentRequestId: string;
  readonly createdAtMs: number;
  readonly paymentNotifyUrl: string;
}

/** The body of an S answer. Nothing in it depends on the clock or on earlier calls, so a repeated call gets the same bytes. */
export function successBody(script: Script, seed: OrderSeed): JsonObject {
  const figures = figuresOf(script);
  const { paymentRequestId } = seed;
  const body = withoutAbsent({
    result: resultOf(script.steps.find((step) => step.status === 'S') ?? { status: 'S', code: 'SUCCESS' }),
    acquirerId: ACQUIRER_ID,
    pspId: PSP_ID,
    order: orderOf(script, figures, paymentRequestId),
    codeType: 'ORDER_CODE',
    paymentRequestId,
    paymentAmount: wireAmount(figures.paymentAmount),
    payToAmount: wireAmount(figures.payToAmount),
    paymentQuote: figures.paymentQuote && wireQuote(figures.paymentQuote, 'P', script, seed),
    surchargeInfo: figures.surcharge && {
      surchargeAmount: wireAmount(figures.surcharge.amount),
      surchargeQuote: wireQuote(figures.surcharge.quote, 'S', script, seed),
    },
    paymentPromoInfo: promoInfo(script, figures),
    paymentFactor: paymentFactor(script, figures),
    paymentNotifyUrl: seed.paymentNotifyUrl,
    paymentRedirectUrl: script.redirect,
    paymentExpiryTime: hasFlag(script, 'isPaymentEvaluation') ? null : timestamp(expiresAtMs(script, seed)),
    authorizationInfo: hasFlag(script, 'isAuthorizationAndPay') ? authorizationInfo(paymentRequestId) : null,
    actionForm: script.sdk
      ? { actionType: 'HANDLE_BY_SDK', sdkActionPayload: `twin-action-${paymentRequestId}` }
      : { actionType: 'HANDLE_BY_PSP' },
    passThroughInfo: script.pass,
  });
  return script.overrides.reduce((changed, { path, value }) => put(changed, path, value), body);
}

export function expiresAtMs(script: Script, seed: Pick<OrderSeed, 'createdAtMs'>): number {
  return seed.createdAtMs + script.expireMs;
}

function orderOf(script: Script, figures: Figures, paymentRequestId: string): JsonObject {
  return withoutAbsent({
    referenceOrderId: `ORDER-${paymentRequestId}`.slice(0, 64),
    orderDescription: 'Coffee and cake',
    orderAmount: wireAmount(figures.orderAmount),
    merchant: merchantOf(script),
    goods: script.goods > 0 ? goodsOf(script, figures.orderAmount.currency) : null,
    env: script.isCashier ? { terminalType: 'APP', osType: 'IOS' } : null,
  });
}

/** The default name is not plain ASCII, so that a broken charset on the way breaks the signature at once. */
const DEFAULT_MERCHANT = 'Kissa Twin 珈琲店';
const MCC = '5814';
const ADDRESS = { region: 'JP', city: 'Tokyo', address1: '1-1 Twin Street', zipCode: '100-0001' };

function merchantOf(script: Script): JsonObject {
  const name = script.merchant ?? DEFAULT_MERCHANT;
  return withoutAbsent({
    referenceMerchantId: 'M00000000001',
    merchantMCC: MCC,
    merchantName: name.slice(0, 256),
    merchantDisplayName: name.slice(0, 64),
    merchantAddress: ADDRESS,
    merchantRegisterDate: '2019-11-27T12:01:01+08:00',
    store: script.isCashier ? null : storeOf(name),
  });
}

function storeOf(merchantName: string): JsonObject {
  return {
    referenceStoreId: 'S00000000001',
    storeName: merchantName.slice(0, 256),
    storeMCC: MCC,
    storeDisplayName: merchantName.slice(0, 64),
    storeTerminalId: 'T0001',
    storeAddress: ADDRESS,
  };
}

function goodsOf(script: Script, currency: string): readonly JsonObject[] {
  return Array.from({ length: script.goods }, (_, index) => ({
    referenceGoodsId: `G-${index + 1}`,
    goodsName: `Cake number ${index + 1}`,
    goodsCategory: 'food',
    goodsUnitAmount: { value: '1', currency },
    goodsQuantity: '1',
  }));
}

function promoInfo(script: Script, figures: Figures): JsonObject | null {
  if (!script.promo || !figures.savingsAmount) return null;
  return {
    paymentPromoDetails: [
      {
        promoId: 'promo-1',
        promoType: 'INSTANT_DISCOUNT',
        promoName: `${script.promo.value} ${script.promo.currency} off`,
        savingsAmount: wireAmount(figures.savingsAmount),
      },
    ],
  };
}

function paymentFactor(script: Script, figures: Figures): JsonObject {
  const factor: Record<string, string> = {
    isInStorePayment: script.isCashier ? 'false' : 'true',
    isCashierPayment: 'true',
  };
  if (!script.isCashier) factor['inStorePaymentScenario'] = 'OrderCode';
  if (figures.surcharge) factor['needSurcharge'] = 'true';
  for (const flag of script.flags) factor[flag] = 'true';
  return factor;
}

function hasFlag(script: Script, flag: string): boolean {
  return script.flags.includes(flag);
}

function authorizationInfo(paymentRequestId: string): JsonObject {
  return {
    referenceAgreementId: `AGREEMENT-${paymentRequestId}`.slice(0, 64),
    authClientId: 'AUTH_CLIENT_0001',
    authState: 'twin',
  };
}

function wireAmount(amount: Money): JsonObject {
  return { value: amount.value.toString(), currency: amount.currency };
}

function wireQuote(quote: Quote, prefix: string, script: Script, seed: OrderSeed): JsonObject {
  const times =
    script.quoteExpireMs === undefined
      ? {}
      : {
          quoteStartTime: timestamp(seed.createdAtMs),
          quoteExpiryTime: timestamp(seed.createdAtMs + script.quoteExpireMs),
        };
  return { quoteId: `${prefix}${seed.paymentRequestId}`.slice(0, 64), ...quote, ...times };
}

function withoutAbsent(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** A copy with the value at the path; null stays null, which the wire rules treat like an absent field. */
function put(object: JsonObject, path: readonly string[], value: unknown): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  const inner = object[key];
  const changed = rest.length === 0 ? value : put(isObject(inner) ? inner : {}, rest, value);
  return { ...object, [key]: changed };
}
