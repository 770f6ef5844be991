import { randomUUID } from 'node:crypto';
import { readCursor, writeCursor } from './page-cursor.js';

describe('a page cursor', () => {
  it.each(['2026-03-01 12:00:00.123456+00', '2026-03-01 20:00:00+08', '2026-03-01 12:00:00.1-05:30'])(
    'is read as it was written, to the microsecond: %s',
    (createdAt) => {
      const cursor = { createdAt, paymentId: randomUUID() };
      expect(readCursor(writeCursor(cursor))).toEqual(cursor);
    },
  );

  it('is one word that needs no escaping in an address', () => {
    const text = writeCursor({ createdAt: '2026-03-01 12:00:00.123456+00', paymentId: randomUUID() });
    expect(encodeURIComponent(text)).toBe(text);
  });

  it.each([
    '',
    'abc',
    Buffer.from('2026-03-01 12:00:00+00').toString('base64url'),
    Buffer.from(`2026-03-01 12:00:00+00|${randomUUID()}; drop table`).toString('base64url'),
    Buffer.from(`now()|${randomUUID()}`).toString('base64url'),
    Buffer.from(`infinity|${randomUUID()}`).toString('base64url'),
  ])('is refused when this service did not write it: %j', (text) => {
    expect(readCursor(text)).toBeUndefined();
  });
});
