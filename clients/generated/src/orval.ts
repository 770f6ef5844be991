import {
  confirmPayment,
  createScan,
  getPayment,
  getScan,
  listPayments,
  type PaymentDto,
} from '../generated/orval/api.js';
import type { Caller } from './orval-fetch.js';

/** Scans a code, confirms what was shown as it was shown, and finds the payment among those of its payer. */
export async function pay(
  baseUrl: string,
  token: string,
  codeValue: string,
  customerId: string,
): Promise<{ readonly paid: PaymentDto; readonly listed: readonly PaymentDto[] }> {
  const caller: Caller = { baseUrl, headers: { authorization: `Bearer ${token}` } };
  const scan = await createScan({ codeValue, customerId }, caller);
  if (scan.status !== 201 && scan.status !== 202) throw refused(scan.data);
  let decoded = scan.data;
  while (decoded.status === 'PENDING') {
    const known = await getScan(decoded.scanId, { waitMs: 20_000 }, caller);
    if (known.status !== 200 && known.status !== 202) throw refused(known.data);
    decoded = known.data;
  }
  const { paymentId, payAmount } = decoded.payment;
  if (payAmount === undefined) throw new Error('there is nothing to pay');
  const confirmed = await confirmPayment(paymentId, { payAmount }, caller);
  if (confirmed.status !== 200 && confirmed.status !== 202) throw refused(confirmed.data);
  let paid = confirmed.data;
  while (paid.status === 'DEBITING') {
    const settled = await getPayment(paymentId, { waitMs: 20_000 }, caller);
    if (settled.status !== 200) throw refused(settled.data);
    paid = settled.data;
  }
  const page = await listPayments({ customerId, status: 'PAID' }, caller);
  if (page.status !== 200) throw refused(page.data);
  return { paid, listed: page.data.payments };
}

interface Problem {
  readonly code?: string;
  readonly action?: string;
  readonly detail?: string;
}

/** The problem as an error. */
function refused({ code, action, detail }: Problem): Error {
  return new Error(`${code}: ${action}: ${detail}`);
}
