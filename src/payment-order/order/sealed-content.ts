import { placeOf, type SealedColumn } from '../../platform/sealing/sealed-column.js';
import { openedOr, type Sealing } from '../../platform/sealing/sealing.js';
import type { PaymentId } from './ids.js';
import type { OrderContent } from './order-content.js';

/** What an order says is kept sealed as a whole; beside it stays in the open what money is decided by. */
export const ORDER_CONTENT = {
  table: 'payment_order',
  column: 'sealed_content',
  id: 'payment_id',
  idType: 'uuid',
  key: ['payment_id'],
} as const satisfies SealedColumn;

/** What `clearContent` leaves, of the column `content`. */
export const CLEAR_CONTENT = `jsonb_strip_nulls(jsonb_build_object('promotions', content -> 'promotions',
  'surcharged', content -> 'surcharged', 'exchangeRate', content -> 'exchangeRate',
  'requirements', (content -> 'requirements') - 'authorizationInfo'))`;

/**
 * What PostgreSQL refuses in JSON: the ledger and others could not store it either. It is given to the database as it is, so
 * that the order is refused as one without a key would be.
 */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i;

export interface KeptContent {
  /** JSON. */
  readonly content: string;
  readonly sealed?: Buffer;
}

/** @param json the content in JSON */
export function keptContent(
  sealing: Sealing,
  paymentId: PaymentId,
  content: OrderContent,
  json: string,
): KeptContent {
  if (sealing.sealingKeyId === undefined || UNSTORABLE.test(json)) return { content: json };
  const sealed = sealing.seal(placeOf(ORDER_CONTENT, [paymentId]), Buffer.from(json));
  return { content: JSON.stringify(clearContent(content)), sealed };
}

/** Nothing here says who bought what, and nothing that money depends on is missing. */
function clearContent({ promotions, surcharged, exchangeRate, requirements }: OrderContent): OrderContent {
  const { flags, proofs } = requirements ?? {};
  return {
    promotions,
    surcharged,
    ...(exchangeRate && { exchangeRate }),
    ...(flags && proofs && { requirements: { flags, proofs } }),
  };
}

/** The whole content; of one that was erased, or cannot be opened, what stays in the open. */
export function openedContent(
  row: {
    readonly payment_id: PaymentId;
    readonly content: OrderContent;
    readonly sealed_content: Buffer | null;
  },
  sealing: Sealing,
): OrderContent {
  const { payment_id: paymentId, content, sealed_content: sealed } = row;
  if (sealed === null || sealed.length === 0) return content;
  const opened = openedOr(undefined, () => sealing.open(placeOf(ORDER_CONTENT, [paymentId]), sealed));
  if (opened === undefined) return { ...content, isUnreadable: true };
  return JSON.parse(opened.toString('utf8')) as OrderContent; // what keptContent sealed
}
