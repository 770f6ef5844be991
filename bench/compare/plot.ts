import type { Contender, Figure, Work } from './figures.js';

interface Panel {
  readonly title: string;
  readonly work: Work;
  readonly figure: Figure;
}

const PANELS: readonly Panel[] = [
  { title: 'scans a second', work: 'scan', figure: 'perSecond' },
  { title: 'CPU ms of a scan', work: 'scan', figure: 'cpuMs' },
  { title: 'p99 of a scan, ms', work: 'scan', figure: 'p99Ms' },
  { title: 'confirms a second', work: 'confirm', figure: 'perSecond' },
  { title: 'CPU ms of a confirm', work: 'confirm', figure: 'cpuMs' },
  { title: 'p99 of a confirm, ms', work: 'confirm', figure: 'p99Ms' },
];

const COLOURS: Readonly<Record<string, string>> = { floor: '#7a7a7a', ours: '#0b6e99', naive: '#c2571a' };
const [WIDTH, HEIGHT, GAP] = [300, 190, 30];

/** Every round of every contender as a dot, so that the spread is seen beside the difference. */
export function plotOf(contenders: readonly Contender[], title: string): string {
  const panels = PANELS.map((panel, at) => {
    const [column, row] = [at % 3, Math.floor(at / 3)];
    const [x, y] = [GAP + column * (WIDTH + GAP), 60 + row * (HEIGHT + 50)];
    return `<g transform="translate(${x} ${y})">${panelOf(panel, contenders)}</g>`;
  });
  const [width, height] = [3 * (WIDTH + GAP) + GAP, 2 * (HEIGHT + 50) + 70];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="${GAP}" y="24" font-size="13">${escaped(title)}</text>
<g transform="translate(${GAP} 44)">${legend(contenders)}</g>
${panels.join('\n')}
</svg>
`;
}

function panelOf({ title, work, figure }: Panel, contenders: readonly Contender[]): string {
  const highest = Math.max(...contenders.flatMap(({ rounds }) => rounds[work].map((one) => one[figure])));
  const yOf = (value: number): number => HEIGHT - (value / (highest * 1.1)) * (HEIGHT - 30);
  const dots = contenders.flatMap(({ name, rounds }) => {
    const step = WIDTH / (rounds[work].length + 1);
    const points = rounds[work].map(
      (round, at) => `${((at + 1) * step).toFixed(1)},${yOf(round[figure]).toFixed(1)}`,
    );
    const colour = COLOURS[name] ?? 'black';
    return [
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-opacity="0.4"/>`,
      ...points.map((point) => {
        const [x, y] = point.split(',');
        return `<circle cx="${x}" cy="${y}" r="4" fill="${colour}"/>`;
      }),
    ];
  });
  return [
    `<text y="12">${title}</text>`,
    `<line y1="${HEIGHT}" x2="${WIDTH}" y2="${HEIGHT}" stroke="#999"/>`,
    `<line y1="${yOf(highest).toFixed(1)}" x2="${WIDTH}" y2="${yOf(highest).toFixed(1)}" stroke="#ddd"/>`,
    `<text x="${WIDTH}" y="${(yOf(highest) - 4).toFixed(1)}" text-anchor="end" fill="#777">${highest.toPrecision(3)}</text>`,
    ...dots,
  ].join('');
}

function legend(contenders: readonly Contender[]): string {
  return contenders
    .map(
      ({ name }, at) =>
        `<circle cx="${at * 90 + 5}" cy="-4" r="5" fill="${COLOURS[name] ?? 'black'}"/><text x="${at * 90 + 15}">${name}</text>`,
    )
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
