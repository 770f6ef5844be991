import type { FastifyBodyParser } from 'fastify';

/** Most bodies have some hundred bytes; what is longer may hold a thousand fields. */
const LARGE_BYTES = 1_024;

/**
 * Lets one large body a turn of the event loop be read, with all that follows from it at once. Many that arrive together
 * would be read in one turn, and everybody else would wait for all of them.
 */
export class LargeBodies {
  private readonly waiting: (() => void)[] = [];

  inTurn(parse: FastifyBodyParser<Buffer>): FastifyBodyParser<Buffer> {
    return (request, body, done) => {
      if (body.length < LARGE_BYTES) return parse(request, body, done);
      this.waiting.push(() => void parse(request, body, done));
      if (this.waiting.length === 1) setImmediate(() => this.next());
    };
  }

  private next(): void {
    try {
      this.waiting[0]?.();
    } finally {
      this.waiting.shift();
      if (this.waiting.length > 0) setImmediate(() => this.next());
    }
  }
}
