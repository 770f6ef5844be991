import { columnOf, type ColumnOf, type ColumnType, type RowOf } from '../../platform/database/columns.js';
import type { PaymentOrderEntity } from './payment-order.entity.js';

/**
 * What a decode says of an order in one column each, and the type of the column. Another one takes four places: a
 * migration, its property in `PaymentOrderEntity`, a line here, and its value where the answer is read
 * (`src/decode/decoded-order-of.ts`). The insert, every select and the types `DecodedOrder` and `PaymentOrder` follow.
 */
export const DECODED = {
  paymentRequestId: 'text',
  scenario: 'text',
  acquirerId: 'text',
  pspId: 'text',
  quoteId: 'text',
  quoteExpiresAt: 'timestamptz',
  notifyUrl: 'text',
  /** Present when the order may not be paid; says why in fixed words. */
  heldReason: 'text',
  /** What did not fit among the amounts, although it may have been let pass. */
  amountFlag: 'text',
} as const satisfies Partial<Record<keyof PaymentOrderEntity, ColumnType>>;

/** Only operators and the books read these, so no statement of the hot path carries them. */
const UNREAD = ['acquirerId', 'pspId', 'amountFlag'] as const satisfies readonly DecodedProperty[];

/** Other columns that are read as they are. */
const KEPT = [
  'paymentId',
  'customerId',
  'status',
  'expiresAt',
  'contentConflict',
  'cancelRequestedAt',
  'askLedger',
  'paymentTime',
  'createdAt',
  'updatedAt',
] as const satisfies readonly (keyof PaymentOrderEntity)[];

export type DecodedProperty = keyof typeof DECODED;
/** What is read as it is. */
export type PlainProperty = Exclude<DecodedProperty, (typeof UNREAD)[number]> | (typeof KEPT)[number];

const AMOUNTS = [
  'payment_currency',
  'payment_value',
  'pay_to_currency',
  'pay_to_value',
  'pay_currency',
  'pay_value',
] as const satisfies readonly (keyof RowOf<PaymentOrderEntity>)[];
/** Read together. */
const CONTENT = ['content', 'sealed_content'] as const;
const RESULT = ['result_status', 'result_code', 'result_message'] as const;

export const DECODED_PROPERTIES = Object.keys(DECODED) as DecodedProperty[]; // the keys of the constant above

/** Property and column of everything that is read as it is. */
export const PLAIN_COLUMNS: readonly (readonly [property: PlainProperty, column: ColumnOf<PlainProperty>])[] =
  [...KEPT, ...DECODED_PROPERTIES.filter(isRead)].map((property) => [property, columnOf(property)]);

/** Every column that the stores read. */
export const READ_COLUMNS: readonly string[] = [
  ...PLAIN_COLUMNS.map(([, column]) => column),
  ...AMOUNTS,
  ...CONTENT,
  ...RESULT,
];

/** The columns above, as a row has them. */
export type ReadRow = Pick<
  RowOf<PaymentOrderEntity>,
  ColumnOf<PlainProperty> | (typeof AMOUNTS)[number] | (typeof CONTENT)[number] | (typeof RESULT)[number]
>;

function isRead(property: DecodedProperty): property is Extract<DecodedProperty, PlainProperty> {
  return UNREAD.every((unread) => unread !== property);
}
