import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { describeWithBrowser } from '../support/browser/describe-with-browser.js';
import { openBrowser, openPage, signIn } from '../support/browser/open-browser.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { untilNotified } from '../support/service/until-notified.js';

import.meta.jest.setTimeout(120_000);

describeWithBrowser('the console in a browser', () => {
  let test: TestService;
  let browser: Browser;
  beforeAll(async () => {
    [test, browser] = await Promise.all([startTestService(), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await test.stop();
  });

  const paid = async (code = `twin:S#${randomUUID()}`): Promise<string> => {
    const payment = await test.app.decodedPayment(code);
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    await untilNotified(test.operator, payment.paymentId);
    return payment.paymentId;
  };

  const opened = async (
    options = {},
  ): Promise<{ page: Page; complaints: string[]; close(): Promise<void> }> => {
    const { page, context, complaints } = await openPage(browser, test.url, options);
    await signIn(page, test.tokens.operator);
    return { page, complaints, close: () => context.close() };
  };

  it('finds a payment by a pasted id and shows all of it, with the keyboard alone', async () => {
    const paymentId = await paid();
    const { page, complaints, close } = await opened();
    await page.keyboard.press('/');
    await page.keyboard.type(paymentId);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/console/payments/${paymentId}`);
    await page.getByRole('heading', { level: 1, name: 'Kissa Twin' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'NOTIFIED' }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});
