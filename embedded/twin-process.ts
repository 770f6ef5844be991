import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { within } from './postgres/within.js';
import type { ThrowawayKeys } from './throwaway-keys.js';

export interface TwinOptions {
  readonly directory: string;
  readonly keys: ThrowawayKeys;
  readonly clientId: string;
  readonly mppBaseUrl: string;
  readonly inquiryPath: string;
  readonly cancelPath: string;
  readonly refundPath: string;
  readonly inquiryRefundPath: string;
  /** Aborted when the twin is no longer wanted, also before it listens. */
  readonly signal?: AbortSignal | undefined;
}

/** Other limits and another program, for tests. */
export interface TwinTrial {
  readonly program?: string;
  readonly startMs?: number;
  readonly stopMs?: number;
  readonly killMs?: number;
}

export interface TwinProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** It loads its code, reads its journal and listens: one second, or some tens of seconds on a busy machine. */
const START_LIMIT_MS = 60_000;
/** The twin itself gives up after four. */
const STOP_LIMIT_MS = 5_000;
const KILL_LIMIT_MS = 5_000;

/**
 * Starts the twin as a separate program. When this process ends, however it ends, the IPC channel closes and the twin
 * ends too. It is detached so that Ctrl-C in a terminal reaches only us.
 */
export async function startTwinProcess(options: TwinOptions, trial: TwinTrial = {}): Promise<TwinProcess> {
  const program = trial.program ?? fileURLToPath(new URL('../twin/main.js', import.meta.url));
  options.signal?.throwIfAborted();
  const child = fork(program, [], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: twinEnvironment(options),
  });
  const exited = new Promise<void>((resolve) => {
    for (const end of ['exit', 'error']) child.once(end, () => resolve());
  });
  const stop = (): Promise<void> => stopTwin(child, exited, trial);
  const giveUp = (): void => void child.kill('SIGTERM');
  options.signal?.addEventListener('abort', giveUp, { once: true });
  try {
    return { url: await within(trial.startMs ?? START_LIMIT_MS, 'the twin listened', readyUrl(child)), stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', giveUp);
  }
}

/** @throws WaitedInVain when it survives SIGKILL */
async function stopTwin(child: ChildProcess, exited: Promise<void>, trial: TwinTrial): Promise<void> {
  const { stopMs = STOP_LIMIT_MS, killMs = KILL_LIMIT_MS } = trial;
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await within(stopMs, 'the twin ended', exited).catch(async () => {
    child.kill('SIGKILL');
    await within(killMs, `process ${child.pid}, the twin, ended after SIGKILL`, exited);
  });
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
    TWIN_MPP_REFUND_PATH: options.refundPath,
    TWIN_MPP_INQUIRY_REFUND_PATH: options.inquiryRefundPath,
  };
}

/** The twin prints one JSON line when it listens. */
async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the twin was started without an output to read');
  for await (const line of createInterface({ input: child.stdout })) {
    const said: unknown = JSON.parse(line);
    if (typeof said === 'object' && said !== null && 'url' in said && typeof said.url === 'string') {
      child.stdout.resume();
      return said.url;
    }
  }
  throw new Error('the twin ended before it listened');
}
