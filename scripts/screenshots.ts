import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { newCommand, runProgramAndLeave, UsageError } from '../command-line/run-command.js';

const FOLDER = 'out/screenshots';
const WIDE = { width: 1360, height: 850 };
const NARROW = { width: 390, height: 844 };

interface Console {
  readonly url: string;
  readonly token: string;
}

interface Look {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  readonly viewport: { readonly width: number; readonly height: number };
}

const LOOKS: readonly Look[] = [
  { name: 'light', colorScheme: 'light', viewport: WIDE },
  { name: 'dark', colorScheme: 'dark', viewport: WIDE },
  { name: 'phone', colorScheme: 'light', viewport: NARROW },
];

export const command = newCommand(
  'npm run screenshots --',
  "Takes pictures of the console's pages into out/screenshots, with Debian's Chromium: of a console that it starts and " +
    'fills by itself, or of one that is there, such as that of "npm run demo -- --console".',
)
  .option('--url <address>', 'of a console that is there')
  .option('--token <token>', 'an operator token for it')
  .action(async ({ url, token }) => {
    if ((url === undefined) !== (token === undefined))
      throw new UsageError('--url and --token belong together');
    await takePictures(url !== undefined && token !== undefined ? { url, token } : undefined);
  });

async function takePictures(existing: Console | undefined): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  if (existing) return photograph(existing);
  const demo = fork(fileURLToPath(new URL('demo.js', import.meta.url)), ['--console'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    await photograph(await whereItIs(demo));
  } finally {
    demo.kill('SIGINT');
    await once(demo, 'exit');
  }
}

/** The demo prints the address and the token first, and at the end that it stays. */
async function whereItIs(demo: ChildProcess): Promise<Console> {
  if (!demo.stdout) throw new Error('the demo was started without an output to read');
  let url = '';
  let token = '';
  for await (const line of createInterface({ input: demo.stdout })) {
    console.log(line);
    url = /^ {2}Console +(\S+)\/console$/.exec(line)?.[1] ?? url;
    token = /^ {2}Token +(\S+)$/.exec(line)?.[1] ?? token;
    if (line.startsWith('The console stays')) {
      demo.stdout.resume();
      return { url, token };
    }
  }
  throw new Error('the demo ended before its console was there');
}

async function photograph(where: Console): Promise<void> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  try {
    for (const look of LOOKS) await photographAll(browser, where, look);
  } finally {
    await browser.close();
  }
}

async function photographAll(browser: Browser, { url, token }: Console, look: Look): Promise<void> {
  const { colorScheme, viewport, name } = look;
  const context = await browser.newContext({ baseURL: url, colorScheme, viewport });
  const page = await context.newPage();
  const shoot = async (what: string, isWhole = false): Promise<void> => {
    await page.screenshot({ path: `${FOLDER}/${what}-${name}.png`, fullPage: isWhole });
    console.log(`${FOLDER}/${what}-${name}.png`);
  };
  await page.goto('/console/sign-in');
  await shoot('sign-in');
  await page.getByLabel('Operator token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/console/overview');
  await shoot('overview', true);
  await page.goto('/console/payments');
  await shoot('payments');
  await page.goto('/console/payments?status=PAID&currency=HKD&amountMin=10000&sort=-amount');
  await shoot('filters');
  await page.goto('/console/in-doubt');
  await shoot('in-doubt', true);
  await page.goto('/console/live');
  await shoot('live', true);
  await openParked(page);
  await shoot('payment');
  await shoot('payment-whole', true);
  await openAct(page).catch(() => undefined);
  await shoot('act', true);
  await page.goto('/console/help');
  await shoot('help', true);
  await context.close();
}

async function openParked(page: Page): Promise<void> {
  await page.goto('/console/payments?notificationStatus=PARKED&merchant=Kissa');
  await page.locator('a[data-row]').first().click();
  await page.waitForURL(/payments\/[0-9a-f-]{36}/);
}

async function openAct(page: Page): Promise<void> {
  await page.getByRole('link', { name: /resend the result/i }).click();
  await page.getByLabel('Why').waitFor();
}

await runProgramAndLeave(import.meta.url, command);
