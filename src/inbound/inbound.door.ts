import { Injectable } from '@nestjs/common';
import type { ResultToWrite } from '../alipay-plus/messages/inbound-messages.js';
import { unpacked } from '../platform/outbound/unpacked.js';
import { InboundSignature, type InboundVerdict } from '../alipay-plus/signature/inbound-signature.js';
import { EvidenceStore } from '../payment-order/evidence/evidence.store.js';
import { EventLog } from '../platform/logging/event-log.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { Freshness } from './freshness.js';
import type { InboundCall } from './inbound-call.js';
import { resultOnly, type InboundAnswer } from './inbound.service.js';
import { RefusalAnswers, type SignedAnswer } from './refusal-answers.js';

const INVALID_SIGNATURE: ResultToWrite = {
  resultStatus: 'F',
  resultCode: 'INVALID_SIGNATURE',
  resultMessage: 'The signature is invalid.',
};
const INVALID_CLIENT: ResultToWrite = {
  resultStatus: 'F',
  resultCode: 'INVALID_CLIENT',
  resultMessage: 'The client is invalid.',
};
/** Alipay+ repeats the call; nothing final was said. */
const TRY_AGAIN: ResultToWrite = {
  resultStatus: 'U',
  resultCode: 'UNKNOWN_EXCEPTION',
  resultMessage: 'try again',
};

/**
 * The frame of every inbound call: the signature is checked over the raw bytes before anything is parsed, the answer
 * is signed over the very bytes that are sent, and both are kept as evidence. It always answers, with HTTP 200,
 * because only the `result` in the body tells Alipay+ anything.
 */
@Injectable()
export class InboundDoor {
  private readonly answers;

  constructor(
    private readonly signature: InboundSignature,
    private readonly evidence: EvidenceStore,
    private readonly freshness: Freshness,
    private readonly refusals: RefusalAnswers,
    private readonly log: EventLog,
    metrics: Metrics,
  ) {
    this.answers = metrics.counter({
      name: 'alipayplus_inbound_answers_total',
      help: 'Calls of Alipay+ to us, by the result we answered.',
      labels: ['api', 'status', 'code'],
    });
  }

  async receive(
    received: InboundCall,
    answer: (body: Buffer) => Promise<InboundAnswer>,
  ): Promise<SignedAnswer> {
    const unproved = this.signature.missingProof(received);
    const call = { ...received, rawBody: unproved ? received.rawBody : await plainBody(received) };
    const verdict = unproved ?? this.signature.verify(call);
    const refusal = this.refusalOf(call, verdict);
    if (refusal) {
      this.count(call, refusal);
      return this.refusals.answer(call, refusal);
    }
    const answered = await this.answered(call, verdict, answer);
    this.count(call, answered.result);
    return {
      body: answered.body,
      headers: await this.signature.signAnswer(call, answered.body),
    };
  }

  private count({ api }: InboundCall, { resultStatus: status, resultCode: code }: ResultToWrite): void {
    this.answers.inc({ api, status, code });
  }

  private refusalOf(call: InboundCall, verdict: InboundVerdict): ResultToWrite | undefined {
    if (!verdict.verified) {
      const { origin, api, address } = call;
      this.log.warn('inbound.refused', { origin, api, address, reason: verdict.reason });
      return verdict.reason === 'wrong_client' ? INVALID_CLIENT : INVALID_SIGNATURE;
    }
    return this.freshness.accepts(call, verdict.requestedAt) ? undefined : INVALID_SIGNATURE;
  }

  private async answered(
    { api, origin, rawBody }: InboundCall,
    verdict: InboundVerdict,
    answer: (body: Buffer) => Promise<InboundAnswer>,
  ): Promise<InboundAnswer> {
    try {
      const made = await answer(rawBody);
      await this.evidence.keepInbound({
        api,
        request: rawBody,
        answer: made.body,
        result: made.result,
        ...(made.paymentResult === undefined ? {} : { paymentResult: made.paymentResult }),
        ...(made.paymentRequestId === undefined ? {} : { paymentRequestId: made.paymentRequestId }),
        ...(verdict.verified ? { requestTime: verdict.requestTime } : {}),
      });
      return made;
    } catch (error) {
      this.log.error('inbound.failed', { origin, api }, error);
      return resultOnly(TRY_AGAIN);
    }
  }
}

const MAX_CALL_BYTES = 1024 * 1024;

/**
 * As for an answer: what came compressed is what was signed before. A body that is not what its header says fails its
 * signature.
 */
async function plainBody({ rawBody, headers }: InboundCall): Promise<Buffer> {
  const encoding = headers['content-encoding'];
  if (typeof encoding !== 'string') return rawBody;
  return unpacked(rawBody, encoding, MAX_CALL_BYTES).catch(() => rawBody);
}
