import type { MppApi } from './mpp/mpp-client.js';

/** All environment variables, read once. */
export interface TwinSettings {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | null;
  readonly dataDir: string | null;
  /** Key version to file; null when none is configured. */
  readonly privateKeyFiles: ReadonlyMap<string, string> | null;
  readonly keyVersion: string;
  /** Key version to file; the version `*` stands for any. Null when none is configured. */
  readonly mppPublicKeyFiles: ReadonlyMap<string, string> | null;
  readonly clientId: string;
  readonly mppBaseUrl: string | null;
  readonly mppPaths: Readonly<Record<MppApi, string>>;
  readonly inquiryGapsMs: readonly number[];
  readonly cancelGapMs: number;
}

export interface SettingAbout {
  readonly name: string;
  readonly preset: string;
  readonly about: string;
}

/** One line per variable: the help, the README and the reader below all use this list. */
export const SETTINGS = [
  { name: 'TWIN_HOST', preset: '127.0.0.1', about: 'Address to listen on.' },
  {
    name: 'TWIN_PORT',
    preset: '0',
    about: '0 takes any free port; with TWIN_DATA_DIR, the one it had before.',
  },
  {
    name: 'TWIN_PUBLIC_URL',
    preset: '',
    about: 'How the MPP reaches the twin, if not by host and port; begins every paymentNotifyUrl.',
  },
  { name: 'TWIN_DATA_DIR', preset: '', about: 'Folder for the journal; the books then survive a restart.' },
  {
    name: 'TWIN_PRIVATE_KEY_FILE',
    preset: '',
    about:
      "The Alipay+ side's private key (PKCS#8, PEM or bare base64): a path, or 1=path,2=path to rotate between them.",
  },
  { name: 'TWIN_KEY_VERSION', preset: '1', about: 'keyVersion of that key, or of the one that signs first.' },
  {
    name: 'TWIN_MPP_PUBLIC_KEY_FILE',
    preset: '',
    about: "The MPP's public key (SPKI): a path for any keyVersion, or 1=path,2=path.",
  },
  { name: 'TWIN_CLIENT_ID', preset: 'SANDBOX_TWIN_MPP', about: 'Client-Id of the MPP.' },
  {
    name: 'TWIN_MPP_BASE_URL',
    preset: '',
    about: 'Where the MPP serves Alipay+; without it the twin sends nothing.',
  },
  {
    name: 'TWIN_MPP_INQUIRY_PATH',
    preset: '/aps/api/v1/payments/inquiryPayment',
    about: "Path of the MPP's inquiryPayment.",
  },
  {
    name: 'TWIN_MPP_CANCEL_PATH',
    preset: '/aps/api/v1/payments/cancelPayment',
    about: "Path of the MPP's cancelPayment.",
  },
  {
    name: 'TWIN_MPP_REFUND_PATH',
    preset: '/aps/api/v1/payments/refund',
    about: "Path of the MPP's refund.",
  },
  {
    name: 'TWIN_MPP_INQUIRY_REFUND_PATH',
    preset: '/aps/api/v1/payments/inquiryRefund',
    about: "Path of the MPP's inquiryRefund.",
  },
  {
    name: 'TWIN_INQUIRY_GAPS_MS',
    preset: '',
    about:
      'Gaps between inquiries after an S without a notification, e.g. 1000,2000,5000; empty asks nothing.',
  },
  {
    name: 'TWIN_CANCEL_GAP_MS',
    preset: '1000',
    about: 'Gap before an unanswered cancel (20 attempts) or refund (60 attempts) is repeated.',
  },
] as const satisfies readonly SettingAbout[];

type SettingName = (typeof SETTINGS)[number]['name'];

/** Reports every fault at once, so that they need not be fixed one start at a time. */
export class TwinSettingsError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the twin cannot start:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'TwinSettingsError';
    this.faults = faults;
  }
}

export function readSettings(environment: Readonly<Record<string, string | undefined>>): TwinSettings {
  const reader = new SettingsReader(environment);
  const keyVersion = String(reader.whole('TWIN_KEY_VERSION', 999_999_999));
  const privateKeyFiles = reader.keyFiles('TWIN_PRIVATE_KEY_FILE', keyVersion);
  const mppPublicKeyFiles = reader.keyFiles('TWIN_MPP_PUBLIC_KEY_FILE', '*');
  if (privateKeyFiles?.has(keyVersion) === false) {
    reader.faults.push(`TWIN_PRIVATE_KEY_FILE has no key of TWIN_KEY_VERSION ${keyVersion}`);
  }
  if ((privateKeyFiles === null) !== (mppPublicKeyFiles === null)) {
    reader.faults.push('TWIN_PRIVATE_KEY_FILE and TWIN_MPP_PUBLIC_KEY_FILE go together: set both or neither');
  }
  const settings: TwinSettings = {
    host: reader.text('TWIN_HOST'),
    port: reader.whole('TWIN_PORT', 65_535),
    publicUrl: reader.url('TWIN_PUBLIC_URL'),
    dataDir: reader.optional('TWIN_DATA_DIR'),
    privateKeyFiles,
    keyVersion,
    mppPublicKeyFiles,
    clientId: reader.text('TWIN_CLIENT_ID'),
    mppBaseUrl: reader.url('TWIN_MPP_BASE_URL'),
    mppPaths: {
      inquiryPayment: reader.path('TWIN_MPP_INQUIRY_PATH'),
      cancelPayment: reader.path('TWIN_MPP_CANCEL_PATH'),
      refund: reader.path('TWIN_MPP_REFUND_PATH'),
      inquiryRefund: reader.path('TWIN_MPP_INQUIRY_REFUND_PATH'),
    },
    inquiryGapsMs: reader.gaps('TWIN_INQUIRY_GAPS_MS'),
    cancelGapMs: reader.whole('TWIN_CANCEL_GAP_MS', 3_600_000),
  };
  if (reader.faults.length > 0) throw new TwinSettingsError(reader.faults);
  return settings;
}

class SettingsReader {
  readonly faults: string[] = [];
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  text(name: SettingName): string {
    const given = this.#environment[name]?.trim() ?? '';
    return given === '' ? (SETTINGS.find((setting) => setting.name === name)?.preset ?? '') : given;
  }

  optional(name: SettingName): string | null {
    return this.text(name) || null;
  }

  whole(name: SettingName, max: number): number {
    const text = this.text(name);
    if (/^\d{1,9}$/.test(text) && Number(text) <= max) return Number(text);
    this.faults.push(`${name} must be a whole number up to ${max}, not ${text}`);
    return 0;
  }

  url(name: SettingName): string | null {
    const text = this.text(name).replace(/\/+$/, '');
    if (text === '') return null;
    if (!/^https?:\/\//.test(text) || !URL.canParse(text))
      this.faults.push(`${name} must be an http or https URL`);
    return text;
  }

  path(name: SettingName): string {
    const text = this.text(name);
    if (!text.startsWith('/')) this.faults.push(`${name} must begin with /`);
    return text;
  }

  gaps(name: SettingName): readonly number[] {
    const text = this.text(name);
    if (text === '') return [];
    const parts = text.split(',').map((part) => part.trim());
    if (parts.every((part) => /^\d{1,8}$/.test(part))) return parts.map(Number);
    this.faults.push(`${name} must be milliseconds separated by commas`);
    return [];
  }

  /** @param version the version of a path without one */
  keyFiles(name: SettingName, version: string): ReadonlyMap<string, string> | null {
    const text = this.text(name);
    if (text === '') return null;
    if (!/^\d+=/.test(text)) return new Map([[version, text]]);
    const pairs = text.split(',').map((part) => /^(\d{1,9})=(.+)$/.exec(part.trim()));
    const files = new Map<string, string>();
    for (const [, version, path] of pairs.map((pair) => pair ?? [])) {
      if (version !== undefined && path !== undefined) files.set(version, path);
      else this.faults.push(`${name} must be a path, or version=path pairs separated by commas`);
    }
    return files;
  }
}
