import { METHODS } from 'node:http';
import { Injectable } from '@nestjs/common';
import { AlipayPlusSettings } from '../alipay-plus/alipay-plus.settings.js';
import { writeResultOnly, type ResultToWrite } from '../alipay-plus/messages/inbound-messages.js';
import { InboundSignature, type InboundRequest } from '../alipay-plus/signature/inbound-signature.js';

export interface SignedAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Kept {
  readonly answer: Promise<SignedAnswer>;
  readonly until: number;
}

/** The methods that the HTTP server reads at all; a caller cannot put words of their own there. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);
/** Within what two clocks may differ; a flood costs one signature in this time. */
const KEPT_MS = 1_000;

/**
 * The answers to callers who have proved nothing. A stranger must not get our signature over text of their own choice,
 * nor make us sign as often as they like: one of our few paths by itself gets a signed answer that is kept for a
 * second, since nothing in it depends on the call; with a query, which is signed too, it gets the result without a
 * signature (docs/adr/0024-what-strangers-are-answered.md).
 */
@Injectable()
export class RefusalAnswers {
  private readonly kept = new Map<string, Kept>();
  private readonly paths: ReadonlySet<string>;

  constructor(
    settings: AlipayPlusSettings,
    private readonly signature: InboundSignature,
  ) {
    const { inquiryPath, cancelPath, refundPath, inquiryRefundPath } = settings;
    this.paths = new Set([inquiryPath, cancelPath, refundPath, inquiryRefundPath]);
  }

  async answer(
    { method, url }: Pick<InboundRequest, 'method' | 'url'>,
    result: ResultToWrite,
  ): Promise<SignedAnswer> {
    const body = writeResultOnly(result);
    if (!KNOWN_METHODS.has(method) || !this.paths.has(url))
      return { headers: { 'Content-Type': 'application/json; charset=UTF-8' }, body };
    const key = `${method} ${url} ${result.resultCode}`;
    const kept = this.kept.get(key);
    if (kept !== undefined && kept.until > performance.now()) return kept.answer;
    const answer = this.signature.signAnswer({ method, url }, body).then((headers) => ({ headers, body }));
    this.kept.set(key, { answer, until: performance.now() + KEPT_MS });
    return answer;
  }
}
