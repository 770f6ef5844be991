import { textLine } from './log-destination.js';

describe('textLine', () => {
  it('puts time, level and verb first and quotes only what needs it', () => {
    const json = JSON.stringify({
      level: 'info',
      time: '2026-01-02T03:04:05.678Z',
      event: 'thing.moved',
      from: 'A',
      note: 'two words',
      attempt: 2,
    });
    expect(textLine(json)).toBe('03:04:05.678 INFO  thing.moved from=A note="two words" attempt=2\n');
  });

  it('stays one line whatever a value holds', () => {
    const json = JSON.stringify({ level: 'warn', time: 'x', event: 'e', note: 'a\nb' });
    expect(textLine(json).trimEnd()).not.toContain('\n');
  });
});
