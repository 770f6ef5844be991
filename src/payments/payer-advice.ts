import { RESULT_CODES, type PayerAction } from '../alipay-plus/codes/result-codes.js';
import {
  PLATFORM_ACTIONS,
  PLATFORM_ADVICE,
  type PlatformAction,
} from '../platform/http/platform-problems.js';

/**
 * What an app does about a payment that cannot be paid, or a refusal of ours or of Alipay+. Stable: apps switch on it.
 * Typed over the actions, so that a new one does not compile until it says what an app does.
 */
export const APP_ACTIONS = {
  ...PLATFORM_ACTIONS,
  TRY_AGAIN: 'Let the payer scan the same code again.',
  TOP_UP: 'Let the payer top up, then send the same confirm again.',
  ASK_PROOF: 'Get every proof that `requirements.proofs` of the payment names, then confirm with them.',
  SHOW_AGAIN: 'Read the payment, show it again, and let the payer confirm what they see now.',
  SHOW_PAYMENT: 'Read the payment and show it as it stands: paid, or on its way.',
  HANDLE_BY_SDK: 'Hand `sdkActionPayload` to the SDK of Alipay+.',
  SHOW_CODE_EXPIRED: 'Show the text. The payer needs a new code; the same one means the same order for ever.',
  SHOW_CODE_INVALID: 'Show the text, and let the payer scan another code.',
  SHOW_CODE_IN_USE: 'Show the text. Somebody else is paying this code.',
  SHOW_ORDER_CLOSED: 'Show the text. The payer needs a new code; this order is over.',
  SHOW_LIMIT_EXCEEDED: "Show the text, and the payer's limits.",
  SHOW_NOT_SUPPORTED: 'Show the text. Another code may be payable.',
  CONTACT_SUPPORT: 'Show the text with `requestId`, and the way to customer service.',
} as const satisfies Readonly<Record<PayerAction | PlatformAction | PaymentAction, string>>;

/** Actions of our own; Alipay+'s codes ask for the others. */
type PaymentAction = 'TRY_AGAIN' | 'TOP_UP' | 'ASK_PROOF' | 'SHOW_AGAIN' | 'SHOW_PAYMENT' | 'HANDLE_BY_SDK';

type AppAction = keyof typeof APP_ACTIONS;

export interface Advice {
  readonly action: AppAction;
  /** For an app that does not translate; one that does goes by the key. */
  readonly payerText: string;
}

/**
 * What the payer reads about a payment, by message key, and what their app does. Alipay+'s codes have theirs in
 * `RESULT_CODES`. `docs/app-texts.json` has the texts in all languages.
 */
export const PAYER_ADVICE = {
  'scan.no_answer': {
    action: 'TRY_AGAIN',
    payerText: 'This code could not be read in time. Nothing was paid; scan it again.',
  },
  'payment.expired': {
    action: 'SHOW_CODE_EXPIRED',
    payerText: 'This order has expired. Ask the merchant for a new code.',
  },
  'payment.rate_expired': {
    action: 'SHOW_CODE_EXPIRED',
    payerText: 'The exchange rate is no longer valid. Ask the merchant for a new code.',
  },
  'payment.amount_changed': {
    action: 'SHOW_AGAIN',
    payerText: 'The amount to pay has changed. Check it and confirm again.',
  },
  'payment.already_paid': {
    action: 'SHOW_PAYMENT',
    payerText: 'This payment is already paid. To get your money back, ask the merchant.',
  },
  'payment.in_progress': {
    action: 'SHOW_PAYMENT',
    payerText: 'This payment is being made and can no longer be declined.',
  },
  'payment.declined': {
    action: 'SHOW_ORDER_CLOSED',
    payerText: 'You declined this payment. To pay after all, ask the merchant for a new code.',
  },
  'payment.cancelled': {
    action: 'SHOW_ORDER_CLOSED',
    payerText: 'This order was cancelled. To pay after all, ask the merchant for a new code.',
  },
  'payment.cancelled_after_paid': {
    action: 'SHOW_ORDER_CLOSED',
    payerText: 'This payment was cancelled after you had paid. Your money is given back.',
  },
  'payment.closed': {
    action: 'SHOW_ORDER_CLOSED',
    payerText: 'This order is closed and cannot be paid.',
  },
  'payment.failed': {
    action: 'CONTACT_SUPPORT',
    payerText: 'The payment was refused and nothing was taken. Please contact customer service.',
  },
  'payment.faulty': {
    action: 'CONTACT_SUPPORT',
    payerText: 'This order cannot be paid and nothing was taken. Please contact customer service.',
  },
  'payment.not_supported': {
    action: 'SHOW_NOT_SUPPORTED',
    payerText: 'This order asks for something that this wallet does not offer.',
  },
  'payment.continue_in_sdk': {
    action: 'HANDLE_BY_SDK',
    payerText: 'One more step is needed to pay this order.',
  },
  'payment.balance_too_low': {
    action: 'TOP_UP',
    payerText: 'The balance is too low. The order stays open: top up and confirm again.',
  },
  'payment.proof_required': {
    action: 'ASK_PROOF',
    payerText: 'Before you pay, please complete the verification.',
  },
  'payment.proof_rejected': {
    action: 'ASK_PROOF',
    payerText: 'The verification was not accepted. The order stays open: please try again.',
  },
} as const satisfies Readonly<Record<string, Advice>>;

export type PayerMessageKey = keyof typeof PAYER_ADVICE;

const REFUSALS = Object.values(RESULT_CODES).filter((row) => row.status === 'F');

/** Every text for a payer in English, by message key. */
export const PAYER_TEXTS: Readonly<Record<string, string>> = Object.fromEntries([
  ...REFUSALS.map(({ messageKey, payerText }) => [messageKey, payerText]),
  ...Object.entries(PAYER_ADVICE).map(([key, { payerText }]) => [key, payerText]),
  ...Object.entries(PLATFORM_ADVICE).map(([key, { text }]) => [key, text]),
]);

/** The members of an answer that tell an app what to do. */
export function adviceOf<Key extends PayerMessageKey>(
  messageKey: Key,
): { readonly action: (typeof PAYER_ADVICE)[Key]['action']; readonly messageKey: Key } {
  return { action: PAYER_ADVICE[messageKey].action, messageKey };
}
