import { OPERATOR_ACTS, type OperatorAct } from './operator-action.js';

/** Acts on many payments or events at once, which have no payment of their own. */
const MANY_ACTIONS = ['redeliver-many', 'resend-events'] as const;
type ManyAction = (typeof MANY_ACTIONS)[number];

/** Whatever a second person can be asked about. */
export const APPROVABLE = [...OPERATOR_ACTS, ...MANY_ACTIONS] as const;
export type Approvable = OperatorAct | ManyAction;

/** `APPROVED` is an intent: what was approved is done after it was committed, and `DONE` or `NOT_DONE` tells what came of it. */
export const KEPT_APPROVAL_STATUSES = ['PROPOSED', 'APPROVED', 'REJECTED', 'DONE', 'NOT_DONE'] as const;

/** How an approval stands: as it is kept or, where nobody will ever move it again, why so. */
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
 * Whether these may be one person. A token without a subject is anybody's who holds it, so that another one of the same
 * application proves nothing.
 */
export function maybeSamePerson(one: Person, other: Person): boolean {
  const [first, second] = [one, other].map(({ name, subject }) => (subject ?? name).toLowerCase());
  if (first === second) return true;
  const isSameApplication = one.name.toLowerCase() === other.name.toLowerCase();
  return isSameApplication && (one.subject === undefined || other.subject === undefined);
}
