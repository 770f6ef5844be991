import type { IncomingMessage } from 'node:http';

/** Room for 20000 characters of passThroughInfo, each escaped, and much more. */
const MAX_BODY_BYTES = 1_048_576;

/** The raw bytes of a message, or null when it is too large or ends early. */
export function readBody(message: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    message.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        resolve(null);
        message.destroy();
      } else {
        chunks.push(chunk);
      }
    });
    message.once('end', () => resolve(Buffer.concat(chunks)));
    message.once('error', () => resolve(null));
    message.once('close', () => resolve(null));
  });
}
