import { isSecretName, REDACTED, scrubText } from '../platform/logging/redaction.js';

/** What is kept of an answer beside its attempt. */
const KEPT_BYTES = 2_048;
/** How much is read; the text behind makes up for what redaction removes. */
const READ_BYTES = 4_096;

/** A key, a token, a signature: longer than any word, and longer than the ids of orders in hex. */
const LONG_RUN = /[A-Za-z0-9+/_=-]{40,}/g;
const TEXT_FIELD = /"([^"\\]{1,64})"\s*:\s*"(?:[^"\\]|\\.)*("|\\?$)/g;
const NOT_PRINTABLE = /[^\t\n\r\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]/g;

/**
 * The beginning of an answer as evidence, without anything that could be used again: fields that are named like
 * secrets, whatever is shaped like one, and every run of letters too long to be a word. An answer may come from anybody
 * who held the connection, so nothing about its form is taken for granted.
 */
export function redactedAnswer(answer: Buffer): Buffer {
  const isCut = answer.length > READ_BYTES;
  const text = answer.subarray(0, READ_BYTES).toString('utf8').replace(NOT_PRINTABLE, '\ufffd');
  // A run that the cut goes through may be the beginning of a longer one.
  const whole = isCut ? text.replace(/[A-Za-z0-9+/_=-]+$/, '') : text;
  const named = whole.replace(TEXT_FIELD, (field, name: string) =>
    isSecretName(name) ? `"${name}":"${REDACTED}"` : field,
  );
  return cutUtf8(Buffer.from(scrubText(named).replace(LONG_RUN, REDACTED)), KEPT_BYTES);
}

/** Cut between two characters, never inside one. */
function cutUtf8(bytes: Buffer, limit: number): Buffer {
  if (bytes.length <= limit) return bytes;
  let end = limit;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
