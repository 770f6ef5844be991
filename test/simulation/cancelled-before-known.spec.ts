import { randomUUID } from 'node:crypto';
import { writeNotifyPayment } from '../../src/alipay-plus/messages/notify-payment.js';
import { CancelStore } from '../../src/payment-order/cancel/cancel.store.js';
import { DecodedOrderStore } from '../../src/payment-order/scan/decoded-order.store.js';
import { FrozenResult } from '../../src/payment-order/order/frozen-result.js';
import { InquiryStore } from '../../src/payment-order/cancel/inquiry.store.js';
import { PaymentOrderStore } from '../../src/payment-order/order/payment-order.store.js';
import { ScanStore } from '../../src/payment-order/scan/scan.store.js';
import { Database } from '../../src/platform/database/database.js';
import { openPool } from '../../src/platform/database/pool.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';

const MONEY = { currency: 'HKD', value: 100n };

describe('an order that is cancelled before it is known (failures 15)', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = new Database(openPool(testDatabase.url, { name: 'test', max: 4 }));
  });
  afterAll(async () => {
    await database.pool.end();
    await testDatabase.drop();
  });

  it('is never reported as in process again, once an inquiry was answered with closed', async () => {
    const orders = new PaymentOrderStore(
      database,
      new FrozenResult({ write: writeNotifyPayment }, database.sealing),
    );
    const inquiries = new InquiryStore(database);
    const paymentRequestId = `order-${randomUUID()}`;
    await new CancelStore(database, orders).cancel({ paymentRequestId });
    expect(await inquiries.standing(paymentRequestId)).toEqual({ known: 'cancelled' });

    const status = await decodeOrder(database, paymentRequestId);
    expect(status).toBe('AWAITING_CONFIRMATION');
    expect(await inquiries.standing(paymentRequestId)).toEqual({ known: 'cancelled' });
  });
});

/** The decode of the order arrives; nobody has closed it yet. */
async function decodeOrder(database: Database, paymentRequestId: string): Promise<string | undefined> {
  const scanId = randomUUID();
  await new ScanStore(database).begin({
    scanId,
    customerId: 'payer',
    codeHash: Buffer.alloc(32, scanId),
    requestBody: Buffer.from('{}'),
    windowMs: 60_000,
    leaseMs: 10_000,
  });
  const evidence = { outcome: 'accepted', durationMs: 1, requestTime: '', keyVersion: '1' } as const;
  const decoded = {
    paymentRequestId,
    scenario: 'OTHER',
    notifyUrl: 'https://partner.example/notifyPayment',
    content: { promotions: [], surcharged: false },
    paymentAmount: MONEY,
    payToAmount: MONEY,
    payAmount: MONEY,
    expiresAt: new Date(Date.now() + 600_000),
  } as const;
  const accepted = await new DecodedOrderStore(database).accept(scanId, evidence, decoded, 600_000);
  return 'order' in accepted ? accepted.order.status : undefined;
}
