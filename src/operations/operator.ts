import type { Person } from '../payment-order/operator/approval.js';
import type { Caller, Principal } from '../platform/auth/caller.js';
import type { Origin } from '../platform/tracing/origin.js';

/** The scope of operators' tokens, for reading and for acting. */
export const PAYMENTS_OPERATE = 'payments:operate';

/** Lets a token open the console without doing anything: for a screen on a wall, and for people who only read. */
export const PAYMENTS_WATCH = 'payments:watch';

/** Lets a person approve or reject what another one proposed; it proposes nothing by itself. */
export const PAYMENTS_APPROVE = 'payments:approve';

/** Lets a token see messages as they were sent and received, in addition to the scope of operators. */
export const PAYMENTS_RAW = 'payments:raw';

/** The log fields of a person who saw messages or took an export: the application, the person, and the address. */
export interface Seer {
  readonly origin: Origin;
  readonly actor: string;
  readonly application: string;
  readonly address: string;
}

export function seerOf(caller: Caller): Seer {
  const { origin, name: application, address } = caller;
  return { origin, actor: actorOf(caller), application, address };
}

/** The actor as it is recorded: the token's name, and the person when the token was made for one. */
export function actorOf({ name, subject }: Principal): string {
  const person = subject === undefined || subject === name ? '' : `/${subject}`;
  return `operator:${name}${person}`;
}

/** The person who proposes or decides, as recorded and compared. */
export function personOf(principal: Principal): Person {
  const { name, subject } = principal;
  return { actor: actorOf(principal), name, ...(subject !== undefined && { subject }) };
}
