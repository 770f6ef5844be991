/** The queues, by the step that empties them. A step wakes another one by name and never calls it. */
export const WORK = { decode: 'decode', debit: 'debit', notify: 'notify', events: 'events' } as const;

export type WorkName = (typeof WORK)[keyof typeof WORK];

export interface DueRow {
  readonly id: string;
  readonly turn: number;
}
