import { Agent, request as send, type buildConnector } from 'undici';
import { connector, toName, tunnelling } from './connectors.js';
import { unpacked } from './unpacked.js';

export interface FetchRules {
  /** What every connection goes through. */
  readonly proxyUrl?: string | undefined;
  /** PEM; whom the other side's certificate has to come from, instead of whom Node.js trusts. */
  readonly ca?: string | undefined;
  /** From looking up the host to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface FetchOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** What an answer that is larger than the rules allow fails with. */
export const ANSWER_TOO_LARGE = 'ERR_ANSWER_TOO_LARGE';

class AnswerTooLargeError extends Error {
  readonly code = ANSWER_TOO_LARGE;
}

/**
 * A `fetch` for a library that takes one: it calls out as all of this service does, with a limit for time and size. It
 * follows no redirect, and passes over a proxy that only the environment names.
 */
export class OutgoingFetch {
  private readonly agent: Agent;

  constructor(private readonly rules: FetchRules) {
    const { proxyUrl, ca } = rules;
    const tls: buildConnector.BuildOptions = ca === undefined ? {} : { ca };
    const connect = proxyUrl === undefined ? connector(tls) : tunnelling(new URL(proxyUrl), toName, tls);
    this.agent = new Agent({ connect });
  }

  /** @throws what the transport fails with; `transportFailure` has a word for it */
  async fetch(url: string, { method, headers, body, signal }: FetchOptions): Promise<Response> {
    const { timeoutMs, maxBytes } = this.rules;
    const limit = AbortSignal.timeout(timeoutMs);
    const answer = await send(url, {
      dispatcher: this.agent,
      method: method === 'POST' ? 'POST' : 'GET',
      headers: { ...headers },
      body: body === undefined || body === null ? null : textOf(body),
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    const packed = await bytesOf(answer.body, maxBytes);
    const encoding = answer.headers['content-encoding'];
    const bytes = typeof encoding === 'string' ? await unpacked(packed, encoding, maxBytes) : packed;
    return new Response(bytes.length === 0 ? null : new Uint8Array(bytes), {
      status: answer.statusCode,
      headers: Object.entries(answer.headers).flatMap(([name, values]) =>
        [values ?? []].flat().map((value): [string, string] => [name, value]),
      ),
    });
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

/** The libraries that this is for send forms and texts. */
function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('only forms and texts are sent');
}

async function bytesOf(stream: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw new AnswerTooLargeError('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
