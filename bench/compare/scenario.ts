import { randomUUID } from 'node:crypto';

/** What all contenders are asked to do, in the same words. */
export const CLIENT_ID = 'TEST_5X00000000000000';
export const USER_INITIATED_PAY = '/aps/api/v1/payments/userInitiatedPay';

/** Many payers, as at many tills: with one, every debit would wait for the commit of the one before it. */
export const CUSTOMERS: readonly string[] = Array.from({ length: 200 }, (_, at) => `payer-${at}`);

/** What the stand-in answers to every scan, and so what every payer confirms. */
export const PAY_AMOUNT = { currency: 'HKD', value: '8518' } as const;
export const SCRIPT = 'twin:S;pay=1000JPY;payTo=8518HKD;rate=8.5614;promo=5JPY;expire=2h';

export function aScan(): string {
  const customerId = CUSTOMERS[Math.floor(Math.random() * CUSTOMERS.length)];
  return JSON.stringify({ codeValue: `https://qr.alipayplus.com/281002${randomUUID()}`, customerId });
}

export const A_CONFIRMATION = JSON.stringify({ payAmount: PAY_AMOUNT });
