import { loadSettings } from '../../../platform/config/load-settings.js';
import { ProviderSettings } from './provider.settings.js';

const WHOLE = {
  CONSOLE_OIDC_ISSUER: 'https://id.example.com/realms/staff',
  CONSOLE_OIDC_CLIENT_ID: 'payments-console',
  CONSOLE_OIDC_OPERATE_GROUPS: 'payments-operators, others',
  CONSOLE_PUBLIC_URL: 'https://payments.example.com',
};
const load = (environment: Record<string, string>) =>
  loadSettings([ProviderSettings], environment).get(ProviderSettings);

describe('the settings of the identity provider', () => {
  it('may all be absent, with safe defaults', () => {
    expect(load({})).toMatchObject({ scopes: ['openid', 'profile'], personClaim: 'sub', watchDays: 30 });
    expect(load(WHOLE)).toMatchObject({ operateGroups: ['payments-operators', 'others'] });
  });

  it.each(Object.keys(WHOLE))('are not complete without %s', (name) => {
    expect(() => load({ ...WHOLE, [name]: '' })).toThrow(new RegExp(`${name}: .*is (needed|missing)`));
  });

  it('need a group that lets people enter; one for raw messages alone is not enough', () => {
    const { CONSOLE_OIDC_OPERATE_GROUPS: _, ...rest } = WHOLE;
    expect(load({ ...rest, CONSOLE_OIDC_WATCH_GROUPS: 'readers' }).watchGroups).toEqual(['readers']);
    expect(() => load({ ...rest, CONSOLE_OIDC_RAW_GROUPS: 'auditors' })).toThrow('nobody can sign in');
  });

  it.each([
    ['CONSOLE_OIDC_ISSUER', 'http://id.example.com'],
    ['CONSOLE_OIDC_ISSUER', 'http://localhost.evil.example'],
    ['CONSOLE_OIDC_ISSUER', 'https://id.example.com/.well-known/openid-configuration'],
    ['CONSOLE_OIDC_ISSUER', 'https://id.example.com/?tenant=x'],
    ['CONSOLE_OIDC_ISSUER', 'https://user:word@id.example.com'],
    ['CONSOLE_OIDC_ISSUER', 'javascript:alert(1)'],
    ['CONSOLE_OIDC_ISSUER', 'id.example.com'],
    ['CONSOLE_PUBLIC_URL', 'http://payments.example.com'],
    ['CONSOLE_PUBLIC_URL', 'https://payments.example.com/console'],
    ['CONSOLE_PUBLIC_URL', 'https://payments.example.com?x'],
    ['CONSOLE_OIDC_SCOPES', 'profile,email'],
    ['CONSOLE_OIDC_PROXY_URL', 'ftp://proxy'],
    ['CONSOLE_OIDC_WATCH_DAYS', '0'],
    ['CONSOLE_OIDC_LABEL', 'x'.repeat(61)],
  ])('refuse %s=%s', (name, value) => {
    expect(() => load({ ...WHOLE, [name]: value })).toThrow(new RegExp(`^${name}: `));
  });

  it.each(['http://127.0.0.1:8080', 'http://localhost/realms/x', 'http://[::1]:1'])(
    'take %s for a trial',
    (issuer) => expect(load({ ...WHOLE, CONSOLE_OIDC_ISSUER: issuer }).issuer).toBe(issuer),
  );
});
