import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { anInquiry, signedCall } from '../support/service/signed-call.js';
import { ServiceProcess } from '../support/service/service-process.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';

jest.setTimeout(120_000);

/** More than the server accepts at once, so that some connections are still in the operating system's queue. */
const APPS = 800;
const INQUIRY = { target: '/aps/api/v1/payments/inquiryPayment' };

let ground: TestGround;
let service: ServiceProcess;
beforeAll(async () => {
  ground = await prepareTestGround();
  service = await ServiceProcess.start({ ...ground.environment, ROLE: 'api', SIGNED_CALLS_PORT: '0' });
});
afterAll(async () => {
  await service.end('SIGTERM');
  await ground.stop();
});

/** An app that is connected and has sent its scan; the operating system completes both for a process that is busy. */
const app = async (): Promise<Socket> => {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const body = JSON.stringify({ codeValue: `twin:S;slow=6s#${randomUUID()}`, customerId: 'customer-rich' });
  socket.write(
    `POST /v1/scans HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ground.tokens.walletApp}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
};

describe('behind hundreds of connections that are not accepted yet', () => {
  it('a signed call and a probe are answered before them at a port of their own', async () => {
    await signedCall({ url: service.signedCallsUrl }, INQUIRY);
    service.signal('SIGSTOP');
    const apps = await Promise.all(Array.from({ length: APPS }, app));
    const answered: string[] = [];
    const noting =
      (who: string) =>
      (value: unknown): unknown => {
        answered.push(who);
        return value;
      };
    for (const socket of apps) socket.once('data', noting('app'));
    // In this order: the call sent last must be answered first.
    const behind = signedCall(service, { ...INQUIRY, body: anInquiry() }).then(noting('behind the apps'));
    const own = { url: service.signedCallsUrl };
    const beside = signedCall(own, { ...INQUIRY, body: anInquiry() }).then(noting('beside the apps'));
    const probe = fetch(`${service.signedCallsUrl}/health/live`).then(noting('probe'));
    service.signal('SIGCONT');
    expect(await beside).toMatchObject({ status: 200, isSigned: true });
    expect(await probe).toMatchObject({ status: 200 });
    const before = answered.length;
    expect(await behind).toMatchObject({ status: 200, isSigned: true });
    expect(before).toBeLessThan(APPS / 2);
    expect(answered.indexOf('beside the apps')).toBeLessThan(answered.indexOf('behind the apps'));
    expect(answered.indexOf('probe')).toBeLessThan(answered.indexOf('behind the apps'));
    for (const socket of apps) socket.destroy();
  });

  it('that port serves nothing to apps', async () => {
    for (const path of [
      '/v1/scans',
      '/v1/payments/x',
      '/console',
      '/metrics',
      '/docs',
      '/v1/operations/payments',
    ])
      expect((await fetch(service.signedCallsUrl + path, { method: 'POST' })).status).toBe(404);
  });

  it('a call of Alipay+ is also served at PORT, for the time of a move', async () => {
    expect(await signedCall(service, INQUIRY)).toMatchObject({ status: 200, isSigned: true });
  });
});
