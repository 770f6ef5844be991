import type { JWTPayload } from 'jose';
import type { TokenCheck } from './caller.js';

/** Which claims of a provider's access token say what; the defaults fit RFC 9068, Auth0, Okta and Cognito. */
export interface ClaimRules {
  /** Names the customer a token of a person acts for; a path with dots where no claim has that whole name. */
  readonly customerClaim: string;
  /** The claims with scopes, taken together; each is a text with spaces or a list. */
  readonly scopeClaims: readonly string[];
  /** Taken off a scope that begins with it, as Cognito puts the API's name before each. */
  readonly scopePrefix: string;
  /** Clients whose tokens act for every customer, unless a claim tells that somebody has signed in with one of them. */
  readonly serviceClients: readonly string[];
  /** `idtyp=app`, say: a claim and a value that only tokens of services have. */
  readonly serviceClaim: string | undefined;
}

/**
 * Who a verified token stands for. A token of a service acts for every customer; it has to prove
 * that: its subject is the client itself, or a setting names the client or the claim. Everything else is a person's and
 * acts for the one customer it names, or for nobody.
 *
 * ```ts
 * principalOf({ sub: 'app-7@clients', azp: 'app-7', scope: 'things:write' }, rules); // acts for every customer
 * principalOf({ azp: 'app-7', scope: 'things:write' }, rules); // refused: NO_CUSTOMER (sub)
 * ```
 */
export function principalOf(payload: JWTPayload, rules: ClaimRules): TokenCheck {
  if (isNotForAccess(payload)) return { outcome: 'refused', reason: 'NOT_AN_ACCESS_TOKEN' };
  const client = clientOf(payload);
  const scopes = scopesOf(payload, rules);
  if (isService(payload, client, rules))
    return { outcome: 'known', principal: { name: client ?? 'service', scopes } };
  const customer = onlyText(claimOf(payload, rules.customerClaim));
  if (customer === undefined) return { outcome: 'refused', reason: `NO_CUSTOMER (${rules.customerClaim})` };
  return { outcome: 'known', principal: { name: client ?? 'jwt', scopes, subject: customer } };
}

/** Claims that providers put into tokens of people and never into those of services. */
const PERSONAL = ['uid', 'username', 'preferred_username', 'upn', 'unique_name', 'email', 'sid'];

/** Whether a claim tells of a person. Keycloak has an account with a name for each client that is a service. */
function isPersonal(payload: JWTPayload, client: string | undefined): boolean {
  return PERSONAL.some(
    (name) =>
      payload[name] !== undefined && payload[name] !== `service-account-${String(client).toLowerCase()}`,
  );
}

/** An ID token tells an application who signed in, a refresh token fetches others; Keycloak and Cognito say so. */
function isNotForAccess({ typ, token_use: use }: JWTPayload): boolean {
  if (typeof typ === 'string' && /^(id|refresh|offline|logout)$/i.test(typ)) return true;
  return use !== undefined && use !== 'access';
}

/** The application a token was issued to, by whatever name its provider has for it. */
function clientOf({ client_id: clientId, azp, cid, appid }: JWTPayload): string | undefined {
  return [azp, clientId, cid, appid].find(isText);
}

/** What may stand in a claim that is compared with a text; the text of anything else depends on its language. */
const SIMPLE = new Set(['string', 'boolean', 'number']);

function isService(payload: JWTPayload, client: string | undefined, rules: ClaimRules): boolean {
  if (rules.serviceClaim !== undefined) {
    const [, name = '', value = ''] = /^(.*?)=(.*)$/.exec(rules.serviceClaim) ?? [];
    const claimed: unknown[] = [claimOf(payload, name)].flat();
    if (claimed.some((one) => SIMPLE.has(typeof one) && String(one) === value)) return true;
  }
  if (client === undefined) return false;
  // A client may be used by services and by people.
  if (rules.serviceClients.includes(client)) return !isPersonal(payload, client);
  // Where people choose their own names, one may choose the name of the application; a claim about a person shows it.
  if (PERSONAL.some((name) => payload[name] !== undefined)) return false;
  return payload.sub === client || payload.sub === `${client}@clients`;
}

function scopesOf(payload: JWTPayload, { scopeClaims, scopePrefix }: ClaimRules): ReadonlySet<string> {
  const claimed = scopeClaims.flatMap((name) => {
    const value = claimOf(payload, name);
    if (typeof value === 'string') return value.split(/\s+/).filter(isText);
    return Array.isArray(value) ? value.filter(isText) : [];
  });
  return new Set(
    claimed.map((scope) => (scope.startsWith(scopePrefix) ? scope.slice(scopePrefix.length) : scope)),
  );
}

/** A claim by its name, which may hold dots and slashes itself; else by a path of such names with dots between. */
export function claimOf(claims: object, name: string): unknown {
  if (Object.hasOwn(claims, name)) return Reflect.get(claims, name);
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const outer = name.slice(0, dot);
    const inner: unknown = Object.hasOwn(claims, outer) ? Reflect.get(claims, outer) : undefined;
    const value =
      typeof inner === 'object' && inner !== null ? claimOf(inner, name.slice(dot + 1)) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The text of a claim, which some providers put into a list; of two nobody knows which is meant. */
function onlyText(value: unknown): string | undefined {
  const [first, ...others] = Array.isArray(value) ? value : [value];
  return others.length === 0 && isText(first) ? first : undefined;
}

/** An empty text would name no customer. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
