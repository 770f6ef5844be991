import { isRate } from './rate.js';
import { CANCEL_MOMENTS, REFUND_TWICE, type Money, type Script, type Trouble } from './script.js';
import {
  readCallTarget,
  readCount,
  readDurationMs,
  readMoney,
  readNotifyStep,
  readOverride,
  readPlainText,
  readRefund,
} from './script-values.js';

/** One word of the script language: its syntax and its text in the help. */
export interface Directive {
  readonly name: string;
  readonly form: string;
  readonly about: string;
  /** May occur more than once in a code. */
  readonly isRepeatable?: boolean;
  /** The change it makes to the script, or null when the value cannot be read. A directive without `=` has the value ''. */
  readonly read: (value: string, script: Script) => Partial<Script> | null;
}

function whenRead<T>(value: T | null, change: (value: T) => Partial<Script>): Partial<Script> | null {
  return value === null ? null : change(value);
}

function whenBare(value: string, change: Partial<Script>): Partial<Script> | null {
  return value === '' ? change : null;
}

function money(form: string, about: string, change: (amount: Money) => Partial<Script>): Directive {
  return {
    name: form.slice(0, form.indexOf('=')),
    form,
    about,
    read: (value) => whenRead(readMoney(value), change),
  };
}

function trouble(name: Trouble, about: string): Directive {
  return {
    name,
    form: `${name} or ${name}@2`,
    about,
    isRepeatable: true,
    read: (value, script) => {
      const target = readCallTarget(value);
      if (target === null || target.value !== '') return null;
      return { troubles: [...script.troubles, { trouble: name, call: target.call ?? 'every' }] };
    },
  };
}

const AMOUNTS: readonly Directive[] = [
  money(
    'pay=1000JPY',
    'What the acquirer asks for, before promotions (default 1000JPY). Minor units.',
    (pay) => ({
      pay,
    }),
  ),
  money(
    'payTo=8518HKD',
    'What the MPP settles, after promotions (default: pay times rate, less promotions, in HKD).',
    (payTo) => ({ payTo }),
  ),
  {
    name: 'rate',
    form: 'rate=8.5614',
    about: 'Price of the quote; multiplies minor units (default 8.5614, or what leads from pay to payTo).',
    read: (value) => (isRate(value) ? { rate: value } : null),
  },
  {
    name: 'reversed',
    form: 'reversed',
    about: 'Writes the currency pair the other way round, with the inverse price.',
    read: (value) => whenBare(value, { reversedPair: true }),
  },
  money('promo=5JPY', 'A promotion, in the currency of pay or of payTo.', (promo) => ({ promo })),
  money('surcharge=8916HKD', 'What the payer pays instead of payTo; sets needSurcharge.', (surcharge) => ({
    surcharge,
  })),
  {
    name: 'surchargeRate',
    form: 'surchargeRate=8.9614',
    about: 'Price of the surcharge quote; alone it also makes the surcharge.',
    read: (value) => (isRate(value) ? { surchargeRate: value } : null),
  },
];

const CLOCKS: readonly Directive[] = [
  {
    name: 'expire',
    form: 'expire=20s',
    about: 'paymentExpiryTime, counted from the first S (default 10m). Units: ms, s, m, h.',
    read: (value) => whenRead(readDurationMs(value), (expireMs) => ({ expireMs })),
  },
  {
    name: 'quoteExpire',
    form: 'quoteExpire=5s',
    about: 'quoteExpiryTime of the quotes, counted from the first S (default: none).',
    read: (value) => whenRead(readDurationMs(value), (quoteExpireMs) => ({ quoteExpireMs })),
  },
  {
    name: 'slow',
    form: 'slow=9s or slow=9s@2',
    about:
      'Waits before answering. A script of one step is slow at every call, a longer one at the first call; @n names another call, @* every call.',
    isRepeatable: true,
    read: (value, script) => {
      const target = readCallTarget(value);
      const delayMs = target && readDurationMs(target.value);
      if (target === null || delayMs === null) return null;
      return { delays: [...script.delays, { delayMs, call: target.call }] };
    },
  },
];

const ANSWERS: readonly Directive[] = [
  trouble('drop', 'Closes the connection without an answer: at every call, or only at call @n.'),
  trouble('unsigned', 'Answers without a signature.'),
  trouble('badsig', 'Answers with a signature over something else.'),
  trouble('garbage', 'Answers correctly signed bytes that are not JSON.'),
  {
    name: 'http',
    form: 'http=500 or http=500@1',
    about: 'HTTP status of the answer; the signed body stays. 3xx comes with a Location.',
    isRepeatable: true,
    read: (value, script) => {
      const target = readCallTarget(value);
      const httpStatus = target && readCount(target.value, 200, 599);
      if (target === null || httpStatus === null) return null;
      return { httpStatuses: [...script.httpStatuses, { httpStatus, call: target.call ?? 'every' }] };
    },
  },
  {
    name: 'notify',
    form: 'notify=U,500,S',
    about:
      'Answers to notifications, in turn; the last repeats: S, U, F, F.CODE, an HTTP status, slow (7 s), slow:2s, 200html, unsigned, badsig, garbage, drop, redirect, huge, empty.',
    read: (value) => {
      const notify = value.split(',').map(readNotifyStep);
      return notify.every((step) => step !== null) ? { notify } : null;
    },
  },
];

const CANCELS: readonly Directive[] = [
  {
    name: 'cancel',
    form: 'cancel=beforeConfirm',
    about:
      'Sends cancelPayment: beforeConfirm 50 ms after the S; afterPaid once a paid notification is acknowledged; duringDebit when told through /_twin/orders/{paymentRequestId}/cancel. cancelAfter moves each.',
    read: (value) =>
      whenRead(CANCEL_MOMENTS.find((moment) => moment === value) ?? null, (cancel) => ({ cancel })),
  },
  {
    name: 'cancelAfter',
    form: 'cancelAfter=500ms',
    about:
      'Delay of the cancel, from the S or (afterPaid) from the acknowledgement. Alone it cancels after the S.',
    read: (value) => whenRead(readDurationMs(value), (cancelAfterMs) => ({ cancelAfterMs })),
  },
];

const REFUNDS: readonly Directive[] = [
  {
    name: 'refund',
    form: 'refund=30JPY@3s,970JPY',
    about:
      'Asks for refunds once a paid notification is acknowledged: each amount so long afterwards, until it is answered S or F.',
    read: (value) => {
      const refunds = value.split(',').map(readRefund);
      return refunds.every((refund) => refund !== null) ? { refunds } : null;
    },
  },
  {
    name: 'refundTwice',
    form: 'refundTwice=same',
    about: 'Repeats each refund after its end: same, or changed by one minor unit, which has to be refused.',
    read: (value) =>
      whenRead(REFUND_TWICE.find((how) => how === value) ?? null, (refundTwice) => ({ refundTwice })),
  },
];

const CONTENT: readonly Directive[] = [
  {
    name: 'sdk',
    form: 'sdk',
    about: 'actionForm HANDLE_BY_SDK with an sdkActionPayload.',
    read: (value) => whenBare(value, { sdk: true }),
  },
  {
    name: 'flag',
    form: 'flag=needOtpVerification+isDeferredPayment',
    about: 'paymentFactor flags that are "true".',
    isRepeatable: true,
    read: (value, script) =>
      /^[A-Za-z]{1,64}(\+[A-Za-z]{1,64})*$/.test(value)
        ? { flags: [...script.flags, ...value.split('+')] }
        : null,
  },
  {
    name: 'cashier',
    form: 'cashier',
    about: 'Cashier payment: isInStorePayment "false", no store.',
    read: (value) => whenBare(value, { isCashier: true }),
  },
  {
    name: 'merchant',
    form: 'merchant=Name%20here',
    about: 'Merchant name, percent-encoded.',
    read: (value) => whenRead(readPlainText(value), (merchant) => ({ merchant })),
  },
  {
    name: 'goods',
    form: 'goods=3',
    about: 'Number of goods in the order, up to 100.',
    read: (value) => whenRead(readCount(value, 0, 100), (goods) => ({ goods })),
  },
  {
    name: 'request',
    form: 'request=ID',
    about: 'Forces the paymentRequestId; two codes with one ID are one order.',
    read: (value) => (/^[A-Za-z0-9_-]{1,64}$/.test(value) ? { request: value } : null),
  },
  {
    name: 'redirect',
    form: 'redirect=https%3A%2F%2Fshop.example%2Fdone',
    about: 'paymentRedirectUrl, percent-encoded.',
    read: (value) => whenRead(readPlainText(value), (redirect) => ({ redirect })),
  },
  {
    name: 'pass',
    form: 'pass=TEXT',
    about: 'passThroughInfo, percent-encoded.',
    read: (value) => whenRead(readPlainText(value), (pass) => ({ pass })),
  },
  {
    name: 'passLength',
    form: 'passLength=20000',
    about: 'A passThroughInfo of that many characters.',
    read: (value) => whenRead(readCount(value, 1, 200_000), (count) => ({ pass: 'x'.repeat(count) })),
  },
  {
    name: 'set',
    form: 'set=paymentAmount.value:1000',
    about:
      'Puts a JSON value (percent-encoded where needed) anywhere into the S answer, to break its rules; objects along the path are made.',
    isRepeatable: true,
    read: (value, script) =>
      whenRead(readOverride(value), (override) => ({ overrides: [...script.overrides, override] })),
  },
];

export const DIRECTIVES: readonly Directive[] = [
  ...AMOUNTS,
  ...CLOCKS,
  ...ANSWERS,
  ...CANCELS,
  ...REFUNDS,
  ...CONTENT,
];
