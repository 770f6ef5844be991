import type { OnApplicationShutdown } from '@nestjs/common';
import { Agent } from 'undici';
import { errorCodeOf } from '../error-code.js';
import { addressOf } from './call-address.js';
import { connector, toJudged, toName, tunnelling } from './connectors.js';
import { pinnedLookup } from './pinned-lookup.js';
import { PostedCall, type CallEnd } from './posted-call.js';
import { isOwnAddress } from './plain-url.js';
import { transportFailure, type TransportFailure } from './transport-failure.js';
import { unpacked } from './unpacked.js';

/** Why no whole answer came. */
export type PostFailure = TransportFailure | 'truncated' | 'oversized';

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** From looking up the host to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Only to an address on the internet, whatever the host resolves to: for an address that others named. */
  readonly publicOnly?: boolean;
}

export type TransportAnswer =
  | {
      readonly answered: true;
      readonly httpStatus: number;
      /** Whatever the case of its name. */
      header(name: string): string | undefined;
      readonly body: Buffer;
    }
  | {
      readonly answered: false;
      readonly reason: PostFailure;
      readonly httpStatus?: number;
      /** What had come until then. */
      readonly body?: Buffer;
    };

/** The largest answer that is expected stays below a third of this. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Of an answer that is thrown away, enough to see what it was. */
const EVIDENCE_BYTES = 64 * 1024;

/** The call as a whole has a limit of its own. */
const AGENT_OPTIONS: Agent.Options = { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000 };

/**
 * Posts bytes and brings bytes back. The only file that knows which HTTP client does it: one that changes nothing about
 * them, because the signature covers the bytes. It follows no redirect, which would carry a signed request to an address
 * nobody approved, and passes over a proxy that only the environment names (`HTTP_PROXY`) for the same reason.
 */
export class PostTransport implements OnApplicationShutdown {
  private readonly anywhere: Agent;
  private readonly publicOnly: Agent;

  /** @param proxyUrl what every connection goes through */
  constructor(proxyUrl?: string) {
    const proxy = proxyUrl === undefined ? undefined : new URL(proxyUrl);
    const lookup = pinnedLookup();
    const [anywhere, publicOnly] = proxy
      ? [tunnelling(proxy, toName), tunnelling(proxy, toJudged(lookup))]
      : [connector({}), connector({ lookup })];
    this.anywhere = new Agent({ ...AGENT_OPTIONS, connect: anywhere });
    this.publicOnly = new Agent({ ...AGENT_OPTIONS, connect: publicOnly });
  }

  /** Never throws: whatever prevents a whole answer is named in what it returns. */
  async post(request: OutgoingRequest): Promise<TransportAnswer> {
    const { url, headers, body, timeoutMs, publicOnly = false } = request;
    const address = addressOf(url);
    if (!address) return { answered: false, reason: 'invalid_url' };
    const { origin, hostname, path } = address;
    // An address in the place of a host is never looked up, so it is judged here.
    if (publicOnly && isOwnAddress(hostname)) return { answered: false, reason: 'address_not_public' };
    const call = new PostedCall({ timeoutMs, maxBytes: MAX_ANSWER_BYTES });
    const agent = publicOnly ? this.publicOnly : this.anywhere;
    const options = { origin, path, method: 'POST' as const, headers, body };
    try {
      agent.dispatch(options, call);
    } catch (error) {
      // Refused before anything was sent, such as by an agent that is closed already.
      call.onResponseError(null, error);
    }
    return answerOf(await call.ended);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.anywhere.destroy(), this.publicOnly.destroy()]);
  }
}

function answerOf({
  how,
  httpStatus,
  headers,
  body,
  error,
}: CallEnd): TransportAnswer | Promise<TransportAnswer> {
  if (httpStatus === undefined)
    return { answered: false, reason: how === 'timeout' ? 'timeout' : transportFailure(error) };
  const cut = { answered: false, httpStatus, body: body.subarray(0, EVIDENCE_BYTES) } as const;
  if (how === 'broken') return { ...cut, reason: brokenReason(error) };
  if (how !== 'whole') return { ...cut, reason: how };
  const header = (name: string): string | undefined => {
    const value = headers[name.toLowerCase()];
    return typeof value === 'string' ? value : undefined;
  };
  const answer = { answered: true, httpStatus, header } as const;
  // We ask for plain bytes; an answer that comes compressed all the same is unpacked, its size counted unpacked.
  const encoding = header('Content-Encoding');
  if (encoding === undefined) return { ...answer, body };
  return unpacked(body, encoding, MAX_ANSWER_BYTES).then(
    (plain) => ({ ...answer, body: plain }),
    (fault: unknown) => ({
      ...cut,
      reason: errorCodeOf(fault) === 'ERR_BUFFER_TOO_LARGE' ? 'oversized' : 'unreadable',
    }),
  );
}

/** The status line has come, so a connection that ends now has cut the answer short. */
function brokenReason(error: unknown): PostFailure {
  const reason = transportFailure(error);
  return reason === 'network_error' ? 'truncated' : reason;
}
