import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../embedded/postgres/free-port.js';
import { Undo } from '../../scripts/drill/ground/undo.js';
import { startHttpBalancer, type PrivateBalancer } from '../support/database/private-haproxy.js';
import { describeWithPart } from '../support/parts/describe-with-part.js';
import { ApiClient, type ApiAnswer } from '../support/service/api-client.js';
import { ServiceProcess } from '../support/service/service-process.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { until } from '../support/service/until.js';

// The last limit: each wait in here has a limit of its own that names what it waits for.
jest.setTimeout(900_000);

const PAYERS = 3;
const THINKING_MS = 100;
const PATIENCE_MS = 100_000;
/** The balancer drops a process after 4 s of failed checks; the rest is for an overloaded machine. */
const SHUTDOWN_DELAY_MS = '12000';

describeWithPart('haproxy', 'a rolling restart of two processes behind a balancer', () => {
  /** However far the start comes: a program left running would keep the test run from ending. */
  const undo = new Undo();
  let ground: TestGround;
  let balancer: PrivateBalancer;
  let ports: number[];
  let services: ServiceProcess[];
  const start = async (port: number): Promise<ServiceProcess> => {
    const environment = { ...ground.environment, PORT: String(port), SHUTDOWN_DELAY_MS };
    const service = await ServiceProcess.start(environment);
    undo.add(() => service.end('SIGTERM'));
    return service;
  };
  const untilInRotation = (count: number): Promise<unknown> =>
    until(
      `${count} are in rotation`,
      async () => (await balancer.inRotation()) === count || undefined,
      PATIENCE_MS,
    );
  beforeAll(async () => {
    ground = await prepareTestGround();
    undo.add(() => ground.stop());
    ports = [await freePort('127.0.0.1', 0), await freePort('127.0.0.1', 0)];
    balancer = await startHttpBalancer(ports);
    undo.add(() => balancer.stop());
    // One after the other, because together they share the time that a start may take.
    services = [];
    for (const port of ports) services.push(await start(port));
    await untilInRotation(2);
  });
  afterAll(() => undo.run());

  it('fails no request', async () => {
    const stopped = new AbortController();
    const app = new ApiClient(balancer.url, ground.tokens.walletApp);
    const failures: string[] = [];
    let paid = 0;
    const taken = (what: string, answer: ApiAnswer): ApiAnswer => {
      if (answer.status >= 300) failures.push(`${what}: ${answer.status} ${answer.text}`);
      return answer;
    };
    const payOnce = async (): Promise<void> => {
      const code = `twin:${paid % 3 === 0 ? 'U,S' : 'S'}#${randomUUID()}`;
      let scan = taken('scan', await app.scan(code));
      for (let polls = 0; scan.status === 202 && polls < 60; polls += 1)
        scan = taken('long poll', await app.readScan(scan.body.scanId, 2_000));
      if (scan.status >= 300) return;
      const { payment } = scan.body;
      let { body } = taken('confirm', await app.confirm(payment));
      for (let polls = 0; body.status === 'DEBITING' && polls < 2_000; polls += 1)
        ({ body } = taken('read', await app.read(payment.paymentId)));
      if (body.status === 'PAID') paid += 1;
      else failures.push(`not paid: ${JSON.stringify(body)}`);
    };
    const payers = Array.from({ length: PAYERS }, async () => {
      while (!stopped.signal.aborted && failures.length === 0) {
        await payOnce().catch((error: unknown) => failures.push(String(error)));
        // Payers without pauses leave no processor time to a starting process.
        await sleep(THINKING_MS);
      }
    });
    /** A process without time for its own checks may explain why none was available. */
    const expectNoFailure = (): void => {
      const missed = services.flatMap(({ events }) =>
        events.filter(({ event }) => failures.length > 0 && event === 'health.probe_failed'),
      );
      expect({ failures, missed }).toEqual({ failures: [], missed: [] });
    };
    const goesOn = async (): Promise<void> => {
      const before = paid;
      await until('payments go on', () => paid > before + 2 * PAYERS || failures.length > 0, PATIENCE_MS);
      expectNoFailure();
    };
    try {
      await goesOn();
      for (const [at, port] of ports.entries()) {
        expect(await services[at]?.end('SIGTERM')).toMatchObject({ code: 0 });
        await untilInRotation(1);
        await goesOn();
        services[at] = await start(port);
        await untilInRotation(2);
        await goesOn();
      }
    } finally {
      stopped.abort();
      await Promise.all(payers);
    }
    expectNoFailure();
    console.log(`${paid} payments beside two restarts`);
  });
});
