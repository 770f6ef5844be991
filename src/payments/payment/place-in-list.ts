import { isUUID } from 'class-validator';
import type { PlaceInList } from '../../payment-order/order/payments-of-customer.js';

/** To the microsecond, which a `Date` cannot hold. */
const PLACE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(\d{3})Z ([\da-f-]{36})$/;

/** Opaque to apps: where the next page begins, behind a payment that this one ends with. */
export function writePlace({ createdAt, paymentId }: PlaceInList): string {
  return Buffer.from(`${createdAt} ${paymentId}`).toString('base64url');
}

/** Undefined for anything `writePlace` did not write. */
export function readPlace(text: string): PlaceInList | undefined {
  const [, time, micros, paymentId] = PLACE.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (time === undefined || micros === undefined || paymentId === undefined) return undefined;
  if (!isUUID(paymentId)) return undefined;
  const date = new Date(`${time}Z`);
  // A day that does not exist, or the year 0, would be an error of PostgreSQL.
  const exists = !Number.isNaN(date.getTime()) && date.toISOString() === `${time}Z` && time >= '0001';
  return exists ? { createdAt: `${time}${micros}Z`, paymentId } : undefined;
}
