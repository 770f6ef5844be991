import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  type ServerMetadata,
} from 'openid-client';
import type { JWTPayload } from 'jose';
import { fileFault } from '../../../platform/config/file-fault.js';
import { readCertificates, readSettingText, settingFault } from '../../../platform/config/setting-file.js';
import { WatchedFile } from '../../../platform/config/watched-file.js';
import { HttpSettings } from '../../../platform/http/http.settings.js';
import { EventLog } from '../../../platform/logging/event-log.js';
import { OutgoingFetch } from '../../../platform/outbound/outgoing-fetch.js';
import { SIGN_IN } from '../session/sign-in-gate.js';
import { namesAll, personOfClaims } from './person-of-claims.js';
import { plainHttpHere, ProviderDiscovery } from './provider-discovery.js';
import { providerFault } from './provider-fault.js';
import { ProviderSettings } from './provider.settings.js';

const CALL_LIMITS = { timeoutMs: 5_000, maxBytes: 1024 * 1024 };

/** The route to which the provider sends people back. */
export const CALLBACK = `${SIGN_IN}/callback`;

/** Secrets of one sign-in; apart from us only the browser that began it has them. */
export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export type Redeemed =
  | {
      readonly outcome: 'known';
      readonly person: string;
      readonly scopes: readonly string[];
      /** Names the session that the provider ends at a sign-out. */
      readonly idToken: string;
    }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string };

interface Known {
  readonly settings: ProviderSettings;
  readonly clientId: string;
  readonly publicUrl: string;
  readonly secret: WatchedFile<string> | undefined;
  readonly calls: OutgoingFetch;
  readonly discovery: ProviderDiscovery;
  readonly issuer: URL;
}

/** The OpenID provider for the sign-in to the console: authorization code flow with PKCE, state and nonce. */
@Injectable()
export class IdentityProvider implements OnApplicationShutdown {
  private readonly known: Known | undefined;

  /** @throws SettingsError naming a file that cannot be used, never its content */
  constructor(
    settings: ProviderSettings,
    http: HttpSettings,
    private readonly log: EventLog,
  ) {
    const { issuer, clientId, publicUrl, clientSecretFile, caFile, proxyUrl } = settings;
    if (issuer === undefined || clientId === undefined || publicUrl === undefined) return;
    const ca = caFile === undefined ? undefined : readCertificates('CONSOLE_OIDC_CA_FILE', caFile);
    const calls = new OutgoingFetch({ ...CALL_LIMITS, proxyUrl, ca });
    const url = new URL(issuer);
    this.known = {
      settings,
      clientId,
      publicUrl: new URL(publicUrl).origin + http.publicPathPrefix,
      secret: clientSecretFile === undefined ? undefined : new WatchedFile(clientSecretFile, readSecret),
      calls,
      discovery: new ProviderDiscovery(url, calls.fetch.bind(calls), log),
      issuer: url,
    };
  }

  get isOn(): boolean {
    return this.known !== undefined;
  }

  /** Whether the sign-in page may offer it. */
  async isThere(): Promise<boolean> {
    return (await this.known?.discovery.isThere()) ?? false;
  }

  /** The address at which the browser signs in; undefined while the provider cannot be reached. */
  async signInAt(secrets: SignInSecrets, asksAgain: boolean): Promise<URL | undefined> {
    const metadata = await this.known?.discovery.now();
    if (this.known === undefined || metadata === undefined) return undefined;
    return buildAuthorizationUrl(this.configuration(this.known, metadata), {
      redirect_uri: this.known.publicUrl + CALLBACK,
      scope: this.known.settings.scopes.join(' '),
      state: secrets.state,
      nonce: secrets.nonce,
      code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
      code_challenge_method: 'S256',
      ...(asksAgain && { prompt: 'login' }),
    });
  }

  /**
   * Exchanges the provider's answer for the person it names.
   *
   * @param search the query of the address to which the provider sent the browser
   */
  async redeem(search: string, secrets: SignInSecrets): Promise<Redeemed> {
    const metadata = await this.known?.discovery.last();
    if (this.known === undefined || metadata === undefined) return { outcome: 'unknown', reason: 'away' };
    try {
      return await this.exchange(this.known, metadata, search, secrets);
    } catch (error) {
      const { about, reason } = providerFault(error);
      if (about === 'sign_in') return { outcome: 'refused', reason };
      this.log.warn('console.identity_provider_failed', { step: 'sign_in', reason });
      return { outcome: 'unknown', reason };
    }
  }

  /**
   * The address at which the browser also ends its session with the provider; undefined where the provider has none.
   */
  async signOutAt(idToken: string | undefined): Promise<URL | undefined> {
    const metadata = await this.known?.discovery.last();
    if (this.known === undefined || metadata?.end_session_endpoint === undefined) return undefined;
    return buildEndSessionUrl(this.configuration(this.known, metadata), {
      post_logout_redirect_uri: this.known.publicUrl + SIGN_IN,
      ...(idToken !== undefined && { id_token_hint: idToken }),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.known?.calls.close();
  }

  private async exchange(
    known: Known,
    metadata: ServerMetadata,
    search: string,
    { state, nonce, verifier }: SignInSecrets,
  ): Promise<Redeemed> {
    const { settings, clientId, publicUrl } = known;
    const config = this.configuration(known, metadata);
    const cameBackTo = new URL(publicUrl + CALLBACK);
    cameBackTo.search = search;
    const tokens = await authorizationCodeGrant(config, cameBackTo, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    const idToken = tokens.id_token;
    if (claims === undefined || idToken === undefined) return { outcome: 'refused', reason: 'NO_ID_TOKEN' };
    const audiences = new Set([clientId, ...(settings.otherAudiences ?? [])]);
    if (![claims.aud].flat().every((one) => audiences.has(one)))
      return { outcome: 'refused', reason: 'WRONG_AUDIENCE (aud)' };
    let all: JWTPayload = claims;
    // A provider that follows the standard to the letter gives some claims only here and not in the token.
    if (!namesAll(claims, settings) && metadata.userinfo_endpoint !== undefined)
      all = { ...(await fetchUserInfo(config, tokens.access_token, claims.sub)), ...claims };
    const read = personOfClaims(all, settings);
    return read.outcome === 'known' ? { ...read, idToken } : read;
  }

  /** A new one each time: the library caches keys for minutes, and a rotated key has to be known at once. */
  private configuration({ clientId, secret, calls, issuer }: Known, metadata: ServerMetadata): Configuration {
    const config = new Configuration(metadata, clientId, undefined, clientProof(secret, metadata));
    config[customFetch] = calls.fetch.bind(calls);
    for (const allow of plainHttpHere(issuer)) allow(config);
    enableNonRepudiationChecks(config);
    return config;
  }
}

function clientProof(secret: WatchedFile<string> | undefined, metadata: ServerMetadata) {
  if (secret === undefined) return None();
  try {
    secret.readAgain();
  } catch {
    // The previous secret may still be valid; if it is not, the provider refuses it, and that is logged.
  }
  const ways = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const prove = ways.includes('client_secret_basic') ? ClientSecretBasic : ClientSecretPost;
  return prove(secret.content);
}

function readSecret(path: string): string {
  const secret = readSettingText('CONSOLE_OIDC_CLIENT_SECRET_FILE', path).trim();
  if (secret === '') throw settingFault('CONSOLE_OIDC_CLIENT_SECRET_FILE', fileFault(path, 'is empty'));
  return secret;
}
