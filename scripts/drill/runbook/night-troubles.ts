import { copyFile, writeFile } from 'node:fs/promises';
import { type NightDesk, untilSo } from './night-desk.js';

/** A trouble that somebody is woken for. */
export interface NightTrouble {
  /** The entry of the runbook that mends it. */
  readonly entry: string;
  /** Causes the trouble; resolves when it is visible. */
  arise(desk: NightDesk): Promise<Arisen>;
  /** Lets the drill go on whatever the outcome; changes nothing that the entry has mended. */
  undo(desk: NightDesk): Promise<unknown>;
}

interface Arisen {
  /** The values of the entry's own placeholders. */
  readonly values?: Readonly<Record<string, string>>;
  /** The conditions that must be true once the entry has been followed. */
  readonly mended: Readonly<Record<string, () => Promise<boolean>>>;
}

/** An address without a listener. */
const NOBODY = 'http://127.0.0.1:1';

/** Each only causes its trouble; the repair is in the runbook alone. */
export const NIGHT_TROUBLES: readonly NightTrouble[] = [
  {
    entry: 'alipay-plus-own-setup',
    arise: async (desk) => {
      const { keys } = desk.ground;
      const seen = async (): Promise<number> =>
        (await desk.figures('alipayplus_own_setup_faults_total')).reduce((sum, one) => sum + one, 0);
      const before = await seen();
      await keys.signWithUnknown();
      await desk.order('/keys/reload');
      await untilSo('Alipay+ says that the fault is ours', async () => (await seen()) > before);
      return {
        values: { VERSION: keys.ours },
        mended: {
          'a payer can pay': () =>
            desk.pay().then(
              () => true,
              () => false,
            ),
        },
      };
    },
    undo: async (desk) => {
      desk.ground.keys.signWithOurs();
      await desk.order('/keys/reload');
    },
  },
  {
    entry: 'alipayplus.keys_not_reloaded',
    arise: async (desk) => {
      const { list } = desk.ground.keys;
      const copy = copyOf(list);
      await copyFile(list, copy);
      await writeFile(list, '{"signWith":');
      await desk.order('/keys/reload');
      const faulty = (): Promise<number[]> => desk.figures('alipayplus_keys_faulty');
      await untilSo('every process says that its keys are faulty', async () =>
        (await faulty()).every((isFaulty) => isFaulty === 1),
      );
      return {
        values: { KEYS_BEFORE: copy },
        mended: {
          'every process has read its keys': async () => (await faulty()).every((isFaulty) => isFaulty === 0),
        },
      };
    },
    undo: async (desk) => {
      const { list } = desk.ground.keys;
      await copyFile(copyOf(list), list);
      await desk.order('/keys/reload');
    },
  },
  {
    entry: 'queue.paused',
    arise: async (desk) => {
      await desk.order('/queues/notify/pause');
      const payment = await desk.pay();
      return {
        values: { QUEUE: 'notify' },
        mended: { 'what waited is acknowledged': () => desk.isAcknowledged(payment) },
      };
    },
    undo: (desk) => desk.order('/queues/notify/resume'),
  },
  {
    entry: 'notification.parked',
    arise: async (desk) => {
      const { twin, database } = desk.ground;
      await twin.behave({ everyNotification: 'U' });
      const since = new Date().toISOString();
      const [one, another] = [await desk.pay(), await desk.pay()];
      const ids = [one.paymentId, another.paymentId];
      const standing = (status: string) => async (): Promise<boolean> =>
        (await desk.rows('notification where payment_id = any($1::uuid[]) and status = $2', ids, status)) ===
        ids.length;
      await untilSo('both results wait for Alipay+', standing('PENDING'));
      // A night passes.
      await database.read(
        'update notification set gives_up_at = db_now() where payment_id = any($1::uuid[])',
        [ids],
      );
      await untilSo('both results are parked', standing('PARKED'));
      await twin.behave({ everyNotification: null });
      return {
        values: { PAYMENT: one.paymentId, SINCE: since },
        mended: {
          'the one result is acknowledged': () => desk.isAcknowledged(one),
          'the other result is acknowledged': () => desk.isAcknowledged(another),
        },
      };
    },
    undo: ({ ground }) => ground.twin.behave({ everyNotification: null }),
  },
  {
    entry: 'debit.in_doubt',
    arise: async (desk) => {
      const { ledger, twin } = desk.ground;
      const { program } = ledger;
      const order = await desk.decoded();
      // Nobody may ask the ledger earlier than the operator: neither a worker, nor Alipay+ by an inquiry.
      await desk.order('/queues/debit/pause');
      await twin.behave({ mppBaseUrl: NOBODY });
      await program.end('SIGKILL');
      try {
        // The confirm waits for the core as long as a payer does.
        void desk.confirm(order).catch(() => undefined);
        await untilSo('the debit is in doubt', async () => {
          const doubt = `debit where payment_id = $1 and status = 'IN_DOUBT' and lease_until is null`;
          return (await desk.rows(doubt, order.paymentId)) > 0;
        });
      } finally {
        await program.start();
      }
      const paid = `payment_order where payment_id = $1 and status = 'PAID'`;
      return {
        values: { PAYMENT: order.paymentId },
        mended: { 'the payer has paid': async () => (await desk.rows(paid, order.paymentId)) > 0 },
      };
    },
    undo: async (desk) => {
      const { twin, apiUrls } = desk.ground;
      await twin.behave({ mppBaseUrl: apiUrls[0] });
      await desk.order('/queues/debit/resume');
    },
  },
];

function copyOf(list: string): string {
  return `${list}.before`;
}
