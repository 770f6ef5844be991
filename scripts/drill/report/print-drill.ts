import { NOT_INSTALLED } from '../../observe/prometheus.js';
import type { DrillFigures } from './figures.js';
import { seconds } from './progress.js';

/** The results of a drill for people. */
export function drillText(figures: DrillFigures): string {
  const { backend, seed, scans, orders, discrepancies, lines } = figures;
  const where = backend === 'redis' ? 'queues in Redis' : 'queues in PostgreSQL';
  return [
    '',
    `Drill with ${where}: ${figures.seconds} s, seed ${seed}`,
    '',
    `  scans          ${total(scans)}  ${inWords(scans)}`,
    `  orders         ${total(orders)}  ${inWords(orders)}`,
    `  ledger         ${figures.debits} debits, ${figures.givenBack} of them given back, ${figures.refunds} refunds`,
    `  Alipay+        ${figures.acknowledged} results acknowledged, after ${figures.notifications} notifications; ${figures.inquiries} inquiries at the end`,
    `  apps repeated  ${inWords(figures.repeatedByApps) || 'nothing'}`,
    '',
    ...faultTable(figures),
    '',
    ...alarmLines(figures),
    ...followedLines(figures),
    `  ${figures.faultCount} faults, ${figures.recoveryCount} recoveries, the longest ${longestText(figures)}`,
    `  ${inWords(discrepancies)}`,
    ...lines.map((line) => `  ! ${line}`),
    '',
    `  ${verdict(figures)}`,
    '',
  ].join('\n');
}

function longestText(figures: DrillFigures): string {
  const { longestRecoveryMs, longestRecoveryAfter, longestRecoveryOf, faultCount } = figures;
  if (faultCount === 0) return 'none';
  const isEndless = longestRecoveryMs === Number.MAX_SAFE_INTEGER;
  return `${isEndless ? 'not seen to its end' : seconds(longestRecoveryMs)} (after: ${longestRecoveryAfter}; last: ${longestRecoveryOf})`;
}

function faultTable({ faults }: DrillFigures): string[] {
  const width = Math.max(5, ...faults.map(({ name }) => name.length));
  const row = (cells: readonly string[]): string =>
    `  ${(cells[0] ?? '').padEnd(width)}${cells
      .slice(1)
      .map((cell) => cell.padStart(18))
      .join('')}`;
  return [
    row(['fault', 'times', 'lasted at most', 'recovered', 'longest recovery']),
    ...faults.map(({ name, times, longestMs, recovered, longestRecoveryMs }) =>
      row([name, String(times), seconds(longestMs), String(recovered), seconds(longestRecoveryMs)]),
    ),
  ];
}

function alarmLines({ faults }: DrillFigures): string[] {
  if (faults.every(({ alarms }) => alarms === undefined))
    return [`  alarms were not watched: ${NOT_INSTALLED}`, ''];
  return [
    '  alarms that fired',
    ...faults.map(({ name, alarms = [] }) => `    ${name}: ${alarms.join(', ') || 'none'}`),
    '',
  ];
}

function followedLines({ followed }: DrillFigures): string[] {
  if (followed.length === 0) return [];
  return [
    '  entries of the runbook that were followed',
    ...followed.map(({ entry, steps, tookMs, failure }) =>
      failure === undefined
        ? `    ${entry}: ${steps} steps, mended after ${seconds(tookMs)}`
        : `    ${entry}: DID NOT HELP`,
    ),
    '',
  ];
}

/** The books may agree although something else went wrong. */
function verdict({ agree, discrepancies }: DrillFigures): string {
  if (total(discrepancies) > 0) return 'THE BOOKS DO NOT AGREE.';
  const books = 'Our books, the ledger’s and Alipay+’s agree.';
  return agree ? books : `${books} BUT SOMETHING ELSE WENT WRONG.`;
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function inWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}
