import { Injectable } from '@nestjs/common';
import { DecodePolicy } from '../../decode/decode-policy.js';
import { refuse } from '../operations.problems.js';
import type { PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import { PaymentSnapshots } from '../snapshot/payment-snapshots.js';
import { explainPayment } from './explain-payment.js';
import type { ExplanationDto } from './explanation.dto.js';
import type { PaymentId } from '../../payment-order/order/ids.js';

/** The state of a payment, its cause, and the next steps. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly snapshots: PaymentSnapshots,
    private readonly policy: DecodePolicy,
  ) {}

  async explain(paymentId: PaymentId): Promise<ExplanationDto> {
    const snapshot = await this.snapshots.find(paymentId);
    if (!snapshot) throw refuse('NOT_FOUND');
    return this.explainRead(snapshot);
  }

  /** Explains a snapshot that is also used for something else, so that both describe the same moment. */
  explainRead(snapshot: PaymentSnapshot): ExplanationDto {
    return explainPayment(snapshot, this.policy.rules);
  }
}
