import { type EmbeddedPostgresFault } from './embedded-postgres-error.js';

/** The task of the keeper; it travels as JSON on its command line, so it holds no secret. */
export interface KeeperTask {
  readonly dataDirectory: string;
  readonly ownerPid: number;
  readonly durable: boolean;
  readonly disposable: boolean;
}

/** What the keeper reports to the program it serves. */
export type KeeperReport =
  | { readonly kind: 'log'; readonly message: string }
  /** What it is working on, for a message when a wait takes too long. */
  | { readonly kind: 'step'; readonly message: string }
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'failed'; readonly code: EmbeddedPostgresFault; readonly message: string };

/** The one message to the keeper. */
export const STOP = 'stop';

/**
 * Exit code of a keeper that has reported why it cannot go on. After any other unexpected end its server may still run.
 */
export const GAVE_UP = 3;

const FAULTS: readonly string[] = [
  'BINARIES_MISSING',
  'ALREADY_IN_USE',
  'CANNOT_START',
  'CANNOT_STOP',
] satisfies EmbeddedPostgresFault[];

export function parseTask(text: string | undefined): KeeperTask {
  const task: unknown = JSON.parse(text ?? 'null');
  if (!isRecord(task)) throw new TypeError('the keeper needs its task as JSON');
  const { dataDirectory, ownerPid, durable, disposable } = task;
  if (typeof dataDirectory !== 'string' || typeof ownerPid !== 'number')
    throw new TypeError('incomplete task');
  return { dataDirectory, ownerPid, durable: durable !== false, disposable: disposable === true };
}

export function parseReport(message: unknown): KeeperReport | undefined {
  if (!isRecord(message)) return undefined;
  const { kind, url, code } = message;
  const text = typeof message.message === 'string' ? message.message : '';
  if (kind === 'log' || kind === 'step') return { kind, message: text };
  if (kind === 'ready' && typeof url === 'string') return { kind, url };
  if (kind === 'failed') return { kind, code: isFault(code) ? code : 'CANNOT_START', message: text };
  return undefined;
}

const isFault = (code: unknown): code is EmbeddedPostgresFault =>
  typeof code === 'string' && FAULTS.includes(code);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
