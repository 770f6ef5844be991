import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientMetadata, Configuration } from 'oidc-provider';

const CLIENT_ID = 'payments-console';

/** The accounts, with their groups. */
const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  ada: ['payments-operators', 'staff'],
  ben: ['payments-approvers', 'payments-operators'],
  wall: ['payments-readers'],
  aud: ['payments-operators', 'payments-auditors'],
  eve: ['sales'],
};

/** The settings with which a console knows these groups. */
const GROUPS = {
  CONSOLE_OIDC_OPERATE_GROUPS: 'payments-operators',
  CONSOLE_OIDC_APPROVE_GROUPS: 'payments-approvers',
  CONSOLE_OIDC_WATCH_GROUPS: 'payments-readers',
  CONSOLE_OIDC_RAW_GROUPS: 'payments-auditors',
};

export interface CompanyProviderOptions {
  /** The address of the console, with its prefix. */
  readonly consoleUrl: string;
  /** Absent: a public client. */
  readonly secret?: string;
}

/** The certified OpenID provider `oidc-provider`, with a few people, at an address of its own. */
export class CompanyProvider {
  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  static async start(options: CompanyProviderOptions): Promise<CompanyProvider> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
    const answer = await quietly(() => callbackOf(issuer, options));
    server.on('request', (request, response) => void answer(request, response));
    return new CompanyProvider(issuer, server);
  }

  /** The settings for a console. */
  get settings(): Readonly<Record<string, string>> {
    return {
      ...GROUPS,
      CONSOLE_OIDC_ISSUER: this.issuer,
      CONSOLE_OIDC_CLIENT_ID: CLIENT_ID,
      CONSOLE_OIDC_SCOPES: 'openid,profile',
    };
  }

  /**
   * Plays a browser that is sent here: signs the person in, and comes back.
   *
   * @param address to which the console sent it
   * @returns the last address to which the provider sends it
   */
  async signIn(address: string, login: string): Promise<string> {
    const browser = new Visitor(this.issuer);
    const form = await browser.follow(address);
    const action = /action="([^"]+)"/.exec(form.text)?.[1] ?? '';
    const posted = await browser.post(action, { prompt: 'login', login, password: 'x' });
    return (await browser.follow(posted)).leftTo;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function callbackOf(issuer: string, options: CompanyProviderOptions) {
  const { Provider } = await import('oidc-provider');
  return new Provider(issuer, configuration(options)).callback();
}

/** It warns about settings made for tests, and about an older Node.js that we also support. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { warn, info } = console;
  Object.assign(console, { warn: () => undefined, info: () => undefined });
  return work().finally(() => Object.assign(console, { warn, info }));
}

function configuration({ consoleUrl, secret }: CompanyProviderOptions): Configuration {
  const client: ClientMetadata = {
    client_id: CLIENT_ID,
    redirect_uris: [`${consoleUrl}/console/sign-in/callback`],
    post_logout_redirect_uris: [`${consoleUrl}/console/sign-in`],
    ...(secret === undefined
      ? { token_endpoint_auth_method: 'none' as const }
      : { client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' as const }),
  };
  return {
    clients: [client],
    claims: { profile: ['name', 'groups'] },
    findAccount: (_ctx, id) =>
      PEOPLE[id] && { accountId: id, claims: () => ({ sub: id, name: id, groups: [...(PEOPLE[id] ?? [])] }) },
    // The company has agreed for everybody.
    loadExistingGrant: async (ctx) => {
      const { client: asking, session, provider } = ctx.oidc;
      const grant = new provider.Grant({
        ...(asking && { clientId: asking.clientId }),
        ...(session?.accountId !== undefined && { accountId: session.accountId }),
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    ttl: {
      Interaction: 600,
      Grant: 600,
      Session: 600,
      AccessToken: 600,
      IdToken: 600,
      AuthorizationCode: 60,
    },
    cookies: { keys: ['a key of a test'] },
  };
}

interface Seen {
  readonly text: string;
  /** The address of a redirect that leaves the provider. */
  readonly leftTo: string;
}

/** Keeps the provider's cookies and follows its redirects. */
class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly issuer: string) {}

  async follow(address: string): Promise<Seen> {
    let at = address;
    for (let hops = 0; hops < 10; hops++) {
      if (!at.startsWith(this.issuer)) return { text: '', leftTo: at };
      const answer = await this.send(at);
      const location = answer.headers.get('location');
      if (location === null) return { text: await answer.text(), leftTo: '' };
      at = new URL(location, at).href;
    }
    throw new Error('the provider goes in circles');
  }

  async post(address: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const answer = await this.send(address, { method: 'POST', body: new URLSearchParams(fields) });
    return new URL(answer.headers.get('location') ?? '', address).href;
  }

  private async send(address: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    return answer;
  }
}
