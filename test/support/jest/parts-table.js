import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';

const VERSIONS = [
  ['redis-server', ['--version'], /v=([\d.]+)/],
  ['valkey-server', ['--version'], /v=([\d.]+)/],
  ['pgbouncer', ['--version'], /([\d.]+)/],
  ['haproxy', ['-v'], /version ([\d.]+)/],
  ['faketime', ['--version'], /([\d.]+)/],
  ['prometheus', ['--version'], /version ([\d.]+)/],
  ['pg_basebackup', ['--version'], /([\d.]+)/],
];

/** Writes at the end which parts were installed, and the result of each suite that needs them. */
export default class PartsTable {
  onRunComplete(_contexts, { testResults }) {
    const parts = VERSIONS.map(([name, args, pattern]) => {
      const { status, stdout } = spawnSync(name, args, { encoding: 'utf8' });
      return [name, status === 0 ? (pattern.exec(stdout)?.[1] ?? 'installed') : 'not installed'];
    });
    const suites = testResults.flatMap(rowsOf).toSorted(([one], [other]) => one.localeCompare(other));
    print(['part', 'version'], parts);
    print(['suite', 'passed', 'failed', 'left out', 'seconds'], suites);
  }
}

function rowsOf({ testFilePath, testResults, testExecError }) {
  if (testExecError) return [[basename(testFilePath), '0', 'did not run', '0', '0']];
  const suites = new Map();
  for (const { ancestorTitles, status, duration } of testResults) {
    const name = `${basename(testFilePath, '.spec.ts')}: ${ancestorTitles.slice(0, 2).join(' ')}`;
    const row = suites.get(name) ?? { passed: 0, failed: 0, leftOut: 0, ms: 0 };
    row[{ passed: 'passed', failed: 'failed' }[status] ?? 'leftOut'] += 1;
    row.ms += duration ?? 0;
    suites.set(name, row);
  }
  return [...suites].map(([name, { passed, failed, leftOut, ms }]) => [
    name,
    ...[passed, failed, leftOut, Math.round(ms / 1_000)].map(String),
  ]);
}

function print(head, rows) {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at].length)));
  const line = (row) =>
    row
      .map((text, at) => text.padEnd(widths[at]))
      .join('  ')
      .trimEnd();
  process.stdout.write(`\n${[line(head), ...rows.map(line)].join('\n')}\n`);
}
