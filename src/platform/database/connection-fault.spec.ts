import pg from 'pg';
import { connectionFault } from './connection-fault.js';

const URL_WITH_PASSWORD = 'postgres://mpp:hidden@db.internal:5432/mpp';
const to = { host: 'db.internal', port: 5432, user: 'mpp', database: 'mpp' };
function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

const coded = (code: string, message = 'as it was said') => Object.assign(new Error(message), { code });

describe('a database that cannot be used', () => {
  it.each<[string, unknown, string]>([
    ['nothing listens', coded('ECONNREFUSED'), 'names db.internal:5432, where nothing listens'],
    [
      'nothing listens at both addresses of a name',
      new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]),
      'names db.internal:5432, where nothing listens',
    ],
    ['the name is unknown', coded('ENOTFOUND'), 'names the host db.internal, which is not known'],
    [
      'the name cannot be looked up',
      coded('EAI_AGAIN'),
      'names the host db.internal, which cannot be looked up at the moment',
    ],
    ['there is no route', coded('EHOSTUNREACH'), 'names db.internal:5432, to which there is no route'],
    [
      'it does not answer',
      new Error('timeout expired'),
      'names db.internal:5432, which does not answer; is it a PostgreSQL?',
    ],
    ['it hung up', coded('ECONNRESET'), 'names db.internal:5432, which hung up'],
    [
      'it is no PostgreSQL',
      new Error('Connection terminated unexpectedly'),
      'names db.internal:5432, which does not speak as a PostgreSQL does',
    ],
    [
      'it is a MySQL',
      new Error('received invalid response: 4a'),
      'names db.internal:5432, which does not speak as a PostgreSQL does',
    ],
    ['the password is wrong', coded('28P01'), 'is refused: wrong password for the user "mpp"'],
    [
      'the server wants a password',
      new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'),
      'has no password for the user "mpp", and the server asks for one',
    ],
    [
      'this host may not come in',
      coded('28000', 'no pg_hba.conf entry for host "10.0.0.7"'),
      'is refused: no pg_hba.conf entry for host "10.0.0.7"',
    ],
    ['the database is missing', coded('3D000'), 'names the database "mpp", which does not exist'],
    [
      'a right is missing',
      coded('42501', 'permission denied for schema public'),
      'is refused: permission denied for schema public',
    ],
    [
      'something else is in it',
      coded('42P07', 'relation "thing" already exists'),
      'names the database "mpp", in which there is something else already (relation "thing" already exists); give one of its own',
    ],
    ['it takes no writes', coded('25006'), 'names the database "mpp", which takes no writes'],
    ['it is full', coded('53300'), 'names db.internal:5432, which has no connection left'],
    [
      'it is starting',
      coded('57P03', 'the database system is starting up'),
      'names db.internal:5432, which takes no connections at the moment (the database system is starting up)',
    ],
    [
      'it has no TLS',
      new Error('The server does not support SSL connections'),
      'asks for TLS, which the server at db.internal:5432 does not offer',
    ],
    [
      'its certificate is nobody’s we know',
      coded('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'),
      'names db.internal:5432, whose certificate is not trusted (self-signed certificate in certificate chain); give its authority with NODE_EXTRA_CA_CERTS=<file>',
    ],
    ['it says something new', coded('53100', 'disk full'), 'cannot be used (disk full)'],
    ['something is thrown that is no error', 'a text', 'cannot be used (a text)'],
  ])('is reported in one sentence: %s', (_what, error, sentence) =>
    expect(connectionFault(error, URL_WITH_PASSWORD, to)).toBe(sentence),
  );

  it('is never reported with the password', () =>
    expect(connectionFault(new Error('no hidden, no entry'), URL_WITH_PASSWORD, to)).toBe(
      'cannot be used (no …, no entry)',
    ));

  it('is reported without a client where the address could not even be read', () => {
    for (const error of [new URIError('URI malformed'), coded('ERR_INVALID_URL', 'Invalid URL')])
      expect(connectionFault(error, 'postgres://x', undefined)).toMatch(/^is no address that can be read/);
  });

  it.each([
    ['a file that is not there', 'sslrootcert=/nowhere/ca.pem', 'names a file that cannot be read (ENOENT'],
    ['a folder for a file', 'sslrootcert=/tmp', 'names a file that cannot be read (EISDIR'],
    ['no authority', 'uselibpqcompat=true&sslmode=verify-ca', 'sslmode=verify-ca requires specifying a CA'],
  ])('is reported as the driver says where its parameters do not fit: %s', (_what, parameters, rule) => {
    const url = `postgres://u:secret@h/db?${parameters}`;
    const make = (): unknown => new pg.Client({ connectionString: url });
    expect(make).toThrow();
    expect(connectionFault(thrownBy(make), url, undefined)).toContain(rule);
  });

  it.each([
    [{ ...to, host: '/var/run/postgresql' }, '/var/run/postgresql'],
    [{ ...to, host: '::1' }, '[::1]:5432'],
  ])('has an address as it is typed', (place, written) =>
    expect(connectionFault(coded('ECONNREFUSED'), 'postgres://x', place)).toBe(
      `names ${written}, where nothing listens`,
    ),
  );
});
