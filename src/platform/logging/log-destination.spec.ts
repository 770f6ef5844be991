import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { transformFileSync } from '@swc/core';

const here = 'src/platform/logging';

/** The log as a program of its own: lines lost at exit only show when a process really exits. */
function compileLogging(into: string): void {
  writeFileSync(join(into, 'package.json'), '{"type":"module"}');
  symlinkSync(join(process.cwd(), 'node_modules'), join(into, 'node_modules'));
  const needed = readdirSync(here).filter((file) => !/\.(spec|module|settings)\.ts$/.test(file));
  for (const file of needed) {
    const { code } = transformFileSync(join(here, file), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } },
      module: { type: 'es6' },
    });
    writeFileSync(join(into, `${basename(file, '.ts')}.js`), code);
  }
}

const HEAD = `import { EventLog } from './event-log.js'; import { openLogDestination } from './log-destination.js';`;

async function run(folder: string, script: string): Promise<{ output: string; code: number | null }> {
  writeFileSync(join(folder, 'run.js'), `${HEAD}\n${script}`);
  const child = spawn(process.execPath, ['run.js'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { output: Buffer.concat(chunks).toString(), code };
}

/** What the script says on its error output while its standard output goes into a file. */
async function toldWith(folder: string, script: string, file: string): Promise<string> {
  writeFileSync(join(folder, 'run.js'), `${HEAD}\n${script}`);
  const output = openSync(file, 'w');
  const child = spawn(process.execPath, ['run.js'], { cwd: folder, stdio: ['ignore', output, 'pipe'] });
  const chunks: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  closeSync(output);
  return Buffer.concat(chunks).toString();
}

describe('openLogDestination', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-destination-'));
  beforeAll(() => compileLogging(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['ends by itself', ''],
    ['calls process.exit at once', 'process.exit(3);'],
    [
      'dies of an uncaught error',
      `process.on('uncaughtException', () => process.exit(3)); throw new Error('x');`,
    ],
  ])('has written every event when the process %s', async (_how, ending) => {
    const script = `const log = new EventLog({ level: 'info' }, openLogDestination('json'));
      for (let at = 0; at < 5000; at += 1) log.event('thing.moved', { at, filler: 'x'.repeat(100) });
      ${ending}`;
    const { output } = await run(folder, script);
    const events = output
      .trimEnd()
      .split('\n')
      .map((line) => Object(JSON.parse(line)).at);
    expect(events).toEqual(Array.from({ length: 5000 }, (_, at) => at));
  });

  it('says of a line that has to be there whether it can be read by anybody', async () => {
    const script = `const log = new EventLog({ level: 'silent' }, openLogDestination('json'));
      process.stderr.write(String(log.audit('thing.seen', { by: 'one' })));`;
    for (const [output, isTaken] of [
      ['/dev/null', 'true'],
      ['/dev/full', 'false'],
    ] as const)
      expect(await toldWith(folder, script, output)).toBe(isTaken);
  });

  it('writes short text lines when asked to', async () => {
    const script = `new EventLog({ level: 'info' }, openLogDestination('text')).warn('thing.odd', { at: 1 });`;
    const { output } = await run(folder, script);
    expect(output).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}thing\.odd at=1\n$/);
  });
});
