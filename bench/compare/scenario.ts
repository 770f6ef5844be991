import { randomUUID } from 'node:crypto';

/** What all contenders are asked to do, in the same words. */
export const CLIENT_ID = 'TEST_5X00000000000000';
export const USER_INITIATED_PAY = '/aps/api/v1/payments/userInitiatedPay';

/** Many payers, as at many tills: with one, every debit would wait for the commit of the one before it. */
export const CUSTOMERS: readonly string[] = Array.from({ length: 200 }, (_, at) => `payer-${at}`);

/** What the stand-in answers to a scan, unless it was told what else. */
export const SCRIPT = 'twin:S;pay=1000JPY;payTo=8518HKD;rate=8.5614;promo=5JPY;expire=2h';

/** A code that nobody has scanned yet, in the hand of one of these payers. */
export function aScan(payers: readonly string[]): string {
  const customerId = payers[Math.floor(Math.random() * payers.length)];
  return JSON.stringify({ codeValue: `https://qr.alipayplus.com/281002${randomUUID()}`, customerId });
}
