// Compiles the programs and bundles the packages that they import: `npm run build`. `scripts/run.js` imports it to build
// before a run.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { plainCommand } from './plain-command.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Reports on the error output, where it cannot mix with the output of a program.
 *
 * @param {{ bench?: boolean, client?: boolean }} what with the benchmarks, which are compiled into out/bench, and with
 *   the client for wallet apps, which is compiled into clients/typescript/dist
 * @returns {number} the exit code of the compiler
 */
export function build({ bench = false, client = false } = {}) {
  if (isForReading()) {
    console.error('This tree may not be written to: what was compiled is started as it is.');
    return 0;
  }
  const projects = ['tsconfig.build.json'];
  if (bench) projects.push('tsconfig.bench.json');
  if (client) projects.push('clients/typescript/tsconfig.json');
  for (const project of projects) {
    const code = compile(project);
    if (code !== 0) return code;
  }
  return run('scripts/copy-assets.js') || run('scripts/bundle-packages.js');
}

/** As in a container with a read-only root, or of another user. Without anything compiled the compiler says what is wrong. */
function isForReading() {
  if (!existsSync(`${ROOT}dist/.tsbuildinfo`)) return false;
  try {
    accessSync(`${ROOT}dist`, constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

const OUTPUTS = {
  'tsconfig.build.json': 'dist',
  'tsconfig.bench.json': 'out/bench',
  'clients/typescript/tsconfig.json': 'clients/typescript/dist',
};

function compile(project) {
  const isFirst = !existsSync(`${ROOT}${OUTPUTS[project]}/.tsbuildinfo`);
  console.error(
    isFirst
      ? `Building for the first time, about half a minute (tsc -p ${project}) …`
      : `Building what has changed (tsc -p ${project}) …`,
  );
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  return run(tsc, '-p', project);
}

function run(...args) {
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const command = plainCommand('npm run build --', 'Compiles service, twin and scripts into dist.');
  command
    .option('--bench', 'the benchmarks too, into out/bench')
    .option('--client', 'the client for wallet apps too, into clients/typescript/dist')
    .parse();
  process.exitCode = build(command.opts());
}
