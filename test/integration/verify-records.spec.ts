import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { RecordAnchorStore, windowOf } from '../../src/payment-order/records/record-anchor.store.js';
import { rowLine } from '../../src/payment-order/records/record-digests.js';
import {
  VerifyRecords,
  type RecordFault,
  type VerifyOptions,
} from '../../src/payment-order/records/verify-records.js';
import { anOrder } from '../support/builders/an-order.js';
import { OpenedStores } from '../support/builders/opened-stores.js';

const OPERATOR = { actor: 'operator:night-shift', reason: 'ticket 4711' };
const DAY_MS = 86_400_000;

let stores: OpenedStores;
let anchors: RecordAnchorStore;
/** The day of all rows here, even when the test begins a moment before midnight. */
let day: string;

beforeAll(async () => {
  stores = await OpenedStores.open(8);
  anchors = new RecordAnchorStore(stores.database);
  day = (await anchors.beganOn('payment_history')) ?? '';
});
beforeEach(async () => {
  await stores.sql('truncate scan, payment_order, unpaid_order, record_anchor cascade');
  await begin();
  await stores.freezeClock(new Date(`${day}T23:50:00Z`));
});
afterAll(() => stores.close());

/** The same statement as in the migration. */
async function begin(): Promise<void> {
  await stores.sql(
    `insert into record_anchor select record, $1::date - 1, 0, sha256(''), sha256(''), db_now()
     from unnest(array['payment_history', 'operator_action', 'payment_note']) record`,
    [day],
  );
}

async function payments(): Promise<string[]> {
  const expiresAt = new Date(Date.parse(day) + 2 * DAY_MS);
  const paid = await anOrder(stores).expiringAt(expiresAt).paid();
  const declined = await anOrder(stores).expiringAt(expiresAt).declined();
  const closed = await anOrder(stores).expiringAt(expiresAt).decoded();
  await stores.acts.close(closed, OPERATOR);
  return [paid, declined, closed].map(({ paymentId }) => paymentId);
}

async function verified(options: VerifyOptions = {}): Promise<readonly RecordFault[]> {
  const to = new Date(Date.parse(day) + 2 * DAY_MS);
  return (await new VerifyRecords(anchors, options, to).run()).faults;
}

/** A change by the owner of the tables, with triggers and foreign keys off. */
async function behindTheirBack(text: string, values: unknown[] = []): Promise<void> {
  await stores.dataSource.transaction(async (manager) => {
    await manager.query('set local session_replication_role = replica');
    await manager.query(text, values);
  });
}

async function historyOf(paymentId: string): Promise<string[]> {
  const rows = await stores.sql<{ history_id: string }>(
    'select history_id from payment_history where payment_id = $1 order by history_id',
    [paymentId],
  );
  return rows.map((row) => row.history_id);
}

async function anchorTheDay() {
  await stores.freezeClock(new Date(Date.parse(day) + DAY_MS + 3_700_000));
  return [await anchors.anchorNextDay('payment_history'), await anchors.anchorNextDay('operator_action')];
}

describe('records without tampering', () => {
  it('are reported unchanged, before and after their day is anchored', async () => {
    await payments();
    expect(await verified()).toEqual([]);
    const [history, actions] = await anchorTheDay();
    expect([history?.rows, actions?.rows]).toEqual([expect.any(Number), 1]);
    expect(await verified()).toEqual([]);
  });

  it('are anchored once, an hour after their day, by one of any number of workers', async () => {
    await payments();
    expect(await anchors.anchorNextDay('payment_history')).toBeUndefined();
    await stores.freezeClock(new Date(Date.parse(day) + DAY_MS + 3_700_000));
    const all = await Promise.all([1, 2, 3].map(() => anchors.anchorNextDay('payment_history')));
    expect(all.filter((anchor) => anchor !== undefined)).toHaveLength(1);
    expect(await anchors.anchorNextDay('payment_history')).toBeUndefined();
  });

  it('have an anchor that is the SHA-256 of the list of their day', async () => {
    await payments();
    const [history] = await anchorTheDay();
    const hash = createHash('sha256');
    for await (const page of anchors.rows('payment_history', windowOf(day)))
      for (const row of page) hash.update(rowLine(row));
    expect(history?.digest).toEqual(hash.digest());
  });

  it('may be written at the same moment by several, which name the same predecessor', async () => {
    const { paymentId } = await anOrder(stores)
      .expiringAt(new Date(Date.parse(day) + 2 * DAY_MS))
      .decoded();
    const insert = `insert into payment_history (payment_id, at, event, to_status, actor)
      values ($1, db_now(), 'TOLD', 'AWAITING_CONFIRMATION', 'two at once')`;
    const [first, second] = [stores.dataSource.createQueryRunner(), stores.dataSource.createQueryRunner()];
    for (const runner of [first, second]) {
      await runner.startTransaction();
      await runner.query(insert, [paymentId]);
    }
    for (const runner of [second, first]) {
      await runner.commitTransaction();
      await runner.release();
    }
    const named = await stores.sql<{ previous_id: string }>(
      `select previous_id from payment_history where actor = 'two at once'`,
    );
    expect(new Set(named.map(({ previous_id }) => previous_id)).size).toBe(1);
    expect(await verified()).toEqual([]);
  });

  it('may be older than the digests', async () => {
    const [paid = ''] = await payments();
    await behindTheirBack(
      'update payment_history set digest = null, previous_id = null where payment_id = $1',
      [paid],
    );
    expect(await verified()).toEqual([]);
  });

  it('do not count rows whose digest is not there', async () => {
    await payments();
    const to = new Date(Date.parse(day) + 2 * DAY_MS);
    const counted = async () => {
      const { rows, rowsWithoutDigest } = await new VerifyRecords(anchors, {}, to).run();
      return [rows - rowsWithoutDigest, rowsWithoutDigest];
    };
    const [covered = 0, bare] = await counted();
    expect(bare).toBe(0);
    await behindTheirBack(`update payment_history set digest = null, previous_id = null, actor = 'another'`);
    const history = await stores.sql('select 1 from payment_history');
    expect(await counted()).toEqual([covered - history.length, history.length]);
  });
});

describe('a row of the history', () => {
  it.each([
    ['event', `event = 'DECLINED'`],
    ['time', `at = at - interval '1 microsecond'`],
    ['actor', `actor = 'operator:nobody'`],
    ['amount in its detail', `detail = coalesce(detail, '{}') || '{"value":"1"}'`],
    ['status', `to_status = to_status || ' '`],
  ])('is named when its %s was changed', async (_what, change) => {
    const [paid = ''] = await payments();
    const [, second = ''] = await historyOf(paid);
    await behindTheirBack(`update payment_history set ${change} where history_id = $1`, [second]);
    expect(await verified()).toContainEqual(
      expect.objectContaining({ fault: 'CHANGED', id: second, paymentId: paid }),
    );
  });

  it('is named by the row after it when it was changed together with its digest', async () => {
    const [paid = ''] = await payments();
    const [, second = '', third] = await historyOf(paid);
    await behindTheirBack(
      `update payment_history set actor = 'operator:nobody', digest = sha256('whatever') where history_id = $1`,
      [second],
    );
    const ids = (await verified({ paymentId: paid })).map(({ fault, id }) => `${fault} ${id}`);
    expect(ids).toEqual([`CHANGED ${second}`, `CHANGED ${third}`]);
  });

  it('that was deleted is named, also for one payment alone', async () => {
    const [paid = ''] = await payments();
    const [, second = ''] = await historyOf(paid);
    await behindTheirBack('delete from payment_history where history_id = $1', [second]);
    const missing = { fault: 'PREDECESSOR_MISSING', id: second, paymentId: paid };
    expect(await verified()).toContainEqual(expect.objectContaining(missing));
    expect(await verified({ paymentId: paid })).toEqual([expect.objectContaining(missing)]);
  });

  it('that was inserted with the trigger switched off is named', async () => {
    const [paid = ''] = await payments();
    await behindTheirBack(
      `insert into payment_history (payment_id, at, event, to_status, actor) values ($1, db_now(), 'PAID', 'PAID', 'me')`,
      [paid],
    );
    expect(await verified()).toEqual([expect.objectContaining({ fault: 'PUT_IN', paymentId: paid })]);
  });

  it('that was moved to another payment is named', async () => {
    const [paid = '', declined = ''] = await payments();
    const [, second = ''] = await historyOf(paid);
    await behindTheirBack('update payment_history set payment_id = $2 where history_id = $1', [
      second,
      declined,
    ]);
    expect(await verified()).not.toEqual([]);
  });

  it('is missed when it was the last one, because its order has a state that no row leads to', async () => {
    const [paid = ''] = await payments();
    await behindTheirBack('delete from payment_history where history_id = $1', [
      (await historyOf(paid)).at(-1),
    ]);
    expect(await verified()).toEqual([
      { record: 'payment_order', fault: 'NOT_IN_HISTORY', paymentId: paid, detail: 'PAID' },
    ]);
  });
});

describe('a note', () => {
  const aNote = async (): Promise<string> => {
    const { paymentId } = await anOrder(stores)
      .expiringAt(new Date(Date.parse(day) + 2 * DAY_MS))
      .decoded();
    for (const text of ['they called', 'they called again']) {
      const by = { actor: 'operator:desk/ann', name: 'desk', subject: 'ann' };
      await stores.notes.keep({ noteId: randomUUID(), paymentId, by, text });
    }
    return paymentId;
  };
  const change = (text: string) =>
    behindTheirBack(`update payment_note set ${text} where previous_id is null`);

  it('is reported unchanged, also when its text was erased', async () => {
    await aNote();
    expect(await verified()).toEqual([]);
    await stores.sql(`update payment_note set body = ''`);
    expect(await verified()).toEqual([]);
    await stores.freezeClock(new Date(Date.parse(day) + DAY_MS + 3_700_000));
    expect(await anchors.anchorNextDay('payment_note')).toMatchObject({ rows: 2 });
    expect(await verified()).toEqual([]);
  });

  it.each([`actor = 'operator:bob'`, `person = null`, `text_hash = sha256('another')`])(
    'is named when somebody set %s',
    async (text) => {
      const paymentId = await aNote();
      await change(text);
      expect(await verified()).toEqual([
        expect.objectContaining({ record: 'payment_note', fault: 'CHANGED', paymentId }),
      ]);
    },
  );

  it('is named when it is gone', async () => {
    const paymentId = await aNote();
    await behindTheirBack('delete from payment_note where previous_id is null');
    expect(await verified()).toEqual([
      expect.objectContaining({ record: 'payment_note', fault: 'PREDECESSOR_MISSING', paymentId }),
    ]);
  });
});

describe('a day that is over', () => {
  it('has its rows counted after a truncate of everything', async () => {
    const all = await payments();
    await anchorTheDay();
    await behindTheirBack('truncate payment_history, operator_action');
    const faults = await verified();
    expect(faults.filter(({ fault }) => fault === 'DAY_DIFFERS').map(({ record }) => record)).toEqual([
      'payment_history',
      'operator_action',
    ]);
    const lost = faults.filter(({ fault }) => fault === 'NOT_IN_HISTORY').map(({ paymentId }) => paymentId);
    expect(lost.toSorted()).toEqual(all.toSorted());
  });

  it('is detected when a row was inserted too late, with the trigger', async () => {
    const [paid = ''] = await payments();
    await anchorTheDay();
    await stores.sql(
      `insert into payment_history (payment_id, at, event, to_status, actor) values ($1, $2, 'PAID', 'PAID', 'me')`,
      [paid, new Date(`${day}T23:55:00Z`)],
    );
    expect(await verified()).toEqual([expect.objectContaining({ fault: 'DAY_DIFFERS', day })]);
  });

  it('is found by what was kept outside, when everything inside was written anew', async () => {
    const [paid = ''] = await payments();
    const [history] = await anchorTheDay();
    if (!history) throw new Error('the day was not anchored');
    const list: string[] = [];
    for await (const page of anchors.rows('payment_history', windowOf(day))) list.push(...page.map(rowLine));
    const rows = await historyOf(paid);
    await behindTheirBack('delete from payment_history where payment_id = $1', [paid]);
    await behindTheirBack('delete from payment_order where payment_id = $1', [paid]);
    await behindTheirBack(`truncate record_anchor`);
    await begin();
    await anchorTheDay();
    expect(await verified()).toEqual([]);
    const hex = { digest: history.digest.toString('hex'), chain: history.chain.toString('hex') };
    const faults = await verified({
      from: day,
      to: day,
      anchors: [{ record: 'payment_history', day, rows: history.rows, ...hex }],
      lists: new Map([['payment_history', list]]),
    });
    expect(faults.filter(({ fault }) => fault === 'MISSING').map(({ id }) => id)).toEqual(rows);
    expect(new Set(faults.map(({ fault }) => fault))).toEqual(
      new Set(['MISSING', 'DAY_DIFFERS', 'ANCHOR_CHANGED']),
    );
  });

  it('has an anchor that cannot be changed unnoticed', async () => {
    await payments();
    await anchorTheDay();
    await expect(stores.sql('update record_anchor set rows = 0')).rejects.toThrow(/append-only/);
    await behindTheirBack(
      `update record_anchor set rows = rows + 1 where day = $1 and record = 'payment_history'`,
      [day],
    );
    expect((await verified()).map(({ fault }) => fault)).toEqual(['ANCHOR_CHANGED', 'DAY_DIFFERS']);
  });
});

describe('a file of --anchors', () => {
  it('without any anchor is refused, because nothing would be compared', async () => {
    const args = [resolve('dist/scripts/verify-history.js'), '--anchors', 'package.json'];
    const refused = await new Promise((done) => {
      execFile(process.execPath, args, (error, out, err) => done({ code: error?.code, out, err }));
    });
    expect(refused).toEqual({ code: 1, out: '', err: 'package.json holds no `records.anchored`\n' });
  });
});
