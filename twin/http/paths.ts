export const USER_INITIATED_PAY_PATH = '/aps/api/v1/payments/userInitiatedPay';
export const NOTIFY_PAYMENT_PATH = '/aps/api/v1/payments/notifyPayment';

/** Marks where a scripted redirect leads. A call that arrives with it comes from a client that follows redirects. */
export const REDIRECT_MARK = 'followed=1';

export function markedRedirect(uri: string): string {
  return `${uri}${uri.includes('?') ? '&' : '?'}${REDIRECT_MARK}`;
}
