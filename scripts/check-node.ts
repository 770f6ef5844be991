import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textLike } from '../command-line/option-values.js';
import { Exit, newCommand, runProgram, UsageError } from '../command-line/run-command.js';

/** The checks that can be run after the installation, by their word on the command line. */
const PARTS: Readonly<Record<string, string>> = {
  unit: 'npm run -s test:unit -- --ci',
  demo: 'npm run -s demo',
  smoke: 'npm run -s smoke -- --ci',
  all: 'npm test -- --ci',
};

const NOTES = `
Parts: ${Object.keys(PARTS).join(', ')}; unit unless some are named. What is committed is cloned into a folder of its own, installed there
with npm ci and run there; warnings of npm about versions of Node.js count as failures. The folder is removed at the end.
  npm run check:node -- 22 unit demo
Exit codes: 0 everything passed, 1 something did not, 2 wrong usage.`;

export const command = newCommand(
  'npm run check:node --',
  'Installs and tests what is committed under another version of Node.js, which npx fetches.',
)
  .argument(
    '<version>',
    'of Node.js, such as 22 or 22.13.0',
    textLike('a version', /^\d{2}(\.\d{1,3}){0,2}$/),
  )
  .argument('[parts...]', 'what to run after the installation')
  .addHelpText('after', NOTES)
  .action(async (version, parts) => {
    const unknown = parts.find((part) => !Object.hasOwn(PARTS, part));
    if (unknown !== undefined) throw new UsageError(`there is no part "${unknown}"`);
    if (!(await check(version, parts.length > 0 ? parts : ['unit']))) throw new Exit(1);
  });

async function check(version: string, parts: readonly string[]): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), `check-node-${version}-`));
  try {
    execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${process.cwd()}`, folder]);
    const steps = { 'Node.js': 'node --version', 'npm ci': 'npm ci', ...commandsOf(parts) };
    for (const [step, line] of Object.entries(steps)) {
      const began = performance.now();
      const { code, said } = await runUnder(version, line, folder);
      const isPassed = code === 0 && !said.includes('EBADENGINE');
      const seconds = Math.round((performance.now() - began) / 1000);
      console.log(`${step}: ${isPassed ? 'passed' : 'FAILED'} after ${seconds} s`);
      if (!isPassed) return false;
    }
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function commandsOf(parts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(parts.map((part) => [part, PARTS[part] ?? '']));
}

/** npx puts that version first in the PATH of npm and of everything it starts. */
async function runUnder(
  version: string,
  line: string,
  cwd: string,
): Promise<{ code: unknown; said: string }> {
  const args = ['--yes', '--package', `node@${version}`, '--call', line];
  const env = { ...process.env, SKIP_INSTALL_SIMPLE_GIT_HOOKS: '1' };
  const child = spawn('npx', args, { cwd, env, stdio: ['ignore', 'inherit', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    process.stderr.write(text);
  });
  const [code] = await once(child, 'close');
  return { code, said };
}

await runProgram(import.meta.url, command);
