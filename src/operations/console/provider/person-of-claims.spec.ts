import { personOfClaims, type PersonRules } from './person-of-claims.js';

const rules: PersonRules = {
  personClaim: 'sub',
  groupsClaim: 'groups',
  operateGroups: ['ops', 'payments:operate'],
  approveGroups: ['approvers'],
  watchGroups: ['readers'],
  rawGroups: ['auditors'],
};
const ada = { sub: 'ada' };

describe('a person', () => {
  it.each([
    [['ops'], ['payments:operate']],
    [['readers', 'sales'], ['payments:watch']],
    [
      ['approvers', 'auditors'],
      ['payments:approve', 'payments:raw'],
    ],
    ['ops', ['payments:operate']],
    [['payments:operate'], ['payments:operate']],
    [[7, null, { name: 'ops' }, 'ops'], ['payments:operate']],
  ])('with the groups %j may %j', (groups, scopes) => {
    expect(personOfClaims({ ...ada, groups }, rules)).toEqual({ outcome: 'known', person: 'ada', scopes });
  });

  it.each([
    [['sales']],
    [['OPS']],
    [[' ops']],
    ['sales ops'],
    ['ops,readers'],
    [[['ops']]],
    [{ ops: true }],
    [['auditors']],
    [[]],
    [null],
  ])('with the groups %j may not enter', (groups) => {
    expect(personOfClaims({ ...ada, groups }, rules)).toEqual({
      outcome: 'refused',
      reason: 'ROLE_MISSING (groups)',
    });
  });

  it('without the claim has a log reason of its own, and an inherited property is no claim', () => {
    expect(personOfClaims(ada, rules)).toEqual({ outcome: 'refused', reason: 'GROUPS_MISSING (groups)' });
    expect(personOfClaims(ada, { ...rules, groupsClaim: 'constructor.name' })).toMatchObject({
      reason: 'GROUPS_MISSING (constructor.name)',
    });
  });

  it('is read by a path, as Keycloak needs it, or by a name with dots, as Auth0 needs it', () => {
    const keycloak = { ...ada, realm_access: { roles: ['ops'] } };
    expect(personOfClaims(keycloak, { ...rules, groupsClaim: 'realm_access.roles' })).toMatchObject({
      outcome: 'known',
    });
    const auth0 = { ...ada, 'https://pay.example/groups': ['ops'] };
    expect(personOfClaims(auth0, { ...rules, groupsClaim: 'https://pay.example/groups' })).toMatchObject({
      outcome: 'known',
    });
  });

  it.each([undefined, null, '', '  ', 7, ['ada'], { name: 'ada' }])(
    'is nobody when the claim is %j',
    (name) => {
      const claims = { sub: 'x', name, groups: ['ops'] };
      expect(personOfClaims(claims, { ...rules, personClaim: 'name' })).toEqual({
        outcome: 'refused',
        reason: 'PERSON_MISSING (name)',
      });
    },
  );

  it.each([
    ' ada',
    'ada ',
    'ad\u200ba',
    'ada\n',
    '\u202eada',
    'ad\u0000a',
    'a'.repeat(201),
    'ada\u2028',
    '\ufeffada',
    'ad\u00ada',
    'ade\u0301',
  ])('is nobody when the name could pass for another: %j', (sub) => {
    expect(personOfClaims({ sub, groups: ['ops'] }, rules)).toMatchObject({ outcome: 'refused' });
  });

  it('is refused when the provider says that the e-mail address is not verified', () => {
    const claims = { sub: 'x', email: 'ada@example.com', groups: ['ops'] };
    const byMail = { ...rules, personClaim: 'email' };
    expect(personOfClaims({ ...claims, email_verified: false }, byMail)).toMatchObject({
      outcome: 'refused',
    });
    expect(personOfClaims({ ...claims, email_verified: true }, byMail)).toMatchObject({
      person: 'ada@example.com',
    });
    expect(personOfClaims(claims, byMail)).toMatchObject({ outcome: 'known' });
  });
});
