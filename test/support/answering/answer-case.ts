import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Json } from '../service/api-client.js';

/** Parts of a payment as a wallet app sees it; null stands for a part that must not be there. */
type ExpectedPayment = Readonly<Record<string, Json>>;

export type ExpectedOutcome =
  | {
      readonly outcome: 'DECODED';
      readonly payment: ExpectedPayment;
      /** The start of the reason; without it the order must not be held. */
      readonly heldReason?: string;
      /** The outcome of the check of amounts against rates; null when they fit. */
      readonly amountFlag?: string | null;
      /** The address of the result; without it the one agreed beforehand. */
      readonly notifyUrl?: string;
      /** The problem a confirm gets; without it a payable order is paid and a held one is ORDER_HELD. */
      readonly confirm?: string;
    }
  | {
      readonly outcome: 'REJECTED';
      readonly httpStatus: number;
      readonly code: string;
      readonly action?: string;
    }
  /** `reason` is in the evidence of every attempt. */
  | { readonly outcome: 'GIVEN_UP'; readonly reason: string };

/** An answer of Alipay+ and its expected outcome. */
export interface AnswerCase {
  readonly name: string;
  readonly shows: string;
  /** As sent. */
  readonly body: Buffer;
  /** Its answer affects every scan, not only its own. */
  readonly alone: boolean;
  readonly expect: ExpectedOutcome;
}

interface CaseFile {
  readonly shows: string;
  readonly alone?: boolean;
  /** Sent as JSON without white space. */
  readonly answer?: unknown;
  /** The text of the body, where it is not JSON or its spelling matters. */
  readonly raw?: string;
  /** The bytes of the body, where they are not text. */
  readonly base64?: string;
  readonly expect: ExpectedOutcome;
}

export function answerCases(folder: string): AnswerCase[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => readCase(join(folder, file)));
}

function readCase(path: string): AnswerCase {
  // Written by hand; its test fails when a case lacks something.
  const file = JSON.parse(readFileSync(path, 'utf8'), expanded) as CaseFile;
  const { shows, alone = false, answer, base64, expect } = file;
  const text = file.raw ?? JSON.stringify(answer);
  const body = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');
  return { name: basename(path, '.json'), shows, alone, body, expect };
}

/** `{{64 times r}}` is expanded, so that a length can be read in the file. */
function expanded(_key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.replaceAll(/\{\{(\d+) times (.+?)\}\}/gu, (_whole, times: string, text: string) =>
    text.repeat(Number(times)),
  );
}
