import { ask } from '../support/database/ask.js';
import { ApiClient, type ApiAnswer, type Json } from '../support/service/api-client.js';
import { openDemoCustomers } from '../support/service/open-demo-customers.js';
import { ServiceProcess } from '../support/service/service-process.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { disagreements } from '../support/service/three-books.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

const SCANS = 20;
const CONFIRMS = 30;
const LONG_POLLS = 5;

describe('SIGTERM in the middle of a burst', () => {
  let ground: TestGround;
  let running: ServiceProcess;
  beforeAll(async () => {
    ground = await prepareTestGround({ environment: { SHUTDOWN_DELAY_MS: '500' } });
    await openDemoCustomers(ground.database.url);
  });
  afterAll(async () => {
    await running.end('SIGKILL');
    await ground.stop();
  });

  const start = async (): Promise<ApiClient> => {
    running = await ServiceProcess.start(ground.environment);
    return new ApiClient(running.url, ground.tokens.walletApp);
  };

  it('answers every accepted request, exits with 0, and the next process finishes the rest', async () => {
    const app = await start();
    const payments = await many(CONFIRMS, (at) => app.decodedPayment(`twin:S#to-confirm-${at}`));
    const unknown = await app.scan('twin:U,U,U,U,U,U,S;slow=2s@2#long');
    const polls = many(LONG_POLLS, () => outcomeOf(app.readScan(unknown.body.scanId, 30_000)));
    const scans = many(SCANS, (at) => outcomeOf(app.scan(`twin:S;slow=2s#in-flight-${at}`)));
    await until('every slow call is in flight', async () => {
      const calls = await ground.books.decodeCalls();
      return calls.filter(({ codeValue }: Json) => codeValue.includes('#in-flight')).length === SCANS;
    });

    const confirms = many(CONFIRMS, (at) => outcomeOf(app.confirm(payments[at])));
    const stopped = running.end('SIGTERM');
    await until('it is leaving', () => running.events.some(({ event }) => event === 'service.stopping'));
    const latePoll = outcomeOf(app.readScan(unknown.body.scanId, 30_000));
    const knocks = knockUntilGone(() => outcomeOf(app.read(payments[0].paymentId)));

    expect(await statusesOf(scans)).toEqual(Array(SCANS).fill(201));
    const answeredOrRefused: unknown[] = [200, 202, 503, 'ECONNREFUSED'];
    const lost = (await statusesOf(confirms)).filter((status) => !answeredOrRefused.includes(status));
    expect(lost).toEqual([]);
    expect((await statusesOf(polls)).filter((status) => ![200, 202].includes(Number(status)))).toEqual([]);
    expect([200, 202, 503]).toContain((await statusesOf(Promise.resolve([await latePoll])))[0]);
    expect((await knocks).filter((status) => ![200, 503].includes(Number(status)))).toEqual([]);
    expect(await stopped).toEqual({ code: 0, signal: null });
    expect(running.events.filter(({ level }) => level === 'error')).toEqual([]);
    await until('it has said its last word', () => running.events.at(-1).event === 'service.stopped');

    const next = await start();
    const decoded = await next.readScan(unknown.body.scanId, 30_000);
    const found = await many(SCANS, (at) => next.decodedPayment(`twin:S;slow=2s#in-flight-${at}`));
    const all = [...payments, ...found, decoded.body.payment];
    const paid = await Promise.all(all.map((payment) => next.confirm(payment)));
    expect(paid.filter(({ body }) => !['PAID', 'DEBITING'].includes(body.status))).toEqual([]);
    await until('every result is acknowledged', async () => {
      const text = `select 1 from notification where status = 'DELIVERED'`;
      return (await ask(ground.database.url, text)).length === all.length;
    });
    expect(await disagreements(ground)).toEqual([]);
  });
});

/** An answer, or the code of the failure that came instead. */
type Outcome = ApiAnswer | string;

async function outcomeOf(call: Promise<ApiAnswer>): Promise<Outcome> {
  try {
    return await call;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : String(error);
  }
}

const statusOf = (outcome: Outcome): number | string =>
  typeof outcome === 'string' ? outcome : outcome.status;

const statusesOf = async (outcomes: Promise<Outcome[]>): Promise<(number | string)[]> =>
  (await outcomes).map(statusOf);

/** Statuses of new requests, one after the other, until nothing listens any more. */
async function knockUntilGone(knock: () => Promise<Outcome>): Promise<(number | string)[]> {
  const statuses = [];
  for (;;) {
    const outcome = await knock();
    // A request at the moment of closing may fail; only an answer after that would be wrong.
    if (typeof outcome === 'string') return [...statuses, ...(await answersAfterwards(knock))];
    statuses.push(outcome.status);
  }
}

async function answersAfterwards(knock: () => Promise<Outcome>): Promise<string[]> {
  const outcomes = await many(5, knock);
  return outcomes.filter((outcome) => typeof outcome !== 'string').map(() => 'answered after it was gone');
}

function many<T>(count: number, make: (at: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, at) => make(at)));
}
