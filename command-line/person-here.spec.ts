import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { personHere } from './person-here.js';

const asRoot = process.getuid?.() === 0 ? it : it.skip;

describe('who is at the command line', () => {
  it('is the name of the user', () => expect(personHere()).toBe(userInfo().username));

  asRoot('is the number of a user without a name, as in a container with an id of its own', () => {
    const script = `import('./dist/command-line/person-here.js').then((it) => console.log(it.personHere()))`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { uid: 54_321, gid: 54_321 });
    expect(stdout.toString().trim()).toBe('uid-54321');
  });
});
