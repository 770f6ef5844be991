import { userInfo } from 'node:os';
import { personHere } from './person-here.js';

describe('who is at the command line', () => {
  it('is the name of the user', () => expect(personHere()).toBe(userInfo().username));

  it('is the number of a user without a name, as in a container with an id of its own', () => {
    const nameless = (): string => {
      throw new Error('ENOENT: no such file or directory, uv_os_get_passwd');
    };
    expect(personHere(nameless)).toBe(`uid-${process.getuid?.()}`);
  });
});
