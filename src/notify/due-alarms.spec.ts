import { dueAlarms } from './due-alarms.js';

// 08:00 at UTC+8 on the second of March.
const givesUpAt = new Date('2026-03-02T00:00:00Z');
const at = (readAt: string, tries = 1, alarms: string[] = []): string[] =>
  dueAlarms({ tries, givesUpAt, readAt: new Date(readAt), alarms });

describe('dueAlarms', () => {
  it.each([
    ['at noon of the day before', '2026-03-01T12:00:00+08:00', 1, []],
    ['at 23:59', '2026-03-01T23:59:59+08:00', 1, []],
    ['at 00:00, half an hour before the clearing', '2026-03-02T00:00:00+08:00', 1, ['before_clearing']],
    ['at 07:00', '2026-03-02T07:00:00+08:00', 1, ['before_clearing', 'before_the_end']],
    ['after nine tries', '2026-03-01T12:00:00+08:00', 9, []],
    ['after ten tries', '2026-03-01T12:00:00+08:00', 10, ['ten_tries']],
  ])('%s', (_when, readAt, tries, thresholds) => {
    expect(at(readAt, tries)).toEqual(thresholds);
  });

  it('leaves out what has alarmed before', () => {
    expect(at('2026-03-02T07:30:00+08:00', 40, ['ten_tries', 'before_clearing'])).toEqual(['before_the_end']);
  });
});
