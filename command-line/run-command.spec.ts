import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Exit, newCommand, runCommand, UsageError, type Output } from './run-command.js';
import { numberAboveZero, textLike, wholeNumber } from './option-values.js';

class KeptOutput implements Output {
  out = '';
  err = '';
  log(text: string): void {
    this.out += `${text}\n`;
  }
  error(text: string): void {
    this.err += `${text}\n`;
  }
}

async function run(args: string[], act: (options: object) => Promise<void> | void = () => undefined) {
  const output = new KeptOutput();
  const seen: object[] = [];
  const command = newCommand('npm run sample --', 'Does nothing.')
    .option('--port <n>', 'a port', wholeNumber(0, 65_535), 80)
    .option('--rate <n>', 'a rate', numberAboveZero(10))
    .option('--name <text>', 'a name', textLike('lower-case letters', /^[a-z]+$/))
    .option('--json', 'for programs')
    .action(async (options) => {
      seen.push(options);
      await act(options);
    });
  return { code: await runCommand(command, args, output), seen, ...output };
}

describe('a command line', () => {
  it.each(['--help', '-h'])('with %s prints the usage, does nothing and exits with 0', async (flag) => {
    const { code, seen, out, err } = await run([flag, '--nonsense']);
    expect({ code, seen, err }).toEqual({ code: 0, seen: [], err: '' });
    expect(out).toContain('Usage: npm run sample -- [options]');
    expect(out).toContain('--port <n>');
  });

  it('runs with the given options and its defaults', async () => {
    const { code, seen } = await run(['--rate', '2.5', '--json']);
    expect({ code, seen }).toEqual({ code: 0, seen: [{ port: 80, rate: 2.5, json: true }] });
  });

  it.each([
    ['an unknown flag', ['--nonsense'], "unknown option '--nonsense'"],
    ['a flag that is nearly right', ['--jsno'], 'Did you mean --json?'],
    ['a surplus word', ['surplus'], 'too many arguments'],
    ['a surplus word after --', ['--', 'surplus'], 'too many arguments'],
    ['a missing value at the end', ['--port'], "option '--port' needs a value"],
    ['a missing value before another flag', ['--port', '--json'], "option '--port' needs a value"],
    ['a negative number', ['--port', '-1'], 'It must be a whole number from 0 to 65535.'],
    ['a number with more behind it', ['--port', '80x'], 'It must be a whole number from 0 to 65535.'],
    ['an empty number', ['--port='], 'It must be a whole number from 0 to 65535.'],
    ['a rate of nothing', ['--rate', '0'], 'It must be a number above 0 and up to 10.'],
    ['a rate that is no number', ['--rate', 'Infinity'], 'It must be a number above 0 and up to 10.'],
    ['a text of another form', ['--name', 'A1'], 'It must be lower-case letters.'],
    ['a value for a flag without one', ['--json=yes'], "unknown option '--json=yes'"],
  ])('refuses %s with the usage and does nothing', async (_what, args, fault) => {
    const { code, seen, out, err } = await run(args);
    expect({ code, seen, out }).toEqual({ code: 2, seen: [], out: '' });
    expect(err).toContain(fault);
    expect(err).toContain('Usage: npm run sample -- [options]');
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('reports wrong usage that only the program can detect', async () => {
    const { code, err } = await run([], () => {
      throw new UsageError('--a and --b do not go together');
    });
    expect(code).toBe(2);
    expect(err).toMatch(/^error: --a and --b do not go together\n\nUsage: /);
  });

  it('exits with the code that the program chose', async () => {
    const { code, err } = await run([], () => {
      throw new Exit(130);
    });
    expect({ code, err }).toEqual({ code: 130, err: '' });
  });

  it('reports a failure in one sentence with its cause and without a stack', async () => {
    const { code, err } = await run([], () => {
      throw new TypeError('fetch failed', {
        cause: new AggregateError([
          new Error('connect ECONNREFUSED ::1:1'),
          new Error('connect ECONNREFUSED 127.0.0.1:1'),
        ]),
      });
    });
    expect(code).toBe(1);
    expect(err).toBe('fetch failed: connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1\n');
  });
});

const COMPILED = pathToFileURL(resolve('dist/command-line/run-command.js')).href;
const ENDLESS = `
  const { newCommand, readCommandLine } = await import('${COMPILED}');
  await readCommandLine(newCommand('endless', 'Never stops.'));
  setInterval(() => process.stdout.write('one more line\\n'), 1);
`;

describe('a program', () => {
  it('exits silently when the reader of its output is gone', async () => {
    const program = spawn(process.execPath, ['--input-type=module', '-e', ENDLESS]);
    let said = '';
    program.stderr.on('data', (text) => (said += text));
    await once(program.stdout, 'data');
    program.stdout.destroy();
    expect(await once(program, 'close')).toEqual([141, null]);
    expect(said).toBe('');
  });

  it.each([
    ['its result', ['--input-type=module', '-e', ENDLESS]],
    ['its completion', [resolve('dist/scripts/mpp.js'), 'completion', 'bash']],
    ['its help', [resolve('dist/scripts/mpp.js'), '--help']],
  ])('says in a sentence that %s could not be written', async (_what, args) => {
    const full = openSync('/dev/full', 'w');
    const program = spawn(process.execPath, args, { stdio: ['ignore', full, 'pipe'] });
    let said = '';
    program.stderr?.on('data', (text) => (said += text));
    const ended = await once(program, 'close');
    closeSync(full);
    expect({ ended, said }).toEqual({
      ended: [1, null],
      said: expect.stringMatching(/^the output could not be written: .*no space left on device.*\n$/),
    });
  });
});
