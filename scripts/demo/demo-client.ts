import type { EmbeddedParts } from '../../embedded/embedded-parts.js';

export interface Said {
  readonly request: string;
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Calls the service as a wallet app and as an operator, and controls the twin; all over HTTP. */
export class DemoClient {
  private readonly twinUrl: string;

  constructor(
    private readonly url: string,
    private readonly parts: EmbeddedParts,
  ) {
    this.twinUrl = parts.environment.ALIPAYPLUS_BASE_URL ?? '';
  }

  app(method: string, path: string, body?: unknown): Promise<Said> {
    return this.call(`${this.url}${path}`, method, this.parts.tokens?.walletApp, body);
  }

  async operator(path: string): Promise<Record<string, unknown>> {
    return (await this.call(`${this.url}${path}`, 'GET', this.parts.tokens?.operator)).body;
  }

  async twin(path: string): Promise<unknown> {
    const response = await fetch(`${this.twinUrl}${path}`);
    return response.json();
  }

  async tellTwin(path: string, body: object): Promise<void> {
    const answer = await fetch(`${this.twinUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`the twin answered ${answer.status}`);
  }

  private async call(url: string, method: string, token: string | undefined, body?: unknown): Promise<Said> {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token ?? ''}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>; // every answer of ours is a JSON object
    return { request: `${method} ${new URL(url).pathname}`, status: response.status, body: answer };
  }
}
