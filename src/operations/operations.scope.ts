/** What operators' tokens carry, for looking and for acting. */
export const PAYMENTS_OPERATE = 'payments:operate';
