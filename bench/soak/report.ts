import { goalTable, markdown } from '../compare/table.js';
import { median } from '../statistics.js';
import { FIGURES, type SoakSample } from './samples.js';
import { goalsOf, growthOf, memorySlopePerHour } from './verdicts.js';

/** The most lines, however long the run was. */
const LINES = 30;

export function lineOf(sample: SoakSample, perSecond: number): string {
  const { seconds, memoryMb } = sample;
  return [
    `${(seconds / 60).toFixed(1).padStart(5)} min`,
    `${perSecond.toFixed(0)} payments a second`,
    `scan p50 ${FIGURES.scanP50(sample).toFixed(1)} p99 ${FIGURES.scanP99(sample).toFixed(1)} ms`,
    `confirm p50 ${FIGURES.confirmP50(sample).toFixed(1)} p99 ${FIGURES.confirmP99(sample).toFixed(1)} ms`,
    `${memoryMb.toFixed(0)} MB`,
  ].join('   ');
}

export function reportOf(samples: readonly SoakSample[], unacknowledged: number): string {
  return [
    course(samples),
    growth(samples),
    `memory changes by ${memorySlopePerHour(samples).toFixed(1)} MB an hour`,
    goalTable(goalsOf(samples, unacknowledged)),
  ].join('\n\n');
}

/** Each line is the median of the samples of its time span. */
function course(samples: readonly SoakSample[]): string {
  const size = Math.max(1, Math.ceil(samples.length / LINES));
  const parts = Array.from({ length: Math.ceil(samples.length / size) }, (_, at) =>
    samples.slice(at * size, (at + 1) * size),
  );
  const rows = parts.map((part) => {
    const of = (figure: keyof typeof FIGURES): number => median(part.map(FIGURES[figure]));
    return [
      ((part.at(-1)?.seconds ?? 0) / 60).toFixed(1),
      of('scanP50').toFixed(1),
      of('scanP99').toFixed(1),
      of('confirmP50').toFixed(1),
      of('confirmP99').toFixed(1),
      of('memoryMb').toFixed(0),
      of('heapMb').toFixed(0),
      of('connections').toFixed(0),
      of('deadRows').toFixed(0),
      of('queueRows').toFixed(0),
      of('queueMb').toFixed(1),
      of('databaseMb').toFixed(0),
    ];
  });
  return markdown(
    [
      'minute',
      'scan p50',
      'p99 ms',
      'confirm p50',
      'p99 ms',
      'RSS MB',
      'heap MB',
      'connections',
      'dead rows',
      'queue rows',
      'queue MB',
      'all MB',
    ],
    rows,
  );
}

/** Tables that have or had rows. */
function growth(samples: readonly SoakSample[]): string {
  const rows = growthOf(samples)
    .filter((table) => table.rows > 0 || !table.isSound)
    .map((table) => [
      table.table,
      table.rows.toFixed(0),
      table.megabytes.toFixed(1),
      table.rowsOfAPayment.toFixed(2),
      table.mayGrow === 0 ? 'flat' : `<= ${table.mayGrow}`,
      table.isSound ? 'yes' : 'NO',
    ]);
  return markdown(['table', 'rows', 'MB', 'new rows of a payment', 'wanted', 'met'], rows);
}
