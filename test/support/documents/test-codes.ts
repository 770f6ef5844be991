import { readFileSync } from 'node:fs';
import type { ApiAnswer, ApiClient, Json } from '../service/api-client.js';
import { until } from '../service/until.js';

/** A row of docs/test-codes.md. */
export interface TestCode {
  readonly tested: string;
  readonly code: string;
  readonly steps: readonly string[];
  readonly answer: string;
}

export const TEST_CODES_FILE = 'docs/test-codes.md';

export function testCodes(): TestCode[] {
  const rows = readFileSync(TEST_CODES_FILE, 'utf8').matchAll(
    /^\| (.+?) +\| `(twin:.+?)` +\| (.+?) +\| (.+?) +\|$/gm,
  );
  return [...rows].map(([, tested = '', code = '', steps = '', answer = '']) => ({
    tested,
    code,
    steps: steps.split(', '),
    answer,
  }));
}

/** Plays the steps of a row, and returns the last answer as the page writes it. */
export async function played(app: ApiClient, { code, steps }: TestCode): Promise<string> {
  const play: Play = { app, code, payment: undefined, last: undefined };
  for (const step of steps) {
    const [verb = '', ...words] = step.replace(' as ', ' ').split(' ');
    const act = STEPS[verb];
    if (act === undefined) throw new Error(`nobody knows the step ${step}`);
    play.last = await act(play, words);
    play.payment = paymentIn(play.last.body) ?? play.payment;
  }
  return play.last === undefined ? '' : said(play.last);
}

interface Play {
  readonly app: ApiClient;
  readonly code: string;
  payment: Json;
  last: ApiAnswer | undefined;
}

const STEPS: Readonly<Record<string, (play: Play, words: readonly string[]) => Promise<ApiAnswer>>> = {
  scan: ({ app, code }, [customer]) => app.scan(code, customer),
  wait: ({ app, last }) => app.readScan(last?.body.scanId, 20_000),
  confirm: ({ app, payment }, [value, currency]) =>
    app.confirm(payment, value === undefined ? {} : { payAmount: { value, currency } }),
  decline: ({ app, payment }) => app.decline(payment.paymentId),
  until: ({ app, code, payment }, [wanted = '']) =>
    until(`${code} is ${wanted}`, async () => {
      const read = await app.read(payment.paymentId);
      const { status, refunds = [] } = read.body;
      return [status, ...refunds.map((one: Json) => one.status)].includes(wanted) ? read : undefined;
    }),
};

function paymentIn(body: Json): Json {
  return body.payment ?? (body.payAmount || body.heldReason ? body : undefined);
}

function said({ status, body }: ApiAnswer): string {
  const shown = body.payment ?? body;
  return [status, shown.code ?? shown.status, shown.action, shown.messageKey]
    .filter((part) => part !== undefined)
    .join(' ');
}
