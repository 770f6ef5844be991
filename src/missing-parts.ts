import { AlipayPlusSettings } from './alipay-plus/alipay-plus.settings.js';
import { AuthSettings } from './platform/auth/auth.settings.js';
import { type LoadedSettings, SettingsError } from './platform/config/load-settings.js';
import { DatabaseSettings } from './platform/database/database.settings.js';

/** What the service cannot run without; embedded mode starts what no setting names. */
export type Part = 'postgres' | 'tokens' | 'twin';

interface Need {
  readonly setting: string;
  isMissing(settings: LoadedSettings): boolean;
}

const NEEDS: Readonly<Record<Part, Need>> = {
  postgres: {
    setting: 'DATABASE_URL',
    isMissing: (settings) => settings.get(DatabaseSettings).url === undefined,
  },
  tokens: {
    setting: 'API_KEYS_FILE',
    isMissing: (settings) => {
      const { apiKeysFile, jwksUrl } = settings.get(AuthSettings);
      return apiKeysFile === undefined && jwksUrl === undefined;
    },
  },
  twin: {
    setting: 'ALIPAYPLUS_BASE_URL',
    isMissing: (settings) => settings.get(AlipayPlusSettings).baseUrl === undefined,
  },
};

const PARTS = Object.keys(NEEDS) as Part[]; // the keys of that record are the parts

export function missingParts(settings: LoadedSettings): ReadonlySet<Part> {
  return new Set(PARTS.filter((part) => NEEDS[part].isMissing(settings)));
}

/** For an installation without the folder `embedded/`, as the production image is. */
export function notEmbeddedHere(parts: ReadonlySet<Part>): SettingsError {
  const rule = 'is missing, and this installation holds no embedded part that could stand in for it';
  return new SettingsError([...parts].map((part) => ({ name: NEEDS[part].setting, rule })));
}
