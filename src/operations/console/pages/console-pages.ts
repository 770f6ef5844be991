import type { FastifyInstance } from 'fastify';

/** A group of pages: it puts its own addresses, below /console, into the server. */
export interface ConsolePages {
  serve(fastify: FastifyInstance): void;
}
