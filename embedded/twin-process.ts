import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ThrowawayKeys } from './throwaway-keys.js';

export interface TwinOptions {
  readonly directory: string;
  readonly keys: ThrowawayKeys;
  readonly clientId: string;
  readonly mppBaseUrl: string;
  readonly inquiryPath: string;
  readonly cancelPath: string;
}

export interface TwinProcess {
  readonly url: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 5_000;

/**
 * Starts the twin as the separate program it is. The IPC channel is its lifeline: when this process ends, however it
 * ends, the channel closes and the twin ends too. It is detached so that Ctrl-C in a terminal reaches only us.
 */
export async function startTwinProcess(options: TwinOptions): Promise<TwinProcess> {
  const program = fileURLToPath(new URL('../twin/main.js', import.meta.url));
  const child = fork(program, [], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: twinEnvironment(options),
  });
  const url = await readyUrl(child);
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

function twinEnvironment({ directory, keys, ...options }: TwinOptions): Record<string, string> {
  return {
    TWIN_DATA_DIR: directory,
    TWIN_PRIVATE_KEY_FILE: keys.alipayPlusPrivate,
    TWIN_MPP_PUBLIC_KEY_FILE: keys.mppPublic,
    TWIN_CLIENT_ID: options.clientId,
    TWIN_MPP_BASE_URL: options.mppBaseUrl,
    TWIN_MPP_INQUIRY_PATH: options.inquiryPath,
    TWIN_MPP_CANCEL_PATH: options.cancelPath,
  };
}

/** The twin prints one JSON line when it listens. */
async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the twin was started without an output to read');
  const timeout = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const said: unknown = JSON.parse(line);
      if (typeof said === 'object' && said !== null && 'url' in said && typeof said.url === 'string') {
        child.stdout.resume();
        return said.url;
      }
    }
  } finally {
    clearTimeout(timeout);
  }
  throw new Error('the twin ended before it listened');
}
