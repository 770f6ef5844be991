import createClient from 'openapi-fetch';
import type { components, paths } from '../generated/openapi-typescript/api.js';

type Payment = components['schemas']['PaymentDto'];

/** Scans a code, confirms what was shown as it was shown, and finds the payment among those of its payer. */
export async function pay(
  baseUrl: string,
  token: string,
  codeValue: string,
  customerId: string,
): Promise<{ readonly paid: Payment; readonly listed: readonly Payment[] }> {
  const client = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } });
  const scan = await client.POST('/v1/scans', { body: { codeValue, customerId } });
  let decoded = must(scan);
  while (decoded.status === 'PENDING') {
    const params = { path: { scanId: decoded.scanId }, query: { waitMs: 20_000 } };
    decoded = must(await client.GET('/v1/scans/{scanId}', { params }));
  }
  const { paymentId, payAmount } = decoded.payment;
  if (payAmount === undefined) throw new Error('there is nothing to pay');
  const params = { path: { paymentId } };
  let paid = must(await client.POST('/v1/payments/{paymentId}/confirm', { params, body: { payAmount } }));
  while (paid.status === 'DEBITING') {
    const waiting = { path: { paymentId }, query: { waitMs: 20_000 } };
    paid = must(await client.GET('/v1/payments/{paymentId}', { params: waiting }));
  }
  const page = must(await client.GET('/v1/payments', { params: { query: { customerId, status: 'PAID' } } }));
  return { paid, listed: page.payments };
}

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: { readonly code?: string; readonly action?: string; readonly detail?: string };
}

/** What was asked for, or the problem as an error. */
function must<Data>({ data, error }: Answer<Data>): Data {
  if (data !== undefined) return data;
  throw new Error(`${error?.code}: ${error?.action}: ${error?.detail}`);
}
