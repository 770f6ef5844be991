import { onClocks } from './clocks.js';

const at = new Date('2026-03-29T00:30:00.007Z');

describe('a view on clocks', () => {
  it('gives every time in UTC and UTC+8, at any depth', () => {
    expect(onClocks({ at, list: [{ givesUpAt: at }], name: 'x', amount: { value: '5' } })).toEqual({
      at: '2026-03-29T00:30:00.007Z',
      atUtc8: '2026-03-29T08:30:00.007+08:00',
      list: [{ givesUpAt: '2026-03-29T00:30:00.007Z', givesUpAtUtc8: '2026-03-29T08:30:00.007+08:00' }],
      name: 'x',
      amount: { value: '5' },
    });
  });

  it.each([
    ['Europe/Berlin', '2026-03-29T00:30:00.007Z', '2026-03-29T01:30:00.007+01:00'],
    ['Europe/Berlin', '2026-03-29T01:30:00.007Z', '2026-03-29T03:30:00.007+02:00'],
    ['Asia/Kathmandu', '2026-03-29T00:30:00.007Z', '2026-03-29T06:15:00.007+05:45'],
    ['America/St_Johns', '2026-01-01T00:00:00.000Z', '2025-12-31T20:30:00.000-03:30'],
    ['UTC', '2026-03-29T00:30:00.007Z', '2026-03-29T00:30:00.007+00:00'],
    ['europe/berlin', '2026-03-29T23:59:59.999Z', '2026-03-30T01:59:59.999+02:00'],
  ])('in %s also gives %s as %s', (zone, utc, local) => {
    const { atLocal } = onClocks({ at: new Date(utc) }, zone);
    expect(atLocal).toBe(local);
    expect(Date.parse(String(atLocal))).toBe(Date.parse(utc));
  });

  it('leaves out what is absent and keeps false, the empty text and 0', () => {
    expect(onClocks({ a: undefined, b: null, c: false, d: 0, e: '', f: [] })).toEqual({
      c: false,
      d: 0,
      e: '',
      f: [],
    });
  });
});
