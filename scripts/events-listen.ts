import { once } from 'node:events';
import { textLike, wholeNumber } from '../command-line/option-values.js';
import { newCommand, runProgram } from '../command-line/run-command.js';
import { EventReceiver, type ReceivedEvent } from './events/event-receiver.js';

const NOTES = `
Name its address in EVENTS_ENDPOINTS_FILE of the service:
  [{"name": "listen", "url": "http://127.0.0.1:4500", "secrets": ["whsec_…"]}]
Every event is acknowledged whose signature is good; without --secret every one is, and none is verified.
It ends with Ctrl-C. Exit codes: 0 ended, 1 the port is taken, 2 wrong usage.`;

const SECRET = /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/;

export const command = newCommand(
  'npm run events:listen --',
  "Prints the events that the service sends to the wallet's back end.",
)
  .option('--port <n>', 'where it listens, on this machine only', wholeNumber(0, 65_535), 4500)
  .option('--secret <secret>', 'verify with it', textLike('whsec_ and base64', SECRET))
  .option('--json', 'one JSON document a line')
  .addHelpText('after', NOTES)
  .action(async ({ port, secret, json = false }) => {
    const receiver = new EventReceiver(secret, (event) =>
      console.log(json ? JSON.stringify({ at: new Date().toISOString(), ...event }) : lineOf(event)),
    );
    const listening = await receiver.start(port);
    if (!json) console.log(`Listening on http://127.0.0.1:${listening}`);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await receiver.stop();
  });

interface Message {
  readonly type?: string;
  readonly timestamp?: string;
  readonly data?: {
    readonly payment?: { readonly paymentId?: string; readonly payAmount?: { readonly display?: string } };
    readonly scan?: { readonly scanId?: string; readonly code?: string };
  };
}

/** One line for people: when, what, about which payment, how much, and whether the signature is good. */
function lineOf({ id, verdict, signatures, message }: ReceivedEvent): string {
  const { type, timestamp, data } = (message ?? {}) as Message; // whatever it is, it is only printed
  const signature = verdict === 'good' && signatures > 1 ? `good (${signatures} signatures)` : verdict;
  const parts = [timestamp, type, ...aboutOf(data), `signature ${signature}`, id];
  return parts.filter((part) => part !== undefined && part !== '').join('  ');
}

function aboutOf({ payment, scan }: NonNullable<Message['data']> = {}): (string | undefined)[] {
  return payment ? [payment.paymentId, payment.payAmount?.display] : [scan?.scanId, scan?.code];
}

await runProgram(import.meta.url, command);
