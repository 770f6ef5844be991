import type { JSX } from 'preact';
import type {
  DebitStatus,
  NotificationStatus,
  PaymentStatus,
  ScanStatus,
} from '../../../payment-order/order/payment-status.js';
import type { ApprovalStatus } from '../../../payment-order/operator/approval.js';
import type { RefundStatus } from '../../../payment-order/refund/refund.js';

type Tone = 'good' | 'bad' | 'warn' | 'wait' | 'over';

type Status =
  | PaymentStatus
  | DebitStatus
  | NotificationStatus
  | ScanStatus
  | RefundStatus
  | ApprovalStatus
  | 'REFUND_IN_DOUBT';

/** `warn`: a person may have to do something. `bad`: a person has to. */
const TONES: Readonly<Record<Status, Tone>> = {
  AWAITING_CONFIRMATION: 'wait',
  HELD: 'warn',
  DEBITING: 'wait',
  PAID: 'good',
  FAILED: 'over',
  DECLINED: 'over',
  EXPIRED: 'over',
  CANCELLED: 'over',
  INTENDED: 'wait',
  DEBITED: 'good',
  REFUSED: 'over',
  IN_DOUBT: 'bad',
  REFUND_IN_DOUBT: 'bad',
  REQUESTED: 'wait',
  REFUNDED: 'good',
  REVERSING: 'warn',
  REVERSED: 'over',
  PENDING: 'wait',
  DELIVERED: 'good',
  REJECTED: 'bad',
  PARKED: 'bad',
  DECODED: 'good',
  GIVEN_UP: 'over',
  PROPOSED: 'warn',
  APPROVED: 'wait',
  DONE: 'good',
  NOT_DONE: 'over',
  STALE: 'over',
  INTERRUPTED: 'bad',
};

/** The word of a state, in the colour that says what the reader has to do. */
export function State({ of, label }: { of: string; label?: string }): JSX.Element {
  return (
    <span class={`state ${toneOf(of)}`}>
      {label !== undefined && <span class="unseen">{label} </span>}
      {of}
    </span>
  );
}

/** An unknown word has the colour of a state that is over. */
function toneOf(word: string): Tone {
  return Object.hasOwn(TONES, word) ? TONES[word as Status] : 'over'; // it is a key of the table
}
