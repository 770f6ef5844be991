import { loadSettings } from '../config/load-settings.js';
import { DatabaseSettings } from './database.settings.js';
import { hostsOf } from './hosts.js';

describe('the hosts of an address', () => {
  it.each([
    ['postgres://mpp:p@db/mpp', ['postgres://mpp:p@db/mpp'], false],
    ['postgres:///mpp?host=/run', ['postgres:///mpp?host=/run'], false],
    ['postgres://mpp:a,b@db/mpp?x=1', ['postgres://mpp:a,b@db/mpp?x=1'], false],
    ['postgres://db?target_session_attrs=read-write', ['postgres://db'], true],
    ['postgres://u:p@h1:1,h2:2/db', ['postgres://u:p@h1:1/db', 'postgres://u:p@h2:2/db'], true],
    [
      'postgres://u:p@h1,[::1]:2/db?target_session_attrs=primary&sslmode=require',
      ['postgres://u:p@h1/db?sslmode=require', 'postgres://u:p@[::1]:2/db?sslmode=require'],
      true,
    ],
  ])('%s', (address, urls, isChoice) => expect(hostsOf(address)).toEqual({ urls, isChoice }));

  it.each([
    ['postgres://u:secret@h1,h2/db', undefined],
    ['postgres://u:secret@h1:5432,h2:5433/db?target_session_attrs=read-write', undefined],
    ['postgres://u:secret@h1/db?target_session_attrs=primary', undefined],
    ['postgres://u:secret@h1,,h2/db', 'one of them is empty'],
    ['postgres://u:secret@h1,:5432/db', 'one of them is empty'],
    ['postgres://u:secret@h1,h2:port/db', 'the port as a number'],
    ['postgres://u:secret@h1,h2/db?target_session_attrs=any', 'target_session_attrs=any; only a server'],
    ['postgres://u:secret@h1/db?target_session_attrs=standby', 'target_session_attrs=standby; only'],
    ['postgres://u:secret@h1/db?sslmode=require&channel_binding=require&connect_timeout=10', undefined],
    ['postgres://u:secret@h1/db?sslmode=nonsense', 'must have one of sslmode=disable'],
    ['postgres://u:secret@h1,h2/db?sslmode=', 'must have one of sslmode=disable'],
    ['postgres://u:secret@h1/db?sslmod=require', 'a parameter sslmod, which nobody reads; sslmode is meant'],
    ['postgres://u:secret@h1/db?SSLMode=require', 'SSLMode, which nobody reads; sslmode is meant'],
    ['postgres://u:secret@h1,h2/db?target_sesion_attrs=read-write', 'target_session_attrs is meant'],
    ['postgres://u:secret@h1/db?sslmode=require&sslmode=disable', 'has the parameter sslmode more than once'],
    ['postgres://u:secret@h1/db?ssl=false', 'must have ssl=1 or ssl=0'],
    ['postgres://u:secret@h1/db?ssl=no-verify', 'must have ssl=1 or ssl=0'],
    ['postgres://u:secret@h1/db?ssl=true', undefined],
    ['postgres://u:secret@h1/db?dbname=other', 'a parameter dbname, which is not read here'],
    ['postgres://u:secret@h1/db?replication=database', 'a parameter replication, which is not read here'],
    ['postgres://u:secret@h1/db?service=other', 'a parameter service, which is not read here'],
    ['postgres://u:secret@/db?host=h1,h2&port=1,2', 'name them before the slash'],
    ['postgres://u:secret@/db?host=/run/postgresql&port=5433', undefined],
    ['postgres://u:secret@h1/db?pgbouncer=true&connection_limit=5&schema=public', undefined],
    ['postgres://u:secret@h1/db?schema=other', 'a parameter schema, which is not read here; write options='],
    ['postgres://u:secret@h1/db?currentSchema=other', 'a parameter currentSchema, which is not read here'],
    ['postgres://u:secret@h1,h2/db?search_path=other', 'a parameter search_path, which is not read here'],
    ['postgres://u:secret@h1/db?sslmode=verify-full&sslrootcert=system', 'has sslrootcert=system'],
    ['postgres://u:secret@h1/db?options=--statement-timeout%3D5s', 'sets statement_timeout'],
    ['postgres://u:secret@h1/db?options=-cstatement_timeout=5s', 'sets statement_timeout'],
    ['postgres://u:secret@h1/db?STATEMENT_TIMEOUT=5000', 'sets statement_timeout'],
    ['postgres://u:secret@h1/db?options=-c%20standard_conforming_strings%3Doff', 'sets standard_conforming'],
    ['postgres://u:secret@h1/db?options=-c%20search_path%3Dmpp%20-c%20role%3Dmpp_run', undefined],
    ['postgres://', 'names no host'],
    ['postgres://?sslmode=require', 'names no host'],
  ])('as a setting: %s', (address, fault) => {
    const load = (): unknown => loadSettings([DatabaseSettings], { DATABASE_URL: address });
    if (fault === undefined) expect(load).not.toThrow();
    else expect(load).toThrow(fault);
  });

  it.each(['any', 'standby', 'prefer-standby', 'read-only', 'primary', 'read-write'])(
    'of a replica are one server, which is not to be chosen: %s',
    (wanted) =>
      expect(() =>
        loadSettings([DatabaseSettings], {
          DATABASE_READING_URL: `postgres://u:secret@h1/db?target_session_attrs=${wanted}`,
        }),
      ).toThrow('DATABASE_READING_URL: has target_session_attrs, but is one server'),
  );
});
