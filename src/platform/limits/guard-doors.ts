import { RouteConfig } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ClockLimit } from '../clock/clock-limit.js';
import { platformProblem } from '../http/platform-problems.js';
import { problemBody, PROBLEM_MEDIA_TYPE } from '../http/problem.js';
import { rememberProblemCode } from '../http/server/access-log.js';
import { EventLog } from '../logging/event-log.js';
import { Metrics } from '../metrics/metrics.js';
import { Limits } from './limits.js';
import { originOf } from '../tracing/request-spans.js';
import { RetryPace } from './retry-pace.js';
import { isFavoured, oneOfEachConnection, takeTurns } from './take-turns.js';

/** A request that begins something, which any other process can begin as well. */
export const BeginsWork = (): MethodDecorator => RouteConfig({ beginsWork: true });

/** The first work to be refused when there is too much: a caller can start it again, and nothing is lost. */
export const ShedFirst = (): MethodDecorator => RouteConfig({ beginsWork: true, shedFirst: true });

const OVERLOADED = platformProblem('OVERLOADED').problem;
/** A balancer has looked at readiness by then, and others are asked. */
const ELSEWHERE = platformProblem('SERVICE_UNAVAILABLE', { headers: { 'retry-after': '5' } });
const TELL_EVERY_MS = 60_000;

/**
 * Runs before every door, before a body is read: a caller that sends too much is refused; only a limited number of
 * requests that may be refused is accepted at once, and none that starts something while our clock is far off. Calls
 * that prove themselves by a signature and probes pass by: what is taken from others is kept for them. Before
 * `app.init()`.
 *
 * @param mostAtOnce requests to routes with `ShedFirst` that one process works on; 0: any number
 */
export function guardDoors(app: NestFastifyApplication, mostAtOnce: number): void {
  const fastify = app.getHttpAdapter().getInstance();
  oneOfEachConnection(fastify);
  // Before the turns: those who wait for theirs are under way, or any number of them would wait.
  const pace = new RetryPace();
  const isTooMuch = countWork(fastify, mostAtOnce, pace);
  takeTurns(fastify);
  limitAddresses(fastify, app.get(Limits));
  refuseBeyondClock(fastify, app.get(ClockLimit));
  shedLoad(fastify, app, isTooMuch, pace);
}

function limitAddresses(fastify: FastifyInstance, limits: Limits): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const counted = isFavoured(request) ? undefined : limits.take('address', request.ip);
    // Nearly every request is counted at once; the framework waits for a promise.
    if (counted instanceof Promise) return counted;
    done();
    return undefined;
  });
}

function refuseBeyondClock(fastify: FastifyInstance, clock: ClockLimit): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (clock.isBeyond && is('beginsWork', request)) done(ELSEWHERE);
    else done();
  });
}

/** Whether a request came while as many of its kind were under way as may be. */
type IsTooMuch = (request: FastifyRequest) => boolean;

function countWork(fastify: FastifyInstance, most: number, pace: RetryPace): IsTooMuch {
  const tooMuch = new WeakSet<FastifyRequest>();
  let underWay = 0;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (most === 0 || !is('shedFirst', request)) return done();
    if (underWay >= most) tooMuch.add(request);
    else {
      underWay += 1;
      reply.raw.once('close', () => {
        underWay -= 1;
        pace.served();
      });
    }
    done();
  });
  return (request) => tooMuch.has(request);
}

function shedLoad(
  fastify: FastifyInstance,
  app: NestFastifyApplication,
  isTooMuch: IsTooMuch,
  pace: RetryPace,
): void {
  const log = app.get(EventLog);
  const shed = app.get(Metrics).counter({
    name: 'http_shed_total',
    help: 'Requests refused with 503 before they began, because as many of their kind were under way as may be.',
  });
  let untold = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isTooMuch(request)) return done();
    shed.inc();
    untold += 1;
    if (performance.now() - toldAt > TELL_EVERY_MS) {
      log.warn('http.shedding', { refused: untold });
      toldAt = performance.now();
      untold = 0;
    }
    // Answered here and not thrown: in a flood a refusal must cost almost nothing.
    rememberProblemCode(request, OVERLOADED.code);
    void reply
      .code(OVERLOADED.status)
      .header('retry-after', String(pace.refused()))
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(problemBody(OVERLOADED, originOf(request))));
  });
}

function is(kind: 'beginsWork' | 'shedFirst', request: FastifyRequest): boolean {
  return Reflect.get(request.routeOptions.config, kind) === true;
}
