import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { HttpService } from '@nestjs/axios';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import { pinnedLookup } from '../platform/outbound/pinned-lookup.js';
import { isPublicAddress } from '../platform/outbound/public-address.js';
import { readBounded } from './bounded-body.js';
import type { UnknownReason } from './exchange.js';
import { transportFailure } from './transport-failure.js';

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
      readonly reason: UnknownReason;
      readonly httpStatus?: number;
      /** What had come until then. */
      readonly body?: Buffer;
    };

/** An answer of 100 goods with every text at its limit stays below a third of this. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Of an answer that is thrown away, enough to see what it was. */
const EVIDENCE_BYTES = 64 * 1024;

/** Posts bytes and brings bytes back. The only file that knows which HTTP client does it. */
@Injectable()
export class AlipayPlusTransport implements OnApplicationShutdown {
  private readonly httpAgent = new HttpAgent({ keepAlive: true });
  private readonly httpsAgent = new HttpsAgent({ keepAlive: true, minVersion: 'TLSv1.2' });
  private readonly publicOnlyAgents = {
    httpAgent: new HttpAgent({ keepAlive: true, lookup: pinnedLookup() }),
    httpsAgent: new HttpsAgent({ keepAlive: true, minVersion: 'TLSv1.2', lookup: pinnedLookup() }),
  };

  constructor(private readonly http: HttpService) {}

  /** Never throws: whatever prevents a whole answer is named in what it returns. */
  async post({
    url,
    headers,
    body,
    timeoutMs,
    publicOnly = false,
  }: OutgoingRequest): Promise<TransportAnswer> {
    if (publicOnly && isOwnAddress(url)) return { answered: false, reason: 'address_not_public' };
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const agents = publicOnly ? this.publicOnlyAgents : {};
      const options = { ...this.options(), ...agents, headers, signal };
      return await answerOf(await this.http.axiosRef.post<Readable>(url, body, options), signal);
    } catch (error) {
      return { answered: false, reason: signal.aborted ? 'timeout' : transportFailure(error) };
    }
  }

  onApplicationShutdown(): void {
    this.httpAgent.destroy();
    this.httpsAgent.destroy();
    this.publicOnlyAgents.httpAgent.destroy();
    this.publicOnlyAgents.httpsAgent.destroy();
  }

  /**
   * Bytes in, bytes out: every convenience of axios is off, because the signature covers the bytes. The answer is read
   * as a stream, so that its size and its end are judged here. A redirect is not followed, since it would carry a signed
   * request to an address nobody approved; a proxy named in the environment is passed over for the same reason.
   */
  private options(): AxiosRequestConfig {
    return {
      httpAgent: this.httpAgent,
      httpsAgent: this.httpsAgent,
      proxy: false,
      maxRedirects: 0,
      responseType: 'stream',
      transformRequest: [],
      transformResponse: [],
      transitional: { silentJSONParsing: false, forcedJSONParsing: false, clarifyTimeoutError: true },
      validateStatus: null,
      // We ask for plain bytes; an answer that comes compressed all the same is unpacked, its size counted unpacked.
      decompress: true,
    };
  }
}

/** An address in the place of a host is never looked up, so it is judged here. */
function isOwnAddress(url: string): boolean {
  const hostname = URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : '';
  return isIP(hostname) !== 0 && !isPublicAddress(hostname);
}

async function answerOf(answer: AxiosResponse<Readable>, signal: AbortSignal): Promise<TransportAnswer> {
  const httpStatus = answer.status;
  const read = await readBounded(answer.data, MAX_ANSWER_BYTES);
  if (read.end === 'whole') {
    return { answered: true, httpStatus, header: (name) => headerOf(answer, name), body: read.bytes };
  }
  const reason = read.end === 'oversized' ? 'oversized' : brokenReason(read.error, signal);
  return { answered: false, reason, httpStatus, body: read.bytes.subarray(0, EVIDENCE_BYTES) };
}

/** The status line has come, so a connection that ends now has cut the answer short. */
function brokenReason(error: unknown, signal: AbortSignal): UnknownReason {
  if (signal.aborted) return 'timeout';
  const reason = transportFailure(error);
  return reason === 'network_error' ? 'truncated' : reason;
}

/** Node gives the names of headers in lower case, however they were sent. */
function headerOf(answer: AxiosResponse, name: string): string | undefined {
  const value: unknown = answer.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : undefined;
}
