import type { FastifyInstance } from 'fastify';
import type { Ports } from '../ports.js';

/** Answer headers that hold an address, and what stands before it there. */
const ADDRESSES: readonly (readonly [header: string, lead: RegExp])[] = [
  ['location', /^/],
  ['hx-redirect', /^/],
  ['refresh', /^\d+; url=/],
];

/** A path of ours in a page: every quote in a text or a value is escaped, so this can only be an attribute of ours. */
const PATH_IN_PAGE = / (href|src|action|formaction|hx-get|hx-post)="\/(?!\/)/g;

/**
 * For a proxy that takes `prefix` off before it hands a request on: puts it back before each path of ours that leaves, at
 * this one place. Everything else knows paths as they arrive here. Without a prefix nothing is added to any answer, nor
 * at the management port, before which that proxy does not stand.
 */
export function sendPathsBehind(prefix: string, fastify: FastifyInstance, ports: Ports): void {
  if (prefix === '') return;
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (ports.of(request.raw) === 'management') return done(null, payload);
    for (const [header, lead] of ADDRESSES) {
      const value = reply.getHeader(header);
      if (typeof value !== 'string') continue;
      const at = lead.exec(value)?.[0].length ?? value.length;
      if (isOurPath(value.slice(at))) reply.header(header, value.slice(0, at) + prefix + value.slice(at));
    }
    const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
    if (!isPage || typeof payload !== 'string') return done(null, payload);
    // The length was that of the page without the prefix.
    reply.removeHeader('content-length');
    done(
      null,
      payload.replace(PATH_IN_PAGE, (_found, name: string) => ` ${name}="${prefix}/`),
    );
  });
}

function isOurPath(address: string): boolean {
  return address.startsWith('/') && !address.startsWith('//');
}
