import { readTimeRange, type TimesAsked } from './time-range.js';

describe('a time range', () => {
  it.each<[TimesAsked, object]>([
    [{}, {}],
    [{ from: '2026-03-01T08:00:00+08:00' }, { from: '2026-03-01T00:00:00.000Z' }],
    // As it arrives when + was not escaped, and when it was copied with blanks around it.
    [{ from: '2026-03-01T08:00:00 08:00' }, { from: '2026-03-01T00:00:00.000Z' }],
    [{ from: '2026-03-01T08:00 08:00' }, { from: '2026-03-01T00:00:00.000Z' }],
    [{ to: ' 2026-03-01T08:00:00.5 05:30 ' }, { to: '2026-03-01T02:30:00.500Z' }],
    [{ from: '2026-03-01T08:00:00 08:00', zone: 'Europe/Berlin' }, { from: '2026-03-01T00:00:00.000Z' }],
    [{ from: '2026-03-01T08:00:01Z' }, { from: '2026-03-01T08:00:01.000Z' }],
    [{ from: '2026-03-01T08:00:00.125Z' }, { from: '2026-03-01T08:00:00.125Z' }],
    [
      { from: '2026-03-01T08:00:00.123456+08:00', to: '2026-03-01T08:00:00.123456789 08:00' },
      { from: '2026-03-01T00:00:00.123Z', to: '2026-03-01T00:00:00.124Z' },
    ],
    [
      { from: '2026-03-01T08:00:00.125999', to: '2026-03-01T08:00:00.126000', zone: 'Asia/Shanghai' },
      { from: '2026-03-01T00:00:00.125Z', to: '2026-03-01T00:00:00.126Z' },
    ],
    [{ from: '2026-03-01T08:00', zone: 'Asia/Shanghai' }, { from: '2026-03-01T00:00:00.000Z' }],
    [{ to: '2026-03-02', zone: 'Asia/Shanghai' }, { to: '2026-03-01T16:00:00.000Z' }],
    [{ to: '2026-07-01T12:00:30', zone: 'America/New_York' }, { to: '2026-07-01T16:00:30.000Z' }],
    // An offset takes precedence over a zone.
    [{ from: '2026-03-01T08:00:00+09:00', zone: 'Asia/Shanghai' }, { from: '2026-02-28T23:00:00.000Z' }],
    // 02:30 comes twice on this day in Berlin; the range is the wider one.
    [
      { from: '2026-10-25T02:30:00', to: '2026-10-25T02:30:01', zone: 'Europe/Berlin' },
      { from: '2026-10-25T00:30:00.000Z', to: '2026-10-25T01:30:01.000Z' },
    ],
  ])('%j is the range %j', (asked, range) => {
    expect(readTimeRange(asked)).toEqual({ range, faults: [] });
  });

  it.each<[string, TimesAsked, string, RegExp]>([
    ['a word', { from: 'yesterday' }, 'from', /ISO 8601/],
    ['two times', { from: '2026-03-01T08:00:00 2026-03-01' }, 'from', /ISO 8601/],
    ['a blank before Z', { from: '2026-03-01T08:00:00 Z' }, 'from', /ISO 8601/],
    ['a blank for T', { from: '2026-03-01 08:00:00' }, 'from', /ISO 8601/],
    ['an offset that no place has', { from: '2026-03-01T08:00:00 15:00' }, 'from', /ISO 8601/],
    ['a number', { to: '1772323200' }, 'to', /ISO 8601/],
    ['a local time without a zone', { from: '2026-03-01T08:00:00' }, 'from', /zone/],
    ['a day without a zone', { to: '2026-03-01' }, 'to', /zone/],
    ['a day that does not exist', { from: '2026-02-30T00:00:00Z' }, 'from', /exists/],
    ['an hour that does not exist', { from: '2026-02-03T25:00:00Z' }, 'from', /exists/],
    ['the year 0', { from: '0000-02-03T05:00:00Z' }, 'from', /exists/],
    ['a local day that does not exist', { from: '2026-02-30', zone: 'Asia/Tokyo' }, 'from', /exists/],
    [
      'a local time the clocks leave out',
      { from: '2026-03-29T02:30:00', zone: 'Europe/Berlin' },
      'from',
      /Europe/,
    ],
    ['a zone nobody knows', { from: '2026-03-01', zone: 'Mars/Olympus' }, 'zone', /IANA/],
    ['an offset for a zone', { from: '2026-03-01', zone: '+08:00' }, 'zone', /IANA/],
    [
      'an end before the beginning',
      { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' },
      'to',
      /later/,
    ],
    [
      'an end at the beginning',
      { from: '2026-03-01T00:00:00Z', to: '2026-03-01T08:00:00+08:00' },
      'to',
      /later/,
    ],
    ['a statement', { from: "2026-03-01'; drop table scan; --" }, 'from', /ISO 8601/],
  ])('%s is refused, naming the field', (_what, asked, field, rule) => {
    expect(readTimeRange(asked).faults).toEqual([{ field, rule: expect.stringMatching(rule) }]);
  });

  it('reports every fault at once', () => {
    const { faults } = readTimeRange({ from: 'a', to: 'b', zone: 'c' });
    expect(faults.map(({ field }) => field)).toEqual(['zone', 'from', 'to']);
  });
});
