import { SeenIds } from './seen-ids.js';

describe('ids that were met', () => {
  it('are known again, and no others, whatever their number', () => {
    const seen = new SeenIds();
    for (let at = 0; at < 20_000; at += 1) expect(seen.add(`id-${at}`)).toBe(true);
    expect(seen.size).toBe(20_000);
    for (let at = 0; at < 20_000; at += 7) expect(seen.add(`id-${at}`)).toBe(false);
    for (let at = 0; at < 40_000; at += 13) expect(seen.has(`id-${at}`)).toBe(at < 20_000);
    expect(seen.size).toBe(20_000);
  });
});
