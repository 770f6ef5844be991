import type { ApiClient, Json } from './api-client.js';
import { until } from './until.js';

/** Waits until the notification of a payment has this status, and returns the operators' view of the payment. */
export function untilNotified(operator: ApiClient, paymentId: string, status = 'DELIVERED'): Promise<Json> {
  return until(`the notification of ${paymentId} is ${status}`, async () => {
    const { body } = await operator.operations(`/payments/${paymentId}`);
    return body.notification?.status === status && body;
  });
}
