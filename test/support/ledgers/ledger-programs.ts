import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run certify-ledger -- <args>`, compiled, to its end. */
export async function runCertifyLedger(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [resolve('dist/scripts/certify-ledger.js'), ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // 'close' and not 'exit': by then everything has been read.
  const [code] = (await once(child, 'close')) as [number | null]; // as node:child_process declares the event
  return { code, stdout, stderr };
}

export interface ServedLedger {
  readonly url: string;
  readonly secretFile: string;
  /** Asks it to end, and returns its exit code. */
  stop(): Promise<number | null>;
}

/** `npm run serve-embedded-ledger`, compiled; without DATABASE_URL on a PostgreSQL of its own below `folder`. */
export async function serveEmbeddedLedger(
  folder: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<ServedLedger> {
  const child = spawn(process.execPath, [resolve('dist/scripts/serve-embedded-ledger.js'), '--json'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    // With a channel, it ends with this process however that ends.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  if (child.stdout === null) throw new Error('it has no standard output');
  const lines = createInterface({ input: child.stdout });
  const first: unknown = await Promise.race([once(lines, 'line'), ended.then(() => [])]);
  const [line] = first as [string?]; // what readline emits, or nothing
  if (line === undefined) throw new Error('it ended before it was ready');
  const { url, secretFile } = JSON.parse(line) as { url: string; secretFile: string }; // its own format
  return {
    url,
    secretFile: resolve(folder, secretFile),
    stop: async () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}
