import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlipayPlusSettings } from '../../src/alipay-plus/alipay-plus.settings.js';
import { AlipayPlusClient } from '../../src/alipay-plus/calls/alipay-plus.client.js';
import { CallFigures } from '../../src/alipay-plus/calls/call-figures.js';
import { PostTransport } from '../../src/platform/outbound/post-transport.js';
import { SetupAlarm } from '../../src/alipay-plus/calls/setup-alarm.js';
import { writeUserInitiatedPay } from '../../src/alipay-plus/messages/user-initiated-pay.js';
import { AlipayPlusKeys } from '../../src/alipay-plus/signature/alipay-plus-keys.js';
import { readKeyManifest } from '../../src/alipay-plus/signature/key-manifest.js';
import { MessageSignature } from '../../src/alipay-plus/signature/message-signature.js';
import { loadSettings } from '../../src/platform/config/load-settings.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import type { RunningTwin } from '../../twin/start-twin.js';

export interface RehearsedStep {
  readonly step: string;
  readonly signedWith: string;
  /** The answer of the twin: a result code, or why there was none. */
  readonly answer: string;
  readonly isAsExpected: boolean;
}

const THEIR_VERSION = '1';
const CLIENT_ID = 'REHEARSAL';

/**
 * Rotates from the signing version to `to` and back, with our real key files and the code of the service, against two
 * local twins: one that has both public keys, and one without the new one. Nothing real is called or changed.
 */
export async function rehearse(file: string, to: string): Promise<RehearsedStep[]> {
  const { own, signWith: from } = readKeyManifest(file);
  const theirs = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const folder = mkdtempSync(join(tmpdir(), 'rotate-keys-'));
  const [list, theirFile] = [join(folder, 'keys.json'), join(folder, 'twin.pem')];
  writeFileSync(theirFile, theirs.publicKey);
  const write = (signWith: string): void =>
    writeFileSync(list, JSON.stringify({ signWith, own, alipayPlus: { [THEIR_VERSION]: theirFile } }));
  const publicKeys = Object.fromEntries(
    Object.entries(own).map(([version, files]) => [version, readFileSync(files.public, 'utf8')]),
  );
  const { [to]: _notGiven, ...without } = publicKeys;
  // Absent from the production image; a rehearsal needs a machine with the whole program.
  const { startTwin } = await import('../../twin/start-twin.js');
  const twinOf = (mppPublicKey: Record<string, string>): Promise<RunningTwin> =>
    startTwin({
      port: 0,
      clientId: CLIENT_ID,
      mppBaseUrl: null,
      privateKey: theirs.privateKey,
      mppPublicKey,
    });
  const [ready, unready] = await Promise.all([twinOf(publicKeys), twinOf(without)]);
  write(from);
  const line = new RehearsedLine(list);
  const steps: RehearsedStep[] = [];
  try {
    const turn = async (
      step: string,
      twin: RunningTwin,
      version: string,
      expected: string,
    ): Promise<void> => {
      write(version);
      const { signedWith, answer } = await line.ask(twin.url);
      steps.push({ step, signedWith, answer, isAsExpected: answer === expected && signedWith === version });
    };
    await turn('before', ready, from, 'SUCCESS');
    await turn('rotated', ready, to, 'SUCCESS');
    await turn('rolled back', ready, from, 'SUCCESS');
    await turn('rotated before Alipay+ has the key', unready, to, 'KEY_NOT_FOUND');
    await turn('rolled back from that', unready, from, 'SUCCESS');
  } finally {
    await line.close();
    await Promise.all([ready.close(), unready.close()]);
    rmSync(folder, { recursive: true });
  }
  return steps;
}

/** Signs and verifies as the service does, and reads its keys again before each call. */
class RehearsedLine {
  private readonly log = new EventLog({ level: 'error' }, { write: () => undefined });
  private readonly metrics = new Metrics();
  private readonly transport = new PostTransport();
  private readonly keys: AlipayPlusKeys;
  private asked = 0;

  constructor(private readonly list: string) {
    this.keys = new AlipayPlusKeys(this.settings(''));
  }

  async ask(baseUrl: string): Promise<{ readonly signedWith: string; readonly answer: string }> {
    this.keys.readAgain();
    const settings = this.settings(baseUrl);
    const signature = new MessageSignature(settings, this.keys, this.log);
    const alarm = new SetupAlarm(this.log, this.metrics);
    const figures = new CallFigures(this.metrics, signature);
    const client = new AlipayPlusClient(settings, this.transport, signature, alarm, figures);
    this.asked += 1;
    const codeValue = `twin:S#rehearsal-${this.asked}`;
    const written = writeUserInitiatedPay({ codeValue, customerId: 'rehearsal' });
    if (!('body' in written)) throw new Error('the rehearsed request cannot be written');
    const { resultCode, reason, outcome, keyVersion } = await client.userInitiatedPay(written.body);
    return { signedWith: keyVersion, answer: resultCode ?? reason ?? outcome };
  }

  async close(): Promise<void> {
    await this.transport.onApplicationShutdown();
    this.metrics.onApplicationShutdown();
  }

  private settings(baseUrl: string): AlipayPlusSettings {
    return loadSettings([AlipayPlusSettings], {
      ALIPAYPLUS_CLIENT_ID: CLIENT_ID,
      ALIPAYPLUS_KEYS_FILE: this.list,
      ALIPAYPLUS_BASE_URL: baseUrl,
    }).get(AlipayPlusSettings);
  }
}
