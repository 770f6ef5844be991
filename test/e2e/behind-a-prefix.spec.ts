import { once } from 'node:events';
import { createServer, request as sendOn } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiClient } from '../support/service/api-client.js';
import { ConsoleClient } from '../support/browser/console-client.js';
import { signedCall } from '../support/service/signed-call.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(60_000);

const PREFIX = '/gw/pay';

/** A proxy as many gateways are: it knows one prefix, removes it, and changes nothing else. */
class StrippingProxy {
  /** The address that requests are forwarded to. */
  target = '';
  /** Requests outside the prefix: links that nobody behind this proxy could follow. */
  readonly strayed: string[] = [];
  private readonly server = createServer((request, response) => {
    const url = request.url ?? '';
    if (!url.startsWith(`${PREFIX}/`)) {
      this.strayed.push(url);
      response.writeHead(404).end('no such application');
      return;
    }
    const { method, headers } = request;
    const onward = sendOn(`${this.target}${url.slice(PREFIX.length)}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });

  async listen(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    // A server that listens on TCP has an address of this kind.
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('behind a proxy that removes a prefix from the path', () => {
  const proxy = new StrippingProxy();
  let test: TestService;
  let origin: string;
  beforeAll(async () => {
    test = await startTestService({
      environment: {
        HOST: '0.0.0.0',
        PUBLIC_PATH_PREFIX: PREFIX,
        ALIPAYPLUS_PUBLIC_PATH_PREFIX: '/mpp/v1',
      },
    });
    proxy.target = test.url;
    origin = await proxy.listen();
  });
  beforeEach(() => {
    proxy.strayed.length = 0;
  });
  afterEach(() => expect(proxy.strayed).toEqual([]));
  afterAll(async () => {
    proxy.close();
    await test.stop();
  });

  const get = (path: string) => fetch(`${origin}${path}`, { redirect: 'manual' });

  it('an app follows Location to its scan, and the description has the address to call', async () => {
    const app = new ApiClient(`${origin}${PREFIX}`, test.tokens.walletApp);
    for (const code of ['twin:S#prefix-1', 'twin:U#prefix-2']) {
      const scanned = await app.scan(code);
      expect([201, 202]).toContain(scanned.status);
      const location = scanned.headers.get('location') ?? '';
      expect(location).toBe(`${PREFIX}/v1/scans/${scanned.body.scanId}`);
      const read = await fetch(`${origin}${location}`, {
        headers: { authorization: `Bearer ${test.tokens.walletApp}` },
      });
      expect(await read.json()).toMatchObject({ scanId: scanned.body.scanId });
    }
    const described = await get(`${PREFIX}/openapi.json`);
    expect(await described.json()).toMatchObject({ openapi: '3.1.0', servers: [{ url: PREFIX }] });
  });

  it('the page of the API finds its files and the description', async () => {
    const page = await (await get(`${PREFIX}/docs`)).text();
    const files = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files).toHaveLength(3);
    for (const file of files)
      expect({ file, status: (await get(file)).status }).toEqual({ file, status: 200 });
    const begin = await (await get(`${PREFIX}/docs/begin.js`)).text();
    const [, url = ''] = /url: '([^']+)'/.exec(begin) ?? [];
    expect(new URL(url, `${origin}${PREFIX}/docs`).href).toBe(`${origin}${PREFIX}/openapi.json`);
  });

  it('every link, form, file and redirect of the console leads through the proxy', async () => {
    const scanned = await test.app.scan('twin:S;pay=1200JPY#prefix-3');
    await test.app.confirm(scanned.body.payment);
    const operator = new ConsoleClient(`${origin}${PREFIX}`);
    expect(await operator.get('/console')).toMatchObject({
      status: 303,
      location: `${PREFIX}/console/sign-in?next=%2Fconsole`,
    });
    const payment = `/console/payments/${scanned.body.payment.paymentId}`;
    const entered = await operator.signIn(test.tokens.operator, payment);
    expect(entered.location).toBe(PREFIX + payment);
    const [cookie] = entered.headers.getSetCookie();
    expect(cookie).toMatch(
      /^__Secure-console=.*; Path=\/gw\/pay\/console; HttpOnly; Secure; SameSite=Strict$/,
    );

    const seen = new Set<string>();
    const ahead = [`${PREFIX}/console`, PREFIX + payment];
    for (let path = ahead.pop(); path !== undefined; path = ahead.pop()) {
      const [page = ''] = path.split('?');
      if (seen.has(page)) continue;
      seen.add(page);
      expect(path).toMatch(/^\/gw\/pay\/console(\/(?!gw)|\?|$)/);
      const answer = await operator.get(path.slice(PREFIX.length));
      // The address accepts only forms, so it has no page.
      if (answer.status === 405) continue;
      expect(`${answer.status} ${path}`).toMatch(/^(200|303) /);
      if (answer.location !== null) ahead.push(answer.location);
      for (const [, link = ''] of answer.text.matchAll(/ (?:href|src|action|hx-get)="(\/[^"]*)"/g))
        if (!link.includes('/sign-out')) ahead.push(link.replaceAll('&amp;', '&'));
    }
    expect([...seen].some((page) => page.includes('/acts/'))).toBe(true);
    expect(seen).toContain(PREFIX + payment);
    expect(seen).toContain(`${PREFIX}/console/in-doubt`);
    expect(seen.size).toBeGreaterThan(11);

    const kept = await operator.post('/console/preferences', { theme: 'dark', next: '/console/live' });
    expect(kept.location).toBe(`${PREFIX}/console/live`);
    expect(String(kept.headers.getSetCookie())).toContain('Path=/gw/pay/console;');
    const out = await operator.post('/console/sign-out', {}, '/console/help');
    expect(out.location).toBe(`${PREFIX}/console/sign-in`);
    const again = await operator.get('/console/live', { 'hx-request': 'true' });
    expect(again.headers.get('hx-redirect')).toBe(`${PREFIX}/console/sign-in?next=%2Fconsole%2Flive`);
    const fromChat = await operator.get(payment, { 'sec-fetch-site': 'cross-site' });
    expect(fromChat.headers.get('refresh')).toBe(`0; url=${PREFIX}${payment}`);
  });

  it('Alipay+ signs the path with the prefix that its own proxy removes, and the answer is signed alike', async () => {
    const target = '/aps/api/v1/payments/inquiryPayment';
    const behind = { target, signed: `/mpp/v1${target}` };
    expect(await signedCall(test, behind)).toMatchObject({ resultCode: 'ORDER_NOT_EXIST', isSigned: true });
    expect(await signedCall(test, { target })).toMatchObject({ resultCode: 'INVALID_SIGNATURE' });
    expect(await signedCall(test, { ...behind, method: 'GET' })).toMatchObject({
      resultCode: 'METHOD_NOT_SUPPORTED',
      isSigned: true,
    });
  });
});
