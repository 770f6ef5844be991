import { execFile, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Undo } from '../../scripts/drill/ground/undo.js';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';
import type { Json } from '../support/service/api-client.js';
import { ServiceProcess } from '../support/service/service-process.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { until } from '../support/service/until.js';

// The last limit: each wait in here has a limit of its own that names what it waits for.
jest.setTimeout(1_200_000);

const PATIENCE_MS = 100_000;
const BUILD_PATIENCE_MS = 600_000;

/**
 * The version in `LAST_RELEASE`, else the newest release before this one, else the last commit of the previous version.
 */
const LAST_RELEASE =
  process.env['LAST_RELEASE'] ??
  git('tag', '--list', 'v*', '--merged', 'HEAD', '--no-contains', 'HEAD', '--sort=-version:refname')[0] ??
  lastOfTheVersionBefore();

if (LAST_RELEASE === undefined) {
  process.stderr.write(
    'LEFT OUT, this clone does not reach back to a version before: two versions at once\n',
  );
  it.skip('LEFT OUT, this clone does not reach back to a version before', () => undefined);
} else suite(LAST_RELEASE);

function suite(release: string): void {
  describe(`two versions at once, ${release} and this one`, () => {
    const undo = new Undo();
    let folder: string;
    let database: TestDatabase;
    let ground: TestGround;
    const inOldTree = (...program: string[]): Promise<unknown> =>
      promisify(execFile)(process.execPath, program, {
        cwd: folder,
        timeout: BUILD_PATIENCE_MS,
        maxBuffer: 10_000_000,
      });
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'two-versions-'));
      undo.add(() => rm(folder, { recursive: true, force: true }));
      execFileSync('/bin/sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'sh', release, folder]);
      // It may have been released with other packages; its own clone tests those.
      await symlink(resolve('node_modules'), join(folder, 'node_modules'));
      // As its own build does, without the type check, which passed when it was the newest.
      await inOldTree('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck');
      await inOldTree('scripts/copy-assets.js');
      database = await createTestDatabase({ empty: true });
      undo.add(() => database.drop());
      ground = await prepareTestGround({ database });
      undo.add(() => ground.stop());
    });
    afterAll(() => undo.run());

    const serve = async (tree?: string): Promise<ServiceProcess> => {
      const service = await ServiceProcess.start(ground.environment, tree);
      undo.add(() => service.end('SIGTERM'));
      return service;
    };
    /** Not by the client that knows the answers of this version: the other version has its own. */
    const call = async ({ url }: ServiceProcess, path: string, body?: object): Promise<Json> => {
      const answer = await fetch(`${url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${ground.tokens.walletApp}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
      return JSON.parse(text);
    };
    /** Scanned at one process, confirmed and read at the other. */
    const pay = async (here: ServiceProcess, there: ServiceProcess, script = 'S'): Promise<void> => {
      const code = `twin:${script}#${randomUUID()}`;
      const scanned = await call(here, '/v1/scans', { codeValue: code, customerId: 'customer-rich' });
      const decoded = await until(
        `${code} is decoded`,
        async () => {
          const scan = await call(there, `/v1/scans/${scanned.scanId}`);
          return scan.status === 'DECODED' && scan;
        },
        PATIENCE_MS,
      );
      const { paymentId, payAmount } = decoded.payment;
      const { currency, value } = payAmount;
      await call(there, `/v1/payments/${paymentId}/confirm`, { payAmount: { currency, value } });
      const isPaid = async (): Promise<boolean> =>
        (await call(here, `/v1/payments/${paymentId}`)).status === 'PAID';
      await until(`${code} is paid`, isPaid, PATIENCE_MS);
      const isAcknowledged = async (): Promise<boolean> =>
        (await ground.books.order(code)).acknowledgedResult === 'S';
      await until(`${code} is acknowledged`, isAcknowledged, PATIENCE_MS);
    };

    it('pay together during a release', async () => {
      const before = await serve(folder);
      await pay(before, before);
      // A release begins with the schema; the running processes go on.
      await migrateDatabase(database.url);
      for (const script of ['S', 'U,S', 'S;surcharge=8916HKD']) await pay(before, before, script);
      const after = await serve();
      for (const script of ['S', 'U,S', 'U,U,S']) {
        await pay(before, after, script);
        await pay(after, before, script);
      }
      // A release that is undone: the previous version starts on the new schema.
      const again = await serve(folder);
      await pay(again, after);
      await pay(after, again);
      for (const leaving of [before, again]) expect(await leaving.end('SIGTERM')).toMatchObject({ code: 0 });
      await pay(after, after);
      expect((await ground.books.summary()).defectCount).toBe(0);
    });
  });
}

/** The last commit before the number in package.json changed; undefined where a shallow clone ends before it. */
function lastOfTheVersionBefore(): string | undefined {
  const [changed] = git('log', '-1', '--format=%H', '-G"version":', '--', 'package.json');
  return changed && git('rev-parse', '--verify', '--quiet', '--short', `${changed}^`)[0];
}

function git(...args: string[]): string[] {
  try {
    return execFileSync('git', args, { encoding: 'utf8' }).split('\n').filter(Boolean);
  } catch {
    // No repository: an archive of the sources.
    return [];
  }
}
