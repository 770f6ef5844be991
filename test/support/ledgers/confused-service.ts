import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestService, type TestService } from '../service/test-service.js';
import { ConfusedLedger } from './confused-ledger.js';

/** A service with a wallet's core over HTTP that answers whatever the test says. */
export interface ConfusedService {
  readonly core: ConfusedLedger;
  readonly test: TestService;
  stop(): Promise<void>;
}

export async function startConfusedService(
  environment: Readonly<Record<string, string>>,
): Promise<ConfusedService> {
  const folder = mkdtempSync(join(tmpdir(), 'confused-'));
  const secret = randomUUID();
  const secretFile = join(folder, 'secret');
  writeFileSync(secretFile, secret);
  const core = new ConfusedLedger(secret);
  const test = await startTestService({
    callsBack: true,
    environment: {
      WALLET_LEDGER: 'http',
      WALLET_LEDGER_URL: await core.listen(),
      WALLET_LEDGER_SECRET_FILE: secretFile,
      ...environment,
    },
  });
  return {
    core,
    test,
    stop: async () => {
      await test.stop();
      await core.close();
      rmSync(folder, { recursive: true });
    },
  };
}
