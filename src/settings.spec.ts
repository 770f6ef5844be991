import { SettingsError } from './platform/config/load-settings.js';
import { settingsOf } from './platform/config/from-env.js';
import { misspeltNames, readSettings, SETTINGS } from './settings.js';

const faultsOf = (environment: Record<string, string>): string[] => {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults.map(({ name }) => name);
    throw error;
  }
};

describe('the settings of the service', () => {
  it('need nothing where parts may be embedded', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it('name in production everything that would be embedded', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([
      'DATABASE_URL',
      'DATA_KEYS_FILE',
      'ALIPAYPLUS_BASE_URL',
      'CONSOLE_SESSION_SECRET_FILE',
      'WALLET_LEDGER',
      'API_KEYS_FILE',
      'ALIPAYPLUS_CLIENT_ID',
      'ALIPAYPLUS_PRIVATE_KEY_FILE',
      'ALIPAYPLUS_PUBLIC_KEY_FILES',
    ]);
    expect(faultsOf({ NODE_ENV: 'production', ALLOW_EMBEDDED: 'true' })).toEqual([]);
  });

  it.each([
    ['statement_timeout=1000', true],
    ['options=-c%20statement_timeout%3D0', true],
    ['options=-cDateStyle%3DGerman', true],
    ['query_timeout=5', true],
    ['options=-c%20search_path%3Dpay', false],
    ['application_name=till&sslmode=disable', false],
  ])('take an address of the database with %s: refused is %s', (parameters, isRefused) => {
    const faults = faultsOf({ DATABASE_URL: `postgres://mpp@db.internal/mpp?${parameters}` });
    expect(faults).toEqual(isRefused ? ['DATABASE_URL'] : []);
  });

  it('need keys and an id of our own as soon as a real Alipay+ is named', () => {
    expect(faultsOf({ ALIPAYPLUS_BASE_URL: 'https://open-sea-global.alipayplus.com' })).toEqual([
      'ALIPAYPLUS_CLIENT_ID',
      'ALIPAYPLUS_PRIVATE_KEY_FILE',
      'ALIPAYPLUS_PUBLIC_KEY_FILES',
    ]);
  });

  it.each<[string, string, boolean]>([
    ['production', 'http://core.wallet.internal/ledger', true],
    ['production', ' HTTP://10.0.0.7:8080', true],
    ['production', 'http://127.0.0.1.example.com', true],
    ['production', 'http://localhost.example.com/', true],
    ['production', 'http://localhost:8080/ledger', false],
    ['production', 'http://127.0.0.1', false],
    ['production', 'http://[::1]:9000/a', false],
    ['production', 'https://core.wallet.internal/ledger', false],
    ['development', 'http://core.wallet.internal/ledger', false],
  ])('with NODE_ENV %s and a ledger at %s is refused: %s', (nodeEnv, url, isRefused) => {
    for (const ALLOW_EMBEDDED of ['true', 'false']) {
      const faults = faultsOf({ NODE_ENV: nodeEnv, WALLET_LEDGER_URL: url, ALLOW_EMBEDDED });
      expect(faults.includes('WALLET_LEDGER_URL')).toBe(isRefused);
    }
  });

  it('are all judged before the start is refused', () => {
    expect(
      faultsOf({
        PORT: 'x',
        ROLE: 'boss',
        DATABASE_URL: 'mysql://x',
        AMOUNT_CHECK: 'maybe',
        SUPPORTED_FLAGS: 'isPaymentEvaluation',
      }),
    ).toEqual(['ROLE', 'PORT', 'DATABASE_URL', 'SUPPORTED_FLAGS', 'AMOUNT_CHECK']);
  });
});

describe('a name in the environment', () => {
  const nearestOf = (name: string) => misspeltNames({ [name]: 'x' })[0]?.nearest;
  const known = SETTINGS.flatMap(settingsOf).map(({ name }) => name);

  it('that is a setting is not pointed out', () =>
    expect(misspeltNames(Object.fromEntries(known.map((name) => [name, 'x'])))).toEqual([]));

  it('that lacks a letter of a setting is pointed out with it, whichever letter it is', () => {
    for (const name of known) {
      const shortened = Array.from(name, (_, at) => name.slice(0, at) + name.slice(at + 1));
      const strangers = shortened.filter((one) => !known.includes(one) && nearestOf(one) !== name);
      expect(strangers).toEqual([]);
    }
  });

  it.each([
    ['NOTIFY_CONCURENCY', 'NOTIFY_CONCURRENCY'],
    ['NOTIFY_CONCURRENCE', 'NOTIFY_CONCURRENCY'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABASE-URL', 'DATABASE_URL'],
    ['database_url', 'DATABASE_URL'],
    ['REDIS_URI', 'REDIS_URL'],
    ['PORTS', 'PORT'],
    ['LOG_LEVLE', 'LOG_LEVEL'],
    ['ALIPAY_PLUS_BASE_URL', 'ALIPAYPLUS_BASE_URL'],
    ['ALIPAYPLUS_BASEURL', 'ALIPAYPLUS_BASE_URL'],
    ['ALIPAYPLUS_PRIVATE_KEY', 'ALIPAYPLUS_PRIVATE_KEY_FILE'],
    ['ALIPAYPLUS_PUBLIC_KEY_FILE', 'ALIPAYPLUS_PUBLIC_KEY_FILES'],
    ['WALLET_LEDGER_SECRET', 'WALLET_LEDGER_SECRET_FILE'],
    ['SHUTDOWN_GRACE', 'SHUTDOWN_GRACE_MS'],
    ['API_KEY_FILE', 'API_KEYS_FILE'],
    ['NODE-ENV', 'NODE_ENV'],
  ])('%s is pointed out with %s', (name, nearest) => expect(nearestOf(name)).toBe(nearest));

  it.each(
    `HOME PATH PWD OLDPWD USER SHELL LANG LC_ALL TERM HOSTNAME HOSTTYPE LOGNAME SHLVL TZ CI MAIL EDITOR PAGER TMPDIR COLORTERM
     NODE NODE_OPTIONS NODE_VERSION NODE_PATH NODE_DEBUG NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED NO_COLOR FORCE_COLOR
     npm_config_cache npm_package_name npm_lifecycle_event INIT_CWD YARN_VERSION PM2_HOME
     KUBERNETES_PORT KUBERNETES_SERVICE_HOST REDIS_PORT REDIS_HOST REDIS_PASSWORD REDIS_SERVICE_HOST DATABASE_HOST
     DATABASE_PORT DATABASE_USER DATABASE_NAME DATABASE_PASSWORD PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE POSTGRES_PASSWORD
     MPP_SERVICE_HOST API_SERVICE_PORT NOTIFY_SOCKET JOURNAL_STREAM INVOCATION_ID LISTEN_FDS CREDENTIALS_DIRECTORY
     SSH_CLIENT SSH_AUTH_SOCK XDG_RUNTIME_DIR HTTP_PROXY HTTPS_PROXY NO_PROXY AWS_REGION AWS_ROLE_ARN LOG_FILE LOG_DIR
     OTEL_SERVICE_NAME JAVA_HOME POD_NAME POD_IP TWIN_PORT TWIN_HOST TWIN_DATA_DIR REQUIRE_REDIS`
      .split(/\s+/)
      .filter((name) => name !== ''),
  )('%s is left alone', (name) => expect(nearestOf(name)).toBeUndefined());

  it('is told beside what is wrong, where the start is refused', () => {
    expect(() => readSettings({ NODE_ENV: 'production', DATABSE_URL: 'postgres://db/mpp' })).toThrow(
      'DATABSE_URL: is no setting; did you mean DATABASE_URL?',
    );
  });
});
