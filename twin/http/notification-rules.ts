import type { OrderRecord } from '../books/order.js';
import type { DefectKind } from '../books/twin-event.js';
import { canonical, isObject, scalarFault, textAt, valueAt, type JsonObject } from '../wire/json.js';
import { isTimestampWithOffset } from '../wire/timestamp.js';
import { characters } from './request-rules.js';

/** Why a notification is refused. Each refusal is a defect of the MPP. */
export interface NotificationRefusal {
  readonly code: 'PARAM_ILLEGAL' | 'ORDER_NOT_EXIST' | 'REPEAT_REQ_INCONSISTENT';
  readonly kind: DefectKind;
  readonly detail: string;
}

/** Compares a notification with the order as it was sent, and with the first notification accepted for it. */
export function notificationRefusal(
  notification: JsonObject,
  order: OrderRecord | undefined,
): NotificationRefusal | null {
  const shape = shapeFault(notification);
  if (shape !== null) return illegal(shape);
  if (!order?.terms) {
    const kind = 'NOTIFICATION_FOR_UNKNOWN_ORDER';
    return { code: 'ORDER_NOT_EXIST', kind, detail: 'this paymentRequestId was never issued' };
  }
  const field = order.firstAccepted && changedField(order.firstAccepted, notification);
  if (field !== null) {
    const kind = 'NOTIFICATION_INCONSISTENT';
    return { code: 'REPEAT_REQ_INCONSISTENT', kind, detail: `${field} differs from the first notification` };
  }
  const terms = termsFault(notification, order);
  return terms === null ? null : illegal(terms);
}

function illegal(detail: string): NotificationRefusal {
  return { code: 'PARAM_ILLEGAL', kind: 'NOTIFICATION_ILLEGAL', detail };
}

const MAX_CHARACTERS: readonly (readonly [path: readonly string[], max: number])[] = [
  [['paymentRequestId'], 64],
  [['paymentId'], 64],
  [['customerId'], 64],
  [['passThroughInfo'], 20_000],
  [['paymentResult', 'resultCode'], 64],
  [['paymentResult', 'resultMessage'], 256],
];

function shapeFault(notification: JsonObject): string | null {
  const scalar = scalarFault(notification);
  if (scalar !== null) return `${scalar.path} ${scalar.reason}`;
  if (textAt(notification, 'paymentRequestId') === null) return 'paymentRequestId is missing';
  for (const [path, max] of MAX_CHARACTERS) {
    const text = textAt(notification, ...path);
    if (text !== null && characters(text) > max) return `${path.join('.')} is longer than ${max} characters`;
  }
  if (!isObject(notification['paymentResult'])) return 'paymentResult is missing';
  const resultStatus = textAt(notification, 'paymentResult', 'resultStatus');
  const resultCode = textAt(notification, 'paymentResult', 'resultCode');
  if (resultStatus !== 'S' && resultStatus !== 'F') return 'paymentResult.resultStatus must be S or F';
  if (resultCode === null) return 'paymentResult.resultCode is missing';
  return (resultStatus === 'S') === (resultCode === 'SUCCESS')
    ? null
    : 'paymentResult.resultCode does not fit its resultStatus';
}

/** The fields the network compares when a notification is repeated. */
const CONSISTENT_FIELDS = [
  'paymentAmount',
  'paymentResult',
  'paymentId',
  'payToAmount',
  'customerId',
  'customsDeclarationAmount',
] as const;

function changedField(first: JsonObject, repeat: JsonObject): string | null {
  const isChanged = (field: string): boolean =>
    canonical(first[field] ?? null) !== canonical(repeat[field] ?? null);
  return CONSISTENT_FIELDS.find(isChanged) ?? null;
}

function termsFault(notification: JsonObject, order: OrderRecord): string | null {
  const customerId = textAt(notification, 'customerId');
  if (customerId !== null && !order.codes.some((code) => code.customerId === customerId)) {
    return 'customerId is not the one that decoded the order';
  }
  for (const field of ['paymentAmount', 'payToAmount'] as const) {
    const told = notification[field] ?? null;
    if (told !== null && canonical(told) !== canonical(order.terms?.[field])) {
      return `${field} is not the one of the order`;
    }
  }
  return textAt(notification, 'paymentResult', 'resultStatus') === 'S'
    ? paidFault(notification, order)
    : null;
}

/** The fields that only a paid notification must have. */
function paidFault(notification: JsonObject, order: OrderRecord): string | null {
  if (textAt(notification, 'paymentId') === null) return 'paymentId is missing';
  if (!isObject(notification['paymentAmount'])) return 'paymentAmount is missing';
  const isConverted =
    valueAt(order.terms?.paymentAmount, 'currency') !== valueAt(order.terms?.payToAmount, 'currency');
  if (isConverted && !isObject(notification['payToAmount'])) return 'payToAmount is missing';
  const paymentTime = textAt(notification, 'paymentTime');
  if (paymentTime === null) return 'paymentTime is missing';
  return isTimestampWithOffset(paymentTime) ? null : 'paymentTime must be ISO 8601 with an offset';
}
