import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { describeWithBrowser } from '../support/browser/describe-with-browser.js';
import { openBrowser, openPage, signIn } from '../support/browser/open-browser.js';
import { park, parkable } from '../support/service/parked-payment.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(300_000);

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** WCAG 2.2 AA, and the best practices of axe; the size of targets is off unless it is named. */
const WCAG: AxeOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: { 'target-size': { enabled: true } },
};

const HOSTILE = [
  `<script>document.title='run'</script>`,
  `<img src=x onerror="document.title='run'">`,
  `"><svg onload=document.title='run'>`,
  `Robert'); drop table payment_order;--`,
  `=HYPERLINK("http://evil.example","click")`,
  '{{constructor.constructor("return 1")()}}',
];

describeWithBrowser('the console and what strangers wrote', () => {
  let test: TestService;
  let browser: Browser;
  const payments: string[] = [];
  beforeAll(async () => {
    [test, browser] = await Promise.all([startTestService(), openBrowser()]);
    await parkable(test);
    for (const name of HOSTILE) {
      const merchant = encodeURIComponent(name)
        .replaceAll("'", '%27')
        .replaceAll(/[()]/g, (mark) => escape(mark));
      const code = `twin:S;notify=U,S;merchant=${merchant}#${randomUUID()}`;
      payments.push(await park(test, code));
    }
  });
  afterAll(async () => {
    await browser.close();
    await test.stop();
  });

  const ADDRESSES = [
    '/overview',
    '/errors?kind=result&code=UNKNOWN_EXCEPTION',
    '/payments',
    '/in-doubt',
    '/live',
    '/help',
    '/preferences',
    '/nothing',
  ];

  it('shows it letter for letter on every page, and runs none of it', async () => {
    const { page, context, complaints } = await openPage(browser, test.url);
    await signIn(page, test.tokens.operator);
    const pages = [
      ...['/payments', '/in-doubt'].map((path) => ({ path, names: HOSTILE })),
      ...payments.map((id, at) => ({ path: `/payments/${id}`, names: [HOSTILE[at] ?? ''] })),
      ...payments.map((id, at) => ({ path: `/payments/${id}/acts/redeliver`, names: [HOSTILE[at] ?? ''] })),
    ];
    for (const { path, names } of pages) {
      await page.goto(`/console${path}`);
      const text = await page.locator('main').innerText();
      for (const name of names) expect({ path, text }).toEqual({ path, text: expect.stringContaining(name) });
      expect({ path, scripts: await page.locator('main script, main img').count() }).toEqual({
        path,
        scripts: 0,
      });
      expect(await page.title()).not.toBe('run');
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows hostile text in an address letter for letter too', async () => {
    const { page, context, complaints } = await openPage(browser, test.url);
    await signIn(page, test.tokens.operator);
    for (const text of HOSTILE) {
      await page.goto(`/console/payments?q=${encodeURIComponent(text)}`);
      await page.getByText(`Nothing is known under “${text}”.`).waitFor();
      expect(await page.getByLabel('Find a payment').inputValue()).toBe(text);
      await page.goto(`/console/payments?${encodeURIComponent(text)}=1&merchant=${encodeURIComponent(text)}`);
      expect(await page.title()).not.toBe('run');
    }
    expect(complaints.filter((line) => !line.includes('status of 400'))).toEqual([]);
    await context.close();
  });

  it('would not run a script that got into a page: the policy allows only our own files', async () => {
    const { page, context, complaints } = await openPage(browser, test.url);
    await signIn(page, test.tokens.operator);
    await page.evaluate(() => {
      const script = Object.assign(document.createElement('script'), { textContent: "document.title='run'" });
      document.body.append(script);
    });
    expect(await page.title()).not.toBe('run');
    expect(complaints.join()).toContain('Content Security Policy');
    await context.close();
  });

  it.each(['light', 'dark'] as const)('has no accessibility fault, in %s', async (colorScheme) => {
    // The pages differ by their colours only.
    const options = colorScheme === 'light' ? WCAG : { runOnly: ['color-contrast', 'link-in-text-block'] };
    const held = await test.app.decodedPayment(`twin:S;sdk#${randomUUID()}`);
    const refusedCode = `twin:F.EXPIRED_CODE#${randomUUID()}`;
    expect((await test.app.scan(refusedCode)).status).toBe(422);
    // The scanner is a script from elsewhere, which the policy of the pages would rightly refuse.
    const { page, context } = await openPage(browser, test.url, { colorScheme, bypassCSP: true });
    const scan = async (path: string): Promise<void> => {
      await page.goto(`/console${path}`);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      await page.addScriptTag({ path: AXE });
      const found = await page.evaluate(async (options) => {
        const axe = Reflect.get(globalThis, 'axe') as Axe; // the script just added
        const { violations } = await axe.run(options);
        return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
      }, options);
      expect({ path, found }).toEqual({ path, found: [] });
    };
    await scan('/sign-in');
    await scan('/sign-in?unkept=1&why=idle');
    await signIn(page, test.tokens.operator);
    const [paymentId = ''] = payments;
    const more = [
      `/payments/${paymentId}`,
      `/payments/${paymentId}/acts/redeliver`,
      `/payments/${held.paymentId}`,
      '/payments?status=FOO&foo=1&limit=0',
      `/payments/${held.paymentId}/acts/release`,
      `/payments?q=${encodeURIComponent(refusedCode)}`,
      '/payments?amountMin=1',
    ];
    // Every part of a page, and every colour, is on one of these.
    const dark = ['/overview', '/live', '/payments', more[0] ?? '', more[1] ?? ''];
    for (const path of colorScheme === 'light' ? [...ADDRESSES, ...more] : dark) await scan(path);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/payments', `/payments/${paymentId}`]) await scan(path);
    await context.close();
  });

  it('leaves the payments as they were', async () => {
    for (const paymentId of payments) await untilNotified(test.operator, paymentId, 'PARKED');
  });
});

interface AxeOptions {
  readonly runOnly: readonly string[];
  readonly rules?: Readonly<Record<string, { readonly enabled: boolean }>>;
}

interface Axe {
  run(options: AxeOptions): Promise<{ violations: Violation[] }>;
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}
