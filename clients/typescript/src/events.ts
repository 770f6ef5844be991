import type { EventBodies } from './api-types.js';

export type EventType = keyof EventBodies;

/**
 * An event of the service, verified: it came from the service, and it is not an old one that somebody sends again.
 * `type` decides what is in `body`. A later version of the service may send types that are not listed: leave them alone.
 */
export type VerifiedEvent = {
  readonly [Type in EventType]: {
    /** The same for every delivery of one event: take each once. */
    readonly id: string;
    /** When this delivery was sent. */
    readonly sentAt: Date;
    /** What happened, such as `payment.paid`. */
    readonly type: Type;
    /** The whole body. */
    readonly body: EventBodies[Type];
  };
}[EventType];

/** Why a delivery was not believed. Answer it with 400 and nothing else. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';

  constructor(
    readonly reason:
      'MISSING_HEADER' | 'UNREADABLE_HEADER' | 'TOO_OLD' | 'TOO_NEW' | 'WRONG_SIGNATURE' | 'UNREADABLE_BODY',
  ) {
    super(`the event was refused: ${reason}`);
  }
}

export interface VerifyOptions {
  /** How far the clocks of sender and receiver may be apart, and how long a delivery is believed; 5 minutes when left out. */
  readonly toleranceMs?: number;
  readonly now?: Date;
}

type HeaderSource = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Verifies a delivery after Standard Webhooks: headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, over the
 * bytes of the body as they came. Give both secrets while they rotate. Throws `EventRefused`.
 *
 * @example
 * const event = await verifyEvent(await request.text(), request.headers, process.env.EVENTS_SECRET);
 * if (await isNew(event.id)) await take(event);
 */
export async function verifyEvent(
  body: string | Uint8Array,
  headers: HeaderSource,
  secret: string | readonly string[],
  { toleranceMs = 300_000, now = new Date() }: VerifyOptions = {},
): Promise<VerifiedEvent> {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = signaturesIn(headerOf(headers, 'webhook-signature'));
  if (!/^\d{1,11}$/.test(timestamp)) throw new EventRefused('UNREADABLE_HEADER');
  const sentAt = new Date(Number(timestamp) * 1000);
  const ageMs = now.getTime() - sentAt.getTime();
  if (!(ageMs <= toleranceMs)) throw new EventRefused('TOO_OLD');
  if (!(ageMs >= -toleranceMs)) throw new EventRefused('TOO_NEW');
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  const keys = await Promise.all((typeof secret === 'string' ? [secret] : secret).map(importSecret));
  if (!(await isSignedByOne(keys, signatures, signed))) throw new EventRefused('WRONG_SIGNATURE');
  return { id, sentAt, ...readBody(bytes) } as VerifiedEvent; // `type` belongs to `body`: they are of one object
}

function headerOf(headers: HeaderSource, name: string): string {
  const value =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  if (typeof value !== 'string' || value === '') throw new EventRefused('MISSING_HEADER');
  return value;
}

/** `v1,<base64> v1,<base64> …`; signatures of other versions are for others. */
function signaturesIn(header: string): Bytes[] {
  return header
    .split(' ')
    .map((part) => part.split(','))
    .filter((parts) => parts.length === 2 && parts[0] === 'v1')
    .map(([, text = '']) => fromBase64(text))
    .filter((signature) => signature !== undefined);
}

/** Tries all, so that the time it takes does not say which one fits; WebCrypto compares in constant time. */
async function isSignedByOne(
  keys: readonly CryptoKey[],
  signatures: readonly Bytes[],
  signed: Bytes,
): Promise<boolean> {
  const pairs = keys.flatMap((key) => signatures.map((signature) => ({ key, signature })));
  const fits = await Promise.all(
    pairs.map(({ key, signature }) => crypto.subtle.verify('HMAC', key, signature, signed)),
  );
  return fits.includes(true);
}

async function importSecret(secret: string): Promise<CryptoKey> {
  const key = fromBase64(secret.replace(/^whsec_/, ''));
  if (key === undefined || key.length === 0) {
    throw new TypeError('a secret is whsec_ and base64, as the service shows it');
  }
  return crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function readBody(bytes: Uint8Array): Pick<VerifiedEvent, 'type' | 'body'> {
  try {
    const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof body === 'object' && body !== null && 'type' in body && typeof body.type === 'string') {
      return { type: body.type, body } as Pick<VerifiedEvent, 'type' | 'body'>; // signed by the service, whose bodies are described
    }
  } catch {
    // Said below.
  }
  throw new EventRefused('UNREADABLE_BODY');
}

type Bytes = Uint8Array<ArrayBuffer>;

function fromBase64(text: string): Bytes | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Bytes {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
