import { mock } from 'node:test';
import * as fc from 'fast-check';
import { EventLog, type EventFields } from './event-log.js';

function openLog(level: 'debug' | 'info' | 'error' = 'debug') {
  const lines: string[] = [];
  const log = new EventLog({ level }, { write: (line) => lines.push(line) });
  const last = (): Record<string, unknown> => {
    const parsed: unknown = JSON.parse(lines.at(-1) ?? 'null');
    if (typeof parsed !== 'object' || parsed === null) throw new Error('the log wrote no event');
    return Object.fromEntries(Object.entries(parsed));
  };
  return { log, lines, last };
}

/** The compiler refuses nested values; a caller that avoids the check must not leak either. */
function anyFields(fields: unknown): EventFields {
  // The cast is the test: it passes what the type forbids.
  return fields as EventFields;
}

describe('EventLog', () => {
  afterEach(() => mock.timers.reset());

  it('writes what has to be there at any level, and says whether anybody may read it', () => {
    const lines: string[] = [];
    let isRead = true;
    const output = { write: (line: string) => void lines.push(line), handOn: () => isRead };
    const log = new EventLog({ level: 'silent' }, output);
    log.event('thing.moved');
    expect(log.audit('thing.seen', { by: 'one' })).toBe(true);
    isRead = false;
    expect(log.audit('thing.seen', { by: 'two' })).toBe(false);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'info', event: 'thing.seen', by: 'one' }),
      expect.objectContaining({ by: 'two' }),
    ]);
  });

  it('writes one JSON object per line with time, level, verb and fields', () => {
    const { log, lines, last } = openLog();
    log.event('thing.moved', { from: 'A', to: 'B', attempt: 2, late: false, note: 'two\nlines' });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    expect(last()).toMatchObject({
      level: 'info',
      event: 'thing.moved',
      from: 'A',
      to: 'B',
      attempt: 2,
      late: false,
    });
    expect(new Date(String(last().time)).toISOString()).toBe(last().time);
  });

  it('writes the first lines of an outage and counts the others', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { log, lines, last } = openLog();
      for (let at = 0; at < 594; at += 1) {
        log.warn('thing.in_doubt', { at, reason: 'timeout' });
        log.error('thing.lost', { at, alarm: true });
      }
      log.warn('thing.in_doubt', { at: 594, reason: 'refused' });
      expect(lines.filter((line) => line.includes('thing.in_doubt'))).toHaveLength(11);
      expect(lines.filter((line) => line.includes('thing.lost'))).toHaveLength(594);
      mock.timers.tick(10_000);
      expect(last()).toMatchObject({
        event: 'log.repeated',
        of: 'thing.in_doubt',
        reason: 'timeout',
        lines: 584,
      });
      log.warn('thing.in_doubt', { at: 595, reason: 'timeout' });
      mock.timers.tick(10_000);
      expect(last()).toMatchObject({ event: 'log.repeated', lines: 1 });
      mock.timers.tick(10_000);
      log.warn('thing.in_doubt', { at: 596, reason: 'timeout' });
      expect(last()).toMatchObject({ event: 'thing.in_doubt', at: 596 });
    } finally {
      mock.timers.reset();
    }
  });

  it('counts a failure every second for an hour, and reports it once a minute and at its end', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { log, lines, last } = openLog();
      for (let second = 0; second < 3_600; second += 1) {
        log.error('thing.failed', { kind: 'a' });
        mock.timers.tick(1_000);
      }
      expect(lines.length).toBeLessThan(10 + 62);
      mock.timers.tick(20_000);
      const told = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'log.repeated');
      expect(told.reduce((sum, { lines: count }) => sum + count, 10)).toBe(3_600);
      log.error('thing.failed', { kind: 'a' });
      expect(last()).toMatchObject({ event: 'thing.failed' });
    } finally {
      mock.timers.reset();
    }
  });

  it('changes its level without a restart, and logs that at any level', () => {
    const { log, lines, last } = openLog('error');
    log.setLevel('debug', 'SIGUSR2');
    expect(last()).toMatchObject({ event: 'log.level_changed', from: 'error', to: 'debug', by: 'SIGUSR2' });
    log.debug('thing.seen');
    log.setLevel('error', 'SIGUSR2');
    log.warn('thing.odd');
    expect(lines.map((line) => JSON.parse(line).event)).toEqual([
      'log.level_changed',
      'thing.seen',
      'log.level_changed',
    ]);
  });

  it('prints no stack for a server that is down, and one for everything else', () => {
    const { log, last } = openLog();
    const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    log.error('thing.failed', {}, new Error('no answer', { cause: away }));
    expect(last()).toMatchObject({ errorMessage: 'no answer', causes: [{ code: 'ECONNREFUSED' }] });
    expect(last()).not.toHaveProperty('stack');
    log.error('thing.failed', {}, new Error('a bug'));
    expect(last()).toHaveProperty('stack');
  });

  it('counts alarms, also below the configured level', () => {
    const { log } = openLog('error');
    log.warn('thing.away', { alarm: true });
    log.error('thing.away', { alarm: true });
    log.error('thing.failed', { alarm: false });
    expect([...log.alarms]).toEqual([['thing.away', { count: 2, atMs: expect.any(Number) }]]);
  });

  it('counts an alarm that lasts as raised just now, until all its causes are gone', () => {
    const { log } = openLog('info');
    mock.timers.enable({ apis: ['Date'], now: 1_000 });
    const raisedAtMs = (): number | undefined => log.alarms.get('thing.away')?.atMs;
    log.error('thing.away', { alarm: true });
    for (const thing of ['a', 'b']) log.lasts('thing.away', thing);
    mock.timers.setTime(5_000);
    expect(raisedAtMs()).toBe(5_000);
    log.ends('thing.away', 'a');
    expect(raisedAtMs()).toBe(5_000);
    log.ends('thing.away', 'b');
    expect(raisedAtMs()).toBe(1_000);
    expect(log.alarms.get('thing.away')?.count).toBe(1);
  });

  it('leaves out events below the set level', () => {
    const { log, lines } = openLog('info');
    log.debug('thing.seen');
    expect(lines).toHaveLength(0);
    log.warn('thing.odd');
    expect(lines).toHaveLength(1);
  });

  it('writes the given request id, and no field for an absent one', () => {
    const { log, last } = openLog();
    log.event('thing.moved', { requestId: 'a', of: 'b' });
    expect(last()).toMatchObject({ requestId: 'a', of: 'b' });
    log.event('thing.moved', { requestId: undefined });
    expect(last()).not.toHaveProperty('requestId');
  });

  it('does not let a field replace the verb, level or time', () => {
    const { log, last } = openLog();
    log.event('thing.moved', { event: 'faked', level: 'error', time: 'never' });
    expect(last()).toMatchObject({ event: 'thing.moved', level: 'info', 'field.event': 'faked' });
  });

  it('prints name, code, message, stack and causes of an error, and none of its other properties', () => {
    const { log, last, lines } = openLog();
    const root = Object.assign(new Error('no such page'), { code: 'ENOPAGE' });
    const thrown = Object.assign(new Error('call failed', { cause: root }), { config: { url: 'u-1-2-3' } });
    log.error('call.failed', { attempt: 1 }, thrown);
    expect(last()).toMatchObject({
      level: 'error',
      attempt: 1,
      errorName: 'Error',
      errorMessage: 'call failed',
      causes: [{ name: 'Error', code: 'ENOPAGE', message: 'no such page' }],
    });
    expect(last().stack).toContain('event-log.spec');
    expect(lines[0]).not.toContain('u-1-2-3');
  });

  it('survives cycles, getters that throw, bytes and depth without end', () => {
    const { log, last, lines } = openLog();
    const cycle: Record<string, unknown> = { a: 1 };
    cycle.self = cycle;
    let deep: unknown = 'bottom';
    for (let level = 0; level < 10_000; level += 1) deep = { deep };
    const trap = Object.defineProperty({}, 'x', { enumerable: true, get: () => assertNever() });
    log.event('odd.values', anyFields({ cycle, deep, trap, bytes: Buffer.from('raw-bytes'), big: 7n }));
    expect(last()).toMatchObject({ trap: { x: '[unreadable]' }, bytes: '[redacted]', big: '7' });
    expect(lines[0]).not.toContain('bottom');
  });
});

function assertNever(): never {
  throw new Error('a getter that throws');
}

describe('redaction at the source', () => {
  const names = (
    'codeValue token accessToken authorization signature Signature client_secret password ' +
    'x-api-key privateKey PRIVATE_KEY keyPem keyMaterial setCookie jwt'
  ).split(' ');
  const marker = 'q7SECRETq7';

  const secretName = fc
    .tuple(fc.constantFrom(...names), fc.constantFrom('', 'x', 'old_', 'the-'), fc.boolean())
    .map(([name, prefix, upper]) => prefix + (upper ? name.toUpperCase() : name));
  const secretValue = fc.oneof(
    fc.constant(marker),
    fc.string().map((text) => `${text}${marker}`),
    fc.array(fc.constant(marker), { minLength: 1, maxLength: 3 }),
    fc.dictionary(fc.string(), fc.constant(marker), { minKeys: 1, maxKeys: 3 }),
    fc.constant(Buffer.from(marker)),
  );
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.dictionary(secretName, secretValue, { maxKeys: 3 }),
      fc.dictionary(fc.string(), tie('node'), { maxKeys: 3 }),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.string(),
      fc.integer(),
      fc.constant(null),
    ),
  })).node;

  it('never writes what stands under a secret name, wherever it is put', () => {
    fc.assert(
      fc.property(secretName, secretValue, tree, (name, value, node) => {
        const { log, lines } = openLog();
        log.event('thing.moved', anyFields({ [name]: value, node }));
        log.warn('thing.moved', anyFields({ outer: { [name]: value } }));
        log.error('thing.failed', anyFields({ list: [{ [name]: value }] }), { [name]: value });
        expect(lines).toHaveLength(3);
        expect(lines.join('')).not.toContain(marker);
        // Bytes as numbers in JSON, or as base64, must not leak it either.
        expect(lines.join('')).not.toContain(Buffer.from(marker).toString('base64').slice(0, 10));
      }),
    );
  });

  it('removes bearer tokens, JWTs, private keys and passwords in URLs from any text', () => {
    const { log, lines } = openLog();
    const pem = `-----BEGIN PRIVATE KEY-----\n${marker}\n-----END PRIVATE KEY-----`;
    const texts = [
      `Bearer ${marker}`,
      `got eyJhbGciOiJI.${marker}.${marker}`,
      pem,
      pem.slice(0, 40),
      `postgres://someone:${marker}@db/x`,
      `algorithm=RSA256,keyVersion=1,signature=${marker}`,
      `{"codeValue":"${marker}"}`,
    ];
    for (const text of texts) {
      log.event('thing.said', { text });
      log.error('thing.failed', {}, new Error(text, { cause: text }));
    }
    expect(lines.join('')).not.toContain(marker);
  });

  it('keeps what merely resembles a secret', () => {
    const { log, last } = openLog();
    log.event('thing.moved', { keyVersion: '1', idempotencyKey: 'k', temperature: 3, signatureValid: true });
    expect(last()).toMatchObject({
      keyVersion: '1',
      idempotencyKey: 'k',
      temperature: 3,
      signatureValid: true,
    });
  });
});
