import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { runCommand } from '../command-line/run-command.js';
import { drillProgram, type DrillOptions } from '../scripts/drill/options.js';
import { chosenFaults } from '../scripts/drill/faults/all-faults.js';
import type { Injected, PastFault } from '../scripts/drill/faults/injector.js';
import { alarmsOf, LINGERING, raised, unnoticed } from '../scripts/drill/report/alarms.js';
import { FAULT_GROUPS } from '../scripts/drill/faults/fault.js';
import { MIX } from '../scripts/drill/load/payer-mix.js';
import { drawPlan } from '../scripts/drill/load/payer-plan.js';
import { standingStill } from '../scripts/drill/recovery/unfinished.js';
import { SeededRandom } from '../scripts/simulate/engine/seeded-random.js';
import { parseScript } from '../twin/script/parse-script.js';

describe('the options of a drill', () => {
  const read = async (args: readonly string[]): Promise<{ code: number; options?: DrillOptions }> => {
    let options: DrillOptions | undefined;
    const program = drillProgram(async (read) => void (options = read));
    const code = await runCommand(program, args, { log: () => undefined, error: () => undefined });
    return { code, ...(options && { options }) };
  };

  test('have defaults for everything left out', async () => {
    expect((await read([])).options).toMatchObject({
      minutes: 3,
      backends: ['postgres', 'redis'],
      groups: new Set(FAULT_GROUPS),
      isShort: false,
      seed: expect.any(Number),
    });
    expect(await read(['--help'])).toEqual({ code: 0 });
  });

  test.each([
    [['--minutes', '0']],
    [['--minutes', 'ten']],
    [['--backend', 'mysql']],
    [['--faults', 'kill,everything']],
    [['--rate', '-1']],
    [['--unknown']],
    [['stray']],
  ])('%j are refused', async (args) => {
    expect(await read(args)).toEqual({ code: 2 });
  });
});

describe('the faults', () => {
  const names = (backend: 'postgres' | 'redis', groups: readonly string[], isShort = false): string[] =>
    chosenFaults({
      backend,
      isShort,
      groups: new Set(FAULT_GROUPS.filter((group) => groups.includes(group))),
    }).map(({ name }) => name);

  test('are those of the requested groups, with either backend', () => {
    for (const group of FAULT_GROUPS) {
      expect(names('redis', [group]).length).toBeGreaterThan(0);
      expect(names('postgres', [group]).length).toBeGreaterThan(0);
    }
    expect(names('postgres', ['redis'])).toEqual(['the table of jobs emptied']);
  });

  test('of a short drill are a few of the same', () => {
    const all = names('redis', FAULT_GROUPS);
    const short = names('redis', FAULT_GROUPS, true);
    expect(all).toEqual(expect.arrayContaining(short));
    expect(short.length).toBeLessThan(all.length / 2);
  });
});

describe('the alarms of a drill', () => {
  const fault = (name: string, tookMs: number, alarms?: readonly string[]): PastFault => ({
    name,
    tookMs,
    ...(alarms && { alarms }),
  });
  const injected = (...faults: PastFault[]): Injected => ({
    faults,
    recovery: { ms: 1, work: 0, last: '', left: [] },
  });

  test('are reported missing only after a fault of more than 30 s, and only where rules were evaluated', () => {
    const all = [
      injected(fault('short', 29_000, [])),
      injected(fault('noticed', 31_000, ['LedgerUnreachable'])),
      injected(fault('nobody looked', 31_000)),
      injected(fault('missed', 31_000, [])),
    ];
    expect(unnoticed(all)).toEqual(['no alarm was raised by: missed (31.0 s)']);
  });

  test('are not expected during acts that operators do in order', () => {
    const planned = { ...fault('our keys changed', 31_000, []), isPlanned: true };
    expect(unnoticed([injected(planned)])).toEqual([]);
  });

  test('are not alarms that only linger from an earlier fault', () => {
    const before = ['LogAlarm', 'LedgerUnreachable'];
    expect(raised({ before, since: [...before, 'ProcessRestarts'] })).toEqual([
      'LedgerUnreachable',
      'ProcessRestarts',
    ]);
  });

  test('linger only when their query looks back more than a minute', () => {
    const { groups } = load(readFileSync('ops/alerts.yml', 'utf8')) as {
      groups: { rules: { alert?: string; expr: string }[] }[];
    };
    const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1_440 };
    const looksBack = (expr: string): boolean =>
      expr.includes('> time() - 900') ||
      [...expr.matchAll(/(?:_rate|\[)(\d+)([mhd])\b/g)].some(
        ([, count, unit]) => Number(count) * (MINUTES[unit ?? ''] ?? NaN) > 1,
      );
    const lingering = groups
      .flatMap(({ rules }) => rules)
      .flatMap(({ alert, expr }) => (alert !== undefined && looksBack(expr) ? [alert] : []));
    expect(new Set(lingering)).toEqual(LINGERING);
  });

  test('are listed by fault, over all the times that it was injected', () => {
    const all = [
      injected(fault('a', 1, ['Y', 'X'])),
      injected(fault('a', 1, ['X'])),
      injected(fault('b', 1)),
    ];
    expect(alarmsOf('a', all)).toEqual(['X', 'Y']);
    expect(alarmsOf('b', all)).toBeUndefined();
  });
});

describe('the payers', () => {
  const plans = (seed: number) => {
    const random = new SeededRandom(seed);
    const options = { mark: 'test', orderLifeS: 30 };
    return Array.from({ length: 300 }, (_, number) => drawPlan(random, number, options));
  };

  test('are drawn by the seed, the first of them one of each kind', () => {
    expect(plans(1)).toEqual(plans(1));
    expect(plans(1)).not.toEqual(plans(2));
    expect(
      new Set(
        plans(1)
          .slice(0, MIX.length)
          .map(({ end }) => end),
      ),
    ).toEqual(new Set(MIX.map(({ end }) => end)));
  });

  test('have codes of their own, which the twin can play', () => {
    const codes = plans(3).map(({ codeValue }) => codeValue);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect({ code, ...parseScript(code) }).toMatchObject({ ok: true });
  });
});

describe('the payments that have not moved on', () => {
  const work = (what: string, id: string, tries = 0) => ({ what, id, tries });

  test('are those unfinished then that have neither ended nor been tried since', () => {
    const then = [
      work('scan', 'ended'),
      work('scan', 'tried', 1),
      work('scan', 'stuck', 2),
      work('debit INTENDED', 'turned'),
    ];
    const now = [
      work('scan', 'tried', 2),
      work('scan', 'stuck', 2),
      work('debit REVERSING', 'turned'),
      work('scan', 'new'),
    ];
    expect(standingStill(then, now)).toEqual([work('scan', 'stuck', 2)]);
  });
});
