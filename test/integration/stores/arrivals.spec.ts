import { Arrivals } from '../../../src/payment-order/scan/arrivals.js';
import { loadSettings } from '../../../src/platform/config/load-settings.js';
import { Draining } from '../../../src/platform/http/draining.js';
import { HttpSettings } from '../../../src/platform/http/http.settings.js';
import { anOrder } from '../../support/builders/an-order.js';
import { aPendingScan, evidence } from '../../support/builders/a-scan.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';
import { inTime } from '../../support/queues/in-time.js';

jest.setTimeout(60_000);

const FOR_EVER_MS = 600_000;

describe('Arrivals', () => {
  let stores: OpenedStores;
  let draining: Draining;
  let arrivals: Arrivals;
  beforeAll(async () => {
    stores = await OpenedStores.open();
  });
  beforeEach(() => {
    draining = new Draining(loadSettings([HttpSettings], { SHUTDOWN_DELAY_MS: '0' }).get(HttpSettings));
    arrivals = new Arrivals(stores.scans, stores.orders, draining);
  });
  afterEach(() => draining.beforeApplicationShutdown());
  afterAll(() => stores.close());

  /** Whether a wait is over yet. */
  const watched = (wait: Promise<void>): { wait: Promise<void>; isOver: () => boolean } => {
    let over = false;
    return { wait: wait.then(() => void (over = true)), isOver: () => over };
  };

  it('wakes everybody who waits for a row settled in this process, and nobody else', async () => {
    const { scanId } = await aPendingScan(stores);
    const other = await aPendingScan(stores);
    const [one, two, third] = [scanId, scanId, other.scanId].map((id) =>
      watched(arrivals.wait('scan', id, FOR_EVER_MS)),
    );
    arrivals.arrived('scan', scanId);
    await inTime('both waits', Promise.all([one!.wait, two!.wait]));
    expect(third!.isOver()).toBe(false);
    arrivals.arrived('payment', other.scanId);
    await Promise.resolve();
    expect(third!.isOver()).toBe(false);
  });

  it('finds what another process settled', async () => {
    const scan = await aPendingScan(stores);
    const { order, debit } = await anOrder(stores).confirmed();
    const waits = [
      arrivals.wait('scan', scan.scanId, FOR_EVER_MS),
      arrivals.wait('payment', order.paymentId, FOR_EVER_MS),
    ];
    await stores.scans.reject(scan.scanId, evidence({ outcome: 'rejected' }), 'EXPIRED_CODE');
    await stores.debits.tooLate({ order, debit });
    await inTime('both waits', Promise.all(waits));
  });

  it('goes on checking although the database was down for one check', async () => {
    const scan = await aPendingScan(stores);
    const waiting = watched(arrivals.wait('scan', scan.scanId, FOR_EVER_MS));
    await stores.sql('alter table scan rename to scan_elsewhere');
    // Longer than the time between two checks.
    await arrivals.wait('payment', scan.scanId, 600);
    expect(waiting.isOver()).toBe(false);
    await stores.sql('alter table scan_elsewhere rename to scan');
    await stores.scans.reject(scan.scanId, evidence({ outcome: 'rejected' }), 'EXPIRED_CODE');
    await inTime('the wait', waiting.wait);
  });

  it('lets a wait end when its time is over, and at once when the process leaves', async () => {
    const { scanId } = await aPendingScan(stores);
    await inTime('a short wait', arrivals.wait('scan', scanId, 50));
    const long = arrivals.wait('scan', scanId, FOR_EVER_MS);
    await draining.beforeApplicationShutdown();
    await inTime('the long wait', long);
    await inTime('a wait that comes too late', arrivals.wait('scan', scanId, FOR_EVER_MS));
  });
});
