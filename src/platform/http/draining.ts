import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { HttpSettings } from './http.settings.js';
import type { Ports } from './ports.js';
import { platformProblem } from './platform-problems.js';

/**
 * How this process stops: first readiness says no while it goes on serving, then it refuses new requests and lets those
 * in flight finish. Long polls listen to `signal` to end early.
 */
@Injectable()
export class Draining implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly controller = new AbortController();
  private leaving = false;

  constructor(private readonly settings: HttpSettings) {}

  /** A stop was requested; load balancers should use other processes. */
  get isLeaving(): boolean {
    return this.leaving;
  }

  /** New requests are refused. */
  get isRefusing(): boolean {
    return this.controller.signal.aborted;
  }

  /** Aborted when new requests are refused: a long poll should answer now. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  onModuleDestroy(): void {
    this.leaving = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.leaving = true;
    if (this.settings.shutdownDelayMs > 0) await sleep(this.settings.shutdownDelayMs);
    this.controller.abort();
  }
}

/**
 * Refuses what arrives on kept-alive connections once draining has begun, and closes each connection with its
 * next answer: a connection that stays open after its last answer would hold the stop up until it times out. The
 * management port goes on answering: what happens during a stop is worth watching, and no work begins there.
 */
export function refuseWhileDraining(
  fastify: FastifyInstance,
  draining: Draining,
  { graceMs, ports }: { readonly graceMs: number; readonly ports: Ports },
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!draining.isRefusing || ports.of(request.raw) === 'management') return done();
    reply.header('connection', 'close');
    done(platformProblem('SHUTTING_DOWN', { headers: { 'retry-after': '1' } }));
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining.isLeaving) reply.header('connection', 'close');
    done();
  });
  draining.signal.addEventListener('abort', () => {
    // Without a bound one stuck request would hold the process until it is killed in the middle of all others.
    const cut = setTimeout(() => {
      fastify.server.closeAllConnections();
      ports.cutSignedCalls();
    }, graceMs);
    // What it is to cut off holds the process by itself.
    cut.unref();
  });
}
