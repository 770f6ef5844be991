import { EventLog } from '../../platform/logging/event-log.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { PostTransport } from '../../platform/outbound/post-transport.js';
import { AlipayPlusClient } from '../calls/alipay-plus.client.js';
import { CallFigures } from '../calls/call-figures.js';
import { SetupAlarm } from '../calls/setup-alarm.js';
import { AlipayPlusKeys } from '../signature/alipay-plus-keys.js';
import { MessageSignature } from '../signature/message-signature.js';
import { KeyFiles, newKeyPair } from './key-files.js';
import { settingsWith } from './settings-with.js';
import { SigningResponder } from './signing-responder.js';

export const CLIENT_ID = 'TEST_5X00000000000000';

/** A client wired by hand to a responder with its own keys; `stop` when the spec is done. */
export class ClientFixture {
  readonly own = newKeyPair();
  readonly theirs = newKeyPair();
  readonly responder = new SigningResponder(this.theirs, CLIENT_ID);
  readonly logged: string[] = [];
  private readonly log = new EventLog({ level: 'debug' }, { write: (line) => this.logged.push(line) });
  readonly metrics = new Metrics();
  private readonly alarm = new SetupAlarm(this.log, this.metrics);
  private readonly files = new KeyFiles();
  private readonly transports: PostTransport[] = [];

  async start(): Promise<void> {
    await this.responder.start();
  }

  async stop(): Promise<void> {
    for (const transport of this.transports) await transport.onApplicationShutdown();
    this.metrics.onApplicationShutdown();
    await this.responder.stop();
    this.files.remove();
  }

  client(environment: Record<string, string> = {}): AlipayPlusClient {
    const settings = settingsWith({
      ALIPAYPLUS_BASE_URL: this.responder.url,
      ALIPAYPLUS_CLIENT_ID: CLIENT_ID,
      ALIPAYPLUS_PRIVATE_KEY_FILE: this.files.writePrivate('own.pem', this.own),
      ALIPAYPLUS_PUBLIC_KEY_FILES: `1=${this.files.writePublic('theirs.pem', this.theirs)}`,
      ...environment,
    });
    const transport = new PostTransport();
    this.transports.push(transport);
    const signature = new MessageSignature(settings, new AlipayPlusKeys(settings), this.log);
    const figures = new CallFigures(this.metrics, signature);
    return new AlipayPlusClient(settings, transport, signature, this.alarm, figures);
  }
}
