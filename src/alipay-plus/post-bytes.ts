import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { readBounded, type BoundedBody } from './bounded-body.js';

/** An answer of 100 goods with every text at its limit stays below a third of this. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * The adapter that does axios' sending: bytes out, bytes in, and none of the conveniences that a signature over bytes
 * forbids. No redirect is followed, since it would carry a signed request to an address nobody approved, and a proxy
 * named in the environment is passed over for the same reason. axios' own adapter does all of that at every call, only
 * to be told not to: with it a call costs more than twice the CPU (docs/performance.md).
 *
 * `config.timeout` spans everything, from looking up the host to the last byte of the answer.
 */
export function postBytes(config: InternalAxiosRequestConfig): Promise<AxiosResponse<BoundedBody>> {
  return new Promise((resolve, reject) => {
    const url = new URL(config.url ?? '');
    const isSecure = url.protocol === 'https:';
    const options = {
      method: 'POST',
      agent: isSecure ? config.httpsAgent : config.httpAgent,
      headers: config.headers.toJSON(),
    };
    const call = isSecure ? requestHttps(url, options) : requestHttp(url, options);
    let isLate = false;
    const deadline = setTimeout(() => {
      isLate = true;
      call.destroy(new CallTimeout());
    }, config.timeout);
    call.on('response', (answer) => {
      void readBounded(unpacked(answer), MAX_ANSWER_BYTES).then((read) => {
        clearTimeout(deadline);
        const data = isLate && read.end === 'broken' ? { ...read, error: new CallTimeout() } : read;
        resolve(responseOf(config, answer, data));
      });
    });
    call.on('error', (error) => {
      clearTimeout(deadline);
      reject(error);
    });
    call.end(config.data);
  });
}

class CallTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/** We ask for plain bytes; an answer that comes compressed all the same is unpacked, its size counted unpacked. */
function unpacked(answer: IncomingMessage): Readable {
  switch (answer.headers['content-encoding']?.toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return pipeline(answer, createUnzip(), ignore);
    case 'br':
      return pipeline(answer, createBrotliDecompress(), ignore);
    default:
      return answer;
  }
}

/** Whoever reads the end of the pipeline is told of the same error. */
function ignore(): void {}

function responseOf(
  config: InternalAxiosRequestConfig,
  { statusCode = 0, statusMessage = '', headers }: IncomingMessage,
  data: BoundedBody,
): AxiosResponse<BoundedBody> {
  return {
    status: statusCode,
    statusText: statusMessage,
    headers: { ...headers } as AxiosResponse['headers'],
    config,
    data,
  };
}
