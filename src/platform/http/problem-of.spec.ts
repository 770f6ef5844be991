import {
  BadRequestException,
  HttpException,
  InternalServerErrorException,
  UnauthorizedException,
} from '@nestjs/common';
import { PLATFORM_PROBLEMS } from './platform-problems.js';
import { PlatformError } from './platform-error.js';
import { problemBody, ProblemError } from './problem.js';
import { problemOf } from './problem-of.js';

class Fault extends PlatformError {
  readonly code = 'FAULT';
  constructor(readonly retry: 'later' | 'never') {
    super('internal words');
  }
}

const withCode = (code: string, more: object = {}): Error =>
  Object.assign(new Error('internal words'), { code, ...more });
const codeOf = (thrown: unknown): string => problemOf(thrown).code;

describe('problemOf', () => {
  it('keeps the problem a door made', () => {
    const problem = { status: 418, code: 'TEAPOT', title: 'A teapot' };
    expect(problemOf(new ProblemError(problem))).toBe(problem);
  });

  it.each<[string, unknown, string]>([
    ['a fault that may heal', new Fault('later'), 'SERVICE_UNAVAILABLE'],
    ['a fault that will not', new Fault('never'), 'INTERNAL_ERROR'],
    ['a bug', new TypeError('x is not a function'), 'INTERNAL_ERROR'],
    ['a text', 'oops', 'INTERNAL_ERROR'],
    ['nothing', undefined, 'INTERNAL_ERROR'],
    ['a 400 of the framework', new BadRequestException('internal words'), 'BAD_REQUEST'],
    ['a 401 of the framework', new UnauthorizedException(), 'UNAUTHENTICATED'],
    ['a 418 of the framework', new HttpException('internal words', 418), 'BAD_REQUEST'],
    ['a 500 of the framework', new InternalServerErrorException(), 'INTERNAL_ERROR'],
    ['a 502 of the framework', new HttpException('internal words', 502), 'INTERNAL_ERROR'],
    ['a 503 of the framework', new HttpException('internal words', 503), 'SERVICE_UNAVAILABLE'],
    ['a body too large', withCode('FST_ERR_CTP_BODY_TOO_LARGE', { statusCode: 413 }), 'BODY_TOO_LARGE'],
    ["an upstream's 404", withCode('ERR_BAD_REQUEST', { statusCode: 404, status: 404 }), 'INTERNAL_ERROR'],
  ])('turns %s into %p', (_what, thrown, code) => {
    expect(codeOf(thrown)).toBe(code);
  });

  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    '57P01',
    '57P03',
    '08006',
    '53300',
    '25006',
    '40001',
    '57014',
    '58000',
    '58030',
  ])('says 503 with Retry-After for a server that answers %s, however deep it is wrapped', (code) => {
    const wrapped = Object.assign(new Error('query failed'), { driverError: withCode(code) });
    for (const thrown of [withCode(code), new Error('x', { cause: withCode(code) }), wrapped]) {
      expect(problemOf(thrown)).toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        headers: { 'retry-after': '2' },
      });
    }
  });

  it('says 503 for whatever ends a connection, as a pooler does that has no server free', () => {
    expect(codeOf(withCode('XX000', { severity: 'FATAL' }))).toBe('SERVICE_UNAVAILABLE');
    expect(codeOf(withCode('XX000', { severity: 'ERROR' }))).toBe('INTERNAL_ERROR');
  });

  it('says 503 for the errors of the connection pool that have no code, and for all addresses failing', () => {
    expect(codeOf(new Error('timeout exceeded when trying to connect'))).toBe('SERVICE_UNAVAILABLE');
    expect(codeOf(new AggregateError([new Error('a'), withCode('ECONNREFUSED')]))).toBe(
      'SERVICE_UNAVAILABLE',
    );
  });

  it.each(['23505', '22P02', '42601', '23503', 'P0001'])(
    'says 500 for a statement that failed with %s',
    (code) => {
      expect(codeOf(withCode(code))).toBe('INTERNAL_ERROR');
    },
  );

  it('ends on causes that go in a circle', () => {
    const thrown = new Error('a');
    thrown.cause = new Error('b', { cause: thrown });
    expect(codeOf(thrown)).toBe('INTERNAL_ERROR');
  });

  it('never shows what an error says', () => {
    for (const thrown of [
      new Fault('later'),
      new Fault('never'),
      withCode('57P01'),
      new BadRequestException('internal words'),
    ]) {
      expect(JSON.stringify(problemBody(problemOf(thrown), { requestId: 'r' }))).not.toContain(
        'internal words',
      );
    }
  });
});

describe('the table of the platform', () => {
  it.each(Object.entries(PLATFORM_PROBLEMS))(
    'has an error status and a title for %s',
    (_code, { status, title }) => {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(title).not.toBe('');
    },
  );
});

describe('problemBody', () => {
  it('has the fixed members whatever a door adds, and only the optional ones it was given', () => {
    const extra = { action: 'WAIT', status: 200, code: 'X', requestId: 'X', type: 'X', title: 'X' };
    expect(problemBody({ status: 409, code: 'TAKEN', title: 'Taken', extra }, { requestId: 'r-1' })).toEqual({
      type: 'urn:problem:TAKEN',
      title: 'Taken',
      status: 409,
      code: 'TAKEN',
      requestId: 'r-1',
      action: 'WAIT',
    });
  });
});
