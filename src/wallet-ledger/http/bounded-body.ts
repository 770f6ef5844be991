import type { Readable } from 'node:stream';

/** The whole body, or undefined as soon as it is longer than `maxBytes`; the connection is then dropped. */
export async function readBoundedBody(stream: Readable, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maxBytes) return undefined; // Leaving the loop destroys the stream.
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
