import type { AxesStanding } from '../../payment-order/order/payment-status.js';
import type { OperatorAct, OperatorAction } from '../../payment-order/operator/operator-action.js';
import type { ActCause, ActVerdict } from './act-verdict.js';

export interface ActWish {
  readonly act: OperatorAct;
  readonly reason: string;
  /** Only says what would be done. */
  readonly dryRun: boolean;
}

/** An act as it is kept, and the request that asked for it. */
export interface RequestedAct extends OperatorAction {
  readonly requestId: string;
}

/** What became of an act, or would become of it. */
export interface ActReport {
  readonly paymentId: string;
  readonly act: OperatorAct;
  readonly dryRun: boolean;
  /** False also for an act that was carried out and had no effect; `why` then says so. */
  readonly changed: boolean;
  /** What it did, or would do. */
  readonly effect?: string;
  readonly cause?: ActCause;
  readonly why?: string;
  readonly before: AxesStanding;
  /** Absent from a dry run. */
  readonly after?: AxesStanding;
}

/** What every act would do to a payment now. */
export interface ActsPreview {
  readonly paymentId: string;
  readonly readAt: Date;
  readonly state: AxesStanding;
  readonly acts: readonly ({ readonly act: OperatorAct; readonly call: ActCall } & ActVerdict)[];
}

/** How an act is asked for; the body is `{reason, dryRun?}`. */
export interface ActCall {
  readonly method: 'POST';
  readonly path: string;
}
