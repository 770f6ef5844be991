import { createClient } from '../generated/hey-api/client/index.js';
import {
  confirmPayment,
  createScan,
  getPayment,
  getScan,
  listPayments,
} from '../generated/hey-api/sdk.gen.js';
import type { PaymentDto } from '../generated/hey-api/types.gen.js';

/** Scans a code, confirms what was shown as it was shown, and finds the payment among those of its payer. */
export async function pay(
  baseUrl: string,
  token: string,
  codeValue: string,
  customerId: string,
): Promise<{ readonly paid: PaymentDto; readonly listed: readonly PaymentDto[] }> {
  const client = createClient({ baseUrl, auth: token });
  let decoded = must(await createScan({ client, body: { codeValue, customerId } }));
  while (decoded.status === 'PENDING') {
    decoded = must(await getScan({ client, path: { scanId: decoded.scanId }, query: { waitMs: 20_000 } }));
  }
  const { paymentId, payAmount } = decoded.payment;
  if (payAmount === undefined) throw new Error('there is nothing to pay');
  let paid = must(await confirmPayment({ client, path: { paymentId }, body: { payAmount } }));
  while (paid.status === 'DEBITING') {
    paid = must(await getPayment({ client, path: { paymentId }, query: { waitMs: 20_000 } }));
  }
  const page = must(await listPayments({ client, query: { customerId, status: 'PAID' } }));
  return { paid, listed: page.payments };
}

interface Answer<Data> {
  readonly data?: Data | undefined;
  readonly error?: { readonly code?: string; readonly action?: string; readonly detail?: string } | undefined;
}

/** What was asked for, or the problem as an error. */
function must<Data>({ data, error }: Answer<Data>): NonNullable<Data> {
  if (data !== undefined && data !== null) return data;
  throw new Error(`${error?.code}: ${error?.action}: ${error?.detail}`);
}
