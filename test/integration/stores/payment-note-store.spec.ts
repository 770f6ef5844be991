import { randomUUID } from 'node:crypto';
import { MOST_NOTES } from '../../../src/payment-order/operator/payment-note.sql.js';
import { NOTE_BODY, type NewNote } from '../../../src/payment-order/operator/payment-note.store.js';
import { resealBatch } from '../../../src/platform/database/resealing.js';
import { anOrder } from '../../support/builders/an-order.js';
import { aKey, OpenedStores } from '../../support/builders/opened-stores.js';

const TEXT = 'Ada called: the shop has handed the goods over. 東京 👍';
const BY = { actor: 'operator:desk/ann', name: 'desk', subject: 'ann' };

let plain: OpenedStores;
let stores: OpenedStores;
beforeAll(async () => {
  plain = await OpenedStores.open(8);
  stores = plain.holding(aKey(1), aKey(2, 'digest'));
});
afterAll(() => plain.close());

async function aNote(more: Partial<NewNote> = {}): Promise<NewNote> {
  const paymentId = more.paymentId ?? (await anOrder(stores).decoded()).paymentId;
  return { noteId: randomUUID(), paymentId, by: BY, text: TEXT, ...more };
}

const behindTheirBack = (text: string, values: unknown[]) =>
  stores.dataSource.transaction(async (manager) => {
    await manager.query('set local session_replication_role = replica');
    await manager.query(text, values);
  });

describe('a note', () => {
  it('is read as it was written, with its author and time, newest first', async () => {
    const first = await aNote();
    const second = await aNote({ paymentId: first.paymentId, by: { actor: 'operator:bot', name: 'bot' } });
    expect(await stores.notes.keep(first)).toMatchObject({ outcome: 'kept', isNew: true });
    await stores.notes.keep(second);
    const kept = await stores.notes.ofPayment(first.paymentId);
    expect(kept).toEqual([
      { ...second, at: expect.any(Date) },
      { ...first, at: expect.any(Date) },
    ]);
  });

  it('is stored sealed, and can be opened only with the key', async () => {
    const note = await aNote();
    await stores.notes.keep(note);
    const [row] = await stores.sql<{ row: string; body: Buffer }>(
      'select n::text as row, body from payment_note n where note_id = $1',
      [note.noteId],
    );
    expect(row?.body.includes('Ada')).toBe(false);
    expect(row?.row).not.toContain(Buffer.from('Ada').toString('hex'));
    expect(await stores.opened(NOTE_BODY, 'note_id = $1', [note.noteId])).toEqual([Buffer.from(TEXT)]);
    const keyless = plain.holding(aKey(9), aKey(2, 'digest'));
    expect(await keyless.notes.ofPayment(note.paymentId)).toMatchObject([{ gap: 'NOT_DECRYPTED' }]);
  });

  it('is sealed later, when it was written before there was a key', async () => {
    const note = await aNote();
    await plain.notes.keep(note);
    while ((await resealBatch(stores.database, NOTE_BODY, undefined, 1_000)).resealed > 0);
    const [row] = await stores.sql<{ body: Buffer }>('select body from payment_note where note_id = $1', [
      note.noteId,
    ]);
    expect(row?.body.includes('Ada')).toBe(false);
    expect(await stores.notes.ofPayment(note.paymentId)).toMatchObject([{ text: TEXT }]);
  });

  it('is stored once, however often it is sent and by how many', async () => {
    const note = await aNote();
    const all = await Promise.all([1, 2, 3, 4].map(() => stores.notes.keep(note)));
    expect(all.map(({ outcome }) => outcome)).toEqual(['kept', 'kept', 'kept', 'kept']);
    expect(all.filter((kept) => kept.outcome === 'kept' && kept.isNew)).toHaveLength(1);
    expect(await stores.notes.ofPayment(note.paymentId)).toHaveLength(1);
  });

  it.each([
    ['another text', { text: 'nobody called' }],
    ['another author', { by: { actor: 'operator:desk/bob', name: 'desk', subject: 'bob' } }],
  ])('with an id that is taken is refused with %s', async (_what, other) => {
    const note = await aNote();
    await stores.notes.keep(note);
    expect(await stores.notes.keep({ ...note, ...other })).toEqual({ outcome: 'different' });
    expect(await stores.notes.keep(await aNote({ noteId: note.noteId }))).toEqual({ outcome: 'different' });
    expect(await stores.notes.ofPayment(note.paymentId)).toMatchObject([{ text: TEXT }]);
  });

  it('of an unknown payment is refused', async () => {
    const note = await aNote({ paymentId: randomUUID() });
    expect(await stores.notes.keep(note)).toEqual({ outcome: 'no_payment' });
  });

  it('beyond the limit of a payment is refused; a repetition is not', async () => {
    const note = await aNote();
    await stores.notes.keep(note);
    for (let count = 1; count < MOST_NOTES; count += 1)
      await stores.notes.keep(await aNote({ paymentId: note.paymentId }));
    expect(await stores.notes.keep(await aNote({ paymentId: note.paymentId }))).toEqual({ outcome: 'full' });
    expect(await stores.notes.keep(note)).toMatchObject({ outcome: 'kept', isNew: false });
  });

  it('that was put in place of another one is not shown under that name', async () => {
    const note = await aNote();
    await stores.notes.keep(note);
    await behindTheirBack(`update payment_note set body = 'nobody called' where note_id = $1`, [note.noteId]);
    expect(await stores.notes.ofPayment(note.paymentId)).toEqual([
      { ...note, text: undefined, at: expect.any(Date), gap: 'CHANGED' },
    ]);
  });
});
