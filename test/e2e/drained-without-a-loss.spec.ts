import { randomUUID } from 'node:crypto';
import { Undo } from '../../scripts/drill/ground/undo.js';
import { ApiClient } from '../support/service/api-client.js';
import { ServiceProcess } from '../support/service/service-process.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { TinyBalancer } from '../support/service/tiny-balancer.js';
import { until } from '../support/service/until.js';

jest.setTimeout(400_000);

const PAYERS = 3;
const PATIENCE_MS = 60_000;

/** However far the start comes: what is left listening would keep the test run from ending. */
const undo = new Undo();
let ground: TestGround;
let balancer: TinyBalancer;
const services: ServiceProcess[] = [];
const start = async (): Promise<ServiceProcess> => {
  const service = await ServiceProcess.start({ ...ground.environment, SHUTDOWN_DELAY_MS: '2000' });
  undo.add(() => service.end('SIGTERM'));
  balancer.add(service.url);
  return service;
};
beforeAll(async () => {
  ground = await prepareTestGround();
  undo.add(() => ground.stop());
  balancer = await TinyBalancer.start();
  undo.add(() => balancer.stop());
  // One after the other: together they share the time that a start may take.
  for (let count = 0; count < 2; count += 1) services.push(await start());
  await until('both are in rotation', () => balancer.inRotation.length === 2, PATIENCE_MS);
});
afterAll(() => undo.run());

it('a rolling restart of two processes behind a balancer fails no request', async () => {
  const stopped = new AbortController();
  const app = new ApiClient(balancer.url, ground.tokens.walletApp);
  const outcomes: string[] = [];
  const payers = Array.from({ length: PAYERS }, async () => {
    while (!stopped.signal.aborted) {
      const { body } = await app.confirm(await app.decodedPayment(`twin:S#${randomUUID()}`));
      outcomes.push(body.status);
    }
  });
  const goesOn = (): Promise<unknown> => {
    const before = outcomes.length;
    const goneOn = until('payments go on', () => outcomes.length > before + 2 * PAYERS, PATIENCE_MS);
    // A payer who breaks off says why.
    return Promise.race([goneOn, Promise.all(payers)]);
  };
  try {
    await goesOn();
    for (const [at, leaving] of services.entries()) {
      expect(await leaving.end('SIGTERM')).toMatchObject({ code: 0 });
      balancer.remove(leaving.url);
      await goesOn();
      services[at] = await start();
      await until('it is in rotation', () => balancer.inRotation.length === 2, PATIENCE_MS);
    }
    await goesOn();
  } finally {
    stopped.abort();
    // Said first: it names what the payers then met.
    await Promise.allSettled(payers);
    expect(balancer.failures).toEqual([]);
  }
  await Promise.all(payers);
  expect(new Set(outcomes)).toEqual(new Set(['PAID']));
});
