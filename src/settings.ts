import { AlipayPlusSettings } from './alipay-plus/alipay-plus.settings.js';
import { DecodeSettings } from './decode/decode.settings.js';
import { EventsSettings } from './events/events.settings.js';
import { InboundSettings } from './inbound/inbound.settings.js';
import { ApprovalSettings } from './operations/approvals/approval.settings.js';
import { ConsoleSettings } from './operations/console/console.settings.js';
import { ProviderSettings } from './operations/console/provider/provider.settings.js';
import { NotifySettings } from './notify/notify.settings.js';
import { ExportSettings } from './operations/export/export.settings.js';
import { AuthSettings } from './platform/auth/auth.settings.js';
import { ClockSettings } from './platform/clock/clock.settings.js';
import { ScansSettings } from './payments/scans/scans.settings.js';
import { settingsOf, type SettingsSection } from './platform/config/from-env.js';
import {
  loadSettings,
  type Environment,
  type LoadedSettings,
  SettingsError,
  type SettingFault,
} from './platform/config/load-settings.js';
import { misspeltSettings, type MisspeltSetting } from './misspelt-settings.js';
import { forbidsEmbedded, RuntimeSettings } from './platform/config/runtime.settings.js';
import { DatabaseSettings } from './platform/database/database.settings.js';
import { HttpSettings } from './platform/http/http.settings.js';
import { LimitsSettings } from './platform/limits/limits.settings.js';
import { LoggingSettings } from './platform/logging/logging.settings.js';
import { QueueSettings } from './platform/queues/queue.settings.js';
import { SealingSettings } from './platform/sealing/sealing.settings.js';
import { unsafeInProduction } from './production-rules.js';
import { RetentionSettings } from './sweep/retention.settings.js';
import { SweepSettings } from './sweep/sweep.settings.js';
import { embeddedLedgerFaults, WalletLedgerSettings } from './wallet-ledger/wallet-ledger.settings.js';

/** Every setting of the service, in the order the documents list them. */
export const SETTINGS: readonly SettingsSection[] = [
  RuntimeSettings,
  HttpSettings,
  LoggingSettings,
  ClockSettings,
  DatabaseSettings,
  SealingSettings,
  QueueSettings,
  AlipayPlusSettings,
  DecodeSettings,
  WalletLedgerSettings,
  NotifySettings,
  EventsSettings,
  InboundSettings,
  SweepSettings,
  RetentionSettings,
  ExportSettings,
  ApprovalSettings,
  AuthSettings,
  LimitsSettings,
  ScansSettings,
  ConsoleSettings,
  ProviderSettings,
];

/** What the environment sets that is nearly the name of a setting: no fault by itself, but worth a word. */
export function misspeltNames(environment: Environment): readonly MisspeltSetting[] {
  return misspeltSettings(
    environment,
    SETTINGS.flatMap(settingsOf).map(({ name }) => name),
  );
}

/**
 * The settings, all faults at once. In production what would be embedded is a fault too, unless `ALLOW_EMBEDDED`.
 *
 * @throws SettingsError
 */
export function readSettings(environment: Environment): LoadedSettings {
  const faults: SettingFault[] = [];
  let settings: LoadedSettings | undefined;
  try {
    settings = loadSettings(SETTINGS, environment);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    faults.push(...error.faults);
  }
  const others = [...missing(environment), ...unsafeInProduction(environment)];
  faults.push(...others.filter(({ name }) => faults.every((fault) => fault.name !== name)));
  if (faults.length > 0 || !settings) throw new SettingsError([...faults, ...misspelt(environment)]);
  return settings;
}

/** What is missing may stand there under a name that is nearly its own. */
function misspelt(environment: Environment): SettingFault[] {
  return misspeltNames(environment).map(({ name, nearest }) => ({
    name,
    rule: `is no setting; did you mean ${nearest}?`,
  }));
}

const servesConsole = ({ ROLE, CONSOLE }: Environment): boolean => ROLE !== 'worker' && CONSOLE !== 'false';

type Need = readonly [name: string, why: string, isNeeded?: (environment: Environment) => boolean];

const PRODUCTION_NEEDS: readonly Need[] = [
  ['DATABASE_URL', 'is missing; production does not run on the embedded PostgreSQL'],
  [
    'DATA_KEYS_FILE',
    'is missing; production keeps no personal data unencrypted (or DATA_KEYS_TRANSIT_URL)',
    ({ DATA_KEYS_TRANSIT_URL }) => (DATA_KEYS_TRANSIT_URL ?? '').trim() === '',
  ],
  ['ALIPAYPLUS_BASE_URL', 'is missing; production does not talk to the local twin'],
  [
    'CONSOLE_SESSION_SECRET_FILE',
    'is missing; with CONSOLE=false there is no console and it is not needed',
    servesConsole,
  ],
];

/** Both sides' keys, each in a setting of its own; ALIPAYPLUS_KEYS_FILE stands for both. */
const KEY_SETTINGS = ['ALIPAYPLUS_PRIVATE_KEY_FILE', 'ALIPAYPLUS_PUBLIC_KEY_FILES'];
const KEYS_FILE = 'ALIPAYPLUS_KEYS_FILE';

/** What cannot be left to a default: in production nothing, and the keys wherever a real Alipay+ is named. */
function missing(environment: Environment): SettingFault[] {
  const isProduction = forbidsEmbedded(environment);
  const faults = isProduction ? missingInProduction(environment) : [];
  const listsKeys = isSet(environment, KEYS_FILE);
  if (listsKeys) {
    for (const name of KEY_SETTINGS.filter((one) => isSet(environment, one)))
      faults.push({ name, rule: `must not be set beside ${KEYS_FILE}, which names all keys` });
  }
  if (isProduction || isSet(environment, 'ALIPAYPLUS_BASE_URL')) {
    for (const name of ['ALIPAYPLUS_CLIENT_ID', ...(listsKeys ? [] : KEY_SETTINGS)]) {
      if (!isSet(environment, name))
        faults.push({ name, rule: 'is missing; it is needed to talk to ALIPAYPLUS_BASE_URL' });
    }
  }
  return faults;
}

function missingInProduction(environment: Environment): SettingFault[] {
  const faults: SettingFault[] = [];
  for (const [name, rule, isNeeded] of PRODUCTION_NEEDS) {
    if (!isSet(environment, name) && isNeeded?.(environment) !== false) faults.push({ name, rule });
  }
  faults.push(...embeddedLedgerFaults(environment));
  if (!isSet(environment, 'API_KEYS_FILE') && !isSet(environment, 'AUTH_JWKS_URL')) {
    faults.push({
      name: 'API_KEYS_FILE',
      rule: 'is missing, and so is AUTH_JWKS_URL; one of them is needed',
    });
  }
  return faults;
}

function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? '').trim() !== '';
}
