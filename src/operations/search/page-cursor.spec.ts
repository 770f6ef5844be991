import { randomUUID } from 'node:crypto';
import { readCursor, searchMark, writeCursor } from './page-cursor.js';

const id = '018f3a5b-0000-7000-8000-000000000001';
const mark = searchMark('payments', '-createdAt', { status: 'PAID' }, undefined);
const byHand = (...parts: unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

describe('a page cursor', () => {
  it.each([
    ['-createdAt', 'next', '2026-03-01T12:00:00.123456Z'],
    ['createdAt', 'prev', '2024-02-29T23:59:59.999999Z'],
    ['-amount', 'next', '1'],
    ['amount', 'prev', '9'.repeat(30)],
  ] as const)('is read as it was written: %s %s %s', (sort, direction, key) => {
    const cursor = { direction, position: { key, id } };
    expect(readCursor(writeCursor(cursor, mark), mark, sort)).toEqual(cursor);
  });

  it('is one word that needs no escaping in an address', () => {
    const position = { key: '2026-03-01T12:00:00.123456Z', id: randomUUID() };
    const text = writeCursor({ direction: 'next', position }, mark);
    expect(encodeURIComponent(text)).toBe(text);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['a word', 'abcdefghijk'],
    ['another kind of JSON', Buffer.from('{"a":1}').toString('base64url')],
    ['a number', Buffer.from('12345678901').toString('base64url')],
    ['another version', byHand(2, mark, 'next', '2026-03-01T12:00:00.123456Z', id)],
    ['another search', byHand(1, 'AAAAAAAAAAAA', 'next', '2026-03-01T12:00:00.123456Z', id)],
    ['no direction', byHand(1, mark, 'up', '2026-03-01T12:00:00.123456Z', id)],
    ['a day that no month has', byHand(1, mark, 'next', '2026-02-31T12:00:00.123456Z', id)],
    ['a month that no year has', byHand(1, mark, 'next', '2026-13-01T12:00:00.123456Z', id)],
    ['an hour that no day has', byHand(1, mark, 'next', '2026-03-01T25:00:00.123456Z', id)],
    ['a year that no calendar has', byHand(1, mark, 'next', '0000-03-01T12:00:00.123456Z', id)],
    ['a time that is a word', byHand(1, mark, 'next', 'infinity', id)],
    ['a time that is a number', byHand(1, mark, 'next', 1, id)],
    ['an amount for a time', byHand(1, mark, 'next', '100', id)],
    ['an id that is none', byHand(1, mark, 'next', '2026-03-01T12:00:00.123456Z', `${id}'; drop table`)],
    ['a part too many', byHand(1, mark, 'next', '2026-03-01T12:00:00.123456Z', id, 1)],
    ['too long a text', 'A'.repeat(301)],
  ])('is refused when this service did not write it: %s', (_what, text) => {
    expect(readCursor(text, mark, '-createdAt')).toBeUndefined();
  });

  it.each(['', '-1', '1.5', '1e9', 'NaN', '9'.repeat(32)])('with the amount %j is refused', (key) => {
    expect(readCursor(byHand(1, mark, 'next', key, id), mark, 'amount')).toBeUndefined();
  });
});

describe('the mark of a search', () => {
  it('is the same for the same filters, in any order and with absent ones', () => {
    const one = searchMark('payments', 'amount', { status: 'PAID', currency: 'HKD' }, undefined);
    const other = searchMark(
      'payments',
      'amount',
      { currency: 'HKD', status: 'PAID', from: undefined },
      undefined,
    );
    expect(other).toBe(one);
  });

  it.each<[string, Parameters<typeof searchMark>]>([
    ['another list', ['scans', '-createdAt', { status: 'PAID' }, undefined]],
    ['another sort', ['payments', 'createdAt', { status: 'PAID' }, undefined]],
    ['another value', ['payments', '-createdAt', { status: 'FAILED' }, undefined]],
    ['one filter more', ['payments', '-createdAt', { status: 'PAID', customerId: 'a' }, undefined]],
    ['an identifier', ['payments', '-createdAt', { status: 'PAID' }, 'a']],
  ])('differs for %s', (_what, parts) => {
    expect(searchMark(...parts)).not.toBe(mark);
  });
});
