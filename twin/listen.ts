import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string | null;
}

/**
 * Listens and returns the port. Port 0 means the one remembered in the data folder, if it is free, else any: the
 * address given to an MPP, and every paymentNotifyUrl, stay valid over a restart.
 */
export async function listen(server: Server, address: ListenAddress): Promise<number> {
  const { host, port, dataDir } = address;
  const remembered = port === 0 && dataDir !== null ? await rememberedPort(dataDir) : 0;
  if (remembered === 0 || !(await canListen(server, host, remembered))) await listenOn(server, host, port);
  const bound = portOf(server);
  if (dataDir !== null) await rememberPort(dataDir, bound);
  return bound;
}

export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function canListen(server: Server, host: string, port: number): Promise<boolean> {
  try {
    await listenOn(server, host, port);
    return true;
  } catch {
    return false;
  }
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portFile(dataDir: string): string {
  return join(dataDir, 'port');
}

async function rememberedPort(dataDir: string): Promise<number> {
  const text = await readFile(portFile(dataDir), 'utf8').catch(() => '0');
  return /^\d{1,5}\s*$/.test(text) ? Number(text) : 0;
}

async function rememberPort(dataDir: string, port: number): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(portFile(dataDir), `${port}\n`);
}
