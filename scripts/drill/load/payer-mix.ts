/** What a payer does once the app shows the payment. */
type PayerEnd =
  | 'confirms'
  | 'confirmsTwice'
  | 'declines'
  /** Puts the phone away; the order expires. */
  | 'leaves'
  /** Confirms while the merchant cancels. */
  | 'isCancelled';

export interface PayerKind {
  /** Its relative frequency. */
  readonly weight: number;
  /** The twin's script; `{unique}` stands for a text that no other code has. */
  readonly script: string;
  readonly end: PayerEnd;
  readonly who?: 'poor' | 'blocked';
  /** In addition: two phones scan it at once, another customer scans it too, or a second code is the same order. */
  readonly besides?: 'twoPhones' | 'rival' | 'secondCode';
}

const TROUBLE_AT_THE_SCAN = [
  'U,U,S',
  'S;slow=3s@1',
  'S;drop@1',
  'S;unsigned@1',
  'S;badsig@1',
  'S;garbage@1',
  'S;http=500@1',
  'U.REQUEST_TRAFFIC_EXCEED_LIMIT,S',
];

const TROUBLE_AT_THE_END = [
  'S;notify=U,500,S',
  'S;notify=drop,slow:3s,S',
  'S;notify=unsigned,badsig,S',
  'S;notify=200html,garbage,F.PROCESS_FAIL,S',
];

const AMOUNTS = [
  'S;pay=1000JPY;rate=8.5614;promo=5JPY;surcharge=8916HKD',
  'S;pay=12345KWD;payTo=315012HKD',
  'S;pay=900719925474099312345JPY;rate=8.5614',
  'S;pay=2599USD;payTo=20258HKD',
];

/** Within a second of the acknowledgement: a drill waits no longer for a refund that has not been requested yet. */
const REFUNDS = [
  'S;pay=1000JPY;rate=8.5614;refund=30JPY,970JPY@500ms',
  'S;pay=1000JPY;rate=8.5614;refund=333JPY,333JPY,334JPY,1JPY@1s',
  'S;pay=1000JPY;rate=8.5614;promo=5JPY;surcharge=8916HKD;refund=500JPY,495JPY@300ms;refundTwice=same',
  'S;pay=2599USD;payTo=20258HKD;refund=2599USD;refundTwice=changed',
];

const each = (scripts: readonly string[], weight: number): PayerKind[] =>
  scripts.map((script) => ({ script, weight, end: 'confirms' }));

/** The payers of a busy hour, with far more trouble than in an ordinary one. */
export const MIX: readonly PayerKind[] = [
  { script: 'S', weight: 30, end: 'confirms' },
  { script: 'S', weight: 8, end: 'confirmsTwice' },
  { script: 'S', weight: 5, end: 'declines' },
  { script: 'S;expire=4s', weight: 4, end: 'leaves' },
  { script: 'S;quoteExpire=1s', weight: 2, end: 'confirms' },
  { script: 'S', weight: 3, end: 'confirms', besides: 'twoPhones' },
  { script: 'S', weight: 2, end: 'confirms', besides: 'rival' },
  { script: 'S;request={unique}', weight: 2, end: 'confirms', besides: 'secondCode' },
  { script: 'S', weight: 2, end: 'confirms', who: 'poor' },
  { script: 'S', weight: 2, end: 'confirms', who: 'blocked' },
  { script: 'S;cancel=beforeConfirm', weight: 4, end: 'confirms' },
  { script: 'S', weight: 4, end: 'isCancelled' },
  { script: 'S;cancel=afterPaid', weight: 5, end: 'confirms' },
  { script: 'S;flag=needOtpVerification;expire=5s', weight: 1, end: 'confirms' },
  { script: 'F.EXPIRED_CODE', weight: 3, end: 'confirms' },
  { script: 'U', weight: 1, end: 'confirms' },
  ...each(TROUBLE_AT_THE_SCAN, 3),
  ...each(TROUBLE_AT_THE_END, 4),
  ...each(AMOUNTS, 3),
  ...each(REFUNDS, 3),
  // Whichever comes first: a cancel gives back only the rest after a refund.
  { script: 'S;pay=1000JPY;rate=8.5614;refund=400JPY;cancel=afterPaid', weight: 3, end: 'confirms' },
];
