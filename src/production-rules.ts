import type { Environment, LoadedSettings, SettingFault } from './platform/config/load-settings.js';
import { RuntimeSettings } from './platform/config/runtime.settings.js';
import { DatabaseSettings } from './platform/database/database.settings.js';
import { hostsOf } from './platform/database/hosts.js';
import { QueueSettings } from './platform/queues/queue.settings.js';

/** Settings of servers that are believed because of their connection. */
const SIGNED_OR_BELIEVED = ['ALIPAYPLUS_BASE_URL', 'WALLET_LEDGER_URL', 'DATA_KEYS_TRANSIT_URL'] as const;

/** What a browser is led to: in production that is never this machine. */
const SHOWN_TO_BROWSERS = ['CONSOLE_OIDC_ISSUER', 'CONSOLE_PUBLIC_URL'] as const;

const PLAIN_RULE = 'must be https in production; plain http is taken for localhost, 127.0.0.1 and [::1] only';

const THIS_MACHINE = /^(localhost|127(\.\d+){3}|\[::1\]|::1)$/i;

/**
 * What a value may say and production refuses all the same: `http:` to another machine.
 *
 * ```ts
 * unsafeInProduction({ NODE_ENV: 'production', WALLET_LEDGER_URL: 'http://core.example' }); // one fault, by its name
 * ```
 */
export function unsafeInProduction(environment: Environment): SettingFault[] {
  if (environment['NODE_ENV'] !== 'production') return [];
  const believed = SIGNED_OR_BELIEVED.filter((name) => isPlainElsewhere(environment[name] ?? ''));
  const shown = SHOWN_TO_BROWSERS.filter((name) => parsed(environment[name])?.protocol === 'http:');
  return [
    ...believed.map((name) => ({ name, rule: PLAIN_RULE })),
    ...shown.map((name) => ({ name, rule: 'must be https in production' })),
  ];
}

export interface SettingRisk {
  readonly setting: string;
  readonly risk: string;
}

/** What production starts with and is warned of: rows, jobs and passwords that cross a network in the open. */
export function risksOf(settings: LoadedSettings): SettingRisk[] {
  if (!settings.get(RuntimeSettings).isProduction) return [];
  const risks: SettingRisk[] = [];
  const { url, readingUrl } = settings.get(DatabaseSettings);
  for (const [setting, address] of Object.entries({ DATABASE_URL: url, DATABASE_READING_URL: readingUrl }))
    if (isDatabaseInTheOpen(address))
      risks.push({ setting, risk: 'not encrypted to another machine; add sslmode=verify-full' });
  if (isRedisInTheOpen(settings.get(QueueSettings)))
    risks.push({ setting: 'REDIS_URL', risk: 'not encrypted to another machine; use rediss://' });
  return risks;
}

/** Of a cluster by its first node; of a group by its first sentinel, which tells where the primary is. */
function isRedisInTheOpen({ redisUrl, sentinels }: QueueSettings): boolean {
  const first = redisUrl?.replace(/,[^/?]*/, '');
  const redis = parsed(sentinels ? `redis://${sentinels[0]}` : first);
  return redisUrl?.startsWith('redis:') === true && redis !== undefined && isElsewhere(redis);
}

function isPlainElsewhere(text: string): boolean {
  const url = parsed(text);
  return url?.protocol === 'http:' && isElsewhere(url);
}

const isElsewhere = ({ hostname }: URL): boolean => hostname !== '' && !THIS_MACHINE.test(hostname);

function isDatabaseInTheOpen(address = ''): boolean {
  const hosts = hostsOf(address).urls.map(parsed);
  return hosts.some((one) => one !== undefined && isElsewhere(one) && !isDatabaseEncrypted(one));
}

/** `disable`, `allow` and `prefer` may all end in the open. */
function isDatabaseEncrypted({ searchParams }: URL): boolean {
  return /^(require|verify-ca|verify-full|no-verify)$/.test(searchParams.get('sslmode') ?? '');
}

/** A text that is not an address is refused elsewhere, by its own rule. */
function parsed(text = ''): URL | undefined {
  return URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
}
