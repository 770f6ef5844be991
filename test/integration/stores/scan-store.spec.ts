import { randomUUID } from 'node:crypto';
import { aDecodedOrder, confirm } from '../../support/builders/an-order.js';
import { aNewScan, aPendingScan, evidence } from '../../support/builders/a-scan.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(60_000);

describe('ScanStore', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open(20);
  });
  afterAll(() => stores.close());

  const exchangesOf = (scanId: string) =>
    stores.sql<{ attempt: number; outcome: string; reason: string | null; answer: Buffer | null }>(
      'select attempt, outcome, reason, answer from decode_exchange where scan_id = $1 order by exchange_id',
      [scanId],
    );
  const lineOf = async (scanId: string) => {
    const [line] = await stores.sql<{
      status: string;
      lease_until: Date | null;
      next_attempt_at: Date | null;
      unknown_reason: string | null;
      request_body: Buffer;
    }>('select * from scan where scan_id = $1', [scanId]);
    return line!;
  };

  describe('begin', () => {
    it('commits a scan that may be decoded at once, under a lease', async () => {
      const wish = aNewScan({ windowMs: 30_000, leaseMs: 9_000 });
      const begun = await stores.scans.begin(wish);
      expect(begun).toMatchObject({ outcome: 'begun', mayAskNow: true });
      const { scan } = begun;
      expect(scan).toMatchObject({ scanId: wish.scanId, status: 'PENDING', tries: 0 });
      expect(scan.givesUpAt.getTime() - scan.createdAt.getTime()).toBe(30_000);
      const line = await lineOf(wish.scanId);
      expect(line.request_body).toEqual(wish.requestBody);
      expect(line.lease_until!.getTime() - scan.createdAt.getTime()).toBe(9_000);
    });

    it('makes one scan of fifty for one code at the same moment (failures 1)', async () => {
      const codeValue = `code-${randomUUID()}`;
      const wishes = Array.from({ length: 50 }, () => aNewScan({ codeValue }));
      const begun = await Promise.all(wishes.map((wish) => stores.scans.begin(wish)));
      expect(begun.filter(({ outcome }) => outcome === 'begun')).toHaveLength(1);
      expect(new Set(begun.map(({ scan }) => scan.scanId)).size).toBe(1);
      const [{ count } = { count: 0 }] = await stores.sql<{ count: number }>(
        'select count(*)::int from scan where code_hash = $1',
        [wishes[0]!.codeHash],
      );
      expect(count).toBe(1);
    });

    it('finds the scan in flight, also for another customer, with its owner (failures 2)', async () => {
      const codeValue = `code-${randomUUID()}`;
      const first = await aPendingScan(stores, { codeValue, customerId: 'first' });
      const second = await stores.scans.begin(aNewScan({ codeValue, customerId: 'second' }));
      expect(second).toMatchObject({
        outcome: 'standing',
        scan: { scanId: first.scanId, customerId: 'first' },
      });
    });

    it('gives each of many that share a commit its own scan, or the one in flight', async () => {
      const standing = await aPendingScan(stores, { codeValue: 'stands' });
      const fresh = Array.from({ length: 12 }, () => aNewScan({ codeValue: `code-${randomUUID()}` }));
      const twins = Array.from({ length: 3 }, () => aNewScan({ codeValue: 'scanned-thrice' }));
      const wishes = [...fresh, aNewScan({ codeValue: 'stands' }), ...twins];
      const begun = await Promise.all(wishes.map((wish) => stores.scans.begin(wish)));
      expect(begun.slice(0, 12).map(({ outcome, scan }) => [outcome, scan.scanId])).toEqual(
        fresh.map(({ scanId }) => ['begun', scanId]),
      );
      expect(begun[12]).toMatchObject({ outcome: 'standing', scan: { scanId: standing.scanId } });
      const thrice = begun.slice(13);
      expect(thrice.map(({ outcome }) => outcome).sort()).toEqual(['begun', 'standing', 'standing']);
      expect(new Set(thrice.map(({ scan }) => scan.scanId)).size).toBe(1);
      for (const wish of fresh) {
        const line = await lineOf(wish.scanId);
        expect(line.request_body).toEqual(wish.requestBody);
      }
    });

    it.each(['REJECTED', 'GIVEN_UP'])('begins again when the scan before is %s', async (end) => {
      const codeValue = `code-${randomUUID()}`;
      const scan = await aPendingScan(stores, { codeValue, windowMs: 0 });
      if (end === 'REJECTED') {
        await stores.scans.reject(scan.scanId, evidence({ outcome: 'rejected' }), 'EXPIRED_CODE');
      } else {
        await stores.scans.giveUp(scan.scanId);
      }
      expect((await stores.scans.find(scan.scanId))?.status).toBe(end);
      const again = await stores.scans.begin(aNewScan({ codeValue }));
      expect(again.outcome).toBe('begun');
      expect(again.scan.scanId).not.toBe(scan.scanId);
    });

    describe('on the code of an order', () => {
      const decodedFrom = async (codeValue: string, change = {}) => {
        const scan = await aPendingScan(stores, { codeValue });
        const decoded = aDecodedOrder(change);
        const accepted = await stores.decodedOrders.accept(scan.scanId, evidence(), decoded, 1);
        if (!('order' in accepted)) throw new Error(accepted.outcome);
        return { scan, order: accepted.order };
      };
      const beginAgain = (codeValue: string) => stores.scans.begin(aNewScan({ codeValue }));

      it('finds the scan while the order waits, is held, or is being debited', async () => {
        const waits = await decodedFrom('waits');
        expect((await beginAgain('waits')).scan.scanId).toBe(waits.scan.scanId);
        const held = await decodedFrom('held', { heldReason: 'HANDLE_BY_SDK' });
        expect((await beginAgain('held')).scan.paymentId).toBe(held.order.paymentId);
        const debiting = await decodedFrom('debiting');
        await confirm(stores, debiting.order);
        expect((await beginAgain('debiting')).scan).toMatchObject({
          scanId: debiting.scan.scanId,
          status: 'DECODED',
          paymentId: debiting.order.paymentId,
        });
      });

      it('begins again once the order is over or expired', async () => {
        const declined = await decodedFrom('declined');
        await stores.orders.decline(declined.order, 'wallet-app');
        expect((await beginAgain('declined')).outcome).toBe('begun');
        await decodedFrom('late', { expiresAt: new Date(Date.now() - 1_000) });
        expect((await beginAgain('late')).outcome).toBe('begun');
        const paid = await decodedFrom('paid');
        const confirmed = await confirm(stores, paid.order);
        await stores.debits.debited(confirmed!, 'ledger-1', '2026-03-01T12:00:00+00:00');
        expect((await beginAgain('paid')).outcome).toBe('begun');
      });
    });
  });

  describe('claim', () => {
    const aDueScan = async () => {
      const scan = await aPendingScan(stores, { leaseMs: 0 });
      await stores.scans.postpone(scan.scanId, evidence({ outcome: 'unknown' }), {
        delayMs: 0,
        counts: true,
      });
      return scan;
    };

    it('gives the claim and the identical request to one of many at the same moment', async () => {
      const { scanId } = await aDueScan();
      const claims = await Promise.all(
        Array.from({ length: 20 }, () => stores.scans.claim(scanId, { leaseMs: 10_000, earlyMs: 250 })),
      );
      const won = claims.filter((claim) => claim !== undefined);
      expect(won).toHaveLength(1);
      expect(won[0]).toMatchObject({ scanId, isOverdue: false, tries: 1 });
      expect(won[0]?.requestBody).toEqual((await lineOf(scanId)).request_body);
    });

    it('leaves a scan alone that is leased, not yet due, over, or unknown', async () => {
      const leased = await aPendingScan(stores);
      const early = await aPendingScan(stores);
      await stores.scans.postpone(early.scanId, evidence(), { delayMs: 5_000, counts: true });
      const over = await aDueScan();
      await stores.scans.reject(over.scanId, evidence({ outcome: 'rejected' }), 'EXPIRED_CODE');
      for (const scanId of [leased.scanId, early.scanId, over.scanId, randomUUID()]) {
        expect(await stores.scans.claim(scanId, { leaseMs: 10_000, earlyMs: 250 })).toBeUndefined();
      }
    });

    it('reports a scan that needs no decode any more', async () => {
      const { scanId } = await aPendingScan(stores, { windowMs: 0, leaseMs: 0 });
      expect(await stores.scans.claim(scanId, { leaseMs: 10_000, earlyMs: 0 })).toMatchObject({
        isOverdue: true,
      });
    });
  });

  describe('postpone', () => {
    it('sets the next attempt, frees the scan and keeps the answer', async () => {
      const { scanId } = await aPendingScan(stores);
      const unknown = evidence({ outcome: 'unknown', reason: 'timeout' });
      const later = await stores.scans.postpone(scanId, unknown, { delayMs: 700, counts: true });
      expect(later).toMatchObject({ status: 'PENDING', tries: 1 });
      expect(later!.nextAttemptAt!.getTime() - later!.readAt.getTime()).toBe(700);
      expect(await lineOf(scanId)).toMatchObject({ lease_until: null, unknown_reason: 'timeout' });
      expect(await exchangesOf(scanId)).toMatchObject([
        { attempt: 1, outcome: 'unknown', reason: 'timeout' },
      ]);
      expect((await exchangesOf(scanId))[0]?.answer).toEqual(unknown.answer);
    });

    it('counts no attempt when Alipay+ asks for less traffic and that does not count', async () => {
      const { scanId } = await aPendingScan(stores);
      const unknown = evidence({ outcome: 'unknown', reason: 'throttled' });
      await stores.scans.postpone(scanId, unknown, { delayMs: 0, counts: false });
      const later = await stores.scans.postpone(scanId, unknown, { delayMs: 0, counts: false });
      expect(later?.tries).toBe(0);
      expect(await exchangesOf(scanId)).toHaveLength(2);
    });

    it('never sets an attempt beyond the deadline', async () => {
      const { scanId, givesUpAt } = await aPendingScan(stores, { windowMs: 3_000 });
      const later = await stores.scans.postpone(scanId, evidence(), { delayMs: 60_000, counts: true });
      expect(later?.nextAttemptAt).toEqual(givesUpAt);
    });
  });

  describe('an end', () => {
    it('is reached once: a later one moves nothing and is kept as evidence', async () => {
      const { scanId } = await aPendingScan(stores, { windowMs: 0 });
      expect(
        await stores.scans.reject(scanId, evidence({ outcome: 'rejected' }), 'EXPIRED_CODE'),
      ).toMatchObject({ status: 'REJECTED', resultCode: 'EXPIRED_CODE', tries: 1 });
      expect(await stores.scans.reject(scanId, evidence({ outcome: 'rejected' }), 'OTHER')).toBeUndefined();
      expect(await stores.scans.postpone(scanId, evidence(), { delayMs: 0, counts: true })).toBeUndefined();
      expect(await stores.scans.defer(scanId, 0)).toBeUndefined();
      expect(await stores.scans.giveUp(scanId)).toBeUndefined();
      expect(await stores.scans.find(scanId)).toMatchObject({
        status: 'REJECTED',
        resultCode: 'EXPIRED_CODE',
      });
      expect(await exchangesOf(scanId)).toHaveLength(3);
    });

    it('is GIVEN_UP only at the deadline', async () => {
      const early = await aPendingScan(stores);
      expect(await stores.scans.giveUp(early.scanId)).toBeUndefined();
      const late = await aPendingScan(stores, { windowMs: 0 });
      const ends = await Promise.all([1, 2, 3].map(() => stores.scans.giveUp(late.scanId)));
      expect(ends.filter(Boolean)).toMatchObject([{ status: 'GIVEN_UP' }]);
    });

    it('is found among the finished ones', async () => {
      const open = await aPendingScan(stores);
      const over = await aPendingScan(stores, { windowMs: 0 });
      await stores.scans.giveUp(over.scanId);
      const asked = [open.scanId, over.scanId, randomUUID()];
      expect(await stores.scans.finished(asked)).toEqual([over.scanId]);
    });
  });

  describe('due', () => {
    it('finds those past their grace and not leased, the longest waiting first', async () => {
      const postponed = async (delayMs: number) => {
        const { scanId } = await aPendingScan(stores);
        await stores.scans.postpone(scanId, evidence(), { delayMs, counts: true });
        return scanId;
      };
      const older = await postponed(-9_000);
      const newer = await postponed(-6_000);
      const fresh = await postponed(-1_000);
      const leased = await postponed(-9_000);
      await stores.scans.claim(leased, { leaseMs: 10_000, earlyMs: 0 });
      const due = await stores.due('decode', 5_000);
      expect(due.filter((id) => [older, newer, fresh, leased].includes(id))).toEqual([older, newer]);
      expect(await stores.due('decode', 5_000, 1)).toHaveLength(1);
    });
  });
});
