import { setTimeout as sleep } from 'node:timers/promises';
import type { Troubles } from './troubles.js';

export interface AppAnswer {
  readonly status: number;
  /** Every answer of the API is a JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** No answer for longer than a payer would wait. */
class AppGaveUp extends Error {}

export interface WalletAppOptions {
  readonly apiUrls: readonly string[];
  readonly token: string;
  readonly troubles: Troubles;
}

/** Longer than the longest answer, and no longer than an app would wait for one. */
const ANSWER_TIMEOUT_MS = 8_000;
const PATIENCE_MS = 90_000;
const AGAIN_MS = 150;

/**
 * A wallet app: it sends a request until it is answered, and changes to the other address when one does not answer.
 * Every repetition must be safe; the drill tests that.
 */
export class WalletApp {
  constructor(private readonly options: WalletAppOptions) {}

  /** @param first which address it begins with */
  async ask(method: string, path: string, first: number, body?: object): Promise<AppAnswer> {
    const { apiUrls, troubles } = this.options;
    const giveUpAt = Date.now() + PATIENCE_MS;
    let trouble: symbol | undefined;
    try {
      for (let attempt = 0; ; attempt += 1) {
        const url = apiUrls[(first + attempt) % apiUrls.length] ?? '';
        const answer = await this.send(`${url}${path}`, method, body);
        if (typeof answer !== 'string') return answer;
        trouble = troubles.met(answer, trouble);
        if (Date.now() > giveUpAt) throw new AppGaveUp(`${method} ${path}: ${answer}`);
        await sleep(AGAIN_MS * Math.min(1 + attempt, 4));
      }
    } finally {
      troubles.over(trouble);
    }
  }

  /** The failure in a word, when the request has to be sent again. */
  private async send(url: string, method: string, body?: object): Promise<AppAnswer | string> {
    try {
      const response = await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${this.options.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      if (response.status >= 500 || response.status === 429) return `HTTP ${response.status}`;
      return { status: response.status, body: answer as AppAnswer['body'] }; // the API answers nothing but objects
    } catch (error) {
      return failureOf(error);
    }
  }
}

function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer';
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return error.name === 'SyntaxError' ? 'half an answer' : error.message;
}
