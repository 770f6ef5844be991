import type { JSX } from 'preact';
import type { ReadinessDto } from '../../../platform/health/readiness.js';
import type { DoubtSumDto } from '../../summary/summary.dto.js';
import type { Concern } from '../figures/concerns.js';
import type { ErrorCount } from '../figures/error-figures.js';
import { countText, type Figures, type Minute } from '../figures/figures.js';
import { DoubtFigures } from './doubt-figures.js';
import { ErrorCounts } from './error-list.js';
import { Figure } from './figure.js';
import { LooksAgain } from './looks-again.js';
import { ageText, Time } from './time.js';

/** Also the title of the page, which is read in the tab of a browser. */
export function verdictText({ length }: readonly Concern[]): string {
  if (length === 0) return 'All is well';
  return length === 1 ? '1 thing needs attention' : `${length} things need attention`;
}

interface OverviewProps {
  readonly concerns: readonly Concern[];
  readonly doubts: readonly DoubtSumDto[];
  readonly figures: Figures;
  readonly errors: readonly ErrorCount[];
  readonly readiness: ReadinessDto;
}

export function Overview({ concerns, doubts, figures, errors, readiness }: OverviewProps): JSX.Element {
  return (
    <LooksAgain id="overview" everySeconds={5}>
      <div class="head">
        <h1>{verdictText(concerns)}</h1>
        <span class="quiet">
          of all processes together, at <Time at={figures.waiting.now} />
        </span>
      </div>
      {concerns.length === 0 ? (
        <p class="notice good">No money is in doubt for long, results arrive, and Alipay+ answers.</p>
      ) : (
        concerns.map(({ tone, text, href }) => (
          <p key={text} class={`notice ${tone}`}>
            {text} {href !== undefined && <a href={href}>Show them</a>}
          </p>
        ))
      )}
      <Health figures={figures} readiness={readiness} />
      <h2>Money in doubt</h2>
      <DoubtFigures sums={doubts} />
      <ErrorCounts errors={errors} />
    </LooksAgain>
  );
}

function Health({
  figures: { minutes, waiting },
  readiness,
}: Pick<OverviewProps, 'figures' | 'readiness'>): JSX.Element {
  const { now, oldestResultAt } = waiting;
  const last = minutes.at(-2);
  return (
    <dl class="figures">
      <Figure name="Paid in the last minute" href="/console/payments?status=PAID">
        {(last?.paid ?? 0).toLocaleString('en')}
      </Figure>
      <Figure
        name="Oldest result not acknowledged"
        href="/console/payments?notificationStatus=PENDING&sort=createdAt"
      >
        {oldestResultAt ? ageText(now.getTime() - oldestResultAt.getTime()) : <Nothing />}
      </Figure>
      <Figure name="Alipay+, no clear answer" href="/console/live">
        {last && last.asked + last.told > 0 ? unknownText(last) : <Nothing text="no calls" />}
      </Figure>
      <Figure name="Codes being decoded" href="/console/live">
        {countText(waiting.scansPending)}
      </Figure>
      <Figure name="Results being sent" href="/console/payments?notificationStatus=PENDING">
        {countText(waiting.resultsPending)}
      </Figure>
      <Figure name="Database, queues and others">
        {readiness.status} <small>{partsText(readiness)}</small>
      </Figure>
    </dl>
  );
}

function Nothing({ text = 'none' }: { text?: string }): JSX.Element {
  return <span class="nothing">{text}</span>;
}

function unknownText({ asked, askedUnknown, told, toldUnknown, p99Ms }: Minute): JSX.Element {
  return (
    <>
      {Math.round((100 * (askedUnknown + toldUnknown)) / (asked + told))} %{' '}
      <small>
        of {(asked + told).toLocaleString('en')} calls in a minute
        {p99Ms !== undefined && `, p99 ${Math.round(p99Ms)} ms`}
      </small>
    </>
  );
}

function partsText({ checks }: ReadinessDto): string {
  const away = Object.entries(checks).flatMap(([part, state]) =>
    state === 'up' ? [] : [`${part} ${state}`],
  );
  return away.length === 0 ? 'all are up' : away.join(', ');
}
