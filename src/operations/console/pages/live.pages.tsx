import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { JSX } from 'preact';
import type { Doubt } from '../../../payment-order/doubt/doubts.js';
import type { DoubtSumDto } from '../../summary/summary.dto.js';
import { SummaryService } from '../../summary/summary.service.js';
import { backlogOf, countText, WATCHED, type Figures, type Minute } from '../figures/figures.js';
import { LiveFigures } from '../figures/live-figures.js';
import { doubtCount } from '../parts/doubt-figures.js';
import { Figure } from '../parts/figure.js';
import { LooksAgain } from '../parts/looks-again.js';
import { Plot, type PlotProps } from '../parts/plot.js';
import { ageText, Time } from '../parts/time.js';
import { sendPage } from '../send-page.js';
import type { ConsolePages } from './console-pages.js';

@Injectable()
export class LivePages implements ConsolePages {
  constructor(
    private readonly figures: LiveFigures,
    private readonly summaries: SummaryService,
  ) {}

  serve(fastify: FastifyInstance): void {
    fastify.get('/live', async (request, reply) => {
      const [figures, { doubts }] = await Promise.all([this.figures.look(), this.summaries.present()]);
      const body = <Live figures={figures} doubts={doubts} />;
      return sendPage(request, reply, { title: 'Live', section: 'live', body });
    });
  }
}

interface LiveProps {
  readonly figures: Figures;
  readonly doubts: readonly DoubtSumDto[];
}

function Live({ figures, doubts }: LiveProps): JSX.Element {
  return (
    <LooksAgain id="live" everySeconds={5}>
      <div class="head">
        <h1>Live</h1>
        <span class="quiet">
          of all processes together, at <Time at={figures.waiting.now} />
        </span>
      </div>
      <Now figures={figures} doubts={doubts} />
      <div class="plots">
        {plotsOf(figures).map((plot) => (
          <Plot key={plot.id} {...plot} />
        ))}
      </div>
    </LooksAgain>
  );
}

/** The last complete minute, and what is waiting now. */
function Now({ figures: { minutes, waiting }, doubts }: LiveProps): JSX.Element {
  const { now, oldestResultAt, decodePausedUntil } = waiting;
  return (
    <>
      {decodePausedUntil !== undefined && (
        <p class="notice warn">
          Alipay+ asked us to slow down: no code is decoded before <Time at={decodePausedUntil} />.
        </p>
      )}
      <dl class="figures">
        <Figure name="Paid in the last minute" href="/console/payments?status=PAID">
          {countText(minutes.at(-2)?.paid ?? 0)}
        </Figure>
        <Figure name="Codes being decoded">{countText(waiting.scansPending)}</Figure>
        <Figure name="Results being sent" href="/console/payments?notificationStatus=PENDING">
          {countText(waiting.resultsPending)}{' '}
          {oldestResultAt && <small>oldest {ageText(now.getTime() - oldestResultAt.getTime())}</small>}
        </Figure>
        {COUNTED.map(([doubt, name, href]) => (
          <Figure key={doubt} name={name} href={href}>
            {doubtCount(doubts, doubt).toLocaleString('en')}
          </Figure>
        ))}
      </dl>
    </>
  );
}

/** Numbers of payments that a person may have to look at; their amounts are on the page "in doubt". */
const COUNTED: readonly (readonly [doubt: Doubt, name: string, href: string])[] = [
  ['PARKED', 'Results parked', '/console/payments?notificationStatus=PARKED'],
  ['REJECTED', 'Results refused', '/console/payments?notificationStatus=REJECTED'],
  ['DEBIT_IN_DOUBT', 'Debits in doubt', '/console/in-doubt#money'],
  ['REFUND_IN_DOUBT', 'Refunds in doubt', '/console/in-doubt#money'],
  ['CANCELLED_NOT_REVERSED', 'Not given back', '/console/in-doubt#money'],
];

/** The present minute is incomplete: its rates would drop at the start of every minute. So these plots leave it out. */
function plotsOf(figures: Figures): PlotProps[] {
  const over = figures.minutes.slice(0, -1);
  const told = (of: (minute: Minute) => number | undefined): (number | undefined)[] => over.map(of);
  const times = over.map(({ minute }) => minute);
  return [
    {
      id: 'throughput',
      title: 'Throughput',
      unit: 'payments a minute',
      times,
      series: [
        { name: 'Codes decoded', values: told(({ decoded }) => decoded) },
        { name: 'Paid', values: told(({ paid }) => paid) },
      ],
    },
    {
      id: 'unknown',
      title: 'Calls to Alipay+ without a clear answer',
      unit: '% of the calls of a minute',
      threshold: WATCHED.unknownPercent,
      times,
      series: [
        { name: 'Decodes', values: told(({ asked, askedUnknown }) => percent(askedUnknown, asked)) },
        {
          name: 'Notifications',
          values: told(({ told: calls, toldUnknown }) => percent(toldUnknown, calls)),
        },
      ],
    },
    {
      id: 'decode-time',
      title: 'Time to decode a code',
      unit: 'ms',
      threshold: WATCHED.decodeMs,
      times,
      series: [
        { name: 'p50', values: told(({ p50Ms }) => p50Ms) },
        { name: 'p99', values: told(({ p99Ms }) => p99Ms) },
      ],
    },
    {
      id: 'backlog',
      title: 'Results waiting to be acknowledged',
      unit: 'results at the end of the minute',
      times: figures.minutes.map(({ minute }) => minute),
      series: [{ name: 'Waiting', values: backlogOf(figures) }],
    },
  ];
}

function percent(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : Math.round((100 * part) / whole);
}
