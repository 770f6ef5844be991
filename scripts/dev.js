// Compiles on every change and restarts the service when its compiled files have changed.
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const build = [tsc, '-p', 'tsconfig.build.json', '--preserveWatchOutput'];

console.error('Building …');
// The first build must be whole, or the service would start with half of its files.
const first = spawnSync(process.execPath, build, { stdio: 'inherit' });
if (first.status !== 0) process.exit(first.status ?? 1);
await import('./copy-assets.js');

const children = [
  spawn(process.execPath, [...build, '--watch'], { stdio: 'inherit' }),
  spawn(process.execPath, ['--watch', '--watch-preserve-output', 'dist/src/main.js'], {
    stdio: 'inherit',
    env: { LOG_FORMAT: 'text', ...process.env },
  }),
];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
// One without the other is of no use: when either ends, the other is ended too.
for (const child of children) {
  child.once('exit', (code) => {
    process.exitCode ||= code ?? 1;
    for (const other of children) other.kill('SIGTERM');
  });
}
