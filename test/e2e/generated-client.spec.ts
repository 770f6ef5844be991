import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(120_000);

/** A package of its own, with a compiler of the version that the generator asks for. */
const CLIENT = resolve('clients/openapi-typescript');
const isInstalled = existsSync(`${CLIENT}/node_modules/openapi-typescript`);

type Pay = (url: string, token: string, codeValue: string, customerId: string) => Promise<Json>;

describe('a client that is generated from docs/openapi.json', () => {
  if (!isInstalled) {
    const isRequired = process.env['REQUIRE_CLIENTS'] === '1';
    (isRequired ? it : it.skip)('is installed (npm ci in clients/openapi-typescript)', () =>
      expect(isInstalled).toBe(true),
    );
    return;
  }

  let test: TestService;
  let pay: Pay;
  beforeAll(async () => {
    for (const step of ['generate', 'compile']) {
      execFileSync('npm', ['run', '-s', step], { cwd: CLIENT, stdio: ['ignore', 'pipe', 'pipe'] });
    }
    const module_ = (await import(pathToFileURL(`${CLIENT}/generated/js/pay.js`).href)) as { pay: Pay };
    ({ pay } = module_);
    test = await startTestService();
  });
  afterAll(() => test.stop());

  it.each(['twin:S;surcharge=8916HKD', 'twin:U,S'])(
    'compiles strictly, pays %s and finds it among the payments of its payer',
    async (script) => {
      const code = `${script}#${randomUUID()}`;
      const { paid, listed } = await pay(test.url, test.tokens.walletApp, code, 'customer-rich');
      expect(paid.status).toBe('PAID');
      expect(listed[0].paymentId).toBe(paid.paymentId);
    },
  );

  it('is told what to do when it cannot', async () => {
    await expect(
      pay(test.url, test.tokens.walletApp, `twin:F.EXPIRED_CODE#${randomUUID()}`, 'customer-rich'),
    ).rejects.toThrow('EXPIRED_CODE: SHOW_CODE_EXPIRED: ');
  });
});
