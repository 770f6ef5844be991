import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(120_000);

/** A package of its own, with the generators and the version of the compiler that they need. */
const CLIENT = resolve('clients/generated');
const isInstalled = existsSync(`${CLIENT}/node_modules/orval`);

const GENERATORS = ['openapi-typescript', 'hey-api', 'orval'];

type Pay = (url: string, token: string, codeValue: string, customerId: string) => Promise<Json>;

describe('a client that is generated from docs/openapi.json', () => {
  if (!isInstalled) {
    const isRequired = process.env['REQUIRE_CLIENTS'] === '1';
    (isRequired ? it : it.skip)('is installed (npm ci in clients/generated)', () =>
      expect(isInstalled).toBe(true),
    );
    return;
  }

  let test: TestService;
  const clients = new Map<string, Pay>();
  beforeAll(async () => {
    for (const step of ['generate', 'compile']) {
      execFileSync('npm', ['run', '-s', step], { cwd: CLIENT, stdio: ['ignore', 'pipe', 'pipe'] });
    }
    for (const name of GENERATORS) {
      const module_ = (await import(pathToFileURL(`${CLIENT}/generated/js/src/${name}.js`).href)) as {
        pay: Pay;
      };
      clients.set(name, module_.pay);
    }
    test = await startTestService();
  });
  afterAll(() => test.stop());

  const pay = async (name: string, code: string): ReturnType<Pay> => {
    const its = clients.get(name);
    if (its === undefined) throw new Error(`${name} was not compiled`);
    return its(test.url, test.tokens.walletApp, `${code}#${randomUUID()}`, 'customer-rich');
  };

  describe.each(GENERATORS)('by %s', (name) => {
    it.each(['twin:S;surcharge=8916HKD', 'twin:U,S'])(
      'compiles strictly, pays %s and finds it among the payments of its payer',
      async (script) => {
        const { paid, listed } = await pay(name, script);
        expect(paid.status).toBe('PAID');
        expect(listed[0].paymentId).toBe(paid.paymentId);
      },
    );

    it('gets advice when it cannot', async () => {
      await expect(pay(name, 'twin:F.EXPIRED_CODE')).rejects.toThrow('EXPIRED_CODE: SHOW_CODE_EXPIRED: ');
    });
  });
});
