import { AlipayPlusSettings } from './alipay-plus/alipay-plus.settings.js';
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

/** With it Node.js takes any certificate for any host, also for those that money and keys depend on. */
const UNCHECKED = 'NODE_TLS_REJECT_UNAUTHORIZED';
const UNCHECKED_RULE =
  'must not be 0 in production; give an authority of your own with NODE_EXTRA_CA_CERTS=<file>';

const THIS_MACHINE = /^(localhost|127(\.\d+){3}|\[::1\]|::1)$/i;

/**
 * What a value may say and production refuses all the same: `http:` to another machine, and certificates that nobody checks.
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
    ...(environment[UNCHECKED] === '0' ? [{ name: UNCHECKED, rule: UNCHECKED_RULE }] : []),
  ];
}

export interface SettingRisk {
  readonly setting: string;
  readonly risk: string;
}

/** What production starts with and is warned of: rows, jobs and passwords that cross a network in the open. */
export function risksOf(settings: LoadedSettings): SettingRisk[] {
  if (!settings.get(RuntimeSettings).isProduction) return [];
  const { url, directUrl, readingUrl } = settings.get(DatabaseSettings);
  const addresses = { DATABASE_URL: url, DATABASE_DIRECT_URL: directUrl, DATABASE_READING_URL: readingUrl };
  const risks = Object.entries(addresses).map(([setting, address]) => ({
    setting,
    risk: databaseRisk(address),
  }));
  if (isRedisInTheOpen(settings.get(QueueSettings)))
    risks.push({ setting: 'REDIS_URL', risk: 'not encrypted to another machine; use rediss://' });
  const wide = settings.get(AlipayPlusSettings).notifyHosts.filter((host) => WIDE_HOST.test(host));
  if (wide.length > 0) risks.push({ setting: 'ALIPAYPLUS_NOTIFY_HOSTS', risk: wideHosts(wide) });
  return risks.filter((one): one is SettingRisk => one.risk !== undefined);
}

/** Below these names are Alipay+'s own hosts; whoever gives away names below another (`*.github.io`), gives them to anybody. */
const WIDE_HOST = /^\*\.(?!([\w-]+\.)*alipayplus\.com(:|$))/i;

const wideHosts = (hosts: readonly string[]): string =>
  `${hosts.join(', ')} lets results go to whoever gets a name there; list each host`;

/** Of a cluster by its nodes; of a group by its sentinels, which tell where the primary is. */
function isRedisInTheOpen({ redisUrl = '', sentinels }: QueueSettings): boolean {
  const [, authority = ''] = /^redis:\/\/(?:[^/?]*@)?([^/?]*)/.exec(redisUrl.trim()) ?? [];
  const hosts = authority === '' ? [] : (sentinels ?? authority.split(','));
  return hosts.map((host) => parsed(`redis://${host}`)).some((one) => one !== undefined && isElsewhere(one));
}

function isPlainElsewhere(text: string): boolean {
  const url = parsed(text);
  return url?.protocol === 'http:' && isElsewhere(url);
}

const isElsewhere = ({ hostname }: URL): boolean => hostname !== '' && !THIS_MACHINE.test(hostname);

function databaseRisk(address = ''): string | undefined {
  const risks = hostsOf(address)
    .urls.map(parsed)
    .map((one) => one && risksOfOne(one));
  return risks.find((risk) => risk !== undefined);
}

function risksOfOne(url: URL): string | undefined {
  // What `pg` connects to when both are there; a path is a socket of this machine.
  const host = url.searchParams.get('host') ?? url.hostname;
  if (host === '' || host.startsWith('/') || THIS_MACHINE.test(host)) return undefined;
  const mode =
    url.searchParams.get('sslmode') ??
    (/^(1|true)$/.test(url.searchParams.get('ssl') ?? '') ? 'require' : '');
  // `disable`, `allow` and `prefer` may all end in the open.
  if (!/^(require|verify-ca|verify-full|no-verify)$/.test(mode))
    return 'not encrypted to another machine; add sslmode=verify-full';
  // Without it `pg` checks all there is to check by `require` and `verify-ca` as well.
  const isAsLibpq = url.searchParams.get('uselibpqcompat') === 'true';
  if (mode === 'no-verify' || (isAsLibpq && mode !== 'verify-full'))
    return 'encrypted to another machine, and to any that takes its place; use sslmode=verify-full';
  return undefined;
}

/** A text that is not an address is refused elsewhere, by its own rule. */
function parsed(text = ''): URL | undefined {
  return URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
}
