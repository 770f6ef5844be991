import type { JSX } from 'preact';
import { usePageView } from './page-view.js';

/** The zone in which the network counts its days. */
const NETWORK_ZONE = 'Etc/GMT-8';

export interface TimeProps {
  readonly at: Date;
  /** With milliseconds, for events within one second. */
  readonly exact?: boolean;
}

/** A time in the operator's zone and in that of the network. */
export function Time({ at, exact = false }: TimeProps): JSX.Element {
  const { zone } = usePageView();
  const own = zoned(at, zone, exact);
  const network = zoned(at, NETWORK_ZONE, exact);
  return (
    <time dateTime={at.toISOString()}>
      <span>
        {own.date} {own.time}
      </span>
      {own.time !== network.time && (
        <small>
          {' '}
          {network.date === own.date ? '' : `${network.date.slice(5)} `}
          {network.time} +8
        </small>
      )}
    </time>
  );
}

export interface ZonedTime {
  /** `2026-03-01` */
  readonly date: string;
  /** `08:00:05`, or `08:00:05.123` */
  readonly time: string;
}

export function zoned(at: Date, zone: string, exact = false): ZonedTime {
  const [date = '', time = ''] = formatFor(zone, exact).format(at).split(' ');
  return { date, time: time.replace(',', '.') };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The Swedish locale writes dates as in ISO 8601. Making a formatter costs a hundred times more than using one. */
function formatFor(zone: string, exact: boolean): Intl.DateTimeFormat {
  const key = `${zone} ${exact}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      ...(exact && { fractionalSecondDigits: 3 }),
    });
    formats.set(key, format);
  }
  return format;
}

/** The age in its largest unit: `3 min`, `2 d`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
