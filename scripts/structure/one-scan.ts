import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { Session, type Profiler } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import { startEmbeddedParts } from '../../embedded/embedded-parts.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { readSettings } from '../../src/settings.js';
import { startService } from '../../src/start-service.js';

export interface ScanPath {
  readonly files: number;
  readonly functions: number;
}

const COMPILED_SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));

/**
 * The files and functions of ours that run while one scan is answered. The service runs in this process as an API
 * alone, so that no worker's function is counted; earlier scans have run everything that happens once.
 */
export async function pathOfOneScan(): Promise<ScanPath> {
  await mkdir('.data', { recursive: true });
  const directory = await mkdtemp('.data/structure-');
  const environment = { DATA_DIR: directory, LOG_LEVEL: 'error', PORT: '0', ROLE: 'api' };
  const log = new EventLog({ level: 'silent' }, { write: () => undefined });
  const parts = await startEmbeddedParts(readSettings(environment), environment, log, { disposable: true });
  try {
    const service = await startService(readSettings({ ...environment, ...parts.environment }), log);
    try {
      const scan = (code: string) => scanned(service.url, parts.tokens?.walletApp ?? '', code);
      for (const code of ['first', 'second', 'third']) await scan(`twin:S#${code}`);
      return await counted(() => scan('twin:S#counted'));
    } finally {
      await service.stop();
    }
  } finally {
    await parts.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function scanned(url: string, token: string, codeValue: string): Promise<void> {
  const response = await fetch(`${url}/v1/scans`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ codeValue, customerId: 'customer-rich' }),
  });
  if (response.status !== 201) throw new Error(`The scan was answered ${response.status}, not 201.`);
  await response.arrayBuffer();
}

async function counted(work: () => Promise<void>): Promise<ScanPath> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return pathIn(result);
  } finally {
    session.disconnect();
  }
}

function pathIn(scripts: readonly Profiler.ScriptCoverage[]): ScanPath {
  const ours = scripts
    .filter(({ url }) => url.startsWith('file:') && fileURLToPath(url).startsWith(COMPILED_SOURCE))
    .map(({ functions }) => functions.filter(({ ranges }) => ranges.some(({ count }) => count > 0)).length)
    .filter((functions) => functions > 0);
  return { files: ours.length, functions: ours.reduce((sum, functions) => sum + functions, 0) };
}
