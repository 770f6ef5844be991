import { LedgerBooks } from '../../../src/wallet-ledger/embedded/ledger-books.js';
import { ask } from '../database/ask.js';
import { testKeys } from '../service/test-keys.js';
import { startTestService, type TestService } from '../service/test-service.js';
import { AnsweringAlipayPlus } from './answering-alipay-plus.js';

export interface AnsweredService extends TestService {
  readonly alipayPlus: AnsweringAlipayPlus;
}

/** A payer who can pay any amount an answer may name. */
export const BOUNDLESS = 'customer-boundless';

/** The service with an Alipay+ whose answers a test chooses; it gives up soon on codes that stay unknown. */
export async function startAnsweredService(
  environment: Readonly<Record<string, string>> = {},
): Promise<AnsweredService> {
  const alipayPlus = await AnsweringAlipayPlus.start(testKeys());
  const started: { stop(): Promise<void> }[] = [alipayPlus];
  const stop = async (): Promise<void> => {
    for (const each of started.toReversed()) await each.stop();
  };
  try {
    const test = await startTestService({
      environment: { ...environmentOf(alipayPlus), DATA_KEYS_FILE: '', ...environment },
    });
    started.push(test);
    const books = test.service.app.get(LedgerBooks);
    await books.open({ customerId: BOUNDLESS, blocked: false, openingBalance: 10n ** 33n });
    return { ...test, alipayPlus, stop };
  } catch (error) {
    // The caller gets nothing that it could stop.
    await stop();
    throw error;
  }
}

function environmentOf({ url }: AnsweringAlipayPlus): Record<string, string> {
  return {
    DECODE_WINDOW_MS: '1000',
    DECODE_RETRY_BASE_MS: '200',
    ALIPAYPLUS_BASE_URL: url,
    // The second host never resolves, so that no notification reaches it.
    ALIPAYPLUS_NOTIFY_HOSTS: `${new URL(url).host},alipay.example`,
  };
}

/** Sets the database's clock, by which every deadline is judged; it goes on from there. */
export async function moveClock(test: AnsweredService, to: string): Promise<void> {
  const offsetMs = Date.parse(to) - Date.now();
  await ask(
    test.database.url,
    `create or replace function db_now() returns timestamptz language sql volatile parallel safe
     as $$ select clock_timestamp() + ${offsetMs} * interval '1 ms' $$`,
  );
}
