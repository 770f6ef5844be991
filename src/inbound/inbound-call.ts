import type { InboundRequest } from '../alipay-plus/signature/inbound-signature.js';
import type { InboundEvidence } from '../payment-order/evidence/evidence.store.js';
import type { Origin } from '../platform/tracing/origin.js';

/** A call of Alipay+ as it came in, before its signature is checked. */
export interface InboundCall extends InboundRequest {
  readonly api: InboundEvidence['api'];
  /** Ours, for the log; Alipay+ knows nothing of it. */
  readonly origin: Origin;
  /** The caller's address, as the trusted proxies say. */
  readonly address: string;
}
