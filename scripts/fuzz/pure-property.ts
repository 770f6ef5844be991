import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { AlipayPlusSettings } from '../../src/alipay-plus/alipay-plus.settings.js';
import { AlipayPlusKeys } from '../../src/alipay-plus/signature/alipay-plus-keys.js';
import { MessageSignature } from '../../src/alipay-plus/signature/message-signature.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { loadSettings } from '../../src/platform/config/load-settings.js';
import { answerFaults, dueOutcome, type Made } from './answer-faults.js';
import type { FuzzGround } from './fuzz-ground.js';
import { madeOf } from './reader-under-test.js';
import { answerPlan, isUntouched, sentAnswer, type AnswerPlan, type SentAnswer } from './sent-answer.js';

const CLIENT_ID = 'TEST_5X00000000000000';
const PATH = '/aps/api/v1/payments/userInitiatedPay';
const ID = '2025112019074101000000001';

/** The number of answers by outcome: a run with only one outcome checks nothing. */
export type Ends = Record<Made['outcome'] | 'payable', number>;

/**
 * Whatever is done to an answer, its headers and its signature: our reader does not throw, makes no order without a
 * verified S, and keeps every amount as it was sent.
 */
export async function assertReading(
  parameters: fc.Parameters<[AnswerPlan]>,
  onDone: (answers: number) => void = () => undefined,
): Promise<Ends> {
  const { ground, signature } = preparedGround();
  const ends: Ends = { order: 0, rejected: 0, unknown: 0, payable: 0 };
  let done = 0;
  const property = fc.asyncProperty(answerPlan, async (plan) => {
    const sent = sentAnswer(plan, ground, ID);
    const made = await madeOf(sent, signature, ground);
    count(ends, made);
    onDone(++done);
    const faults = [...answerFaults(sent, ground, made), ...untouchedFaults(plan, made)];
    if (faults.length > 0) throw new Error(`${faults.join('; ')}\n${shown(sent, ground)}`);
  });
  await fc.assert(property, parameters);
  return ends;
}

/** An answer without tampering has its expected outcome. */
export function untouchedFaults(plan: AnswerPlan, made: Made): string[] {
  if (!isUntouched(plan) || !('paymentRequestId' in plan.plausible.answer)) return [];
  if (made.outcome !== 'order') return ['a good answer made no order'];
  return made.order.held === plan.plausible.payable ? ['payable is held, or held is payable'] : [];
}

/** An answer as it was sent, to understand a failing case. */
export function shown(sent: SentAnswer, ground: FuzzGround): string {
  const headers = Object.entries(sent.headers).map(([name, value]) => `${name}: ${value}`);
  return [
    `due: ${dueOutcome(sent, ground)}`,
    `HTTP ${sent.httpStatus}`,
    ...headers,
    '',
    sent.body.toString('utf8'),
  ].join('\n');
}

export function count(ends: Ends, made: Made): void {
  ends[made.outcome] += 1;
  if (made.outcome === 'order' && !made.order.held) ends.payable += 1;
}

function preparedGround(): { ground: FuzzGround; signature: MessageSignature } {
  const [ours, theirs, strangers] = [newKeys(), newKeys(), newKeys()];
  const ground: FuzzGround = {
    privateKey: theirs.privateKey,
    publicKey: theirs.publicKey,
    strangerKey: strangers.privateKey,
    clientId: CLIENT_ID,
    path: PATH,
    notifyUrl: 'https://agreed.example/notify',
  };
  return { ground, signature: signatureOf(ours.privateKey, theirs.publicKey) };
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** With the keys from files, as the service takes them. */
function signatureOf(own: KeyObject, theirs: KeyObject): MessageSignature {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-keys-'));
  const [privateKeyFile, publicKeyFile] = [join(folder, 'own.pem'), join(folder, 'theirs.pem')];
  writeFileSync(privateKeyFile, own.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync(publicKeyFile, theirs.export({ type: 'spki', format: 'pem' }));
  const settings = loadSettings([AlipayPlusSettings], {
    ALIPAYPLUS_CLIENT_ID: CLIENT_ID,
    ALIPAYPLUS_PRIVATE_KEY_FILE: privateKeyFile,
    ALIPAYPLUS_PUBLIC_KEY_FILES: `1=${publicKeyFile}`,
  }).get(AlipayPlusSettings);
  const signature = new MessageSignature(
    settings,
    new AlipayPlusKeys(settings),
    new EventLog({ level: 'error' }, { write: () => undefined }),
  );
  rmSync(folder, { recursive: true });
  return signature;
}
