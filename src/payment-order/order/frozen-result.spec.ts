import { createHash } from 'node:crypto';
import { Sealing } from '../../platform/sealing/sealing.js';
import { FrozenResult } from './frozen-result.js';
import type { PaymentOrder } from './payment-order.js';
import { closed, PAID, type ResultMessage } from './payment-result.js';

const order: PaymentOrder = {
  paymentId: 'payment-1',
  paymentRequestId: 'request-1',
  customerId: 'customer-1',
  status: 'DEBITING',
  scenario: 'CASHIER',
  paymentAmount: { currency: 'JPY', value: 1_000n },
  payToAmount: { currency: 'HKD', value: 8_561n },
  payAmount: { currency: 'HKD', value: 9_000n },
  expiresAt: new Date('2026-03-01T12:00:00Z'),
  notifyUrl: 'https://localhost/n',
  content: { promotions: [], surcharged: true },
  contentConflict: false,
  askLedger: false,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  readAt: new Date(0),
};

describe('FrozenResult', () => {
  let written: ResultMessage | undefined;
  const writer = {
    write: (message: ResultMessage) => {
      written = message;
      return Buffer.from('the bytes');
    },
  };
  const frozen = new FrozenResult(writer, new Sealing());

  it('has the result of an order, and the digest of its exact bytes', () => {
    const { body, sha256 } = frozen.messageOf(order, PAID, '2026-03-01T12:00:00+00:00');
    expect(String(body)).toBe('the bytes');
    expect(sha256).toEqual(createHash('sha256').update('the bytes').digest());
    expect(written).toEqual({
      paymentResult: PAID,
      paymentRequestId: 'request-1',
      paymentId: 'payment-1',
      customerId: 'customer-1',
      paymentTime: '2026-03-01T12:00:00+00:00',
      paymentAmount: { currency: 'JPY', value: 1_000n },
      payToAmount: { currency: 'HKD', value: 8_561n },
    });
  });

  it('leaves out fields that an order does not have', () => {
    const { paymentAmount: _one, payToAmount: _two, payAmount: _three, ...bare } = order;
    frozen.messageOf(bare, closed('EXPIRED'));
    expect(Object.keys(written ?? {}).sort()).toEqual([
      'customerId',
      'paymentId',
      'paymentRequestId',
      'paymentResult',
    ]);
  });
});
