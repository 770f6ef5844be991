import type { JWTPayload } from 'jose';
import { principalOf, type ClaimRules } from './token-claims.js';

const DEFAULTS: ClaimRules = {
  customerClaim: 'sub',
  scopeClaims: ['scope', 'scp'],
  scopePrefix: '',
  serviceClients: [],
  serviceClaim: undefined,
};

const read = (payload: JWTPayload, rules: Partial<ClaimRules> = {}) => {
  const check = principalOf(payload, { ...DEFAULTS, ...rules });
  if (check.outcome !== 'known') return check;
  const { name, scopes, subject } = check.principal;
  return { name, scopes: [...scopes], subject };
};

const WRITE = 'things:write';
const KEYCLOAK_SERVICE = {
  sub: '5f0c9f3e-6a6b-4d5e-9d8e-0b7c5a1e2f3d',
  azp: 'app-backend',
  client_id: 'app-backend',
  typ: 'Bearer',
  preferred_username: 'service-account-app-backend',
  scope: `profile ${WRITE}`,
};
const ENTRA_SERVICE = { sub: 'f1d2', oid: 'f1d2', appid: 'a-1', idtyp: 'app', roles: [WRITE] };

describe('a token of a service acts for all customers', () => {
  it.each<[string, JWTPayload, Partial<ClaimRules>, string]>([
    ['Auth0', { sub: 'c-1@clients', azp: 'c-1', gty: 'client-credentials', scope: WRITE }, {}, 'c-1'],
    ['Okta', { sub: '0oa1', cid: '0oa1', scp: [WRITE] }, {}, '0oa1'],
    [
      'Cognito',
      { sub: '5eb', client_id: '5eb', token_use: 'access', scope: `mpp/${WRITE}` },
      { scopePrefix: 'mpp/' },
      '5eb',
    ],
    ['Keycloak, by its client', KEYCLOAK_SERVICE, { serviceClients: ['app-backend'] }, 'app-backend'],
    [
      'Keycloak, by its account',
      KEYCLOAK_SERVICE,
      { serviceClaim: 'preferred_username=service-account-app-backend' },
      'app-backend',
    ],
    [
      'Keycloak, by a mapper',
      { ...KEYCLOAK_SERVICE, is_service: true },
      { serviceClaim: 'is_service=true' },
      'app-backend',
    ],
    [
      'Keycloak, by a role',
      { ...KEYCLOAK_SERVICE, realm_access: { roles: ['offline_access', 'service'] } },
      { serviceClaim: 'realm_access.roles=service' },
      'app-backend',
    ],
    [
      'Entra, by a role',
      { ...ENTRA_SERVICE, scp: WRITE, roles: ['things-service'] },
      { serviceClaim: 'roles=things-service' },
      'a-1',
    ],
    ['Entra', ENTRA_SERVICE, { serviceClaim: 'idtyp=app', scopeClaims: ['scp', 'roles'] }, 'a-1'],
  ])('of %s', (_provider, payload, rules, name) => {
    const { subject, ...rest } = read(payload, rules) as { subject?: string; scopes: string[] };
    expect(subject).toBeUndefined();
    expect(rest).toMatchObject({ name });
    expect(rest.scopes).toContain(WRITE);
  });

  it('only when that is proved: otherwise it is bound to its subject, or refused', () => {
    expect(read(KEYCLOAK_SERVICE)).toMatchObject({ subject: KEYCLOAK_SERVICE.sub });
    expect(read(ENTRA_SERVICE)).toMatchObject({ subject: 'f1d2' });
    expect(read({ azp: 'app-7', scope: WRITE })).toMatchObject({ outcome: 'refused' });
    expect(read({ scope: WRITE })).toMatchObject({ outcome: 'refused' });
    expect(read({ sub: 'x@clients', azp: 'app-7' })).toMatchObject({ subject: 'x@clients' });
    expect(read({ sub: '@clients' })).toMatchObject({ subject: '@clients' });
    for (const about of ['uid', 'username', 'preferred_username', 'email', 'sid'])
      expect(read({ sub: 'app-7', cid: 'app-7', [about]: 'x' })).toMatchObject({ subject: 'app-7' });
    expect(read({ sub: 'c-1', azp: 'app' }, { serviceClients: ['other'] })).toMatchObject({ subject: 'c-1' });
    expect(read({ sub: 'c-1', idtyp: 'user' }, { serviceClaim: 'idtyp=app' })).toMatchObject({
      subject: 'c-1',
    });
    for (const roles of [['things'], 'things-service-x', [], {}, { service: true }, [['service']], null])
      expect(read({ sub: 'c-1', roles }, { serviceClaim: 'roles=service' })).toMatchObject({
        subject: 'c-1',
      });
  });
});

describe('a token of a client that is listed as a service', () => {
  const rules = { serviceClients: ['app-backend'] };
  it.each([
    { preferred_username: 'ann' },
    { email: 'ann@example.com' },
    { upn: 'ann@example.com' },
    { preferred_username: 'service-account-other' },
    { preferred_username: 'service-account-app-backend', email: 'ann@example.com' },
    { sid: '5d7' },
  ])('acts for one customer when a person signed in with it: %j', (about) =>
    expect(read({ sub: 'c-1', azp: 'app-backend', scope: WRITE, ...about }, rules)).toMatchObject({
      subject: 'c-1',
    }),
  );

  it('acts for all customers when no claim names a person', () =>
    expect(read({ sub: 'f1', azp: 'app-backend', scope: WRITE }, rules)).toEqual({
      name: 'app-backend',
      scopes: [WRITE],
      subject: undefined,
    }));
});

describe('a token of a person acts for one customer', () => {
  it.each<[string, JWTPayload, Partial<ClaimRules>, string]>([
    ['its subject', { sub: 'auth0|7', azp: 'app', scope: WRITE }, {}, 'auth0|7'],
    ['a claim of its own', { sub: 'u', customer_id: 'c-7' }, { customerClaim: 'customer_id' }, 'c-7'],
    [
      'a claim whose name is an address',
      { sub: 'u', 'https://app.example/customer': 'c-8' },
      { customerClaim: 'https://app.example/customer' },
      'c-8',
    ],
    ['a list of one', { sub: 'u', customer_id: ['c-6'] }, { customerClaim: 'customer_id' }, 'c-6'],
    [
      'a claim within another',
      { sub: 'u', app: { customer: 'c-9' } },
      { customerClaim: 'app.customer' },
      'c-9',
    ],
  ])('named by %s', (_what, payload, rules, subject) =>
    expect(read(payload, rules)).toMatchObject({ subject }),
  );

  it.each<[string, JWTPayload, Partial<ClaimRules>]>([
    ['no claim', { azp: 'app' }, {}],
    ['an empty one', { sub: '  ' }, {}],
    ['a list of two', { sub: 'u', customer_id: ['c-6', 'c-7'] }, { customerClaim: 'customer_id' }],
    ['a list of none', { sub: 'u', customer_id: [] }, { customerClaim: 'customer_id' }],
    ['a number', { sub: 7 as unknown as string }, {}],
    ['another claim than the one that is set', { sub: 'u' }, { customerClaim: 'customer_id' }],
    ['a name that every object has', { sub: 'u' }, { customerClaim: 'constructor.name' }],
  ])('and is refused with %s, naming the claim', (_what, payload, rules) =>
    expect(read(payload, rules)).toEqual({
      outcome: 'refused',
      reason: `NO_CUSTOMER (${rules.customerClaim ?? 'sub'})`,
    }),
  );

  it.each<[string, JWTPayload]>([
    ['an ID token of Keycloak', { sub: 'u', typ: 'ID' }],
    ['a refresh token', { sub: 'u', typ: 'Refresh' }],
    ['an ID token of Cognito', { sub: 'u', token_use: 'id' }],
  ])('never by %s', (_what, payload) =>
    expect(read(payload)).toEqual({ outcome: 'refused', reason: 'NOT_AN_ACCESS_TOKEN' }),
  );
});

test('a path may lead through names that hold dots themselves', () => {
  const rules = { scopeClaims: ['resource_access.mpp.api.roles', 'https://app.example/x.roles'] };
  const payload = {
    sub: 'u',
    resource_access: { mpp: { other: 1 }, 'mpp.api': { roles: ['a'] } },
    'https://app.example/x': { roles: ['b'] },
  };
  expect(read(payload, rules)).toMatchObject({ scopes: ['a', 'b'] });
});

test('scopes of several claims count together', () => {
  const roles = { realm_access: { roles: ['things:operate', 7, ''] } };
  const rules = { scopeClaims: ['scope', 'realm_access.roles'] };
  expect(read({ sub: 'u', scope: ' a  b\t', ...roles }, rules)).toMatchObject({
    scopes: ['a', 'b', 'things:operate'],
  });
});
