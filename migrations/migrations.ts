import { Access1700000001800 } from './1700000001800-access.js';
import { Approvals1700000002600 } from './1700000002600-approvals.js';
import { RateLimits1700000001810 } from './1700000001810-rate-limits.js';
import { ServiceSwitches1700000002100 } from './1700000002100-service-switches.js';
import { ProviderSessions1700000003000 } from './1700000003000-provider-sessions.js';
import { Payments1700000000100 } from './1700000000100-payments.js';
import { CancelAndInquiry1700000000300 } from './1700000000300-cancel-and-inquiry.js';
import { LiveFigures1700000000800 } from './1700000000800-live-figures.js';
import { LostRecords1700000001310 } from './1700000001310-lost-records.js';
import { Refunds1700000001400 } from './1700000001400-refunds.js';
import { Repairs1700000001500 } from './1700000001500-repairs.js';
import { NeverPayable1700000001200 } from './1700000001200-never-payable.js';
import { OperatorActs1700000000600 } from './1700000000600-operator-acts.js';
import { OrderDebits1700000001300 } from './1700000001300-order-debits.js';
import { OperationsSearch1700000000700 } from './1700000000700-operations-search.js';
import { Proofs1700000001210 } from './1700000001210-proofs.js';
import { Redelivery1700000000400 } from './1700000000400-redelivery.js';
import { SearchByAllThatIsShown1700000002700 } from './1700000002700-search-by-all-that-is-shown.js';
import { ReversalWindow1700000001000 } from './1700000001000-reversal-window.js';
import { Sweeping1700000000850 } from './1700000000850-sweeping.js';
import { DataKeys1700000002500 } from './1700000002500-data-keys.js';
import { DecodeBudget1700000001100 } from './1700000001100-decode-budget.js';
import { DeliveryLanes1700000000900 } from './1700000000900-delivery-lanes.js';
import { UndeliveredByOrder1700000000950 } from './1700000000950-undelivered-by-order.js';
import { HistoryDigests1700000002300 } from './1700000002300-history-digests.js';
import { WithoutALock1700000002200 } from './1700000002200-without-a-lock.js';
import { WalletEvents1700000002400 } from './1700000002400-wallet-events.js';
import { WalletLedger1700000000200 } from './1700000000200-wallet-ledger.js';
import { TraceParents1700000002800 } from './1700000002800-trace-parents.js';
import { UnpaidOrders1700000003100 } from './1700000003100-unpaid-orders.js';
import { BesideUnpaidOrders1700000003110 } from './1700000003110-beside-unpaid-orders.js';
import { LightOrders1700000003120 } from './1700000003120-light-orders.js';
import { PackedValues1700000003130 } from './1700000003130-packed-values.js';
import { WrittenOnce1700000003140 } from './1700000003140-written-once.js';
import { PaymentNotes1700000002900 } from './1700000002900-payment-notes.js';

/** Append-only, in the order they run. Listed by hand: a folder scan would also pick up source maps and tests. */
export const MIGRATIONS = [
  Payments1700000000100,
  WalletLedger1700000000200,
  CancelAndInquiry1700000000300,
  Redelivery1700000000400,
  OperatorActs1700000000600,
  OperationsSearch1700000000700,
  LiveFigures1700000000800,
  Sweeping1700000000850,
  DeliveryLanes1700000000900,
  UndeliveredByOrder1700000000950,
  ReversalWindow1700000001000,
  DecodeBudget1700000001100,
  NeverPayable1700000001200,
  Proofs1700000001210,
  OrderDebits1700000001300,
  LostRecords1700000001310,
  Refunds1700000001400,
  Repairs1700000001500,
  Access1700000001800,
  RateLimits1700000001810,
  ServiceSwitches1700000002100,
  WithoutALock1700000002200,
  HistoryDigests1700000002300,
  WalletEvents1700000002400,
  DataKeys1700000002500,
  Approvals1700000002600,
  SearchByAllThatIsShown1700000002700,
  TraceParents1700000002800,
  PaymentNotes1700000002900,
  ProviderSessions1700000003000,
  UnpaidOrders1700000003100,
  BesideUnpaidOrders1700000003110,
  LightOrders1700000003120,
  PackedValues1700000003130,
  WrittenOnce1700000003140,
];
