import type { Readable } from 'node:stream';

export type BoundedBody =
  | { readonly end: 'whole'; readonly bytes: Buffer }
  | { readonly end: 'oversized'; readonly bytes: Buffer }
  /** The stream failed; `bytes` is what had come until then. */
  | { readonly end: 'broken'; readonly bytes: Buffer; readonly error: unknown };

/** Reads a stream to its end, or until there is more than `maxBytes` of it; then the connection is given up. */
export async function readBounded(stream: Readable, maxBytes: number): Promise<BoundedBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      size += bytes.length;
      // Leaving the loop destroys the stream, and with it the socket that would go on sending.
      if (size > maxBytes) return { end: 'oversized', bytes: Buffer.concat(chunks) };
    }
  } catch (error) {
    return { end: 'broken', bytes: Buffer.concat(chunks), error };
  }
  return { end: 'whole', bytes: Buffer.concat(chunks) };
}
