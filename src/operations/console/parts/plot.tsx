import { scaleLinear, scaleTime } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { JSX } from 'preact';
import { usePageView } from './page-view.js';
import { zoned } from './time.js';

/** In units of the picture, which grows and shrinks with the page. */
const WIDTH = 560;
const HEIGHT = 180;
const LEFT = 44;
const RIGHT = WIDTH - 8;
const TOP = 14;
const BOTTOM = HEIGHT - 28;
const HALF_A_WORD = 24;

interface Series {
  readonly name: string;
  /** One for each time; undefined where there is nothing to tell. */
  readonly values: readonly (number | undefined)[];
}

export interface PlotProps {
  /** The same at every look: an update finds by it what the reader has opened. */
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly times: readonly Date[];
  /** One or two; more could not be told apart without colours. */
  readonly series: readonly Series[];
}

const CLASSES = ['first', 'second'] as const;

interface Point {
  readonly at: Date;
  readonly value: number | undefined;
}

/** Lines over time, drawn here so that they need no script; the same figures stand below as a table. */
export function Plot({ id, title, unit, times, series }: PlotProps): JSX.Element {
  const { zone } = usePageView();
  const highest = Math.max(1, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const y = scaleLinear([0, highest], [BOTTOM, TOP]).nice(4);
  const x = scaleTime([times.at(0) ?? new Date(0), times.at(-1) ?? new Date(0)], [LEFT, RIGHT]);
  const hourAndMinute = (at: Date): string => zoned(at, zone).time.slice(0, 5);
  return (
    <figure class="plot panel">
      <figcaption>
        <strong>{title}</strong>
        <span class="legend quiet">
          {series.map(({ name }, index) => (
            <span key={name} class={CLASSES[index]}>
              {name}
            </span>
          ))}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={spoken(title, unit, series)}>
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line class="grid" x1={LEFT} x2={RIGHT} y1={y(tick)} y2={y(tick)} />
            <text x={LEFT - 6} y={y(tick) + 4} text-anchor="end">
              {tick.toLocaleString('en')}
            </text>
          </g>
        ))}
        {times
          .filter((at) => at.getTime() % (15 * 60_000) === 0)
          .map((at) => (
            <text key={at.getTime()} x={x(at)} y={HEIGHT - 6} text-anchor={anchorAt(x(at))}>
              {hourAndMinute(at)}
            </text>
          ))}
        {series.map(({ name, values }, index) => {
          const points = times.map((at, place): Point => ({ at, value: values[place] }));
          return <Line key={name} points={points} place={CLASSES[index] ?? 'first'} x={x} y={y} />;
        })}
      </svg>
      <details id={`${id}-figures`}>
        <summary class="quiet">Figures ({unit})</summary>
        <Table id={id} times={times} series={series} tell={hourAndMinute} />
      </details>
    </figure>
  );
}

/** At its ends the axis has no room for half of a word beyond it. */
function anchorAt(x: number): 'start' | 'middle' | 'end' {
  if (x < LEFT + HALF_A_WORD) return 'start';
  return x > RIGHT - HALF_A_WORD ? 'end' : 'middle';
}

interface LineProps {
  readonly points: readonly Point[];
  readonly place: string;
  readonly x: (at: Date) => number;
  readonly y: (value: number) => number;
}

function Line({ points, place, x, y }: LineProps): JSX.Element {
  const isTold = ({ value }: Point): boolean => value !== undefined;
  const across = ({ at }: Point): number => x(at);
  const up = ({ value }: Point): number => y(value ?? 0);
  const outline = line<Point>().defined(isTold).x(across).y(up);
  const filled = area<Point>().defined(isTold).x(across).y0(BOTTOM).y1(up);
  return (
    <>
      {place === 'first' && <path class="area first" d={filled([...points]) ?? ''} />}
      <path class={`line ${place}`} d={outline([...points]) ?? ''} />
    </>
  );
}

interface TableProps extends Pick<PlotProps, 'id' | 'times' | 'series'> {
  readonly tell: (at: Date) => string;
}

/** Newest first, because that is what is asked for; minutes in which nothing was told are left out. */
function Table({ id, times, series, tell }: TableProps): JSX.Element {
  const rows = times
    .map((at, place) => ({ at, values: series.map(({ values }) => values[place]) }))
    .filter(({ values }) => values.some((value) => value !== undefined && value !== 0))
    .toReversed();
  return (
    <table class="list">
      <thead>
        <tr>
          <th scope="col">Minute</th>
          {series.map(({ name }) => (
            <th key={name} scope="col" class="number">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ at, values }) => (
          <tr key={at.getTime()} id={`${id}-${at.getTime()}`}>
            <td>{tell(at)}</td>
            {values.map((value, index) => (
              <td key={series[index]?.name} class="number">
                {value ?? '–'}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function spoken(title: string, unit: string, series: readonly Series[]): string {
  const parts = series.map(({ name, values }) => {
    const told = values.filter((value) => value !== undefined);
    return `${name}: now ${told.at(-1) ?? 'nothing'}, at most ${told.length === 0 ? 'nothing' : Math.max(...told)}`;
  });
  return `${title}, ${unit}, the last hour. ${parts.join('; ')}.`;
}
