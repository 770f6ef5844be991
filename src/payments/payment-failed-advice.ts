/** For a payment that failed for good; why exactly is between the payer and the wallet. */
export const PAYMENT_FAILED_ADVICE = {
  httpStatus: 422,
  action: 'CONTACT_SUPPORT',
  messageKey: 'payment.failed',
  payerText: 'The payment was refused and nothing was taken. Please contact customer service.',
} as const;
