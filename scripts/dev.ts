import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { newCommand, runProgram } from '../command-line/run-command.js';

export const command = newCommand(
  'npm run dev --',
  'Compiles on every change and restarts the service when its compiled files have changed.',
).action(watch);

/** `scripts/run.js` has built before; without a build the service would start with half of its files. */
function watch(): void {
  // The next change may import what is not bundled; without a bundle every package is read from where it is installed.
  rmSync('dist/node_modules', { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const build = [tsc, '-p', 'tsconfig.build.json', '--preserveWatchOutput', '--watch'];
  const service = ['--watch', '--watch-preserve-output', 'dist/src/main.js'];
  const children = [
    spawn(process.execPath, build, { stdio: 'inherit' }),
    spawn(process.execPath, service, { stdio: 'inherit', env: { LOG_FORMAT: 'text', ...process.env } }),
  ];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      for (const child of children) child.kill(signal);
    });
  }
  // One is useless without the other: when either ends, the other is ended too.
  for (const child of children) {
    child.once('exit', (code) => {
      process.exitCode ||= code ?? 1;
      for (const other of children) other.kill('SIGTERM');
    });
  }
}

await runProgram(import.meta.url, command);
