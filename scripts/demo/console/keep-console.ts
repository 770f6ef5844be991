import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoClient } from '../demo-client.js';
import { livePayment, liveAnHour } from './an-hour.js';
import type { DemoCore } from './demo-core.js';
import { plannedPayment } from './payment-plan.js';

/** So that the plots go on; the payments end after a while, because a forgotten demo must not fill a disk. */
const PAUSE_MS = 2_000;
const MOST_LATER = 900;
const HALF_A_DAY_MS = 12 * 3_600_000;

export interface KeptConsole {
  readonly url: string;
  readonly token: string;
  readonly client: DemoClient;
  readonly core: DemoCore;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Prints the address of the console, fills it with an hour of payments, and keeps it until Ctrl-C. */
export async function keepConsole({ url, token, client, core, signal }: KeptConsole): Promise<void> {
  print(`
  Console   ${url}/console
  Token     ${token}

Open the console and sign in with the token. It is being filled with an hour of payments …`);
  const made = await liveAnHour(client, core.database, {
    signal,
    tell: (count, minutesLeft) => {
      if (minutesLeft % 10 === 0) print(`  ${count} payments; ${minutesLeft} minutes of the hour are left`);
    },
  });
  if (signal.aborted) return;
  print(`
${made} payments are there: paid, refused, declined, expired, held, cancelled, in doubt, parked.

The console stays, with a payment every ${PAUSE_MS / 1_000} s, until Ctrl-C.`);
  await trickle(client, made, signal);
  await untilEnded(signal);
}

async function trickle(client: DemoClient, from: number, signal: AbortSignal): Promise<void> {
  for (let place = from; place < from + MOST_LATER && !signal.aborted; place += 1) {
    await livePayment(client, plannedPayment(place));
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** A timer keeps the process there: a signal that nobody has sent yet does not. */
async function untilEnded(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await sleep(HALF_A_DAY_MS, undefined, { signal }).catch(() => undefined);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
