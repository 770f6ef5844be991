import { SettingsError } from '../config/load-settings.js';
import type { SealingSettings } from './sealing.settings.js';
import { TransitWrappingKeys } from './transit-wrapping-keys.js';
import { FileWrappingKeys, type WrappedKey, type WrappingKeys } from './wrapping-keys.js';

/** What the settings name; undefined when they name nobody. Another keeper of keys gets its line here. */
export function chosenWrappingKeys(settings: SealingSettings): WrappingKeys | undefined {
  const { dataKeysFile, transitUrl, transitKey, transitTokenFile } = settings;
  const file = dataKeysFile === undefined ? undefined : new FileWrappingKeys(dataKeysFile);
  if (transitUrl === undefined) return file;
  if (transitTokenFile === undefined)
    throw new SettingsError([{ name: 'DATA_KEYS_TRANSIT_TOKEN_FILE', rule: 'is missing' }]);
  const transit = new TransitWrappingKeys({ url: transitUrl, key: transitKey, tokenFile: transitTokenFile });
  return file ? new WrappingKeysOfBoth(transit, file) : transit;
}

/** On the way from a file to a service: what the file wrapped is still unwrapped, and nothing more is wrapped with it. */
class WrappingKeysOfBoth implements WrappingKeys {
  readonly current: string;

  constructor(
    private readonly transit: TransitWrappingKeys,
    private readonly file: FileWrappingKeys,
  ) {
    this.current = transit.current;
  }

  wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    return this.transit.wrap(dataKey, context);
  }

  unwrap(key: WrappedKey, context: string): Promise<Buffer> {
    return (TransitWrappingKeys.wraps(key) ? this.transit : this.file).unwrap(key, context);
  }
}
