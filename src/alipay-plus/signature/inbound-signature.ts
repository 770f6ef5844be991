import { Injectable, Optional } from '@nestjs/common';
import { PeerClocks } from '../../platform/clock/peer-clocks.js';
import { AlipayPlusSettings } from '../alipay-plus.settings.js';
import { readDatetime, writeDatetime } from '../wire/datetime.js';
import { MessageSignature, type SignatureVerdict } from './message-signature.js';

/** Under this name their clock is known. */
export const ALIPAYPLUS_CLOCK = 'alipayplus';

export interface InboundRequest {
  readonly method: string;
  /** Path and query as they reach us. */
  readonly url: string;
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came, before anything parsed them. */
  readonly rawBody: Buffer;
}

export type InboundVerdict =
  | { readonly verified: true; readonly requestTime: string; readonly requestedAt: Date | undefined }
  | {
      readonly verified: false;
      readonly reason: Extract<SignatureVerdict, { verified: false }>['reason'] | 'wrong_client';
    };

/** The signatures of the calls Alipay+ makes to us: theirs on the request, ours on the answer. */
@Injectable()
export class InboundSignature {
  constructor(
    private readonly settings: AlipayPlusSettings,
    private readonly signature: MessageSignature,
    @Optional() private readonly clocks?: PeerClocks,
  ) {}

  /** Checked before anything is computed: such a call has no sender. */
  missingProof({ headers }: InboundRequest): Extract<InboundVerdict, { verified: false }> | undefined {
    if (single(headers['client-id']) !== this.settings.clientId)
      return { verified: false, reason: 'wrong_client' };
    const isSigned = single(headers.signature) !== undefined && single(headers['request-time']) !== undefined;
    return isSigned ? undefined : { verified: false, reason: 'unsigned' };
  }

  /** The caller decides how old a message may be; the protocol names no limit. */
  verify({ method, url, headers, rawBody }: InboundRequest): InboundVerdict {
    const time = single(headers['request-time']);
    if (single(headers['client-id']) !== this.settings.clientId) {
      return { verified: false, reason: 'wrong_client' };
    }
    const signature = single(headers.signature);
    const path = this.publicPathOf(url);
    const verdict = this.signature.verify({ method, path, time, signature, body: rawBody });
    if (!verdict.verified) return verdict;
    const requestTime = time ?? '';
    return { verified: true, requestTime, requestedAt: readHeaderTime(requestTime) };
  }

  /** The headers of an answer. The very bytes that are given here have to be sent. */
  async signAnswer(
    request: Pick<InboundRequest, 'method' | 'url'>,
    body: Buffer,
  ): Promise<Record<string, string>> {
    const time = writeDatetime(this.clocks?.nowFor(ALIPAYPLUS_CLOCK) ?? new Date());
    const { method } = request;
    const path = this.publicPathOf(request.url);
    const { header } = await this.signature.sign({ method, path, time, body });
    return {
      'Content-Type': 'application/json; charset=UTF-8',
      'Client-Id': this.settings.clientId,
      'Response-Time': time,
      Signature: header,
    };
  }

  /** As Alipay+ wrote it, before a proxy took its prefix off. */
  private publicPathOf(url: string): string {
    return `${this.settings.publicPathPrefix}${url}`;
  }
}

/** A header that came twice counts as none. */
function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

const EPOCH_MS = /^\d{13}$/;

/**
 * Reads the time header in every spelling that has been seen, epoch milliseconds included. Only for judging how old a
 * message is: what is signed and verified is the literal text.
 */
export function readHeaderTime(text: string): Date | undefined {
  return EPOCH_MS.test(text) ? new Date(Number(text)) : readDatetime(text);
}
