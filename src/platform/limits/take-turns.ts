import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { wantsBytes } from '../http/input/json-bodies.js';
import { Turns } from '../http/turns.js';

/** Probes and metrics: under overload monitoring matters most. */
const WATCHING = /^\/(health\/|metrics$)/;

/** What may begin in one turn of the event loop, for each of the two; the turn is longer by what was begun before. */
const TURN_MS = 5;

/** Kept for those who prove themselves by a signature, and for monitoring: nothing that others may use up. */
export function isFavoured(request: FastifyRequest): boolean {
  return wantsBytes(request) || WATCHING.test(request.url);
}

/**
 * On one connection each request waits for the answer to the one before: a caller may send a thousand at once there, and
 * nobody else is to wait for them.
 */
export function oneOfEachConnection(fastify: FastifyInstance): void {
  const connections = new ConnectionTurns();
  fastify.addHook('onRequest', ({ raw: { socket } }, reply, done) => {
    connections.take(socket, () => {
      reply.raw.once('close', () => connections.giveBack(socket));
      // Whoever has gone meanwhile wants nothing any more.
      if (!socket.destroyed) done();
    });
  });
}

/**
 * Spreads requests that arrive together over turns of the event loop, so that those who come next do not wait for all of
 * them. The favoured ones wait for each other only.
 */
export function takeTurns(fastify: FastifyInstance): void {
  const rush = new Rush(fastify.server);
  const favoured = new Turns(TURN_MS);
  const others = new Turns(TURN_MS, () => rush.isOn);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const turns = isFavoured(request) ? favoured : others;
    turns.take(() => {
      if (!request.raw.socket.destroyed) done();
    });
  });
}

/** So many turns in a row with a new connection are no accident. */
const RUSH_TURNS = 10;

/**
 * Whether connections wait to be accepted. Node.js accepts one in a turn, in the order in which they came, so a
 * favoured request over a new one waits for as many turns as there are before it: meanwhile turns have to be short.
 */
export class Rush {
  private turns = 0;
  private isNew = false;

  constructor(server: { on(event: 'connection', listener: () => void): unknown }) {
    server.on('connection', () => {
      this.isNew = true;
      this.turns += 1;
      if (this.turns === 1) setImmediate(() => this.look());
    });
  }

  get isOn(): boolean {
    return this.turns > RUSH_TURNS;
  }

  private look(): void {
    if (!this.isNew) this.turns = 0;
    else setImmediate(() => this.look());
    this.isNew = false;
  }
}

/** One request at a time on each connection. */
class ConnectionTurns {
  private readonly waiting = new WeakMap<Socket, (() => void)[]>();

  take(socket: Socket, begin: () => void): void {
    const waiting = this.waiting.get(socket);
    if (waiting !== undefined) {
      waiting.push(begin);
      return;
    }
    this.waiting.set(socket, []);
    begin();
  }

  giveBack(socket: Socket): void {
    const next = this.waiting.get(socket)?.shift();
    if (next === undefined) this.waiting.delete(socket);
    else next();
  }
}
