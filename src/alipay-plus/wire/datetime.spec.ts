import * as fc from 'fast-check';
import { readDatetime, writeDatetime } from './datetime.js';

describe('readDatetime', () => {
  it.each([
    ['2019-11-27T12:01:01+08:00', '2019-11-27T04:01:01.000Z'],
    ['2020-01-01T12:01:01+0800', '2020-01-01T04:01:01.000Z'],
    ['2020-01-01T12:01:01-03:30', '2020-01-01T15:31:01.000Z'],
    ['2025-02-20T08:51:49.09Z', '2025-02-20T08:51:49.090Z'],
    ['2025-02-20T08:51:49.1239999Z', '2025-02-20T08:51:49.123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2020-01-01T12:01:01+08', '2020-01-01T04:01:01.000Z'],
    ['2020-01-01T12:01+08:00', '2020-01-01T04:01:00.000Z'],
    ['2020-01-01T12:01Z', '2020-01-01T12:01:00.000Z'],
    ['2025-02-20T08:51:49.123456789012345Z', '2025-02-20T08:51:49.123Z'],
    ['2025-01-01T24:00:00Z', '2025-01-02T00:00:00.000Z'],
    ['2025-12-31T24:00:00+08:00', '2025-12-31T16:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2017-01-01T08:59:60+09:00', '2017-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59+08:00', '9999-12-31T15:59:59.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0099-12-31T23:59:59-14:00', '0100-01-01T13:59:59.000Z'],
    ['2025-11-27t04:01:01z', '2025-11-27T04:01:01.000Z'],
  ])('reads %s as the instant %s', (text, instant) => {
    expect(readDatetime(text)?.toISOString()).toBe(instant);
  });

  it.each([
    ['a local time', '2019-11-27T12:01:01'],
    ['a day that does not exist', '2025-02-29T12:00:00Z'],
    ['a thirteenth month', '2025-13-01T12:00:00Z'],
    ['hour 24 and a second', '2025-01-01T24:00:01Z'],
    ['hour 24 and a part of a second', '2025-01-01T24:00:00.5Z'],
    ['a sixtieth second in the middle of a day', '2016-12-31T12:59:60Z'],
    ['a sixty-first second', '2016-12-31T23:59:61Z'],
    ['sixteen digits of a fraction', '2025-02-20T08:51:49.1234567890123456Z'],
    ['an instant after the year 9999', '9999-12-31T23:59:59-12:00'],
    ['an instant before the year 1', '0000-12-31T23:59:59Z'],
    ['an offset no place has', '2025-01-01T00:00:00+15:00'],
    ['a date alone', '2025-01-01'],
    ['blanks around it', ' 2025-01-01T00:00:00Z '],
    ['a month by name', 'Nov 27, 2019 12:01:01 GMT+8'],
    ['epoch milliseconds', '1685599933871'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(readDatetime(text)).toBeUndefined();
  });

  it('reads what writeDatetime wrote, to the second', () => {
    const range = { min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), (at) => {
        expect(readDatetime(writeDatetime(at))?.getTime()).toBe(Math.floor(at.getTime() / 1000) * 1000);
      }),
    );
  });
});

describe('writeDatetime', () => {
  it('writes seconds and an offset', () => {
    expect(writeDatetime(new Date('2019-11-27T04:01:01.987Z'))).toBe('2019-11-27T04:01:01+00:00');
  });
});
