import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { runCommand } from '../../command-line/run-command.js';
import { COMMANDS } from '../../scripts/mpp/commands.js';

/** Scripts that pass their arguments to a tool with a command line of its own. */
const TOOLS =
  /^([A-Z_]+=\S+ )*(prettier|oxlint|tsc|knip|redocly|node node_modules)\b|\bnpm run -s (jest|build|format)/;
const BENCH = 'out/bench/bench/';

const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
  scripts: Readonly<Record<string, string>>; // npm's own format
};

/** The program that a script runs: a command of `mpp`, `node scripts/run.js <program>`, or a program by itself. */
const programOf = (script: string): string | undefined => {
  const words = /^node bin\/mpp\.js (.*)$/.exec(script)?.[1];
  if (words === undefined)
    return /\bnode (?:scripts\/run\.js )?((?:dist|out|scripts)\/\S+\.js)/.exec(script)?.[1];
  return COMMANDS.findLast(({ name }) => `${words} `.startsWith(`${name} `))?.program;
};

/** Several scripts may run one program. */
const programs = new Set([
  'dist/scripts/mpp.js',
  ...Object.values(scripts).flatMap((script) => programOf(script) ?? []),
]);

interface Ended {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
  /** The files it left in its folder. */
  readonly files: readonly string[];
}

/** Runs a program in an empty folder, where nothing is configured and so everything would be started. */
async function run(program: string, ...args: string[]): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), 'command-line-'));
  try {
    const ended = await new Promise<Omit<Ended, 'files'>>((done) => {
      const options = { cwd: folder, env: { PATH: process.env['PATH'] } };
      execFile(process.execPath, [resolve(program), ...args], options, (error, out, err) =>
        done({ code: error === null ? 0 : error.code, out, err }),
      );
    });
    return { ...ended, files: await readdir(folder) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('every script of package.json', () => {
  it.each(Object.entries(scripts))('%s runs a listed program or a tool', (_name, script) => {
    expect(programOf(script) !== undefined || TOOLS.test(script) ? '' : script).toBe('');
  });

  // The benchmarks are compiled by their own scripts only.
  const compiled = [...programs].filter((program) => !program.startsWith(BENCH));

  it('are found, and more than a few', () => expect(compiled.length).toBeGreaterThan(15));

  it.each(compiled)('%s prints its help and does nothing', async (program) => {
    const { code, out, err, files } = await run(program, '--help');
    expect({ code, err, files }).toEqual({ code: 0, err: '', files: [] });
    expect(out).toMatch(/^Usage: /);
  });

  // All other faults of a command line are refused by the code that all programs share: see run-command.spec.ts.
  it.each(compiled)('%s refuses an unknown flag', async (program) => {
    const { code, err } = await (isModule(program) ? refusedHere(program) : run(program, '--nonsense'));
    expect(code).toBe(2);
    expect(err).toMatch(/^error: [^\n]+\n[^]*Usage: /);
    expect(err).not.toMatch(/^ +at /m);
  });
});

/** Programs that can be imported without being started: a process for each would take a minute. */
const isModule = (program: string): boolean =>
  program.startsWith('dist/scripts/') && program !== 'dist/scripts/mpp.js';

async function refusedHere(program: string): Promise<Pick<Ended, 'code' | 'err'>> {
  const { command } = (await import(program.replace('dist/', '../../'))) as { command: CommandUnknownOpts };
  const said: string[] = [];
  const output = { log: () => undefined, error: (text: string) => void said.push(text) };
  return { code: await runCommand(command, ['--nonsense'], output), err: said.join('\n') };
}
