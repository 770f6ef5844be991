import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';

export const CLIENT_ID = 'payments-console';
export const NONCE = 'the nonce of this sign-in';

/** Undefined removes a claim. */
export interface OtherClaims {
  readonly [claim: string]: unknown;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** An OpenID provider that answers as a test wants, right or wrong. */
export class ScriptedProvider {
  /** Overrides fields of the discovery document. */
  metadata: Readonly<Record<string, unknown>> = {};
  claims: OtherClaims = {};
  userInfo: Readonly<Record<string, unknown>> | undefined;
  /** Absent: signed with the published key. */
  makeIdToken: ((claims: JWTPayload) => string | Promise<string>) | undefined;
  /** By path, instead of the usual answer. */
  readonly answers = new Map<string, Answer>();
  /** The requested paths. */
  readonly calls: string[] = [];
  /** The last call of the token endpoint. */
  tokenRequest = { body: '', authorization: '' };
  private key: { readonly privateKey: CryptoKey; readonly jwk: object; readonly kid: string } | undefined;
  private readonly server: Server = createServer((request, response) => {
    this.answer(request, response).catch((error: unknown) => response.destroy(error as Error)); // node has no other
  });

  static async start(): Promise<ScriptedProvider> {
    const provider = new ScriptedProvider();
    await provider.changeKey('first');
    await once(provider.server.listen(0, '127.0.0.1'), 'listening');
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; // it listens on TCP
  }

  /** Publishes only this key from now on, and signs with it. */
  async changeKey(kid: string): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    this.key = { privateKey, kid, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
  }

  reset(): void {
    this.metadata = {};
    this.claims = {};
    this.userInfo = undefined;
    this.makeIdToken = undefined;
    this.answers.clear();
    this.calls.length = 0;
  }

  sign(claims: JWTPayload): Promise<string> {
    if (this.key === undefined) throw new Error('it has not started');
    const { privateKey, kid } = this.key;
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
  }

  unsigned(claims: JWTPayload): string {
    return new UnsecuredJWT(claims).encode();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.issuer);
    this.calls.push(pathname);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set
    const scripted = this.answers.get(pathname);
    if (scripted) return scripted(response, request);
    if (pathname === '/token') {
      const { authorization = '' } = request.headers;
      this.tokenRequest = { body: Buffer.concat(chunks).toString(), authorization };
      return json(response, await this.tokens());
    }
    if (pathname === '/.well-known/openid-configuration') return json(response, this.discovery());
    if (pathname === '/keys') return json(response, { keys: [this.key?.jwk] });
    if (pathname === '/me' && this.userInfo) return json(response, this.userInfo);
    response.writeHead(404).end();
  }

  private async tokens(): Promise<object> {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: this.issuer, aud: CLIENT_ID, sub: 'ada', nonce: NONCE, iat: now, exp: now + 300 };
    const claims = { ...usual, groups: ['payments-operators'], ...this.claims };
    const idToken = await (this.makeIdToken?.(claims) ?? this.sign(claims));
    return { access_token: 'an access token', token_type: 'Bearer', expires_in: 300, id_token: idToken };
  }

  private discovery(): object {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      userinfo_endpoint: `${issuer}/me`,
      end_session_endpoint: `${issuer}/leave`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
      ...this.metadata,
    };
  }
}

export function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
