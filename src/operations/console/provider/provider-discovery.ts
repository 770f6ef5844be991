import { setTimeout as wait } from 'node:timers/promises';
import {
  allowInsecureRequests,
  customFetch,
  discovery,
  type Configuration,
  type CustomFetch,
  type ServerMetadata,
} from 'openid-client';
import type { EventLog } from '../../../platform/logging/event-log.js';
import { providerFault } from './provider-fault.js';
import { isSecured } from './provider.settings.js';

/** How long an answer counts as fresh; until then the provider is not asked again. */
const FRESH_MS = 30_000;
/** How long after a failure nobody waits for the provider again. */
const AWAY_MS = 3_000;
/** How long the sign-in page waits. The request to a slower provider goes on, for the next page. */
const PAGE_PATIENCE_MS = 1_500;
const TIMEOUT_SECONDS = 5;

const ENDPOINTS = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'userinfo_endpoint',
  'end_session_endpoint',
] as const;
const NEEDED: readonly (typeof ENDPOINTS)[number][] = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
];

/**
 * The provider's metadata. It is fetched when somebody wants to sign in, never at the start, and by one request at a
 * time, however many wait for it.
 */
export class ProviderDiscovery {
  private known: { readonly metadata: ServerMetadata; readonly atMs: number } | undefined;
  private failedAtMs = -Infinity;
  private asking: Promise<ServerMetadata | undefined> | undefined;

  constructor(
    private readonly issuer: URL,
    private readonly fetch: CustomFetch,
    private readonly log: EventLog,
  ) {}

  /**
   * The metadata, at most `FRESH_MS` old. Undefined: the provider cannot be reached, or is not the one in the settings.
   */
  async now(): Promise<ServerMetadata | undefined> {
    const at = performance.now();
    if (this.known !== undefined && at - this.known.atMs < FRESH_MS) return this.known.metadata;
    if (at - this.failedAtMs < AWAY_MS) return undefined;
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  /** The last known metadata; fetched now when there is none since the start. */
  async last(): Promise<ServerMetadata | undefined> {
    return this.known?.metadata ?? (await this.now());
  }

  /** Whether a page may offer the provider now; waits `PAGE_PATIENCE_MS` at most. */
  async isThere(): Promise<boolean> {
    const answered = this.now().then((metadata) => metadata !== undefined);
    return Promise.race([answered, wait(PAGE_PATIENCE_MS, false, { ref: false })]);
  }

  private async ask(): Promise<ServerMetadata | undefined> {
    try {
      const config = await discovery(this.issuer, 'discovery', undefined, undefined, {
        [customFetch]: this.fetch,
        timeout: TIMEOUT_SECONDS,
        execute: plainHttpHere(this.issuer),
      });
      const metadata = config.serverMetadata();
      const fault = faultOf(metadata, this.issuer);
      if (fault === undefined) {
        this.known = { metadata, atMs: performance.now() };
        return metadata;
      }
      this.failed(fault);
    } catch (error) {
      this.failed(providerFault(error).reason);
    }
    return undefined;
  }

  private failed(reason: string): void {
    this.failedAtMs = performance.now();
    this.log.warn('console.identity_provider_failed', { step: 'discovery', reason });
  }
}

/** The settings allow plain http only for an issuer on this machine. */
export function plainHttpHere(issuer: URL): ((config: Configuration) => void)[] {
  return issuer.protocol === 'http:' ? [allowInsecureRequests] : [];
}

/**
 * A provider for many companies has a pattern in place of its name, and would let the people of all of them in. None of
 * its endpoints may be less safe than the issuer.
 */
function faultOf(metadata: ServerMetadata, issuer: URL): string | undefined {
  if (!URL.canParse(metadata.issuer) || new URL(metadata.issuer).href !== issuer.href)
    return 'ISSUER_MISMATCH';
  for (const name of ENDPOINTS) {
    const address = metadata[name];
    if (address === undefined && NEEDED.includes(name)) return `ENDPOINT_MISSING (${name})`;
    if (address === undefined) continue;
    const isSafe = URL.canParse(address) && isSecured(new URL(address));
    if (!isSafe || (issuer.protocol === 'https:' && !address.startsWith('https:')))
      return `ENDPOINT_NOT_SAFE (${name})`;
  }
  return undefined;
}
