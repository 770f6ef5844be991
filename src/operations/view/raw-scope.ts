/** Lets a token see messages as they were sent and received, on top of the scope of operators. */
export const PAYMENTS_RAW = 'payments:raw';
