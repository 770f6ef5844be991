import type { JSX } from 'preact';
import type { TimelineEventDto, TimelineMessagesDto } from '../../view/timeline.dto.js';
import { Time } from './time.js';

/** The history of a payment, oldest first, with every recorded fact. */
export function Timeline({ events }: { events: readonly TimelineEventDto[] }): JSX.Element {
  const names = namesOf(events);
  return (
    <ol class="timeline">
      {events.map((event, index) => (
        <li key={index} id={names[index]} class={toneOf(event)}>
          <Time at={event.at} exact />
          <strong>{event.what}</strong>
          <div class="more">
            {factsOf(event).join(' · ')}
            {event.messages !== undefined && <Messages of={event.messages} event={names[index]} />}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** A name for each event, the same at every refresh: an update uses it to keep open what the reader has opened. */
function namesOf(events: readonly TimelineEventDto[]): string[] {
  const seen = new Map<string, number>();
  return events.map(({ at, what }) => {
    const name = `${what.toLowerCase()}-${at.getTime()}`;
    const place = (seen.get(name) ?? 0) + 1;
    seen.set(name, place);
    return `${name}-${place}`;
  });
}

const GOOD = new Set(['accepted', 'PAID']);
const BAD = new Set(['rejected', 'FAILED']);
const ALARMING = new Set(['DEBIT_IN_DOUBT', 'REFUND_IN_DOUBT', 'ALARM_RAISED', 'NOTIFICATION_PARKED']);
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

interface MessagesProps {
  readonly of: TimelineMessagesDto;
  readonly event: string | undefined;
}

function Messages({ of, event }: MessagesProps): JSX.Element | undefined {
  if (of.withheld !== undefined) return undefined;
  return (
    <>
      {of.request !== undefined && <Message id={`${event}-sent`} name="Sent" text={of.request} />}
      {of.answer !== undefined && <Message id={`${event}-answered`} name="Answered" text={of.answer} />}
    </>
  );
}

function Message({ id, name, text }: { id: string; name: string; text: string }): JSX.Element {
  return (
    <details id={id}>
      <summary>{name}</summary>
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}
