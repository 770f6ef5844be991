import { addressFault } from './address.js';

const faultOf = (address: string) => addressFault(address, ['postgres', 'postgresql']);

describe('an address in a setting', () => {
  it.each([
    'postgres://mpp:secret@db.internal:5432/mpp',
    'postgresql://mpp@db.internal/mpp',
    'postgres://mpp:100%25sure@db/mpp',
    'postgres://mpp:p%23ss%40%2F@db/mpp?sslmode=verify-full&application_name=mpp',
    'postgres://mpp:secret@[::1]:5432/mpp',
    'postgres://mpp@%2Fvar%2Frun%2Fpostgresql/mpp',
    'postgres:///mpp?host=/var/run/postgresql',
    'postgres://mpp:@/mpp',
    "postgres://mpp:a$&b$'c@/mpp",
    'postgres://db',
  ])('is read: %s', (address) => expect(faultOf(address)).toBeUndefined());

  it.each([
    ['', 'must begin with postgres:// or postgresql://'],
    ['db.internal:5432', 'must begin with postgres:// or postgresql://'],
    ['mysql://root@db/mpp', 'must begin with postgres:// or postgresql://'],
    ['"postgres://mpp@db/mpp"', 'must begin with postgres:// or postgresql://'],
    ['POSTGRES://mpp@db/mpp', 'must begin with postgres:// or postgresql://'],
    ['postgres://mpp:100%sure@db/mpp', 'has a % that begins no escape; write %25 for it'],
    ['postgres://mpp:p#ss@db/mpp', 'has a # in it, at which an address ends; write %23 for it'],
    ['postgres://mpp:p@ss@db/mpp', 'has more than one @; write %40 for one in user or password'],
    ['postgres://mpp:p ss@db/mpp', 'must not contain blanks'],
    ['postgres://mpp:secret@db-1,db-2:5432/mpp', 'names more than one host; give one'],
    ['postgres://mpp:secret@db-1:5432,db-2:5432/mpp', 'names more than one host; give one'],
    ['postgres://mpp:p/ss@db/mpp', expect.stringMatching(/^cannot be read; .*%2F for \//)],
    ['postgres://mpp:p?ss@db/mpp', expect.stringMatching(/^cannot be read; .*%3F for \?/)],
    ['postgres://mpp:secret@db:port/mpp', expect.stringContaining('the port as a number up to 65535')],
    ['postgres://mpp:secret@db:99999/mpp', expect.stringContaining('the port as a number up to 65535')],
    ['postgres://', 'names no host'],
    ['postgres://?sslmode=require', 'names no host'],
    ['postgres://mpp:secret@[::1/mpp', expect.stringMatching(/^cannot be read/)],
  ])('is refused, and no part of it repeated: %s', (address, fault) => {
    expect(faultOf(address)).toEqual(fault);
    expect(faultOf(address)).not.toMatch(/secret|ss@|sure/);
  });

  it.each([
    ['redis://', 'names no host'],
    ['redis:///0', 'names no host'],
    ['redis://:6379', 'names no host'],
    ['rediss://mpp:secret@', 'names no host'],
    ['redis://mpp:secret@/0?family=6', 'names no host'],
    ['redis://cache', undefined],
    ['rediss://mpp:secret@[::1]:6379/0', undefined],
  ])('of Redis: %s', (address, fault) => expect(addressFault(address, ['redis', 'rediss'])).toBe(fault));
});
