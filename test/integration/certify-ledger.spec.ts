import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpService } from '@nestjs/axios';
import { certifyLedgerCommand } from '../../scripts/certify-ledger.js';
import { ALL_CHECKS } from '../../scripts/certify-ledger/all-checks.js';
import { certify, type CertificationReport } from '../../scripts/certify-ledger/run-certification.js';
import { LedgerHttpServer } from '../../scripts/serve-embedded-ledger/ledger-http-server.js';
import { HttpWalletLedger } from '../../src/wallet-ledger/http/http-wallet-ledger.js';
import { readLedgerCore } from '../../src/wallet-ledger/http/read-ledger-core.js';
import { aDebit, OpenedLedger } from '../support/ledger/opened-ledger.js';
import { certified, failedIn, MEMORY_CUSTOMERS, SECRET, skippedIn } from '../support/ledgers/certified.js';
import {
  runCertifyLedger,
  serveEmbeddedLedger,
  type ServedLedger,
} from '../support/ledgers/ledger-programs.js';
import { MemoryBooks } from '../support/ledgers/memory-books.js';
import { MemoryLedgerServer } from '../support/ledgers/memory-ledger-server.js';
import { BooksLater, LimitsDebits } from '../support/ledgers/unusual-ledgers.js';

// Some hundreds of calls each, on a machine that may be busy.
jest.setTimeout(240_000);

const ALL_PASSED = { failed: 0, skipped: 0, passed: ALL_CHECKS.length };

describe('the certification of a ledger that keeps the contract', () => {
  it('passes the embedded ledger with the largest amounts, and leaves its books unchanged', async () => {
    const balance = 10n ** 32n + 1n;
    const opened = await OpenedLedger.open();
    const server = new LedgerHttpServer(opened.wallet, Buffer.from(SECRET));
    try {
      await opened.demo.openDemoCustomers();
      const customerId = await opened.aCustomer(balance);
      const customers = { customerId, poorId: 'customer-poor', blockedId: 'customer-blocked' };
      const url = await server.listen();
      const certification = { url, secret: Buffer.from(SECRET), timeoutMs: 7000, currency: 'HKD' };
      const report = await certify({ ...certification, ...customers });
      expect(report).toMatchObject(ALL_PASSED);
      expect(report.checks.flatMap(({ unproven }) => unproven)).toEqual([]);
      const bigAmounts = report.checks.find(({ id }) => id === 'big-amounts');
      expect(bigAmounts?.found).toMatch(/^\d{16}: DONE .*; \d{30}: DONE /);
      expect(await opened.balanceOf(customerId)).toBe(balance);
      expect(await opened.balanceOf('customer-poor')).toBe(1n);
      expect(await opened.books.check()).toEqual([]);
      expect(opened.logged).toEqual([]);
    } finally {
      await server.close();
      await opened.close();
    }
  });

  it.each([
    ['answers at once', () => new MemoryBooks()],
    ['says UNKNOWN first and books meanwhile', () => new BooksLater()],
  ])('passes a ledger over HTTP that %s, twice in a row', async (_how, open) => {
    const books = open();
    for (let run = 1; run <= 2; run += 1) {
      const report = await certified(new MemoryLedgerServer(SECRET, books));
      expect(failedIn(report)).toEqual([]);
      expect(report).toMatchObject(ALL_PASSED);
      expect(books.balances.get('rich HKD')).toBe(5000n);
    }
  });

  it('names what it could not prove when the balance cannot be read', async () => {
    const report = await certified(new MemoryLedgerServer(SECRET, new LimitsDebits()));
    expect(failedIn(report)).toEqual([]);
    expect(report.unproven[0]).toMatch(
      /^that no other money of rich moved: .*LIMIT_EXCEEDED.*debit-repeated/,
    );
  });

  it('skips, and names, the checks that need a customer when none is given', async () => {
    const withNobody = await certified(new MemoryLedgerServer(SECRET), {});
    expect(failedIn(withNobody)).toEqual([]);
    const needy = ALL_CHECKS.filter(({ needs }) => needs === 'customer' || needs === 'blocked');
    expect(skippedIn(withNobody)).toEqual(needy.map(({ id }) => id));

    const { customerId } = MEMORY_CUSTOMERS;
    const withPayer = await certified(new MemoryLedgerServer(SECRET), { customerId });
    expect(failedIn(withPayer)).toEqual([]);
    expect(skippedIn(withPayer)).toEqual(['blocked-customer']);
    expect(withPayer.unproven).toContainEqual(expect.stringContaining('needs --poor (other-content)'));
  });
});

describe('npm run certify-ledger', () => {
  let folder: string;
  let secretFile: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certify-'));
    // mkdtemp closes the directory to the account that runs PostgreSQL for root.
    await chmod(folder, 0o755);
    secretFile = join(folder, 'secret');
    await writeFile(secretFile, `${SECRET}\n`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('prints a pass sheet for the embedded ledger as npm run serve-embedded-ledger serves it', async () => {
    let served: ServedLedger | undefined;
    try {
      served = await serveEmbeddedLedger(folder);
      const customers = [
        '--customer',
        'customer-rich',
        '--poor',
        'customer-poor',
        '--blocked',
        'customer-blocked',
      ];
      const options = ['--secret-file', served.secretFile, '--timeout-ms', '7000'];
      const { code, stdout, stderr } = await runCertifyLedger([served.url, ...options, ...customers]);
      expect(stderr).toBe('');
      for (const { id, title, expected, protects } of ALL_CHECKS)
        for (const text of [`PASSED   ${id}: ${title}`, expected, `"${protects}"`])
          expect(stdout).toContain(text);
      expect(stdout).toContain(`${ALL_CHECKS.length} passed, 0 failed, 0 skipped`);
      expect(code).toBe(0);
    } finally {
      expect(await served?.stop()).toBe(0);
    }
    expect(await readdir(join(folder, '.data'))).toEqual([]);
  });

  it('uses the books of DATABASE_URL when npm run serve-embedded-ledger is given one', async () => {
    const opened = await OpenedLedger.open(2);
    let served: ServedLedger | undefined;
    try {
      const customerId = await opened.aCustomer(5000n);
      served = await serveEmbeddedLedger(folder, { DATABASE_URL: opened.url });
      const { url } = served;
      const { secretFile: file } = served;
      const core = await readLedgerCore({ url, secretFile: file, timeoutMs: 7000 });
      const ledger = new HttpWalletLedger(new HttpService(), core);
      const debit = aDebit(customerId);
      expect(await ledger.debit(debit)).toMatchObject({ outcome: 'done' });
      expect(await opened.balanceOf(customerId)).toBe(4900n);
      expect(await opened.wallet.lookup(debit.key)).toEqual(await ledger.lookup(debit.key));
    } finally {
      expect(await served?.stop()).toBe(0);
      await opened.close();
    }
  });

  it('exits with 1 and one JSON document when a check failed', async () => {
    const server = new MemoryLedgerServer(SECRET, new MemoryBooks());
    const url = await server.listen();
    try {
      const otherFile = join(folder, 'other');
      await writeFile(otherFile, randomUUID());
      const environment = { WALLET_LEDGER_URL: url, WALLET_LEDGER_SECRET_FILE: otherFile };
      const { code, stdout } = await runCertifyLedger(['--json', '--customer', 'rich'], environment);
      expect(code).toBe(1);
      const report = JSON.parse(stdout) as CertificationReport; // as the command prints it
      expect(report.checks.find(({ id }) => id === 'debit-done')).toMatchObject({
        status: 'failed',
        found: expect.stringContaining('is the secret the right one?'),
      });
    } finally {
      await server.close();
    }
  });

  it('exits with 2 when nothing could be tried, and says why', async () => {
    const server = new MemoryLedgerServer(SECRET, new MemoryBooks());
    const url = await server.listen();
    const tried = async (...args: string[]) => {
      const errors: string[] = [];
      const output = { log: () => undefined, error: (text: string) => void errors.push(text) };
      const code = await certifyLedgerCommand(args, {}, output);
      return `${code} ${errors.join('').replace('error: ', '').split('\n')[0]}`;
    };
    const signed = ['--secret-file', secretFile];
    try {
      expect(await tried(url, ...signed, '--customer', 'ghost')).toBe(
        '2 ghost cannot be debited 1 HKD minor unit: REFUSED CUSTOMER_NOT_FOUND',
      );
      expect(await tried(url, ...signed, '--customer', 'poor')).toBe(
        '2 poor has 3 HKD minor units; the checks need at least 1000',
      );
      expect(await tried('http://127.0.0.1:1', ...signed)).toBe(
        '2 nobody answers at http://127.0.0.1:1: connection_refused',
      );
      expect(await tried(url, '--secret-file', join(folder, 'none'))).toBe(
        `2 --secret-file names ${join(folder, 'none')}, which is not there`,
      );
      expect(await tried(url)).toBe('2 --secret-file is missing');
      expect(await tried(...signed)).toMatch(/^2 the address of a ledger is/);
      expect(await tried('ftp://core', ...signed)).toMatch(/^2 the address of a ledger is/);
      expect(await tried(url, ...signed, '--customer', 'a', '--poor', 'a')).toMatch(/^2 --customer is/);
      expect(await tried(url, ...signed, '--timeout-ms', '50')).toMatch(
        /^2 option '--timeout-ms <n>' argument '50' is invalid/,
      );
      expect(await tried(url, ...signed, '--fast')).toMatch(/^2 unknown option '--fast'/);
    } finally {
      await server.close();
    }
  });
});

describe('the pass sheet', () => {
  it('quotes from docs/wallet-ledger.md what each check protects', async () => {
    const words = (text: string) => text.replaceAll(/[*`_]/g, '').replaceAll(/\s+/g, ' ');
    const contract = words(await readFile('docs/wallet-ledger.md', 'utf8'));
    for (const { id, protects } of ALL_CHECKS)
      expect({ id, isThere: contract.includes(words(protects)) }).toEqual({ id, isThere: true });
  });

  it('has a name of its own for each check', () => {
    expect(new Set(ALL_CHECKS.map(({ id }) => id)).size).toBe(ALL_CHECKS.length);
  });
});
