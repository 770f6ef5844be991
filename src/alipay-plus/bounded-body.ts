import type { Readable } from 'node:stream';

export type BoundedBody =
  | { readonly end: 'whole'; readonly bytes: Buffer }
  | { readonly end: 'oversized'; readonly bytes: Buffer }
  /** The stream failed; `bytes` is what had come until then. */
  | { readonly end: 'broken'; readonly bytes: Buffer; readonly error: unknown };

/**
 * Reads a stream to its end, or until there is more than `maxBytes` of it; then the connection is given up. By events:
 * an answer comes in one piece, and `for await` over it would cost a dozen promises.
 */
export function readBounded(stream: Readable, maxBytes: number): Promise<BoundedBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBytes) return;
      resolve({ end: 'oversized', bytes: joined(chunks) });
      // Takes the socket along, which would go on sending.
      stream.destroy();
    });
    stream.on('end', () => resolve({ end: 'whole', bytes: joined(chunks) }));
    stream.on('error', (error) => resolve({ end: 'broken', bytes: joined(chunks), error }));
    // After an end or an error this says nothing new; a stream that just closes has lost its connection.
    stream.on('close', () =>
      resolve({ end: 'broken', bytes: joined(chunks), error: { code: 'ECONNRESET' } }),
    );
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks);
}
