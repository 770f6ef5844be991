import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import { HttpService } from '@nestjs/axios';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { AxiosResponse } from 'axios';
import { pinnedLookup } from '../platform/outbound/pinned-lookup.js';
import { isPublicAddress } from '../platform/outbound/public-address.js';
import type { BoundedBody } from './bounded-body.js';
import type { UnknownReason } from './exchange.js';
import { postBytes } from './post-bytes.js';
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

/** Of an answer that is thrown away, enough to see what it was. */
const EVIDENCE_BYTES = 64 * 1024;

/** axios hands bytes on as they are and leaves every judgement of the answer to us. */
const BYTES = { method: 'post', adapter: postBytes, transformRequest: [], transformResponse: [] };

/** Posts bytes and brings bytes back. With its adapter the only file that knows which HTTP client does it. */
@Injectable()
export class AlipayPlusTransport implements OnApplicationShutdown {
  private readonly agents = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true, minVersion: 'TLSv1.2' }),
  };
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
    const agents = publicOnly ? this.publicOnlyAgents : this.agents;
    try {
      const request = { ...BYTES, ...agents, url, headers, data: body, timeout: timeoutMs };
      return answerOf(await this.http.axiosRef.request<BoundedBody>(request));
    } catch (error) {
      return { answered: false, reason: transportFailure(error) };
    }
  }

  onApplicationShutdown(): void {
    for (const { httpAgent, httpsAgent } of [this.agents, this.publicOnlyAgents]) {
      httpAgent.destroy();
      httpsAgent.destroy();
    }
  }
}

/** An address in the place of a host is never looked up, so it is judged here. */
function isOwnAddress(url: string): boolean {
  const hostname = URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : '';
  return isIP(hostname) !== 0 && !isPublicAddress(hostname);
}

function answerOf(answer: AxiosResponse<BoundedBody>): TransportAnswer {
  const { status: httpStatus, data: read } = answer;
  if (read.end === 'whole') {
    return { answered: true, httpStatus, header: (name) => headerOf(answer, name), body: read.bytes };
  }
  const reason = read.end === 'oversized' ? 'oversized' : brokenReason(read.error);
  return { answered: false, reason, httpStatus, body: read.bytes.subarray(0, EVIDENCE_BYTES) };
}

/** The status line has come, so a connection that ends now has cut the answer short. */
function brokenReason(error: unknown): UnknownReason {
  const reason = transportFailure(error);
  return reason === 'network_error' ? 'truncated' : reason;
}

/** Node gives the names of headers in lower case, however they were sent. */
function headerOf(answer: AxiosResponse, name: string): string | undefined {
  const value: unknown = answer.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : undefined;
}
