import { scaleLinear, scaleTime } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { JSX } from 'preact';
import { usePageView } from './page-view.js';
import { zoned } from './time.js';

/** In units of the picture, which scales with the page. */
const WIDTH = 560;
const HEIGHT = 180;
const LEFT = 44;
const RIGHT = WIDTH - 8;
const TOP = 14;
const BOTTOM = HEIGHT - 28;
const HALF_A_WORD = 24;
/** The width of one minute of an hour; the pointer over it shows its figures. */
const MINUTE_WIDTH = (RIGHT - LEFT) / 60;

interface Series {
  readonly name: string;
  /** One for each time; undefined where there is no value. */
  readonly values: readonly (number | undefined)[];
}

export interface PlotProps {
  /** Stays the same at every refresh: an update uses it to keep open what the reader has opened. */
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly times: readonly Date[];
  /** Above it a person should look; drawn as a line once the values come near it. */
  readonly threshold?: number;
  /** One or two; more could not be told apart without colours. */
  readonly series: readonly Series[];
}

const CLASSES = ['first', 'second'] as const;

interface Point {
  readonly at: Date;
  readonly value: number | undefined;
}

/** Lines over time, rendered on the server so that they need no script; the same figures are below in a table. */
export function Plot({ id, title, unit, times, series, threshold }: PlotProps): JSX.Element {
  const { zone } = usePageView();
  const highest = Math.max(1, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const isNear = threshold !== undefined && highest > threshold / 4;
  const y = scaleLinear([0, isNear ? Math.max(highest, threshold) : highest], [BOTTOM, TOP]).nice(4);
  const x = scaleTime([times.at(0) ?? new Date(0), times.at(-1) ?? new Date(0)], [LEFT, RIGHT]);
  const hourAndMinute = (at: Date): string => zoned(at, zone).time.slice(0, 5);
  return (
    <figure class="plot panel">
      <figcaption>
        <span>
          <strong>{title}</strong>{' '}
          <small class="quiet">
            {unit}, times in {zone}
          </small>
        </span>
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
        {isNear && <Threshold value={threshold} y={y(threshold)} />}
        {series.map(({ name, values }, index) => {
          const points = times.map((at, place): Point => ({ at, value: values[place] }));
          return <Line key={name} points={points} place={CLASSES[index] ?? 'first'} x={x} y={y} />;
        })}
        <Minutes times={times} series={series} x={x} tell={(at) => `${hourAndMinute(at)} ${zone}`} />
      </svg>
      <details id={`${id}-figures`}>
        <summary class="quiet">As a table</summary>
        <Table {...{ id, unit, times, series }} tell={hourAndMinute} />
      </details>
    </figure>
  );
}

/** At the ends of the axis a centred label would be cut off. */
function anchorAt(x: number): 'start' | 'middle' | 'end' {
  if (x < LEFT + HALF_A_WORD) return 'start';
  return x > RIGHT - HALF_A_WORD ? 'end' : 'middle';
}

function Threshold({ value, y }: { value: number; y: number }): JSX.Element {
  return (
    <>
      <line class="threshold" x1={LEFT} x2={RIGHT} y1={y} y2={y} />
      <text class="limit" x={RIGHT} y={y - 4} text-anchor="end">
        look from {value.toLocaleString('en')} on
      </text>
    </>
  );
}

interface MinutesProps extends Pick<PlotProps, 'times' | 'series'> {
  readonly x: (at: Date) => number;
  readonly tell: (at: Date) => string;
}

/** An invisible strip for each minute: the browser shows its figures under the pointer. */
function Minutes({ times, series, x, tell }: MinutesProps): JSX.Element {
  return (
    <>
      {times.map((at, place) => (
        <rect
          key={at.getTime()}
          class="minute"
          x={x(at) - MINUTE_WIDTH / 2}
          y={TOP}
          width={MINUTE_WIDTH}
          height={BOTTOM - TOP}
        >
          <title>{`${tell(at)}\n${hoverText(series, place)}`}</title>
        </rect>
      ))}
    </>
  );
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

interface TableProps extends Pick<PlotProps, 'id' | 'unit' | 'times' | 'series'> {
  readonly tell: (at: Date) => string;
}

/** Newest first, which is what readers look for; minutes without values are left out. */
function Table({ id, unit, times, series, tell }: TableProps): JSX.Element {
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
              {name}, {unit}
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

function hoverText(series: readonly Series[], place: number): string {
  return series
    .map(({ name, values }) => `${name}: ${values[place]?.toLocaleString('en') ?? '–'}`)
    .join('\n');
}

function spoken(title: string, unit: string, series: readonly Series[]): string {
  const parts = series.map(({ name, values }) => {
    const told = values.filter((value) => value !== undefined);
    return `${name}: now ${told.at(-1) ?? 'nothing'}, at most ${told.length === 0 ? 'nothing' : Math.max(...told)}`;
  });
  return `${title}, ${unit}, the last hour. ${parts.join('; ')}.`;
}
