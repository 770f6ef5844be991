import { generateKeyPairSync, sign } from 'node:crypto';
import { readUserInitiatedPay } from '../src/alipay-plus/messages/user-initiated-pay.js';
import { validatedByLibrary } from '../src/alipay-plus/spec-support/class-validator-rules.js';
import { fullAnswer } from '../src/alipay-plus/spec-support/full-answer.js';
import { UserInitiatedPayResponse } from '../src/alipay-plus/wire/user-initiated-pay.js';
import { wireFieldsOf, type WireClass, type WireShape } from '../src/alipay-plus/wire/wire-field.js';
import { newCommand, readCommandLine } from '../command-line/run-command.js';

/**
 * The cost of parsing, checking and mapping one answer of userInitiatedPay, compared with the signature that every call
 * pays anyway. A full answer with usual texts has to cost less than one, or this exits with 1. With every text at its
 * limit and a single letter beyond ASCII it costs more, nearly all of it in decoding and `JSON.parse`. The last line
 * shows why class-validator does not read answers.
 */
await readCommandLine(
  newCommand('mpp bench wire', 'What reading one full answer costs, against one RSA-2048 signature.'),
);

const TYPICAL = Buffer.from(JSON.stringify(fullAnswer()), 'utf8');
const AT_LIMITS = Buffer.from(
  JSON.stringify({ ...atLimits(UserInitiatedPayResponse, fullAnswer()), result: fullAnswer().result }),
  'utf8',
);

const ASCII_AT_LIMITS = Buffer.from(AT_LIMITS.toString('utf8').replace(/[^\x20-\x7e]/g, 'x'), 'utf8');

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signed = Buffer.alloc(512, 'x');

const TASKS: readonly (readonly [what: string, once: () => unknown])[] = [
  ['one RSA-2048 signature', () => sign('RSA-SHA256', signed, privateKey)],
  [`read 100 goods, usual texts${sizeOf(TYPICAL)}`, () => read(TYPICAL)],
  [
    `read 100 goods, every text at its limit, ASCII only${sizeOf(ASCII_AT_LIMITS)}`,
    () => read(ASCII_AT_LIMITS),
  ],
  [`read 100 goods, every text at its limit, some kanji${sizeOf(AT_LIMITS)}`, () => read(AT_LIMITS)],
  [`decoding and JSON.parse alone${sizeOf(AT_LIMITS)}`, () => JSON.parse(AT_LIMITS.toString('utf8'))],
  [
    `class-transformer and class-validator instead${sizeOf(TYPICAL)}`,
    () => validatedByLibrary(UserInitiatedPayResponse, JSON.parse(TYPICAL.toString('utf8')) as object),
  ],
];

const medians = measure(300);
const signatureMs = medians[0] ?? Number.NaN;
for (const [index, [what]] of TASKS.entries()) {
  const ms = medians[index] ?? Number.NaN;
  console.log(`${what.padEnd(64)} ${ms.toFixed(3)} ms   ${(ms / signatureMs).toFixed(2)} signatures`);
}

if ((medians[1] ?? Number.NaN) >= signatureMs) process.exitCode = 1;

/**
 * The median of many short rounds, the tasks taking turns: other work of the machine slows all of them alike, and
 * spoils a few rounds instead of one task.
 */
function measure(rounds: number): number[] {
  const times = TASKS.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, [, once]] of TASKS.entries()) {
      const start = performance.now();
      for (let turn = 0; turn < 5; turn += 1) once();
      times[index]?.push((performance.now() - start) / 5);
    }
  }
  return times.map((own) => own.toSorted((left, right) => left - right)[rounds >> 1] ?? Number.NaN);
}

function sizeOf(body: Buffer): string {
  return ` (${Math.round(body.length / 1024)} KiB)`;
}

function read(body: Buffer): void {
  const reading = readUserInitiatedPay(body);
  if (!reading.readable || reading.notPayable.length > 0 || reading.tolerated.length > 0) {
    throw new Error(`the benchmark reads a faulty answer: ${JSON.stringify(reading).slice(0, 500)}`);
  }
}

/** The same answer with every free text as long as the API allows. */
function atLimits(type: WireClass, sample: object): object {
  const given = new Map<string, unknown>(Object.entries(sample));
  const fields = wireFieldsOf(type).map(
    ({ name, value }) => [name, longest(value, given.get(name))] as const,
  );
  return Object.fromEntries(fields);
}

function longest(shape: WireShape, sample: unknown): unknown {
  if (shape.shape === 'scalar') {
    const limit = Number.parseInt(shape.kind.limit, 10);
    return shape.kind.type === 'text' ? String(sample).padEnd(limit, ' more of it').slice(0, limit) : sample;
  }
  if (Array.isArray(sample)) return sample.map((element: object) => atLimits(shape.of, element));
  return typeof sample === 'object' && sample !== null ? atLimits(shape.of, sample) : sample;
}
