/** A browser without JavaScript: it keeps cookies, and follows no redirect by itself. */
export class ConsoleClient {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly url: string) {}

  /** The same cookies at another process. */
  at(url: string): ConsoleClient {
    const other = new ConsoleClient(url);
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    return other;
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<ConsoleAnswer> {
    return this.send(path, { headers });
  }

  /** Submits the form of a page with these fields and its hidden ones. */
  async post(path: string, fields: Record<string, string>, page = path): Promise<ConsoleAnswer> {
    const form = await this.get(page);
    return this.postRaw(path, { csrf: csrfIn(form.text), ...fields });
  }

  async postRaw(path: string, fields: Record<string, string>): Promise<ConsoleAnswer> {
    return this.postForm(path, Object.entries(fields));
  }

  /** A field may occur several times. */
  postForm(path: string, fields: readonly (readonly [string, string])[]): Promise<ConsoleAnswer> {
    const body = new URLSearchParams(fields.map(([name, value]) => [name, value]));
    return this.send(path, { method: 'POST', body });
  }

  signIn(token: string, next = ''): Promise<ConsoleAnswer> {
    return this.post('/console/sign-in', { token, next });
  }

  private async send(
    path: string,
    init: RequestInit & { headers?: Record<string, string> },
  ): Promise<ConsoleAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${this.url}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { ...init.headers, ...(cookie === '' ? {} : { cookie }) },
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: response.headers.get('location'),
    };
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export interface ConsoleAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly location: string | null;
}

export function csrfIn(html: string): string {
  return /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
}
