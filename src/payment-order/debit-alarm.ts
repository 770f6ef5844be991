/** Why somebody has to look at money: it is not back in time, or nobody has asked for it back. */
export type DebitAlarm = 'REVERSAL_OVERDUE' | 'CANCEL_MISSING';

export interface RaisedDebitAlarm {
  readonly debitId: string;
  readonly paymentId: string;
  /** 00:30 at UTC+8 on the day after the debit; it has passed. */
  readonly dueAt: Date;
}
