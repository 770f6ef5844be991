import type { JSX } from 'preact';
import { actTitle } from '../../acts/operator-acts.js';
import type { ExplanationDto, NextStepDto, StepBy } from '../../explain/explanation.dto.js';
import { actAddress, actionTitle } from './act-words.js';
import { usePageView } from './page-view.js';
import { Time } from './time.js';

/** The state of a payment, what comes next, what may be done about it and what must not. */
export function ExplanationPanel({ explanation }: { explanation: ExplanationDto }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="explanation">
      <h2 id="explanation">Where it stands</h2>
      <p class={explanation.contradictions.length === 0 ? undefined : 'notice bad'}>{explanation.standing}</p>
      <Next steps={explanation.next} />
      <MayDo explanation={explanation} />
      <MustNot explanation={explanation} />
      <details id="why">
        <summary class="quiet">Why this is so</summary>
        <ul class="plain">
          {explanation.evidence.map(({ sentence, at, source }) => (
            <li key={`${source} ${sentence} ${at.getTime()}`}>
              {sentence}{' '}
              <small class="quiet">
                <Time at={at} /> · {source}
              </small>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

const BY_TEXTS: Readonly<Record<StepBy, string>> = {
  payer: 'The payer',
  service: 'This service',
  'wallet-ledger': 'The ledger',
  'alipay-plus': 'Alipay+',
  operator: 'An operator',
};

function Next({ steps }: { steps: readonly NextStepDto[] }): JSX.Element | null {
  if (steps.length === 0) return null;
  return (
    <>
      <h3>What comes next</h3>
      <ul class="plain">
        {steps.map(({ what, by, at, until, leadsTo }) => (
          <li key={what}>
            <strong>{BY_TEXTS[by]}:</strong> {what}
            <small class="quiet">
              {leadsTo !== undefined && ` → ${leadsTo}`}
              {at !== undefined && (
                <>
                  {' '}
                  at <Time at={at} />
                </>
              )}
              {until !== undefined && (
                <>
                  {' '}
                  until <Time at={until} />
                </>
              )}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

function MayDo({ explanation: { mayDo, paymentId } }: { explanation: ExplanationDto }): JSX.Element | null {
  const { mayAct } = usePageView();
  if (mayDo.length === 0) return null;
  return (
    <>
      <h3>{mayAct ? 'What you may do' : 'What an operator may do'}</h3>
      <ul class="plain possible-acts">
        {mayDo.map(({ act, effect }) => (
          <li key={act}>
            {mayAct ? (
              <a class="button" href={actAddress(paymentId, act)}>
                {actTitle(act)} …
              </a>
            ) : (
              <strong>{actTitle(act)}</strong>
            )}
            <span>{effect}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function MustNot({ explanation: { mustNot, needless } }: { explanation: ExplanationDto }): JSX.Element {
  const isUrgent = mustNot.some(({ cause }) => cause === undefined);
  // Two names: when the part becomes urgent, an update sees a new part and opens it although the quiet one was closed.
  return (
    <details id={isUrgent ? 'never-do' : 'not-to-do'} open={isUrgent}>
      <summary>What not to do</summary>
      <ul class="plain">
        {mustNot.map(({ act, why }) => (
          <li key={act}>
            <strong>{actionTitle(act)}:</strong> {why}
          </li>
        ))}
        {needless.map(({ act, why }) => (
          <li key={act} class="quiet">
            <strong>{actTitle(act)}:</strong> not needed. {why}
          </li>
        ))}
      </ul>
    </details>
  );
}
