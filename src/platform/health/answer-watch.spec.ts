import { AnswerWatch } from './answer-watch.js';

const START_MS = Date.parse('2026-03-01T00:00:00Z');

function watched() {
  let nowMs = START_MS;
  const watch = new AnswerWatch(() => nowMs);
  const after = (ms: number): AnswerWatch => {
    nowMs += ms;
    return watch;
  };
  return { watch, after };
}

describe('the watch over answers', () => {
  it('sees a partner that leaves every call without an answer, since the first of them', () => {
    const { watch, after } = watched();
    for (let call = 0; call < 4; call += 1) after(2_000).unanswered('timeout');
    expect(watch.trouble).toEqual({ sinceMs: START_MS + 2_000, reason: 'timeout' });
  });

  it.each([
    ['one call', 1, 0],
    ['two calls, a minute apart', 2, 60_000],
    ['a burst of connections that broke together', 50, 0],
  ])('takes %s for no more than that', (_what, calls, apartMs) => {
    const { watch, after } = watched();
    for (let call = 0; call < calls; call += 1) after(apartMs).unanswered('connection_reset');
    expect(watch.trouble).toBeUndefined();
  });

  it('begins anew with each answer before it is told', () => {
    const { watch, after } = watched();
    for (let call = 0; call < 9; call += 1) {
      after(3_000).unanswered('timeout');
      if (call % 2 === 1) after(0).answered();
    }
    expect(watch.trouble).toBeUndefined();
  });

  it('sees that it is over when it answers and nothing fails any more', () => {
    const { watch, after } = watched();
    for (let call = 0; call < 4; call += 1) after(3_000).unanswered('timeout');
    after(1_000).answered();
    expect(watch.trouble).toBeDefined();
    // One that still waited.
    after(5_000).unanswered('timeout');
    after(1_000).answered();
    expect(after(8_000).trouble).toBeDefined();
    expect(after(1_000).trouble).toBeUndefined();
    // The next one is another one.
    for (let call = 0; call < 4; call += 1) after(3_000).unanswered('dns_error');
    expect(watch.trouble).toMatchObject({ sinceMs: START_MS + 31_000, reason: 'dns_error' });
  });

  it('does not go on saying so when nobody calls any more', () => {
    const { after } = watched();
    for (let call = 0; call < 4; call += 1) after(3_000).unanswered('timeout');
    expect(after(119_000).trouble).toBeDefined();
    expect(after(1_000).trouble).toBeUndefined();
  });

  it('is a probe of readiness that nothing depends on', async () => {
    const { watch, after } = watched();
    const probe = watch.probe('partner');
    await expect(probe.check()).resolves.toBeUndefined();
    for (let call = 0; call < 4; call += 1) after(3_000).unanswered('timeout');
    await expect(probe.check()).rejects.toThrow('timeout');
    expect(probe).toMatchObject({ name: 'partner', required: false });
    expect(probe.sinceMs?.()).toBe(START_MS + 3_000);
  });
});
