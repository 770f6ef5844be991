import type { ResealedColumn } from '../platform/database/resealing.js';
import { INBOUND_ANSWER, INBOUND_REQUEST } from './evidence/evidence.store.js';
import { DECODE_ANSWER, NOTIFY_ANSWER } from './evidence/exchange-evidence.js';
import { EVENT_BODY } from './event/event.store.js';
import { NOTE_BODY } from './operator/payment-note.store.js';
import { NOTIFY_BODY } from './order/frozen-result.js';
import { CLEAR_CONTENT, ORDER_CONTENT } from './order/sealed-content.js';
import { SCAN_REQUEST } from './scan/scan.row.js';

/** Every column that is kept sealed, as `npm run data-keys -- rotate` goes through them. */
export const SEALED_COLUMNS: readonly ResealedColumn[] = [
  { ...SCAN_REQUEST, keptWhile: `status = 'PENDING'` },
  DECODE_ANSWER,
  NOTIFY_ANSWER,
  INBOUND_REQUEST,
  INBOUND_ANSWER,
  NOTIFY_BODY,
  EVENT_BODY,
  NOTE_BODY,
  {
    ...ORDER_CONTENT,
    plain: { value: `convert_to(r.content::text, 'UTF8')`, alsoSet: `content = ${CLEAR_CONTENT}` },
  },
];
