import type { FastifyInstance } from 'fastify';
import type { Draining } from '../draining.js';
import { platformProblem } from '../platform-problems.js';

/**
 * Refuses what arrives on kept-alive connections once draining has begun, and closes each connection with its
 * next answer: a connection that stays open after its last answer would hold the stop up until it times out.
 */
export function refuseWhileDraining(fastify: FastifyInstance, draining: Draining, graceMs: number): void {
  fastify.addHook('onRequest', (_request, reply, done) => {
    if (!draining.isRefusing) return done();
    reply.header('connection', 'close');
    done(platformProblem('SHUTTING_DOWN', { headers: { 'retry-after': '1' } }));
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining.isLeaving) reply.header('connection', 'close');
    done();
  });
  draining.signal.addEventListener('abort', () => {
    // Without a bound one stuck request would hold the process until it is killed in the middle of all others.
    const cut = setTimeout(() => fastify.server.closeAllConnections(), graceMs);
    fastify.server.once('close', () => clearTimeout(cut));
  });
}
