import { median } from '../statistics.js';
import { atMost, type Goal } from '../compare/goals.js';
import { FIGURES, type SoakSample } from './samples.js';
import { ROWS_OF_A_PAYMENT } from './tables.js';

/**
 * The number of rows by which a table that must not grow may differ: statistics are estimates, and a job lives for a
 * moment.
 */
const SLACK_ROWS = 500;
/** Pages that a vacuum gives back only now and then. */
const SLACK_BYTES = 1_048_576;

export interface Growth {
  readonly table: string;
  /** Between the middle third and the last. */
  readonly rowsOfAPayment: number;
  readonly mayGrow: number;
  readonly rows: number;
  readonly megabytes: number;
  /** Only for a table that must not grow. */
  readonly bytesRatio: number;
  readonly isSound: boolean;
}

interface Thirds {
  readonly middle: readonly SoakSample[];
  readonly last: readonly SoakSample[];
}

/** The first third is for warming up: caches, pools, compiled code and the first vacuum. */
function thirdsOf(samples: readonly SoakSample[]): Thirds {
  const third = Math.floor(samples.length / 3);
  return { middle: samples.slice(-2 * third, -third), last: samples.slice(-third) };
}

/** Medians over the samples: a few seconds of other work on the machine are not growth. */
export function goalsOf(samples: readonly SoakSample[], unacknowledged: number): Goal[] {
  const { middle, last } = thirdsOf(samples);
  const ratio = (figure: keyof typeof FIGURES): number =>
    median(last.map(FIGURES[figure])) / median(middle.map(FIGURES[figure]));
  return [
    atMost('memory, last third to the middle one', ratio('memoryMb'), 1.05),
    atMost('p99 of a scan, last third to the middle one', ratio('scanP99'), 1.2),
    atMost('p99 of a confirm, last third to the middle one', ratio('confirmP99'), 1.2),
    atMost('tables that grow and should not', growthOf(samples).filter(({ isSound }) => !isSound).length, 0),
    atMost('results not acknowledged at the end', unacknowledged, 0),
  ];
}

export function growthOf(samples: readonly SoakSample[]): Growth[] {
  const { middle, last } = thirdsOf(samples);
  const payments = last.reduce((sum, sample) => sum + sample.payments, 0);
  return (last.at(-1)?.tables ?? []).map(({ name, rows, bytes }) => {
    const mayGrow = ROWS_OF_A_PAYMENT[name] ?? 0;
    const before = sizeOf(name, middle, mayGrow);
    const after = sizeOf(name, last, mayGrow);
    const grownBy = after.rows - before.rows;
    return {
      table: name,
      rowsOfAPayment: grownBy / payments,
      mayGrow,
      rows,
      megabytes: bytes / 2 ** 20,
      bytesRatio: after.bytes / Math.max(1, before.bytes),
      isSound:
        grownBy <= mayGrow * payments * 1.02 + SLACK_ROWS &&
        (mayGrow > 0 || after.bytes - before.bytes <= SLACK_BYTES),
    };
  });
}

/**
 * The size at the end of a third; for a table that must not grow its largest size, since truncation makes it go up and
 * down.
 */
function sizeOf(
  name: string,
  samples: readonly SoakSample[],
  mayGrow: number,
): { readonly rows: number; readonly bytes: number } {
  const sizes = samples.map(({ tables }) => tables.find((table) => table.name === name));
  const looked = mayGrow > 0 ? sizes.slice(-1) : sizes;
  const most = (figure: 'rows' | 'bytes'): number =>
    Math.max(0, ...looked.map((size) => size?.[figure] ?? 0));
  return { rows: most('rows'), bytes: most('bytes') };
}

/** Least squares over the last two thirds. */
export function memorySlopePerHour(samples: readonly SoakSample[]): number {
  const { middle, last } = thirdsOf(samples);
  const points = [...middle, ...last].map(({ seconds, memoryMb }) => [seconds / 3_600, memoryMb] as const);
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [hour, memory] = [mean(0), mean(1)];
  const above = points.reduce((sum, [x, y]) => sum + (x - hour) * (y - memory), 0);
  const below = points.reduce((sum, [x]) => sum + (x - hour) ** 2, 0);
  return above / below;
}
