import { startTwin, type RunningTwin, type TwinOptions } from '../start-twin.js';
import { CLIENT_ID, MPP_KEYS, TWIN_KEYS } from './test-keys.js';

export function startTestTwin(options: Partial<TwinOptions> = {}): Promise<RunningTwin> {
  return startTwin({
    privateKey: TWIN_KEYS.privateKey,
    mppPublicKey: MPP_KEYS.publicKey,
    clientId: CLIENT_ID,
    cancelGapMs: 10,
    ...options,
  });
}

export interface OrderJson {
  readonly [field: string]: unknown;
  readonly status: string;
  readonly notifications: readonly Record<string, unknown>[];
  readonly cancels: readonly Record<string, unknown>[];
  readonly inquiries: readonly Record<string, unknown>[];
}

export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  // Only tests call this, each with the shape that it then checks.
  return (await response.json()) as T;
}

export async function postJson(url: string, body: unknown = {}): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, json: await response.json() };
}

export async function orderOf(twin: RunningTwin, codeValue: string): Promise<OrderJson> {
  const rows = await getJson<OrderJson[]>(
    `${twin.url}/_twin/orders?codeValue=${encodeURIComponent(codeValue)}`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`no order for ${codeValue}`);
  return row;
}

/** Waits for a state and checks repeatedly. The limit only ends a test that would never end. */
export async function eventually<T>(look: () => Promise<T>, isThere: (seen: T) => boolean): Promise<T> {
  const giveUpAtMs = Date.now() + 20_000;
  for (;;) {
    const seen = await look();
    if (isThere(seen)) return seen;
    if (Date.now() > giveUpAtMs) throw new Error(`still waiting, last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

let counter = 0;

/** A code no other test uses. */
export function unique(script: string): string {
  counter += 1;
  return `${script}#${process.pid}-${counter}`;
}
