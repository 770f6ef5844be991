import compress from '@fastify/compress';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Below it the answer to an app travels in as few packets as compressed, and costs less. */
const THRESHOLD_BYTES = 4_096;

/** The plugin's own header: a request with it gets an uncompressed answer. */
export const NO_COMPRESSION = 'x-no-compression';

/**
 * Compresses what is read below `prefixes`. Whatever is posted is answered as it is, and so are the signed calls of the
 * partner: their signature is over the bytes that are sent. Before the routes are made.
 */
export async function compressAnswers(
  app: NestFastifyApplication,
  prefixes: readonly string[],
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  // Runs before the plugin's own hook, which then finds what not to compress.
  fastify.addHook('onRoute', (route) => {
    const isRead = [route.method].flat().every((method) => method === 'GET' || method === 'HEAD');
    if (!isRead || !prefixes.some((prefix) => route.url.startsWith(prefix))) route.compress = false;
  });
  await app.register(compress, {
    threshold: THRESHOLD_BYTES,
    encodings: ['br', 'gzip'],
    globalDecompression: false,
  });
}
