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
    ['postgres://', 'names no host'],
    ['postgres://?sslmode=require', 'names no host'],
  ])('as a setting: %s', (address, fault) => {
    const load = (): unknown => loadSettings([DatabaseSettings], { DATABASE_URL: address });
    if (fault === undefined) expect(load).not.toThrow();
    else expect(load).toThrow(fault);
  });
});
