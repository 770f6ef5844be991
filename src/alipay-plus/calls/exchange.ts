import type { PostFailure } from '../../platform/outbound/post-transport.js';

/** Why the outcome of a call is unknown. From `redirect` on: a whole answer came and proves nothing. */
export type UnknownReason =
  | PostFailure
  | 'redirect'
  | 'http_status'
  | 'unsigned'
  | 'bad_signature'
  | 'unknown_key'
  | 'result_unknown'
  | 'throttled';

/** Everything that is known of one call to Alipay+, so that it can be kept as evidence. */
export interface Exchange<Body> {
  /** `accepted`: verified signature and S. `rejected`: verified signature and F. `unknown`: everything else. */
  readonly outcome: 'accepted' | 'rejected' | 'unknown';
  /**
   * As answered, cut to the lengths of the API; for an unverified answer a hint and no more. A verified F with the code
   * SUCCESS is `REFUSED_AS_SUCCESS`.
   */
  readonly resultCode?: string;
  readonly resultMessage?: string;
  /** Only when accepted. */
  readonly body?: Body;
  /** Only when unknown. */
  readonly reason?: UnknownReason;
  readonly httpStatus?: number;
  readonly durationMs: number;
  /** The texts of the time headers, ours and theirs: enough to measure how far the two clocks are apart. */
  readonly requestTime: string;
  readonly responseTime?: string;
  readonly contentType?: string;
  /** The version of our key the request was signed with. */
  readonly keyVersion: string;
  /** The bytes that were signed, or the beginning of them when there were too many. */
  readonly rawResponse?: Buffer;
}
