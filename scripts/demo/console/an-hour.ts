import type { Database } from '../../../src/platform/database/database.js';
import type { DemoClient } from '../demo-client.js';
import { isRecord, textAt } from '../json-reading.js';
import { plannedPayment, type PlannedPayment } from './payment-plan.js';

const MINUTES = 56;
const AT_ONCE = 4;

export interface HourOptions {
  /** Ends the hour early. */
  readonly signal: AbortSignal;
  readonly tell: (made: number, minutesLeft: number) => void;
}

/**
 * An hour of payments, made in a minute or two: the database's clock, which decides every time, is set back by an hour
 * and moved on by a minute after every few payments. At the end it is right again.
 */
export async function liveAnHour(
  client: DemoClient,
  database: Database,
  { signal, tell }: HourOptions,
): Promise<number> {
  const parked: string[] = [];
  let made = 0;
  for (let minutesLeft = MINUTES; minutesLeft > 0 && !signal.aborted; minutesLeft -= 1) {
    await setClock(database, minutesLeft);
    const until = made + paymentsIn(minutesLeft);
    while (made < until) {
      const places = Array.from({ length: Math.min(AT_ONCE, until - made) }, (_, index) => made + index);
      const ids = await Promise.all(places.map((place) => livePayment(client, plannedPayment(place))));
      parked.push(...ids.filter((id) => id !== undefined));
      made += places.length;
    }
    tell(made, minutesLeft - 1);
  }
  await setClock(database, 0);
  await giveUpOn(database, parked);
  return made;
}

/** More at the height of the hour than at its ends. */
function paymentsIn(minutesLeft: number): number {
  return 4 + Math.round(5 * Math.sin((Math.PI * minutesLeft) / MINUTES) + 2 * Math.sin(minutesLeft));
}

async function setClock(database: Database, minutesAgo: number): Promise<void> {
  const now = minutesAgo === 0 ? 'clock_timestamp()' : `clock_timestamp() - interval '${minutesAgo} minutes'`;
  await database.run(
    {
      name: `demo_clock_${minutesAgo}`,
      text: `create or replace function db_now() returns timestamptz language sql volatile parallel safe
        as $$ select ${now} $$`,
    },
    [],
  );
}

/** At 08:00 the next morning: they are not acknowledged, and no longer sent by the schedule. */
async function giveUpOn(database: Database, paymentIds: readonly string[]): Promise<void> {
  await database.run(
    {
      name: 'demo_give_up',
      text: `update notification set gives_up_at = db_now(), next_attempt_at = db_now()
        where payment_id = any($1::uuid[]) and status = 'PENDING'`,
    },
    [paymentIds],
  );
}

/** Plays one payment; returns the id of a payment whose notification is to be parked. */
export async function livePayment(client: DemoClient, plan: PlannedPayment): Promise<string | undefined> {
  const { codeValue, customerId, deed, isParked } = plan;
  let said = await client.app('POST', '/v1/scans', { codeValue, customerId });
  if (said.status === 202 && deed !== 'wait') {
    said = await client.app('GET', `/v1/scans/${textAt(said.body, 'scanId')}?waitMs=30000`);
  }
  const { payment } = said.body;
  if (!isRecord(payment) || deed === 'wait') return undefined;
  const path = `/v1/payments/${textAt(payment, 'paymentId')}`;
  if (deed === 'decline') await client.app('POST', `${path}/decline`);
  else await client.app('POST', `${path}/confirm`, { payAmount: amountOf(payment.payAmount) });
  return isParked ? textAt(payment, 'paymentId') : undefined;
}

function amountOf(shown: unknown): Record<string, unknown> {
  return isRecord(shown) ? { currency: shown.currency, value: shown.value } : {};
}
