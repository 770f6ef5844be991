import fc from 'fast-check';
import { LineStop, type Verdict } from './line-stop.js';

const STOP_MS = 1_000;

/** The state after these calls, all at time 0. */
function after(calls: readonly (readonly [customerId: string, verdict: Verdict])[]): LineStop {
  const stop = new LineStop(STOP_MS);
  for (const [customerId, verdict] of calls) {
    if (stop.begin(customerId, 0) === 'call') stop.called(customerId, verdict, 0);
  }
  return stop;
}

const faultsOf = (...customers: readonly string[]) =>
  customers.map((customerId) => [customerId, 'our fault'] as const);
const stoppedLine = (): LineStop => after(faultsOf('a', 'b', 'c', 'd', 'e'));

describe('when the line stops', () => {
  it('after faults of five customers, not of four', () => {
    expect(after(faultsOf('a', 'b', 'c', 'd')).isStopped).toBe(false);
    expect(stoppedLine().isStopped).toBe(true);
  });

  it('not while half of the calls succeed', () => {
    const mixed = Array.from({ length: 40 }, (_, n) => [`${n}`, n % 2 ? 'fine' : 'our fault'] as const);
    expect(after(mixed).isStopped).toBe(false);
  });

  it('because of the last calls: a long good time before does not prevent it', () => {
    const fine = Array.from({ length: 500 }, (_, n) => [`${n}`, 'fine'] as const);
    const faults = faultsOf(...Array.from({ length: 15 }, (_, n) => `${n}`));
    expect(after([...fine, ...faults]).isStopped).toBe(true);
    expect(after([...fine, ...faults.slice(1)]).isStopped).toBe(false);
  });

  it('never because of one customer, whatever happens to the others that is not our fault', () => {
    const others = fc.tuple(fc.constantFrom('b', 'c', 'd'), fc.constantFrom<Verdict>('fine', 'unknown'));
    const one = fc.constant(['a', 'our fault'] as const);
    fc.assert(
      fc.property(fc.array(fc.oneof(one, others), { maxLength: 200 }), (calls) => {
        expect(after(calls).isStopped).toBe(false);
      }),
    );
  });
});

describe('when the line goes on', () => {
  it('lets one call at a time try, when the stop time is over', () => {
    const stop = stoppedLine();
    expect(stop.begin('a', STOP_MS - 1)).toBe('none');
    expect(stop.begin('a', STOP_MS)).toBe('trial');
    expect(stop.begin('b', STOP_MS)).toBe('none');
    stop.tried('a', 'fine', STOP_MS);
    expect(stop.isStopped).toBe(false);
    expect(stop.begin('b', STOP_MS)).toBe('call');
  });

  it.each<Verdict>(['unknown', 'our fault'])('stays stopped when the trial ends in %j', (verdict) => {
    const stop = stoppedLine();
    stop.begin('a', STOP_MS);
    stop.tried('a', verdict, STOP_MS);
    expect(stop.begin('b', 2 * STOP_MS - 1)).toBe('none');
    expect(stop.begin('b', 2 * STOP_MS)).toBe('trial');
  });

  it('one customer does not get every trial, unless nobody else comes', () => {
    const stop = stoppedLine();
    stop.begin('a', STOP_MS);
    stop.tried('a', 'our fault', STOP_MS);
    expect(stop.begin('a', 3 * STOP_MS - 1)).toBe('none');
    expect(stop.begin('a', 3 * STOP_MS)).toBe('trial');
  });

  it('counts from zero after it went on, without the calls that were begun before', () => {
    const stop = stoppedLine();
    stop.called('f', 'fine', 0);
    stop.begin('a', STOP_MS);
    stop.tried('a', 'fine', STOP_MS);
    for (const customerId of ['a', 'b', 'c', 'd']) stop.called(customerId, 'our fault', STOP_MS);
    expect(stop.isStopped).toBe(false);
  });
});
