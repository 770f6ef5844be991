import type { InboundRequest } from '../alipay-plus/signature/inbound-signature.js';
import type { InboundEvidence } from '../payment-order/evidence/evidence.store.js';
import type { Origin } from '../platform/tracing/origin.js';

/** A call of Alipay+ as it came in, before anybody believes it. */
export interface InboundCall extends InboundRequest {
  readonly api: InboundEvidence['api'];
  /** Ours, for the log; Alipay+ knows nothing of it. */
  readonly origin: Origin;
  /** Of whoever called, as the proxies we trust tell it. */
  readonly address: string;
}
