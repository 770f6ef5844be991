import { Sealing } from '../../platform/sealing/sealing.js';
import { toPaymentOrder, type OrderRow } from './payment-order.row.js';

const sealing = new Sealing();
const now = new Date('2026-03-01T12:00:00Z');
const bare: OrderRow = {
  payment_id: 'payment-1',
  payment_request_id: 'request-1',
  customer_id: 'customer-1',
  status: 'HELD',
  scenario: 'OTHER',
  payment_currency: null,
  payment_value: null,
  pay_to_currency: null,
  pay_to_value: null,
  pay_currency: null,
  pay_value: null,
  quote_id: null,
  quote_expires_at: null,
  expires_at: now,
  notify_url: 'https://localhost/n',
  content: { promotions: [], surcharged: false },
  sealed_content: null,
  content_conflict: false,
  ask_ledger: false,
  held_reason: null,
  cancel_requested_at: null,
  result_status: null,
  result_code: null,
  result_message: null,
  payment_time: null,
  created_at: now,
  updated_at: now,
  now,
};

describe('toPaymentOrder', () => {
  it('makes an absent column an absent property', () => {
    const order = toPaymentOrder(bare, sealing);
    expect(Object.values(order)).not.toContain(undefined);
    expect(Object.keys(order)).not.toContain('payAmount');
    expect(Object.keys(order)).not.toContain('result');
    expect(order.readAt).toBe(now);
  });

  it('reads amounts as exact integers', () => {
    const row = { ...bare, pay_currency: 'HKD', pay_value: '123456789012345678901234567890' };
    expect(toPaymentOrder(row, sealing).payAmount).toEqual({
      currency: 'HKD',
      value: 123456789012345678901234567890n,
    });
  });

  it('reads a result, with or without a message', () => {
    const row: OrderRow = { ...bare, result_status: 'F', result_code: 'ORDER_IS_CLOSED' };
    expect(toPaymentOrder(row, sealing).result).toEqual({
      resultStatus: 'F',
      resultCode: 'ORDER_IS_CLOSED',
      resultMessage: '',
    });
    expect(toPaymentOrder({ ...row, result_message: 'why' }, sealing).result?.resultMessage).toBe('why');
  });
});
