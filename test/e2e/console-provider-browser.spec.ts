import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { describeWithBrowser } from '../support/browser/describe-with-browser.js';
import { faultsOfLayout, WIDTHS } from '../support/browser/layout-faults.js';
import { openBrowser, openPage } from '../support/browser/open-browser.js';
import { CompanyProvider } from '../support/providers/company-provider.js';
import { consolePlace } from '../support/providers/provider-console.js';
import { park, parkable } from '../support/service/parked-payment.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(120_000);

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

describeWithBrowser('signing in by the identity provider, in a browser', () => {
  let test: TestService;
  let provider: CompanyProvider;
  let browser: Browser;
  beforeAll(async () => {
    const place = await consolePlace();
    provider = await CompanyProvider.start({ consoleUrl: place.url });
    const environment = { ...provider.settings, ...place.settings };
    [test, browser] = await Promise.all([startTestService({ environment }), openBrowser()]);
    await parkable(test);
  });
  afterAll(async () => {
    await browser.close();
    await test.stop();
    await provider.stop();
  });

  it('leads back to the payment, lets the person act in her own name, and signs out of the provider too', async () => {
    const paymentId = await park(test);
    const { page, context, complaints } = await openPage(browser, test.url);
    await page.goto(`/console/payments/${paymentId}`);
    await page.getByRole('link', { name: 'Sign in with your company account' }).click();
    await page.waitForURL(`${provider.issuer}/**`);
    await page.locator('input[name=login]').fill('ada');
    await page.locator('input[name=password]').fill('x');
    await page.locator('button[type=submit]').click();
    await page.waitForURL(`**/console/payments/${paymentId}`);

    await page.getByRole('link', { name: 'Resend the result' }).click();
    await page.getByLabel('Why').fill('They mended their gateway, ticket 4711');
    await page.getByRole('button', { name: 'Resend the result' }).click();
    await page.getByRole('status').filter({ hasText: 'done' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'ticket 4711' }).first().waitFor();
    expect(await page.content()).toContain('operator:payments-console/ada');

    await page.locator('summary').filter({ hasText: 'Signed in as ada' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${provider.issuer}/session/end?**`);
    await page.getByRole('button', { name: /Yes/ }).click();
    await page.waitForURL('**/console/sign-in*');
    await page.getByLabel('Operator token').waitFor();
    await page.goto(`/console/payments/${paymentId}`);
    await page.waitForURL('**/console/sign-in?next=*');

    await page.getByRole('link', { name: 'Sign in with your company account' }).click();
    await page.locator('input[name=login]').waitFor();
    expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
    await context.close();
  });

  it('is offered on a page that fits every width and is accessible', async () => {
    const { page, context } = await openPage(browser, test.url, { hasTouch: true, bypassCSP: true });
    await page.goto('/console/sign-in');
    await page.getByRole('link', { name: 'Sign in with your company account' }).waitFor();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const faults = await page.evaluate(faultsOfLayout);
      expect({ width, ...faults }).toEqual({ width, overhang: 0, tooSmall: [], cut: [] });
    }
    await page.addScriptTag({ path: AXE });
    const violations = await page.evaluate('axe.run().then((found) => found.violations.map(({ id }) => id))');
    expect(violations).toEqual([]);
    await context.close();
  });
});
