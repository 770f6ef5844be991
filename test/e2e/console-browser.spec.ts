import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { describeWithBrowser } from '../support/browser/describe-with-browser.js';
import { faultsOfLayout, tooWideAt, WIDTHS } from '../support/browser/layout-faults.js';
import { openBrowser, openPage, signIn } from '../support/browser/open-browser.js';
import { park, parkable } from '../support/service/parked-payment.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(120_000);

describeWithBrowser('the console in a browser', () => {
  let test: TestService;
  let browser: Browser;
  beforeAll(async () => {
    [test, browser] = await Promise.all([startTestService(), openBrowser()]);
    await parkable(test);
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

  interface Opened {
    readonly page: Page;
    readonly complaints: readonly string[];
    close(): Promise<void>;
  }

  const opened = async (
    options: BrowserContextOptions = {},
    token = test.tokens.operator,
  ): Promise<Opened> => {
    const { page, context, complaints } = await openPage(browser, test.url, options);
    await signIn(page, token);
    return { page, complaints, close: () => context.close() };
  };

  it('finds a payment by a pasted id and shows all of it, with the keyboard alone', async () => {
    const paymentId = await paid();
    const { page, complaints, close } = await opened();
    await page.keyboard.press('/');
    await page.keyboard.insertText(paymentId);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/console/payments/${paymentId}`);
    await page.getByRole('heading', { level: 1, name: 'Kissa Twin' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'NOTIFIED' }).waitFor();
    await page.getByRole('heading', { name: 'Where it stands' }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  it('can be used by keys: along the list, into a payment, from page to page', async () => {
    await paid();
    await paid();
    const { page, close } = await opened();
    await page.waitForURL('**/console/overview');
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForURL('**/console/payments');
    const rows = page.locator('a[data-row]');
    await rows.nth(1).waitFor();
    const [, second] = await rows.evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${second}`);
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.waitForURL('**/console/live');
    await page.keyboard.press('?');
    await page.waitForURL('**/console/help');
    await page.getByText('Go to what is in doubt').waitFor();
    await close();
  });

  it('resends a parked result, and shows its delivery without a reload', async () => {
    const paymentId = await park(test);
    const { page, complaints, close } = await opened();
    await page.goto('/console/in-doubt');
    await page.locator(`a[data-row][href$="${paymentId}"]`).click();
    await page.getByText('The payer has paid HK$85.61. The result was not acknowledged').waitFor();
    await page.getByRole('link', { name: 'Resend the result' }).click();
    await page.getByText('The same bytes are sent again').waitFor();
    await page.getByLabel('Why').fill('They mended their gateway, ticket 4711');
    await page.getByRole('button', { name: 'Resend the result' }).click();
    await page.getByRole('status').filter({ hasText: 'done' }).waitFor();
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
    await page.getByText('Result DELIVERED').waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'isSamePage'))).toBe(true);
    await page.getByRole('listitem').filter({ hasText: 'ticket 4711' }).first().waitFor();
    await page.goto(`/console/payments/${paymentId}/acts/redeliver`);
    await page.getByText('Alipay+ has acknowledged the result').waitFor();
    expect(await page.getByRole('button', { name: 'Resend the result' }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  it('says plainly when an act came too late and changed nothing', async () => {
    const paymentId = await park(test);
    const { page, close } = await opened();
    await page.goto(`/console/payments/${paymentId}/acts/redeliver`);
    await page.getByLabel('Why').fill('second click');
    await test.operator.send('POST', `/v1/operations/payments/${paymentId}/redeliver`, { reason: 'first' });
    await untilNotified(test.operator, paymentId);
    await page.getByRole('button', { name: 'Resend the result' }).click();
    await page.getByRole('status').filter({ hasText: 'nothing was changed' }).waitFor();
    await close();
  });

  it('opens for a signed-in operator when a link on another site leads to it', async () => {
    const { page, close } = await opened();
    const elsewhere = test.url.replace('127.0.0.1', 'localhost');
    await page.goto(`${elsewhere}/console/sign-in`);
    await page.evaluate((url) => {
      const link = Object.assign(document.createElement('a'), { href: url, textContent: 'look at this' });
      document.body.append(link);
    }, `${test.url}/console/live`);
    await page.getByText('look at this').click();
    await page.getByRole('heading', { level: 1, name: 'Live', exact: true }).waitFor();
    expect(page.url()).toBe(`${test.url}/console/live`);
    await close();
  });

  it('shows times in the zone of its operator and in UTC+8, and keeps the chosen colours', async () => {
    const paymentId = await paid();
    const { page, close } = await opened({ colorScheme: 'light' });
    await page.goto(`/console/preferences?next=/console/payments/${paymentId}`);
    await page.getByLabel('Your zone').selectOption('America/New_York');
    await page.getByRole('button', { name: 'Show times' }).click();
    await page.waitForURL(`**/console/payments/${paymentId}`);
    const time = page.locator('.timeline time').first();
    const instant = new Date((await time.getAttribute('datetime')) ?? '');
    const inNewYork = instant.toLocaleTimeString('sv-SE', { timeZone: 'America/New_York' });
    const atAlipayPlus = instant.toLocaleTimeString('sv-SE', { timeZone: 'Asia/Singapore' });
    expect(await time.innerText()).toContain(inNewYork);
    expect(await time.innerText()).toContain(atAlipayPlus);
    const ground = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.locator('summary', { hasText: 'operator' }).click();
    await page.getByRole('button', { name: 'Dark' }).click();
    await page.locator('html[data-theme=dark]').waitFor();
    expect(await ground()).not.toBe(light);
    await close();
  });

  it('follows the dark mode of the system', async () => {
    const [light, dark] = await Promise.all([
      opened({ colorScheme: 'light' }),
      opened({ colorScheme: 'dark' }),
    ]);
    const ground = ({ page }: Opened): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await ground(light)).not.toBe(await ground(dark));
    await Promise.all([light.close(), dark.close()]);
  });

  it('keeps details open and text selected while it refreshes', async () => {
    const payment = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
    const { page, close } = await opened({}, test.tokens.auditor);
    await page.goto(`/console/payments/${payment.paymentId}`);
    for (const part of ['Why this is so', 'What not to do', 'Answered'])
      await page.locator('summary', { hasText: part }).click();
    const selected = page.locator('dd', { hasText: payment.paymentId }).first();
    await selected.selectText();
    const draft = page.getByLabel('Note', { exact: true });
    await draft.fill('They called, and');
    await selected.selectText();
    expect((await test.app.confirm(payment)).body.status).toBe('PAID');
    await page.locator('.axes').getByText('PAID').waitFor();
    const open = (): Promise<string[]> =>
      page
        .locator('main details[open] > summary')
        .evaluateAll((parts) => parts.map((part) => part.textContent ?? ''));
    expect(await open()).toEqual(['What not to do', 'Why this is so', 'Answered']);
    expect(await page.evaluate(() => String(getSelection()))).toContain(payment.paymentId);
    expect(await draft.inputValue()).toBe('They called, and');
    // Typing goes to the selection of the page until the field is clicked.
    await draft.click();
    await draft.press('End');
    await page.keyboard.type(' waited.');
    // By the keyboard: a refresh may move the page under the mouse.
    await page.getByRole('button', { name: 'Keep the note' }).press('Enter');
    await page.locator('#notes li').getByText('They called, and waited.').waitFor();
    await page.goto('/console/live');
    await page.locator('#throughput-figures > summary').click();
    await page.waitForResponse((response) => response.request().headers()['hx-request'] === 'true');
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    expect(await open()).toEqual(['As a table']);
    await close();
  });

  it('fits every window from 320 to 2560 px with all details open, and everything in it can be clicked', async () => {
    const paymentId = await paid();
    const long = `twin:S;pay=${'9'.repeat(24)}JPY;payTo=${'9'.repeat(24)}JPY;merchant=${encodeURIComponent('東京屋'.repeat(12))}`;
    const { paymentId: longId } = await test.app.decodedPayment(`${long}#${randomUUID()}`);
    const parked = await park(test);
    for (const text of ['x'.repeat(200), '東京屋'.repeat(60), 'مرحبا بالعالم '.repeat(14)])
      await test.operator.send('POST', `/v1/operations/payments/${longId}/notes`, { text });
    // Its code is a long word on the overview.
    await test.app.scan(`twin:F.MERCHANT_NOT_REGISTERED_ANYWHERE_AT_ALL#${randomUUID()}`);
    const { page, close } = await opened({ hasTouch: true });
    const payments = [paymentId, longId, parked].map((id) => `/payments/${id}`);
    const lists = [
      '/overview',
      '/errors?kind=scan&code=EXPIRED_CODE',
      '/payments',
      '/payments?currency=HKD&sort=amount',
      '/payments?amountMin=1',
      '/in-doubt',
      '/live',
    ];
    const others = [
      `/payments/${parked}/acts/redeliver`,
      `/payments/${parked}/notes`,
      '/help',
      '/preferences',
      '/nothing',
    ];
    const tooWide: string[] = [];
    for (const path of [...lists, ...payments, ...others]) {
      await page.goto(`/console${path}`);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        expect({ path, width, ...(await page.evaluate(faultsOfLayout)) }).toEqual({
          path,
          width,
          overhang: 0,
          tooSmall: [],
          cut: [],
        });
      }
      tooWide.push(...(await tooWideAt(page)).map((fault) => `${path} at ${fault}`));
    }
    expect(tooWide).toEqual([]);
    await close();
  });

  // At any time one of these zones has another date than UTC+8, which is then shown too.
  it.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago'])('fits a phone with the clock of %s', async (zone) => {
    const paymentId = await paid();
    const { page, close } = await opened({ viewport: { width: 360, height: 740 }, hasTouch: true });
    await page.goto(`/console/preferences?next=/console/payments/${paymentId}`);
    await page.getByLabel('Your zone').selectOption(zone);
    await page.getByRole('button', { name: 'Show times' }).click();
    await page.waitForURL(`**/console/payments/${paymentId}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    await close();
  });

  it('reads and acts without any JavaScript', async () => {
    const paymentId = await park(test);
    const { page, close } = await opened({ javaScriptEnabled: false });
    await page.getByLabel('Find a payment').fill(paymentId);
    await page.getByLabel('Find a payment').press('Enter');
    await page.getByRole('link', { name: 'Resend the result' }).click();
    await page.getByLabel('Why').fill('by hand');
    await page.getByRole('button', { name: 'Resend the result' }).click();
    await page.getByRole('status').filter({ hasText: 'done' }).waitFor();
    await untilNotified(test.operator, paymentId);
    await page.reload();
    await page.getByText('Result DELIVERED').waitFor();
    await page.goto('/console/live');
    expect(await page.locator('svg path.line').count()).toBeGreaterThan(4);
    await close();
  });
});
