import { v7 as uuidv7 } from 'uuid';
import { AlipayPlusClient } from '../../../src/alipay-plus/calls/alipay-plus.client.js';
import { judgeAnswer } from '../../../src/alipay-plus/calls/judge-answer.js';
import { DebitStore } from '../../../src/payment-order/debit/debit.store.js';
import { FrozenResult } from '../../../src/payment-order/order/frozen-result.js';
import { PaymentOrderStore } from '../../../src/payment-order/order/payment-order.store.js';
import { PAID } from '../../../src/payment-order/order/payment-result.js';
import { Database } from '../../../src/platform/database/database.js';
import {
  WalletLedger,
  type LedgerAnswer,
  type LedgerDebit,
  type LedgerLookup,
  type LedgerRefund,
} from '../../../src/wallet-ledger/wallet-ledger.js';
import type { SimAlipayPlus } from '../world/sim-alipay-plus.js';
import { without, type Mutant } from './mutant.js';

/** A ledger adapter with single wrong methods. */
class WrongLedger extends WalletLedger {
  constructor(
    protected readonly right: WalletLedger,
    private readonly wrong: Partial<Pick<WalletLedger, 'debit' | 'reverse' | 'refund'>>,
  ) {
    super();
  }

  override debit(debit: LedgerDebit): Promise<LedgerAnswer> {
    return this.wrong.debit?.(debit) ?? this.right.debit(debit);
  }

  override lookup(key: string): Promise<LedgerLookup> {
    return this.right.lookup(key);
  }

  override reverse(key: string, reason: string): Promise<LedgerAnswer> {
    return this.wrong.reverse?.(key, reason) ?? this.right.reverse(key, reason);
  }

  override refund(refund: LedgerRefund): Promise<LedgerAnswer> {
    return this.wrong.refund?.(refund) ?? this.right.refund(refund);
  }
}

/** Calls the ledger first and commits the intent afterwards. */
class EagerDebits extends DebitStore {
  constructor(
    database: Database,
    frozen: FrozenResult,
    private readonly orders: PaymentOrderStore,
    private readonly ledger: WalletLedger,
  ) {
    super(database, frozen);
  }

  override async confirm(confirmation: Parameters<DebitStore['confirm']>[0]) {
    const order = await this.orders.find(confirmation.paymentId);
    if (order) {
      await this.ledger.debit({
        key: uuidv7(),
        paymentRequestId: order.paymentRequestId,
        customerId: order.customerId,
        amount: confirmation.payAmount,
        notAfter: order.expiresAt,
        description: order.paymentRequestId,
      });
    }
    return super.confirm(confirmation);
  }
}

const TELL_LATER = {
  name: 'mutant_tell_later',
  text: `
    insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, gives_up_at, created_at, updated_at)
    values ($1, $2, $3, $4, 'PENDING', db_now(), notification_end(db_now()), db_now(), db_now())`,
};

/** Writes the notification after the commit of the final status. */
class TellsLater extends DebitStore {
  constructor(
    private readonly lanes: Database,
    private readonly results: FrozenResult,
  ) {
    super(lanes, results);
  }

  override async debited(...[confirmed, reference, paymentTime]: Parameters<DebitStore['debited']>) {
    const order = await super.debited(confirmed, reference, paymentTime);
    if (!order) return undefined;
    const { body, sha256 } = this.results.messageOf(confirmed.order, PAID, paymentTime);
    await this.lanes.run(TELL_LATER, [order.paymentId, order.notifyUrl, body, sha256]);
    return order;
  }
}

/** Builds the bytes of every later attempt again, with a word that the first did not have. */
function rebuilding(client: SimAlipayPlus): Pick<AlipayPlusClient, 'userInitiatedPay' | 'notifyPayment'> {
  const sent = new Set<string>();
  return {
    userInitiatedPay: (body) => client.userInitiatedPay(body),
    notifyPayment: (url, body) => {
      const message = JSON.parse(body.toString()) as Record<string, unknown>; // our own writer writes an object
      const id = String(message['paymentRequestId']);
      const again = sent.has(id);
      sent.add(id);
      return client.notifyPayment(
        url,
        again ? Buffer.from(JSON.stringify({ ...message, passThroughInfo: '2' })) : body,
      );
    },
  };
}

/** Counts HTTP 200 as an acknowledgement. */
function believingStatus(
  client: SimAlipayPlus,
): Pick<AlipayPlusClient, 'userInitiatedPay' | 'notifyPayment'> {
  return {
    userInitiatedPay: (body) => client.userInitiatedPay(body),
    notifyPayment: async (url, body) => {
      const exchange = await client.notifyPayment(url, body);
      return exchange.httpStatus === 200 ? { ...exchange, outcome: 'accepted' } : exchange;
    },
  };
}

/** Mistakes in code, injected where the simulated service is composed. */
export const CODE_MUTANTS: readonly Mutant[] = [
  {
    name: 'told-later',
    what: 'the notification is written after the final state, not with it',
    caughtBy: [4],
    mistake: {
      schema: 'drop trigger payment_order_told_tr on payment_order',
      rewrites: {
        debit_settle: (text) =>
          without(
            'from o join before using (payment_id) returning payment_id)',
            `from o join before using (payment_id) where o.status <> 'PAID' returning payment_id)`,
          )(without('join n using (payment_id)', 'left join n using (payment_id)')(text)),
      },
      replacements: [[DebitStore, (parts) => new TellsLater(parts.get(Database), parts.get(FrozenResult))]],
    },
  },
  {
    name: 'debit-before-intent',
    what: 'the ledger is called before the intent is committed',
    caughtBy: [2],
    mistake: {
      replacements: [
        [
          DebitStore,
          (parts) =>
            new EagerDebits(
              parts.get(Database),
              parts.get(FrozenResult),
              parts.get(PaymentOrderStore),
              parts.get(WalletLedger),
            ),
        ],
      ],
    },
  },
  {
    name: 'timeout-is-refusal',
    what: 'a ledger that does not answer has refused',
    caughtBy: [3],
    mistake: {
      ledger: (right) =>
        new WrongLedger(right, {
          debit: async (debit) => {
            const answer = await right.debit(debit);
            return answer.outcome === 'unknown' ? { outcome: 'refused', code: 'REFUSED' } : answer;
          },
        }),
    },
  },
  {
    name: 'new-key-in-doubt',
    what: 'a debit in doubt is tried again under a new key',
    caughtBy: [1, 2],
    mistake: {
      ledger: (right) =>
        new WrongLedger(right, {
          debit: async (debit) => {
            const answer = await right.debit(debit);
            return answer.outcome === 'unknown' ? right.debit({ ...debit, key: uuidv7() }) : answer;
          },
        }),
    },
  },
  {
    name: 'reversed-under-new-key',
    what: 'money goes back under a key the ledger does not know',
    caughtBy: [3, 9],
    mistake: {
      ledger: (right) =>
        new WrongLedger(right, { reverse: (_key, reason) => right.reverse(uuidv7(), reason) }),
    },
  },
  {
    name: 'reversal-believed',
    what: 'a reversal counts as done before the ledger said so',
    caughtBy: [3, 9],
    mistake: {
      ledger: (right) =>
        new WrongLedger(right, {
          reverse: async (key, reason) => {
            await right.reverse(key, reason);
            return { outcome: 'done', ledgerReference: `back-${key}` };
          },
        }),
    },
  },
  {
    name: 'refund-under-new-key',
    what: 'a refund in doubt is tried again under a new key',
    caughtBy: [2, 11],
    mistake: {
      ledger: (right) =>
        new WrongLedger(right, {
          refund: async (refund) => {
            const answer = await right.refund(refund);
            return answer.outcome === 'unknown' ? right.refund({ ...refund, key: uuidv7() }) : answer;
          },
        }),
    },
  },
  {
    name: 'refund-timeout-is-refusal',
    what: 'a ledger that does not answer a refund has refused it',
    caughtBy: [11],
    mistake: {
      ledger: (right) =>
        new WrongLedger(right, {
          refund: async (refund) => {
            const answer = await right.refund(refund);
            return answer.outcome === 'unknown' ? { outcome: 'refused', code: 'REFUSED' } : answer;
          },
        }),
    },
  },
  {
    name: 'refund-believed',
    what: 'a refund counts as made before the ledger said so',
    caughtBy: [11],
    mistake: {
      ledger: (right) =>
        new WrongLedger(right, {
          refund: async (refund) => {
            await right.refund(refund);
            return { outcome: 'done', ledgerReference: `refund-${refund.key}` };
          },
        }),
    },
  },
  {
    name: 'bad-signature-believed',
    what: 'an answer whose signature failed is believed',
    caughtBy: [4, 6],
    mistake: { judge: (answer) => judgeAnswer({ ...answer, verdict: { verified: true } }) },
  },
  {
    name: 'status-acknowledges',
    what: 'HTTP 200 counts as an acknowledgement',
    caughtBy: [4],
    mistake: { client: believingStatus },
  },
  {
    name: 'body-rebuilt',
    what: 'the body of a notification is made anew for every try',
    caughtBy: [4],
    mistake: { client: rebuilding },
  },
  {
    name: 'queue-alone',
    what: 'nobody sweeps: a lost job is lost work',
    caughtBy: [10],
    mistake: { withoutSweeper: true },
  },
  {
    name: 'job-id-reused',
    what: 'a job has the id of its row, so a later turn is taken for the first one',
    caughtBy: [10],
    mistake: { isJobIdReused: true },
  },
];
