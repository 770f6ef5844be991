import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { JSX } from 'preact';
import { backlogOf, COUNTED_UP_TO, type Figures, type Minute } from '../figures/figures.js';
import { LiveFigures } from '../figures/live-figures.js';
import { LooksAgain } from '../parts/looks-again.js';
import { Plot, type PlotProps } from '../parts/plot.js';
import { ageText, Time } from '../parts/time.js';
import { sendPage } from '../send-page.js';
import type { ConsolePages } from './console-pages.js';

@Injectable()
export class LivePages implements ConsolePages {
  constructor(private readonly figures: LiveFigures) {}

  serve(fastify: FastifyInstance): void {
    fastify.get('/live', async (request, reply) => {
      const body = <Live {...await this.figures.look()} />;
      return sendPage(request, reply, { title: 'Live', section: 'live', body });
    });
  }
}

function Live(figures: Figures): JSX.Element {
  return (
    <LooksAgain id="live" everySeconds={5}>
      <div class="head">
        <h1>Queue and notifier</h1>
        <span class="quiet">
          of all processes together, at <Time at={figures.waiting.now} />
        </span>
      </div>
      <Now {...figures} />
      <div class="plots">
        {plotsOf(figures).map((plot) => (
          <Plot key={plot.title} {...plot} />
        ))}
      </div>
    </LooksAgain>
  );
}

/** The last minute that is over, beside what waits now. */
function Now({ minutes, waiting }: Figures): JSX.Element {
  const last = minutes.at(-2);
  const { now, oldestResultAt, decodePausedUntil } = waiting;
  return (
    <>
      {decodePausedUntil !== undefined && (
        <p class="notice warn">
          Alipay+ asked for fewer questions: nobody asks again until <Time at={decodePausedUntil} />.
        </p>
      )}
      <dl class="figures">
        <Figure name="Paid in the last minute" value={counted(last?.paid ?? 0)} />
        <Figure name="Codes being asked for" value={counted(waiting.scansPending)} href="/console/payments" />
        <Figure name="Debits in doubt" value={counted(waiting.debitsInDoubt)} href="/console/in-doubt" />
        <Figure
          name="Debits being given back"
          value={counted(waiting.debitsReversing)}
          href="/console/in-doubt"
        />
        <Figure
          name="Results not yet acknowledged"
          value={counted(waiting.resultsPending)}
          more={oldestResultAt && `oldest ${ageText(now.getTime() - oldestResultAt.getTime())}`}
          href="/console/payments?notificationStatus=PENDING"
        />
        <Figure
          name="Results parked"
          value={counted(waiting.resultsParked)}
          href="/console/payments?notificationStatus=PARKED"
        />
        <Figure
          name="Results refused"
          value={counted(waiting.resultsRejected)}
          href="/console/payments?notificationStatus=REJECTED"
        />
      </dl>
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly more?: string | undefined;
  readonly href?: string;
}

function Figure({ name, value, more, href }: FigureProps): JSX.Element {
  return (
    <div class="figure">
      <dt>{href === undefined ? name : <a href={href}>{name}</a>}</dt>
      <dd>
        {value} {more !== undefined && <small>{more}</small>}
      </dd>
    </div>
  );
}

function counted(count: number): string {
  return `${count.toLocaleString('en')}${count === COUNTED_UP_TO ? ' or more' : ''}`;
}

/** Rates and times of a minute that is not over would fall at its beginning, every minute: it is left out of them. */
function plotsOf(figures: Figures): PlotProps[] {
  const over = figures.minutes.slice(0, -1);
  const told = (of: (minute: Minute) => number | undefined): (number | undefined)[] => over.map(of);
  const times = over.map(({ minute }) => minute);
  return [
    {
      title: 'Throughput',
      unit: 'per minute',
      times,
      series: [
        { name: 'Codes decoded', values: told(({ decoded }) => decoded) },
        { name: 'Paid', values: told(({ paid }) => paid) },
      ],
    },
    {
      title: 'Answers that left it unknown',
      unit: '% of calls to Alipay+',
      times,
      series: [
        { name: 'Codes asked for', values: told(({ asked, askedUnknown }) => percent(askedUnknown, asked)) },
        { name: 'Results told', values: told(({ told: calls, toldUnknown }) => percent(toldUnknown, calls)) },
      ],
    },
    {
      title: 'Time Alipay+ took to say what a code means',
      unit: 'ms',
      times,
      series: [
        { name: 'Half of the calls', values: told(({ middleMs }) => middleMs) },
        { name: '95 of 100', values: told(({ slowMs }) => slowMs) },
      ],
    },
    {
      title: 'Results waiting to be acknowledged',
      unit: 'at the end of the minute',
      times: figures.minutes.map(({ minute }) => minute),
      series: [{ name: 'Waiting', values: backlogOf(figures) }],
    },
  ];
}

function percent(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : Math.round((100 * part) / whole);
}
