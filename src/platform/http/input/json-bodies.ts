import type { FastifyBodyParser, FastifyInstance, FastifyRequest, RequestPayload } from 'fastify';
import { exceededLimit, hasDuplicateKey } from '../json-outline.js';
import { platformProblem } from '../platform-problems.js';
import { RouteConfig } from '@nestjs/platform-fastify';
import { MOST_CHUNKS } from '../server/bounded-connections.js';
import { Turns } from '../turns.js';
import { LIMIT_RULES, MAX_DEPTH, MAX_ENTRIES } from './text-faults.js';

type Done = (error: Error | null, body?: unknown) => void;

/** Replaces the framework's body parsers: JSON in UTF-8 and nothing else, or the bytes for routes that ask for them. */
export function acceptJsonBodies(fastify: FastifyInstance): void {
  // Refuses keys that would reach into prototypes.
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  const json: FastifyBodyParser<Buffer> = (request, body, done) => {
    if (wantsBytes(request)) return done(null, body);
    if (request.is404 || body.length === 0) return done(null, undefined);
    if (!isReadable(request)) return done(platformProblem('UNSUPPORTED_MEDIA_TYPE'));
    parseStrictly(body, (text, parsed) => void parse(request, text, parsed), done);
  };
  const other: FastifyBodyParser<Buffer> = (request, body, done) => {
    if (wantsBytes(request)) return done(null, body);
    // Nothing has no type: clients name one all the same for a call that takes no body.
    const isNothing = request.is404 || body.length === 0;
    done(isNothing ? null : platformProblem('UNSUPPORTED_MEDIA_TYPE'), undefined);
  };
  // Whatever the header says, or whether it is there: a type that cannot even be read would be refused before any parser.
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (wantsBytes(request)) request.raw.headers['content-type'] = 'application/octet-stream';
    else if (hasNoBody(request)) delete request.raw.headers['content-type'];
    done();
  });
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    if (request.headers['transfer-encoding'] !== undefined) countChunks(payload);
    done(null, payload);
  });
  const turns = new Turns(0);
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, largeInTurn(turns, json));
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, largeInTurn(turns, other));
}

/**
 * A body in tens of thousands of chunks of one byte each is short, and takes far longer to put together than the longest
 * one: too large, all the same.
 */
function countChunks(payload: RequestPayload): void {
  let chunks = 0;
  payload.on('data', () => {
    chunks += 1;
    if (chunks > MOST_CHUNKS) payload.receivedEncodedLength = Number.POSITIVE_INFINITY;
  });
}

function hasNoBody({ headers }: FastifyRequest): boolean {
  return (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined;
}

function parseStrictly(body: Buffer, parse: (text: string, parsed: Done) => void, done: Done): void {
  const exceeded = exceededLimit(body, { entries: MAX_ENTRIES, depth: MAX_DEPTH });
  if (exceeded !== undefined) {
    const errors = [{ field: 'body', rule: LIMIT_RULES[exceeded] }];
    return done(platformProblem('INVALID_REQUEST', { errors }));
  }
  const text = decodeUtf8(body);
  if (text === undefined) return done(platformProblem('MALFORMED_JSON'));
  parse(text, (error, value) => {
    if (error !== null || hasDuplicateKey(body, value)) {
      return done(platformProblem('MALFORMED_JSON', { cause: error ?? undefined }));
    }
    done(null, value);
  });
}

/** A body in another character set or compressed would be misread, not refused, if it were just decoded as UTF-8. */
function isReadable(request: FastifyRequest): boolean {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return false;
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(body: Buffer): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    // Bytes that are not UTF-8 are the caller's fault: 400.
    return undefined;
  }
}

/**
 * The route wants the body as the exact bytes that arrived (`@Body() body: Buffer | undefined`), of any media type
 * and unparsed: signatures are over bytes, and only the door knows how a broken message is to be answered.
 */
export const BytesBody = (): MethodDecorator & ClassDecorator => RouteConfig({ bytesBody: true });

export function wantsBytes(request: FastifyRequest): boolean {
  return isForBytes(request.routeOptions.config);
}

/** Whether the route of this configuration does. */
export function isForBytes(config: object): boolean {
  return Reflect.get(config, 'bytesBody') === true;
}

/** Most bodies have some hundred bytes; what is longer may hold a thousand fields. */
const LARGE_BYTES = 1_024;

/** Many large bodies that arrive together are read one a turn, each with all that follows from it at once. */
function largeInTurn(turns: Turns, parse: FastifyBodyParser<Buffer>): FastifyBodyParser<Buffer> {
  return (request, body, done) => {
    if (body.length < LARGE_BYTES) return parse(request, body, done);
    turns.take(() => void parse(request, body, done));
  };
}
