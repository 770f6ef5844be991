import { resolve } from 'node:path';
import type { TwinSettings } from './settings.js';
import type { RunningTwin } from './start-twin.js';
import { keepKeyPair, type KeyFiles } from './wire/keys.js';

const DEFAULT_FOLDER = '.data/twin';

export interface StandAlone {
  readonly settings: TwinSettings;
  readonly mpp: KeyFiles;
  readonly twin: KeyFiles;
}

/** Without configured keys the twin makes both pairs, its own and one for the MPP, and keeps its books beside them. */
export async function standAlone(settings: TwinSettings): Promise<StandAlone> {
  const dataDir = resolve(settings.dataDir ?? DEFAULT_FOLDER);
  const twin = await keepKeyPair(dataDir, 'alipayplus');
  const mpp = await keepKeyPair(dataDir, 'mpp');
  return {
    settings: {
      ...settings,
      dataDir,
      privateKeyFiles: new Map([[settings.keyVersion, twin.privateKeyFile]]),
      mppPublicKeyFiles: new Map([['*', mpp.publicKeyFile]]),
    },
    mpp,
    twin,
  };
}

/** The environment that an MPP needs to use this twin. */
export function mppEnvironment(twin: RunningTwin, alone: StandAlone): Readonly<Record<string, string>> {
  return {
    ALIPAYPLUS_BASE_URL: twin.url,
    ALIPAYPLUS_CLIENT_ID: alone.settings.clientId,
    ALIPAYPLUS_PRIVATE_KEY_FILE: alone.mpp.privateKeyFile,
    ALIPAYPLUS_KEY_VERSION: '1',
    ALIPAYPLUS_PUBLIC_KEY_FILES: `${alone.settings.keyVersion}=${alone.twin.publicKeyFile}`,
    ALIPAYPLUS_NOTIFY_HOSTS: new URL(twin.url).host,
  };
}
