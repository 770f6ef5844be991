import * as fc from 'fast-check';
import { byteTampering, tamperBytes, type ByteTampering } from './byte-tampering.js';
import type { FuzzGround } from './fuzz-ground.js';
import { jsonTampering, tamper, written, type JsonTampering } from './json-tampering.js';
import { plausibleAnswer, type PlausibleAnswer } from './plausible-answer.js';
import { signedHeaders, type Signing } from './signed-headers.js';

/** Valid signatures, in every form that must be accepted. */
const RIGHT = ['right', 'not_url_encoded', 'with_blanks', 'lower_case_names'] as const;
const WRONG = [
  'stranger_key',
  'other_path',
  'other_client',
  'other_time',
  'written_anew',
  'other_version',
  'other_algorithm',
  'swapped',
  'no_time',
  'no_signature',
  'none',
] as const;

type SigningManner = (typeof RIGHT)[number] | (typeof WRONG)[number];

/** The recipe of an answer: plain data, so that a failing case can be printed, repeated and shrunk. */
export interface AnswerPlan {
  readonly plausible: PlausibleAnswer;
  readonly json: readonly JsonTampering[];
  readonly indent: number;
  readonly beforeSigning: readonly ByteTampering[];
  readonly manner: SigningManner;
  readonly afterSigning: readonly ByteTampering[];
  readonly httpStatus: number;
}

/** What goes over the wire. */
export interface SentAnswer {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const TIME = '2025-11-20T08:51:49.412Z';

/** Mostly one fault at a time: two of them hide each other. */
const rarely = <T>(trouble: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.oneof({ weight: 8, arbitrary: fc.constant<T[]>([]) }, fc.array(trouble, { minLength: 1, maxLength: 2 }));

export const answerPlan: fc.Arbitrary<AnswerPlan> = fc.record({
  plausible: plausibleAnswer,
  json: fc.oneof({ weight: 3, arbitrary: fc.array(jsonTampering, { maxLength: 3 }) }, fc.constant([])),
  indent: fc.constantFrom(0, 0, 2),
  beforeSigning: rarely(byteTampering),
  manner: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<SigningManner>(...RIGHT) },
    fc.constantFrom<SigningManner>(...WRONG),
  ),
  afterSigning: rarely(byteTampering),
  httpStatus: fc.oneof(
    { weight: 12, arbitrary: fc.constant(200) },
    fc.constantFrom(201, 299, 302, 307, 400, 403, 404, 422, 500, 502, 503),
  ),
});

/** Nothing was tampered with: the outcome is known beforehand. */
export function isUntouched(plan: AnswerPlan): boolean {
  const isRight = RIGHT.some((manner) => manner === plan.manner);
  const changes = plan.json.length + plan.beforeSigning.length + plan.afterSigning.length;
  return isRight && changes === 0 && plan.httpStatus < 300;
}

/** @param paymentRequestId the id of the order, unless a tampering changes it */
export function sentAnswer(plan: AnswerPlan, ground: FuzzGround, paymentRequestId: string): SentAnswer {
  const { answer } = plan.plausible;
  const named = 'paymentRequestId' in answer ? { ...answer, paymentRequestId } : answer;
  const text = written(tamper(named, plan.json), plan.indent);
  const body = tamperBytes(Buffer.from(text), plan.beforeSigning);
  const headers = headersOf(plan.manner, body, ground);
  return { httpStatus: plan.httpStatus, headers, body: tamperBytes(body, plan.afterSigning) };
}

function headersOf(manner: SigningManner, body: Buffer, ground: FuzzGround): Record<string, string> {
  const { privateKey: key, clientId, path } = ground;
  const right: Signing = { key, clientId, path, time: TIME, body };
  const signed = signedHeaders({ ...right, ...signedInstead(manner, right, ground) });
  return respelled(manner, { ...signed, 'Response-Time': TIME });
}

/** The content of the signature where it differs from what is sent. */
function signedInstead(manner: SigningManner, right: Signing, ground: FuzzGround): Partial<Signing> {
  switch (manner) {
    case 'stranger_key':
      return { key: ground.strangerKey };
    case 'other_path':
      return { path: `${right.path}/` };
    case 'other_client':
      return { clientId: 'TEST_5X00000000000001' };
    case 'other_time':
      return { time: '2025-11-20T08:51:49Z' };
    case 'written_anew':
      return { body: writtenAnew(right.body) };
    default:
      return {};
  }
}

/** The same JSON in other bytes; for bytes that are not JSON, the same with a blank at the end. */
function writtenAnew(body: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(JSON.parse(body.toString('utf8')), null, 3));
  } catch {
    return Buffer.concat([body, Buffer.from(' ')]);
  }
}

function respelled(manner: SigningManner, headers: Record<string, string>): Record<string, string> {
  const { Signature = '', 'Response-Time': time = '', ...others } = headers;
  const both = (signature: string, responseTime = time): Record<string, string> => ({
    ...others,
    Signature: signature,
    'Response-Time': responseTime,
  });
  switch (manner) {
    case 'not_url_encoded':
      return both(decodeURIComponent(Signature));
    case 'with_blanks':
      return both(Signature.replaceAll(',', ', '));
    case 'lower_case_names':
      return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    case 'other_version':
      return both(Signature.replace('keyVersion=1', 'keyVersion=2'));
    case 'other_algorithm':
      return both(Signature.replace('RSA256', 'ECC224'));
    case 'swapped':
      return both(time, Signature);
    case 'no_time':
      return { ...others, Signature };
    case 'no_signature':
      return { ...others, 'Response-Time': time };
    case 'none':
      return others;
    default:
      return both(Signature);
  }
}
