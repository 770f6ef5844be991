import { AlipayPlusSettings } from '../../src/alipay-plus/alipay-plus.settings.js';
import { readKeySet } from '../../src/alipay-plus/signature/key-set.js';
import { readEndpointsFile } from '../../src/events/event-endpoints.js';
import { EventsSettings } from '../../src/events/events.settings.js';
import { ConsoleSettings } from '../../src/operations/console/console.settings.js';
import { ProviderSettings } from '../../src/operations/console/provider/provider.settings.js';
import { sessionKeys } from '../../src/operations/console/session/session-keys.js';
import { readApiKeyFile } from '../../src/platform/auth/api-key-file.js';
import { AUTH_CA_FILE, AuthSettings } from '../../src/platform/auth/auth.settings.js';
import type { Environment, LoadedSettings } from '../../src/platform/config/load-settings.js';
import { RuntimeSettings } from '../../src/platform/config/runtime.settings.js';
import { readCertificates } from '../../src/platform/config/setting-file.js';
import { chosenWrappingKeys } from '../../src/platform/sealing/chosen-wrapping-keys.js';
import { SealingSettings } from '../../src/platform/sealing/sealing.settings.js';
import { risksOf } from '../../src/production-rules.js';
import { misspeltNames, readSettings } from '../../src/settings.js';
import { databaseLook } from './database-look.js';
import { faultsOf, ok, warning, type Finding } from './finding.js';
import { ledgerLook } from './ledger-look.js';
import { queuesLook } from './queues-look.js';
import { reached } from './reached.js';

type Look = (settings: LoadedSettings, environment: Environment) => Promise<Finding[]>;

/** Checks everything that a service with these settings needs; changes nothing, and prints no secret. */
export async function checkSetup(environment: Environment): Promise<Finding[]> {
  let settings: LoadedSettings;
  try {
    settings = readSettings(environment);
  } catch (error) {
    return faultsOf('settings', error);
  }
  const looks: readonly (readonly [string, Look])[] = [
    ['settings', settingsLook],
    ['keys', keysLook],
    ['callers', callersLook],
    ['secrets', secretsLook],
    ['console', consoleLook],
    ['events', eventsLook],
    ['database', databaseLook],
    ['queues', queuesLook],
    ['alipay-plus', alipayPlusLook],
    ['ledger', ledgerLook],
  ];
  const findings: Finding[] = [];
  for (const [part, look] of looks)
    findings.push(...(await look(settings, environment).catch((error: unknown) => faultsOf(part, error))));
  return findings;
}

const settingsLook: Look = async (settings, environment) => {
  const misspelt = misspeltNames(environment).map(({ name, nearest }) =>
    warning('settings', `${name} is no setting; did you mean ${nearest}?`),
  );
  const risks = risksOf(settings).map(({ setting, risk }) => warning('settings', `${setting} ${risk}`));
  return [ok('settings', 'can be read'), ...misspelt, ...risks];
};

/**
 * Our key pairs sign and verify, or reading them is a fault; only a call can show whether Alipay+ has the public half.
 */
const keysLook: Look = async (settings) => {
  const alipayPlus = settings.get(AlipayPlusSettings);
  if (alipayPlus.privateKeyFile === undefined && alipayPlus.keysFile === undefined)
    return [ok('keys', 'none is named: throwaway keys of the trial')];
  const { signing, ownVersions, alipayPlus: theirs } = readKeySet(alipayPlus);
  const others = ownVersions.filter((version) => version !== signing.version);
  return [
    ok('keys', `ours signs and verifies as version ${signing.version}`),
    ...(others.length > 0 ? [ok('keys', `ours beside it: version ${others.join(', ')}`)] : []),
    ok('keys', `of Alipay+: version ${[...theirs.keys()].join(', ')}`),
  ];
};

const callersLook: Look = async (settings) => {
  const { apiKeysFile, jwksUrl, proxyUrl, caFile } = settings.get(AuthSettings);
  const keys = apiKeysFile === undefined ? [] : readApiKeyFile(apiKeysFile);
  const ca = caFile === undefined ? undefined : readCertificates(AUTH_CA_FILE, caFile);
  const ended = keys.filter(({ expiresAt }) => expiresAt !== undefined && expiresAt.getTime() < Date.now());
  const way = { part: 'callers', setting: 'AUTH_JWKS_URL', proxyUrl, authority: AUTH_CA_FILE };
  return [
    ok('callers', `${keys.length} keys in API_KEYS_FILE`),
    ...ended.map(({ principal }) => warning('callers', `the key ${principal.name} has ended`)),
    ...(jwksUrl === undefined
      ? []
      : [await reached({ ...way, url: jwksUrl, tls: { ...(ca !== undefined && { ca }) } })]),
  ];
};

/** What is wrapped is no key of anything, and is thrown away. */
const secretsLook: Look = async (settings) => {
  const keys = chosenWrappingKeys(settings.get(SealingSettings));
  if (keys === undefined) return [ok('secrets', 'none is named: throwaway keys of the trial')];
  await keys.unwrap(await keys.wrap(Buffer.alloc(32), 'doctor'), 'doctor');
  return [ok('secrets', `personal data can be encrypted, with ${keys.current}`)];
};

const consoleLook: Look = async (settings) => {
  const { isServed, sessionSecretFile } = settings.get(ConsoleSettings);
  if (!isServed) return [ok('console', 'is not served')];
  sessionKeys(sessionSecretFile);
  const { issuer, proxyUrl, caFile } = settings.get(ProviderSettings);
  const authority = 'CONSOLE_OIDC_CA_FILE';
  const ca = caFile === undefined ? undefined : readCertificates(authority, caFile);
  const way = { part: 'console', setting: 'CONSOLE_OIDC_ISSUER', proxyUrl, authority };
  return [
    ok('console', 'sessions can be encrypted'),
    ...(issuer === undefined
      ? []
      : [await reached({ ...way, url: issuer, tls: { ...(ca !== undefined && { ca }) } })]),
  ];
};

const eventsLook: Look = async (settings) => {
  const { endpointsFile } = settings.get(EventsSettings);
  const { isProduction, allowEmbedded } = settings.get(RuntimeSettings);
  if (endpointsFile === undefined) return [ok('events', 'go to nobody')];
  const endpoints = readEndpointsFile(endpointsFile, { isTrial: !isProduction || allowEmbedded });
  return [ok('events', `go to ${endpoints.map(({ name }) => name).join(', ') || 'nobody'}`)];
};

const alipayPlusLook: Look = async (settings) => {
  const { baseUrl, proxyUrl } = settings.get(AlipayPlusSettings);
  return baseUrl === undefined
    ? [ok('alipay-plus', 'none is named: the local twin')]
    : [await reached({ part: 'alipay-plus', setting: 'ALIPAYPLUS_BASE_URL', url: baseUrl, proxyUrl })];
};
