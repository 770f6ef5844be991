import { randomUUID } from 'node:crypto';
import { ask } from '../support/database/ask.js';
import { CONFUSIONS, type ConfusedLedger } from '../support/ledgers/confused-ledger.js';
import { startConfusedService, type ConfusedService } from '../support/ledgers/confused-service.js';
import type { Json } from '../support/service/api-client.js';
import type { TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(180_000);

/** The wallet's own core over HTTP; it books every debit as requested, but may answer something else. */
describe('a ledger that answers nonsense', () => {
  let confused: ConfusedService;
  let core: ConfusedLedger;
  let test: TestService;
  beforeAll(async () => {
    confused = await startConfusedService({ WALLET_LEDGER_TIMEOUT_MS: '2000' });
    ({ core, test } = confused);
  });
  afterAll(() => confused.stop());

  interface Doubted {
    readonly customerId: string;
    readonly payment: Json;
    readonly scanId: string;
    /** The id of the confirm. */
    readonly requestId: string | null;
  }

  /**
   * The payer confirmed, the core took the money, and its answer was useless. A confirm waits for seconds, because its
   * debit may still settle: those of several payers wait at the same time.
   */
  async function doubted(confusion: string): Promise<Doubted> {
    const customerId = `customer-${randomUUID()}`;
    core.kept.open(customerId, 'HKD', 10n ** 9n);
    const { body } = await test.app.scanUntilDecided(`twin:S#${randomUUID()}`, customerId);
    core.confusions.set(customerId, CONFUSIONS[confusion]!);
    const confirmed = await test.app.confirm(body.payment);
    expect([confirmed.status, confirmed.body.status]).toEqual([202, 'DEBITING']);
    const requestId = confirmed.headers.get('x-request-id');
    return { customerId, payment: body.payment, scanId: body.scanId, requestId };
  }

  const debitOf = async (paymentId: string): Promise<Json> => {
    const columns = 'debit_id as "debitId", status, unknown_reason as "unknownReason"';
    const [debit] = await ask<Json>(test.database.url, `select ${columns} from debit where payment_id = $1`, [paymentId]); // prettier-ignore
    return debit;
  };
  const statusOf = async (paymentId: string): Promise<string> => {
    const [order] = await ask<Json>(test.database.url, `select status from payment_order where payment_id = $1`, [paymentId]); // prettier-ignore
    return order.status;
  };

  /** By the kind of answer. They are left in doubt: each waits for its own next call to the ledger. */
  const left = new Map<string, Doubted>();
  beforeAll(async () => {
    const made = Object.keys(CONFUSIONS).map(async (reason) => [reason, await doubted(reason)] as const);
    for (const [reason, one] of await Promise.all(made)) left.set(reason, one);
  });

  it.each(Object.keys(CONFUSIONS))('such as %s is unknown and shown to operators', async (reason) => {
    const { payment, requestId } = left.get(reason)!;
    const { body } = await test.operator.operations(`/payments/${payment.paymentId}`);
    expect(body.status).toBe('DEBITING');
    expect(body.debits).toMatchObject([{ status: 'IN_DOUBT', unknownReason: expect.any(String) }]);
    const told = test.log
      .map((line) => JSON.parse(line))
      .find((one) => one.event === 'debit.in_doubt' && one.paymentId === payment.paymentId);
    expect(told).toMatchObject({ reason, requestId });
    const { answer } = await test.books.inquire(payment.paymentRequestId);
    expect(answer.paymentResult).toMatchObject({ resultStatus: 'U', resultCode: 'PAYMENT_IN_PROCESS' });
  });

  it('costs no second debit: each is paid by the booked one, once the core answers properly', async () => {
    core.confusions.clear();
    // The first of them were asked for so often that their next call is half a minute away.
    await ask(test.database.url, `update debit set next_attempt_at = db_now() where status = 'IN_DOUBT'`, []);
    for (const { payment } of left.values()) {
      await until('it is paid', async () => (await statusOf(payment.paymentId)) === 'PAID');
      const { debitId } = await debitOf(payment.paymentId);
      expect(core.kept.keys.get(debitId)).toMatchObject({ value: 8_561n });
    }
    expect(core.kept.keys.size).toBe(left.size);
  });

  describe('is asked for by key before it is due, by every request that concerns the payment', () => {
    type Visit = (doubted: Doubted) => Promise<Json>;
    const visits: Readonly<Record<string, readonly [Visit, (answer: Json) => unknown, string]>> = {
      'GET /v1/payments/{id}': [
        ({ payment }) => test.app.read(payment.paymentId),
        ({ body }) => body.status,
        'PAID',
      ],
      'GET /v1/scans/{id}': [
        ({ scanId }) => test.app.readScan(scanId),
        ({ body }) => body.payment.status,
        'PAID',
      ],
      'a confirm that is repeated': [
        ({ payment }) => test.app.confirm(payment),
        ({ body }) => body.status,
        'PAID',
      ],
      'a decline that comes late': [
        ({ payment }) => test.app.decline(payment.paymentId),
        ({ body }) => body.code,
        'ORDER_IS_CLOSED',
      ],
      inquiryPayment: [
        ({ payment }) => test.books.inquire(payment.paymentRequestId),
        ({ answer }) => answer.paymentResult.resultStatus,
        'S',
      ],
      "the operators' view": [
        ({ payment }) => test.operator.operations(`/payments/${payment.paymentId}`),
        ({ body }) => body.status,
        'PAID',
      ],
    };

    const CANCEL = 'cancelPayment, and then the money goes back';
    const standing = new Map<string, Doubted>();
    beforeAll(async () => {
      const made = [...Object.keys(visits), CANCEL].map(
        async (name) => [name, await doubted('http_status_500')] as const,
      );
      for (const [name, one] of await Promise.all(made)) {
        await until('nobody has it in hand', () => leftStanding(one.payment.paymentId));
        core.confusions.delete(one.customerId);
        standing.set(name, one);
      }
    });

    /** Background jobs come only after the test, and no call was made a moment ago. */
    async function leftStanding(paymentId: string): Promise<boolean> {
      const rows = await ask<Json>(
        test.database.url,
        `update debit set next_attempt_at = db_now() + interval '1 hour', updated_at = db_now() - interval '1 minute'
         where payment_id = $1 and lease_until is null returning debit_id`,
        [paymentId],
      );
      return rows.length === 1;
    }

    it.each(Object.keys(visits))('%s', async (name) => {
      const [visit, read, expected] = visits[name]!;
      const made = standing.get(name)!;
      expect(await statusOf(made.payment.paymentId)).toBe('DEBITING');
      expect(read(await visit(made))).toBe(expected);
      expect(await statusOf(made.payment.paymentId)).toBe('PAID');
    });

    it(CANCEL, async () => {
      const { payment } = standing.get(CANCEL)!;
      expect(await test.books.cancel(payment.paymentRequestId)).toMatchObject({ resultStatus: 'S' });
      expect(await statusOf(payment.paymentId)).toBe('CANCELLED');
      const { debitId } = await debitOf(payment.paymentId);
      await until('the money is back', async () => core.kept.keys.get(debitId)?.reversal !== undefined);
    });
  });
});
