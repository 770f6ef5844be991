// Before a commit: format and lint of the staged files only, so that it takes a moment. CI checks everything.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const FORMATTED = /\.(tsx?|js|css|json|md|ya?ml)$/;
const LINTED = /\.(tsx?|js)$/;

const listed = spawnSync('git', ['diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z'], {
  encoding: 'utf8',
});
const files = listed.stdout.split('\0').filter((file) => file !== '');
const passed = [
  run('prettier', ['--check', '--log-level', 'warn', '--ignore-unknown'], files, FORMATTED),
  // Without types: checking them takes longer than a commit should.
  run('oxlint', ['--quiet'], files, LINTED),
];
if (passed.includes(false)) {
  console.error('The commit was stopped by what stands above. "npm run format" fixes the format.');
  process.exitCode = 1;
}

/** The tool's own program, started by this Node: npx would cost half a second each time. */
function run(tool, options, candidates, pattern) {
  const chosen = candidates.filter((file) => pattern.test(file));
  if (chosen.length === 0) return true;
  const manifest = createRequire(import.meta.url).resolve(`${tool}/package.json`);
  const { bin } = createRequire(import.meta.url)(manifest);
  const program = join(dirname(manifest), typeof bin === 'string' ? bin : bin[tool]);
  const done = spawnSync(process.execPath, [program, ...options, ...chosen], { stdio: 'inherit' });
  return done.status === 0;
}
