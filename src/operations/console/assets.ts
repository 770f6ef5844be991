import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import { platformProblem } from '../../platform/http/platform-problems.js';

const own = (name: string): URL => new URL(`assets/${name}`, import.meta.url);

const FILES = {
  /** One style sheet; the order matters, because later rules refine earlier ones. */
  'console.css': {
    files: ['base.css', 'page.css', 'list.css', 'payment.css', 'figures.css'].map(own),
    type: 'text/css; charset=utf-8',
  },
  'console.js': { files: [own('console.js')], type: 'text/javascript; charset=utf-8' },
  'icon.svg': { files: [own('icon.svg')], type: 'image/svg+xml' },
  'htmx.js': {
    files: [createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js')],
    type: 'text/javascript; charset=utf-8',
  },
} as const;

export type AssetName = keyof typeof FILES;

interface Asset {
  readonly bytes: Buffer;
  readonly type: string;
  readonly hash: string;
}

let read: ReadonlyMap<string, Asset> | undefined;

/** The few small files are read once; no name from a request ever becomes a path on the disk. */
function assets(): ReadonlyMap<string, Asset> {
  read ??= new Map(
    Object.entries(FILES).map(([name, { files, type }]) => {
      const bytes = Buffer.concat(files.map((file) => readFileSync(file)));
      return [
        name,
        { bytes, type, hash: createHash('sha256').update(bytes).digest('base64url').slice(0, 12) },
      ];
    }),
  );
  return read;
}

/** The address changes with the content, so a browser may cache it for ever. */
export function assetAddress(name: AssetName): string {
  return `/console/assets/${name}?v=${assets().get(name)?.hash ?? ''}`;
}

export function serveAssets(fastify: FastifyInstance): void {
  assets();
  fastify.get<{ Params: { name: string } }>(
    '/assets/:name',
    { config: { isOpen: true } },
    (request, reply) => {
      const asset = assets().get(request.params.name);
      if (asset === undefined) throw platformProblem('ROUTE_NOT_FOUND');
      return reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .type(asset.type)
        .send(asset.bytes);
    },
  );
}
