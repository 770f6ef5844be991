import type { JSX } from 'preact';
import type { TimelineEventDto, TimelineMessagesDto } from '../../view/timeline.dto.js';
import { Time } from './time.js';

/** What happened to a payment, oldest first, with every fact that was kept. */
export function Timeline({ events }: { events: readonly TimelineEventDto[] }): JSX.Element {
  return (
    <ol class="timeline">
      {events.map((event, index) => (
        <li key={index} class={toneOf(event)}>
          <Time at={event.at} exact />
          <strong>{event.what}</strong>
          <div class="more">
            {factsOf(event).join(' · ')}
            {event.messages !== undefined && <Messages of={event.messages} />}
          </div>
        </li>
      ))}
    </ol>
  );
}

const GOOD = new Set(['accepted', 'PAID']);
const BAD = new Set(['rejected', 'FAILED']);
const ALARMING = new Set(['DEBIT_IN_DOUBT', 'REFUND_IN_DOUBT', 'ALARM_RAISED']);
const DOUBTFUL = new Set(['unknown', 'CANCELLED', 'EXPIRED']);

function toneOf({ what, outcome, to }: TimelineEventDto): string | undefined {
  const words = [outcome, to].map(String);
  if (ALARMING.has(what) || words.some((word) => DOUBTFUL.has(word))) {
    return 'warn';
  }
  if (words.some((word) => BAD.has(word))) return 'bad';
  return words.some((word) => GOOD.has(word)) ? 'good' : undefined;
}

function factsOf({
  at: _at,
  what: _what,
  messages: _messages,
  from,
  to,
  ms,
  ...rest
}: TimelineEventDto): string[] {
  const move =
    typeof to === 'string' && from !== to ? [`${typeof from === 'string' ? `${from} ` : ''}→ ${to}`] : [];
  const others = Object.entries(rest).map(([name, value]) => `${name} ${told(value)}`);
  return [...move, ...others, ...(ms === undefined ? [] : [`${told(ms)} ms`])];
}

function told(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function Messages({ of }: { of: TimelineMessagesDto }): JSX.Element | undefined {
  if (of.withheld !== undefined) return undefined;
  return (
    <>
      {of.request !== undefined && <Message name="Sent" text={of.request} />}
      {of.answer !== undefined && <Message name="Answered" text={of.answer} />}
    </>
  );
}

function Message({ name, text }: { name: string; text: string }): JSX.Element {
  return (
    <details>
      <summary>{name}</summary>
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}
