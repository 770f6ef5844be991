import type { TestService } from './test-service.js';
import { until } from './until.js';

/** A whole scan, unknown twice, paid, and its notification unknown once: from the app to the acknowledgement. */
export async function wholeScan(
  { app, books }: TestService,
  name: string,
): Promise<{ scanId: string; paymentId: string }> {
  const code = `twin:U,U,S;notify=U,S#${name}`;
  const scanned = await app.scan(code);
  const decoded = await until('it is decoded', async () => {
    const answer = await app.readScan(scanned.body.scanId, 1_000);
    return answer.body.status === 'DECODED' && answer.body;
  });
  const paid = await app.confirm(decoded.payment);
  if (paid.body.status !== 'PAID') throw new Error(`not paid: ${paid.text}`);
  await until('it is acknowledged', async () => (await books.order(code)).acknowledged === true, 30_000);
  expect(await books.order(code)).toMatchObject({ calls: 3, maxInFlight: 1, notificationCount: 2 });
  return { scanId: scanned.body.scanId, paymentId: decoded.payment.paymentId };
}
