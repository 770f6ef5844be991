import { judgeAct } from '../../src/operations/acts/operator-acts.js';
import type { ActReportDto, ActsPreviewDto } from '../../src/operations/acts/act.dto.js';
import { onClocks } from '../../src/operations/clocks.js';
import type { EventDto, ResentEventsDto } from '../../src/operations/events/events.dto.js';
import { explainPayment } from '../../src/operations/explain/explain-payment.js';
import type { BulkRedeliveryDto, RedeliveryDto } from '../../src/operations/redelivery/redelivery.dto.js';
import type {
  FoundEventDto,
  FoundNotificationDto,
  FoundPaymentDto,
  FoundScanDto,
} from '../../src/operations/search/search.dto.js';
import { axesOf, type PaymentSnapshot } from '../../src/operations/snapshot/payment-snapshot.js';
import type { ActivityDto, SummaryDto } from '../../src/operations/summary/summary.dto.js';
import { paymentView } from '../../src/operations/view/payment.view.js';
import { OPERATOR_ACTS } from '../../src/payment-order/operator/operator-action.js';
import { toShownAmount } from '../../src/payment-order/order/money.js';
import { APPROVAL_ANSWERS, PROPOSED } from './approval-examples.js';
import { at, one, PAID, SCAN, type Examples } from './example-payments.js';
import { HEALTH_ANSWERS } from './health-examples.js';
import { NOTE, NOTE_ANSWERS } from './note-examples.js';
import { exampleEvent, EXAMPLE_EVENT_ID } from './example-events.js';

const { paymentId, paymentRequestId, customerId } = PAID;
const text = (seconds: number): string => at(seconds).toISOString();
const RULES = { supportedFlags: [] };
const URL = 'https://open-sea.alipayplus.com/notify';
const REASON = 'Alipay+ asked for it, ticket 4711';
const ACTOR = 'operator:night-shift';
const TOTAL = { value: 1, isEstimate: false };
const DEBIT_ID = '01a229f7-7d5a-7e11-8c0e-5a7e3b3f2a10';

/** Paid, and not acknowledged in time: a case for an operator. */
const PARKED: PaymentSnapshot = {
  readAt: at(3_600),
  order: { ...PAID, notificationStatus: 'PARKED', acquirerId: '1020050000000', pspId: '1022172000000' },
  debits: [
    {
      debitId: DEBIT_ID,
      sequence: 1,
      amount: { currency: 'HKD', value: 8_916n },
      status: 'DEBITED',
      ledgerReference: 'ledger-20260301-17',
      tries: 0,
      notAfter: at(600),
      createdAt: at(7),
      windowEndsAt: at(45_000),
    },
  ],
  debitAlarms: [],
  refunds: [],
  notification: {
    status: 'PARKED',
    tries: 14,
    url: URL,
    bodySha256: '5f1f1c0f8f7d1f3c2b6a4de0a3b1a3f0b9a1c35b0d8a6a6d2d1f3e8c7b6a5940',
    createdAt: at(8),
    givesUpAt: at(3_500),
    lastOutcome: 'not_acknowledged_in_time',
    alarms: [{ threshold: '1h', raisedAt: at(3_500) }],
  },
  scans: [
    {
      scanId: SCAN.scanId,
      customerId,
      codeSha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      status: 'DECODED',
      tries: 1,
      createdAt: at(0),
    },
  ],
  history: [
    { at: at(0), event: 'DECODED', to: 'AWAITING_CONFIRMATION', actor: 'alipay-plus', detail: {} },
    {
      at: at(7),
      event: 'CONFIRMED',
      from: 'AWAITING_CONFIRMATION',
      to: 'DEBITING',
      actor: 'app',
      detail: {},
    },
    { at: at(8), event: 'DEBITED', from: 'DEBITING', to: 'PAID', actor: 'wallet-ledger', detail: {} },
  ],
};
const STATE = axesOf(PARKED);

const foundPayment: FoundPaymentDto = {
  paymentId,
  paymentRequestId,
  referenceOrderId: 'order-20260301-0001',
  customerId,
  acquirerId: '1020050000000',
  merchantName: 'Kissa Twin 珈琲店',
  status: 'PAID',
  resultCode: 'SUCCESS',
  payAmount: toShownAmount({ currency: 'HKD', value: 8_916n }),
  paymentAmount: toShownAmount({ currency: 'JPY', value: 995n }),
  notificationStatus: 'PARKED',
  createdAt: text(0),
  finishedAt: text(8),
};
const foundScan: FoundScanDto = {
  scanId: SCAN.scanId,
  customerId,
  status: 'DECODED',
  paymentId,
  tries: 1,
  givesUpAt: text(60),
  createdAt: text(0),
  updatedAt: text(0),
};
const foundNotification: FoundNotificationDto = {
  paymentId,
  paymentRequestId,
  customerId,
  paymentStatus: 'PAID',
  status: 'PARKED',
  url: URL,
  tries: 14,
  lastOutcome: 'not_acknowledged_in_time',
  givesUpAt: text(3_500),
  createdAt: text(8),
};
const foundEvent: FoundEventDto = {
  eventId: EXAMPLE_EVENT_ID,
  type: 'payment.paid',
  paymentId,
  createdAt: text(8),
  deliveries: [
    { endpoint: 'wallet-core', status: 'PARKED', tries: 22, lastOutcome: 'http_503', givesUpAt: text(3_500) },
  ],
};
const event: EventDto = {
  ...foundEvent,
  message: exampleEvent('payment.paid'),
  resends: [{ at: text(3_590), endpoint: 'wallet-core', actor: ACTOR, reason: REASON }],
};
const resentEvents: ResentEventsDto = {
  dryRun: true,
  needsApproval: false,
  hasMore: false,
  requested: 0,
  deliveries: [{ eventId: EXAMPLE_EVENT_ID, endpoint: 'wallet-core' }],
};
const redelivery: RedeliveryDto = {
  paymentId,
  notification: { status: 'PENDING', wasStatus: 'PARKED', tries: 14, givesUpAt: '2026-03-03T00:00:00.000Z' },
};
const redeliveries: BulkRedeliveryDto = {
  dryRun: true,
  needsApproval: true,
  found: 1,
  hasMore: false,
  requested: 0,
  payments: [
    {
      paymentId,
      notificationStatus: 'PARKED',
      host: 'open-sea.alipayplus.com',
      tries: 14,
      lastOutcome: 'not_acknowledged_in_time',
      finalSince: text(8),
    },
  ],
};

const acts: ActsPreviewDto = {
  paymentId,
  readAt: PARKED.readAt,
  state: STATE,
  acts: OPERATOR_ACTS.map((act) => ({
    act,
    ...judgeAct(act, PARKED, RULES),
    needsApproval: false,
    call: { method: 'POST', path: `/v1/operations/payments/${paymentId}/acts/${act}` },
  })),
};
const report: ActReportDto = {
  paymentId,
  act: 'redeliver',
  dryRun: false,
  needsApproval: false,
  changed: true,
  effect: acts.acts.find(({ act }) => act === 'redeliver')?.effect ?? '',
  before: STATE,
  after: { ...STATE, notification: 'PENDING' },
};

const activity = (since: Date): ActivityDto => ({
  at: at(3_600),
  since,
  scans: {
    begun: 120,
    perMinute: 2,
    decoded: 117,
    rejected: 3,
    givenUp: 0,
    pending: 0,
    successRate: 0.975,
    latencyMs: { count: 120, p50: 180, p95: 420, p99: 960 },
  },
  questions: {
    asked: 126,
    unknown: 6,
    unknownRate: 0.0476,
    unknownReasons: [{ reason: 'timeout', count: 6 }],
  },
  payments: {
    confirmed: 110,
    perMinute: 1.8,
    paid: 108,
    refused: 2,
    unsettled: 0,
    latencyMs: { count: 110, p50: 60, p95: 150, p99: 400 },
  },
  results: { final: 117, acknowledged: 116, latencyMs: { count: 116, p50: 210, p95: 700, p99: 2_100 } },
});
const summary: SummaryDto = {
  at: at(3_600),
  doubts: [
    {
      doubt: 'DEBITED_NOT_ACKNOWLEDGED',
      count: 1,
      sum: toShownAmount({ currency: 'HKD', value: 8_916n }),
      oldestAt: at(8),
      oldestAgeMs: 3_592_000,
    },
  ],
  lastHour: activity(at(0)),
  lastDay: activity(at(3_600 - 86_400)),
};

const keys = { signWith: '2', ownVersions: ['1', '2'], alipayPlusVersions: ['1'] };
const means = 'Results wait, and are parked when their time is over.';
const paused = { queue: 'notify', status: 'paused', means, since: text(3_000), by: ACTOR, reason: REASON };
const running = { queue: 'notify', status: 'running', means };

const CSV = [
  'paymentId,paymentRequestId,referenceOrderId,customerId,acquirerId,pspId,merchantId,merchantName,status,heldReason,resultCode,payCurrency,payMinorUnits,paymentCurrency,paymentMinorUnits,payToCurrency,payToMinorUnits,notificationStatus,createdAt,finishedAt,refundedMinorUnits',
  `${paymentId},${paymentRequestId},order-20260301-0001,${customerId},1020050000000,,,Kissa Twin 珈琲店,PAID,,SUCCESS,HKD,8916,JPY,995,HKD,8518,PARKED,${text(0)},${text(8)},0`,
  '',
].join('\r\n');

const look = {
  snapshot: PARKED,
  acts: [],
  notes: [NOTE],
  approvals: [],
  timeline: [],
  timelineStartsLate: false,
};

/** The examples for operators and probes; a status with only a name is its own example. */
export const OPERATOR_ANSWERS: Readonly<Record<string, Readonly<Record<string, Examples>>>> = {
  ...HEALTH_ANSWERS,
  searchEvents: { 200: one('page', 'The only page', { total: TOTAL, events: [foundEvent] }) },
  readEvent: { 200: one('parked', 'Parked, and sent again since', event) },
  resendEvent: { 202: one('due', 'Due again', event) },
  resendEvents: { 200: one('dryRun', 'A dry run', resentEvents), 202: PROPOSED },
  readKeys: { 200: one('two', 'Ours are being changed', keys) },
  reloadKeys: {
    200: {
      ...one('reloaded', 'Read again', { ...keys, outcome: 'reloaded' }),
      ...one('kept', 'A file is faulty', {
        ...keys,
        outcome: 'kept',
        fault: 'ALIPAYPLUS_PUBLIC_KEY_FILES: /run/secrets/alipayplus-2.pem holds no public key',
      }),
    },
  },
  searchNotifications: {
    200: one('page', 'The only page', { total: TOTAL, notifications: [foundNotification] }),
  },
  searchPayments: {
    200: one('page', 'Found by an identifier', {
      total: TOTAL,
      recognisedAs: ['paymentRequestId'],
      payments: [foundPayment],
    }),
  },
  exportPayments: { 200: one('rows', 'One payment', CSV) },
  viewPayment: { 200: one('parked', 'Paid; its result was parked', onClocks(paymentView(look))) },
  previewActs: { 200: one('parked', 'Of a paid one', onClocks(acts)) },
  performAct: { 200: one('redelivered', 'Due again', report), 202: PROPOSED },
  ...NOTE_ANSWERS,
  explainPayment: {
    200: one('parked', 'Paid; its result was parked', onClocks(explainPayment(PARKED, RULES))),
  },
  redeliverPayment: { 202: one('due', 'Due again', redelivery) },
  redeliverMany: { 200: one('dryRun', 'A dry run', redeliveries), 202: PROPOSED },
  ...APPROVAL_ANSWERS,
  listQueues: { 200: one('paused', 'One of them is paused', { queues: [paused] }) },
  pauseQueue: { 200: one('paused', 'Paused', { ...paused, changed: true }) },
  resumeQueue: { 200: one('running', 'Running again', { ...running, changed: true }) },
  searchScans: { 200: one('page', 'The only page', { total: TOTAL, scans: [foundScan] }) },
  getSummary: { 200: one('summary', 'One payment is not acknowledged', onClocks(summary)) },
};
