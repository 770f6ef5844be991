import { OPERATOR_ACTS, type OperatorAct } from './operator-action.js';

/** Acts on many payments or events at once, which have no payment of their own. */
const MANY_ACTIONS = ['redeliver-many', 'resend-events'] as const;
type ManyAction = (typeof MANY_ACTIONS)[number];

/** Everything that may need a second person. */
export const APPROVABLE = [...OPERATOR_ACTS, ...MANY_ACTIONS] as const;
export type Approvable = OperatorAct | ManyAction;

/** `APPROVED` is an intent: the act follows after the commit, and `DONE` or `NOT_DONE` says how it ended. */
export const KEPT_APPROVAL_STATUSES = ['PROPOSED', 'APPROVED', 'REJECTED', 'DONE', 'NOT_DONE'] as const;

/** The status of an approval: as it is kept or, when it can no longer change, why. */
export const APPROVAL_STATUSES = [...KEPT_APPROVAL_STATUSES, 'EXPIRED', 'STALE', 'INTERRUPTED'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** Who proposes or decides: as it is written down, and as it is compared. */
export interface Person {
  /** `operator:` with the name of the token and the person. */
  readonly actor: string;
  /** Of the token. */
  readonly name: string;
  /** Present when the token was made for one person. */
  readonly subject?: string;
}

/**
 * Whether these may be one person. A token without a subject may be held by anyone, so another token of the same
 * application proves nothing.
 */
export function maybeSamePerson(one: Person, other: Person): boolean {
  const [first, second] = [one, other].map(({ name, subject }) => (subject ?? name).toLowerCase());
  if (first === second) return true;
  const isSameApplication = one.name.toLowerCase() === other.name.toLowerCase();
  return isSameApplication && (one.subject === undefined || other.subject === undefined);
}
