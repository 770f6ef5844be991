import { readHeaderTime } from './inbound-signature.js';

describe('readHeaderTime', () => {
  it.each([
    ['2019-04-04T12:08:56+05:30', '2019-04-04T06:38:56.000Z'],
    ['2019-05-28T12:12:12+08:00', '2019-05-28T04:12:12.000Z'],
    ['2025-02-20T08:51:49.09Z', '2025-02-20T08:51:49.090Z'],
    ['2025-02-20T08:51:49.090Z', '2025-02-20T08:51:49.090Z'],
    ['2020-01-01T12:01:01+0800', '2020-01-01T04:01:01.000Z'],
    ['1685599933871', '2023-06-01T06:12:13.871Z'],
  ])('reads %s, a form that partners have sent', (text, instant) => {
    expect(readHeaderTime(text)?.toISOString()).toBe(instant);
  });

  it.each(['', 'now', '1685599933', '2019-04-04 12:08:56'])('does not guess %j', (text) => {
    expect(readHeaderTime(text)).toBeUndefined();
  });
});
