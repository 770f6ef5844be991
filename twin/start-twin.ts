import type { KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Behaviour } from './behaviour.js';
import { Books } from './books/books.js';
import { CallLog } from './books/call-log.js';
import { Journal } from './books/journal.js';
import { Answers } from './http/answers.js';
import { ControlDesk } from './http/control-desk.js';
import { FrontDoor } from './http/front-door.js';
import { InFlight } from './http/in-flight.js';
import type { Api } from './http/inbound.js';
import { NotifyPayment } from './http/notify-payment.js';
import { NOTIFY_PAYMENT_PATH, USER_INITIATED_PAY_PATH } from './http/paths.js';
import { UserInitiatedPay } from './http/user-initiated-pay.js';
import { listen, portOf } from './listen.js';
import { Cancels } from './mpp/cancels.js';
import { FollowUps } from './mpp/follow-ups.js';
import { Inquiries } from './mpp/inquiries.js';
import { MppClient, type MppApi } from './mpp/mpp-client.js';
import { Refunds } from './mpp/refunds.js';
import { readSettings, type TwinSettings } from './settings.js';
import { Timers } from './timers.js';
import { privateKeyFrom, publicKeyFrom } from './wire/keys.js';
import { MessageSigner } from './wire/message-signer.js';
import { ANY_VERSION, MessageVerifier } from './wire/message-verifier.js';

/** Keys are texts: PEM or bare base64. Every absent option has the default of `readSettings({})`. */
export interface TwinOptions extends Partial<
  Omit<TwinSettings, 'privateKeyFiles' | 'mppPublicKeyFiles' | 'mppPaths'>
> {
  /** One key, of `keyVersion`, or one per version; `keyVersion` then says which of them signs at first. */
  readonly privateKey: string | Readonly<Record<string, string>>;
  /** One key for any keyVersion, or one per version. */
  readonly mppPublicKey: string | Readonly<Record<string, string>>;
  readonly mppPaths?: Partial<Record<MppApi, string>>;
  readonly mppTimeoutsMs?: Partial<Record<MppApi, number>>;
}

export interface RunningTwin {
  readonly url: string;
  readonly port: number;
  /** Closes all connections, writes the journal to its end, and leaves no timer behind. */
  close(): Promise<void>;
}

/** How long Alipay+ waits for an MPP's answer. */
const MPP_TIMEOUTS_MS: Readonly<Record<MppApi, number>> = {
  inquiryPayment: 5000,
  cancelPayment: 8000,
  refund: 8000,
  inquiryRefund: 5000,
};

/** Longer than clients keep idle connections: no request meets a connection that is just being closed. */
const KEEP_ALIVE_MS = 120_000;

export async function startTwin(options: TwinOptions): Promise<RunningTwin> {
  const settings = { ...readSettings({}), ...options };
  const journal = settings.dataDir === null ? null : await Journal.open(settings.dataDir);
  const books = new Books(journal);
  await books.restore();
  const timers = new Timers();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const urlOf = (): string => settings.publicUrl ?? `http://${reachable(settings.host)}:${portOf(server)}`;
  const { door, desk, client, followUps } = assemble(options, books, timers, urlOf);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const isDesk = /^\/_twin([/?]|$)/.test(request.url ?? '');
    const answered = isDesk ? desk.receive(request, response) : door.receive(request, response);
    answered.catch((error: unknown) => {
      console.error('the twin failed on', request.method, request.url, error);
      request.socket.destroy();
    });
  });
  const port = await listen(server, settings);
  followUps.resume();
  return {
    url: urlOf(),
    port,
    close: async () => {
      timers.close();
      client.close();
      await closed(server);
      await journal?.close();
    },
  };
}

interface Assembled {
  readonly door: FrontDoor;
  readonly desk: ControlDesk;
  readonly client: MppClient;
  readonly followUps: FollowUps;
}

function assemble(options: TwinOptions, books: Books, timers: Timers, urlOf: () => string): Assembled {
  const settings = { ...readSettings({}), ...options };
  const { clientId } = settings;
  const signer = new MessageSigner(privateKeys(options.privateKey, settings.keyVersion), settings.keyVersion);
  const verifier = new MessageVerifier(publicKeys(options.mppPublicKey));
  const paths = { ...readSettings({}).mppPaths, ...options.mppPaths };
  const timeoutsMs = { ...MPP_TIMEOUTS_MS, ...options.mppTimeoutsMs };
  const client = new MppClient({ clientId, signer, verifier, paths, timeoutsMs }, settings.mppBaseUrl);
  const cancels = new Cancels(client, books, timers, settings.cancelGapMs);
  const inquiries = new Inquiries(client, books, timers, settings.inquiryGapsMs);
  const refunds = new Refunds(client, books, timers, settings.cancelGapMs);
  const followUps = new FollowUps(books, { cancels, inquiries, refunds });
  const behaviour = new Behaviour();
  const calls = new CallLog();
  const inFlight = new InFlight();
  const answers = new Answers(signer, clientId, behaviour, timers);
  const paymentNotifyUrl = (): string => `${urlOf()}${NOTIFY_PAYMENT_PATH}`;
  const apis = new Map<string, Api>([
    [
      USER_INITIATED_PAY_PATH,
      new UserInitiatedPay({ books, answers, behaviour, inFlight, followUps, paymentNotifyUrl }),
    ],
    [NOTIFY_PAYMENT_PATH, new NotifyPayment({ books, answers, behaviour, followUps })],
  ]);
  return {
    door: new FrontDoor({ clientId, verifier, answers, behaviour, books, calls, apis }),
    desk: new ControlDesk({ books, calls, behaviour, inFlight, cancels, inquiries, refunds, client, signer }),
    client,
    followUps,
  };
}

function privateKeys(keys: TwinOptions['privateKey'], version: string): ReadonlyMap<string, KeyObject> {
  const texts = typeof keys === 'string' ? { [version]: keys } : keys;
  return new Map(Object.entries(texts).map(([of, text]) => [of, privateKeyFrom(text)]));
}

function publicKeys(keys: TwinOptions['mppPublicKey']): ReadonlyMap<string, KeyObject> {
  if (typeof keys === 'string') return new Map([[ANY_VERSION, publicKeyFrom(keys)]]);
  return new Map(Object.entries(keys).map(([version, text]) => [version, publicKeyFrom(text)]));
}

/** A wildcard address can be listened on, but not called. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
