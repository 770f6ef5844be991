import type { JWTPayload } from 'jose';
import { claimOf } from '../../../platform/auth/token-claims.js';
import { PAYMENTS_APPROVE, PAYMENTS_OPERATE, PAYMENTS_RAW, PAYMENTS_WATCH } from '../../operator.js';
import type { ProviderSettings } from './provider.settings.js';

/** The settings by which claims are read. */
export type PersonRules = Pick<
  ProviderSettings,
  'personClaim' | 'groupsClaim' | 'operateGroups' | 'approveGroups' | 'watchGroups' | 'rawGroups'
>;

export type PersonRead =
  | { readonly outcome: 'known'; readonly person: string; readonly scopes: readonly string[] }
  /** For the log: names of claims, never a value. */
  | { readonly outcome: 'refused'; readonly reason: string };

const LONGEST_NAME = 200;
/** Control characters, invisible ones, and those that turn the reading direction: two people must not look alike. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * The person and their scopes, read from the claims of their provider.
 *
 * ```ts
 * personOfClaims({ sub: 'ada', groups: ['payments-operators'] }, rules); // known, payments:operate
 * personOfClaims({ sub: 'ada', groups: ['sales'] }, rules); // refused: ROLE_MISSING (groups)
 * ```
 */
export function personOfClaims(claims: JWTPayload, rules: PersonRules): PersonRead {
  const { personClaim, groupsClaim } = rules;
  const person = claimOf(claims, personClaim);
  if (typeof person !== 'string' || person.trim() === '')
    return { outcome: 'refused', reason: `PERSON_MISSING (${personClaim})` };
  const isPlain = person === person.trim().normalize('NFC') && !UNSEEN.test(person);
  if (!isPlain || person.length > LONGEST_NAME)
    return { outcome: 'refused', reason: `PERSON_UNUSABLE (${personClaim})` };
  // People may write any address into their own profile, so an unverified one proves nothing.
  if (personClaim === 'email' && claims['email_verified'] === false)
    return { outcome: 'refused', reason: 'PERSON_UNVERIFIED (email_verified)' };
  const scopes = scopesOf(groupsOf(claims, groupsClaim), rules);
  const mayEnter = scopes.some((scope) => scope !== PAYMENTS_RAW);
  if (mayEnter) return { outcome: 'known', person, scopes };
  const what = claimOf(claims, groupsClaim) === undefined ? 'GROUPS_MISSING' : 'ROLE_MISSING';
  return { outcome: 'refused', reason: `${what} (${groupsClaim})` };
}

/** False when the user info endpoint may have claims that are missing here. */
export function namesAll(claims: JWTPayload, { personClaim, groupsClaim }: PersonRules): boolean {
  return [personClaim, groupsClaim].every((name) => claimOf(claims, name) !== undefined);
}

function scopesOf(groups: ReadonlySet<string>, rules: PersonRules): readonly string[] {
  const { operateGroups, approveGroups, watchGroups, rawGroups } = rules;
  const granted: readonly (readonly [scope: string, to: readonly string[] | undefined])[] = [
    [PAYMENTS_OPERATE, operateGroups],
    [PAYMENTS_APPROVE, approveGroups],
    [PAYMENTS_WATCH, watchGroups],
    [PAYMENTS_RAW, rawGroups],
  ];
  return granted.filter(([, to]) => to?.some((group) => groups.has(group)) === true).map(([scope]) => scope);
}

/** A text is one group. Splitting it at blanks could make a group of a part of somebody's group name. */
function groupsOf(claims: JWTPayload, name: string): ReadonlySet<string> {
  const value = claimOf(claims, name);
  return new Set([value].flat().filter((one) => typeof one === 'string'));
}
