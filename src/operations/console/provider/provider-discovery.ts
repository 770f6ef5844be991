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

/** For so long nobody asks again whether the provider is there. */
const FRESH_MS = 30_000;
/** For so long nobody waits for a provider that did not answer a moment ago. */
const AWAY_MS = 3_000;
/** The sign-in page is wanted now; a provider that is slower is asked on, for whoever comes next. */
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
 * What the provider says of itself. Asked for when somebody wants to sign in, never at the start and by nothing else; at
 * most once in a while, however many ask.
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

  /** Undefined: the provider cannot be reached, or is not the one that the settings name. */
  async now(): Promise<ServerMetadata | undefined> {
    const at = performance.now();
    if (this.known !== undefined && at - this.known.atMs < FRESH_MS) return this.known.metadata;
    if (at - this.failedAtMs < AWAY_MS) return undefined;
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  /** What it said last, if it ever did since the start; else what it says now. */
  async last(): Promise<ServerMetadata | undefined> {
    return this.known?.metadata ?? (await this.now());
  }

  /** Whether a page may lead people there. */
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

/** The settings take plain http for this machine alone. */
export function plainHttpHere(issuer: URL): ((config: Configuration) => void)[] {
  return issuer.protocol === 'http:' ? [allowInsecureRequests] : [];
}

/**
 * A provider for many companies has a pattern in the place of its name, and would let all of them in. No address that it
 * names may be less safe than its own.
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
