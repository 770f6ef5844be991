import { FIGURES, type Figure, type SoakSample } from './samples.js';

interface Panel {
  readonly title: string;
  readonly lines: readonly (readonly [name: string, colour: string, figure: Figure])[];
}

const [BLUE, ORANGE] = ['#0b6e99', '#c2571a'];
const PANELS: readonly Panel[] = [
  {
    title: 'memory of the process, MB',
    lines: [
      ['resident', BLUE, FIGURES.memoryMb],
      ['heap', ORANGE, FIGURES.heapMb],
    ],
  },
  {
    title: 'scan, ms',
    lines: [
      ['p50', BLUE, FIGURES.scanP50],
      ['p99', ORANGE, FIGURES.scanP99],
    ],
  },
  {
    title: 'confirm, ms',
    lines: [
      ['p50', BLUE, FIGURES.confirmP50],
      ['p99', ORANGE, FIGURES.confirmP99],
    ],
  },
  { title: 'rows of the queues', lines: [['rows', BLUE, FIGURES.queueRows]] },
  { title: 'dead rows of all tables', lines: [['rows', BLUE, FIGURES.deadRows]] },
  { title: 'all tables, MB', lines: [['bytes', BLUE, FIGURES.databaseMb]] },
];
const [WIDTH, HEIGHT, GAP] = [300, 190, 30];

/** The figures of the process and its database over time; every sample is a point. */
export function plotOf(samples: readonly SoakSample[], title: string): string {
  const panels = PANELS.map((panel, at) => {
    const [x, y] = [GAP + (at % 3) * (WIDTH + GAP), 50 + Math.floor(at / 3) * (HEIGHT + 50)];
    return `<g transform="translate(${x} ${y})">${panelOf(panel, samples)}</g>`;
  });
  const [width, height] = [3 * (WIDTH + GAP) + GAP, 2 * (HEIGHT + 50) + 60];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="${GAP}" y="24" font-size="13">${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>
${panels.join('\n')}
</svg>
`;
}

function panelOf({ title, lines }: Panel, samples: readonly SoakSample[]): string {
  const highest = Math.max(1, ...lines.flatMap(([, , figure]) => samples.map(figure)));
  const lastSecond = Math.max(1, samples.at(-1)?.seconds ?? 1);
  const yOf = (value: number): number => HEIGHT - (value / (highest * 1.1)) * (HEIGHT - 30);
  const drawn = lines.map(([name, colour, figure], at) => {
    const points = samples.map(
      (sample) => `${((sample.seconds / lastSecond) * WIDTH).toFixed(1)},${yOf(figure(sample)).toFixed(1)}`,
    );
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}"/><text x="${WIDTH}" y="${14 * at + 12}" text-anchor="end" fill="${colour}">${name}</text>`;
  });
  return [
    `<text y="12">${title}</text>`,
    `<line y1="${HEIGHT}" x2="${WIDTH}" y2="${HEIGHT}" stroke="#999"/>`,
    `<line y1="${yOf(highest).toFixed(1)}" x2="${WIDTH}" y2="${yOf(highest).toFixed(1)}" stroke="#ddd"/>`,
    `<text y="${(yOf(highest) - 4).toFixed(1)}" fill="#777">${highest.toPrecision(3)}</text>`,
    `<text x="${WIDTH}" y="${HEIGHT + 14}" text-anchor="end" fill="#777">${(lastSecond / 60).toFixed(0)} min</text>`,
    ...drawn,
  ].join('');
}
