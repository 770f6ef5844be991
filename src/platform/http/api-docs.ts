import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import serveFiles from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { HttpSettings } from './http.settings.js';

const LOOK = 'swagger-ui.css';
const VIEWER = 'swagger-ui-bundle.js';
const BEGIN = 'begin.js';

/** No script stands in the page: what is ours to run is a file, so the policy of every other page holds here too. */
const PAGE = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>API</title>
  <link rel="icon" href="data:," />
  <link rel="stylesheet" href="/docs/${LOOK}" />
  <div id="api"></div>
  <script src="/docs/${VIEWER}"></script>
  <script src="/docs/${BEGIN}"></script>
</html>
`;
const BEGINNING = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#api', deepLinking: true });\n`;

/**
 * Serves the description in `file`: to people at `/docs`, to programs at `/openapi.json`. Before `app.init()`.
 *
 * @param file of type `.json`
 */
export async function serveApiDocs(app: NestFastifyApplication, file: URL): Promise<void> {
  const { publicPathPrefix: prefix } = app.get(HttpSettings);
  const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const description = fileURLToPath(file);
  const sent = [LOOK, VIEWER, basename(description)];
  await app.register(async (fastify: FastifyInstance) => {
    await fastify.register(serveFiles, {
      root: viewer,
      prefix: '/docs/',
      index: false,
      allowedPath: (path) => sent.includes(path.replace(/^\//, '')),
    });
    fastify.get('/docs', (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
    fastify.get(`/docs/${BEGIN}`, (_request, reply) => reply.type('text/javascript').send(BEGINNING));
    const behind = prefix === '' ? undefined : await describedBehind(prefix, file);
    fastify.get('/openapi.json', (_request, reply) =>
      behind === undefined
        ? reply.sendFile(basename(description), dirname(description))
        : reply.type('application/json; charset=utf-8').send(behind),
    );
  });
}

/** The same description, of a service that a proxy shows below that path. */
async function describedBehind(prefix: string, file: URL): Promise<string> {
  const described: object = JSON.parse(await readFile(file, 'utf8'));
  return JSON.stringify({ ...described, servers: [{ url: prefix, description: 'This service' }] });
}
