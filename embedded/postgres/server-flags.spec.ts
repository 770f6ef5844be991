import { portInFlags, serverFlags } from './server-flags.js';

const choices = { dataDirectory: '/data', port: 54321, durable: true, keeperPid: 4711 };

const settingsIn = (flags: readonly string[]): readonly string[] =>
  flags.filter((_, n) => flags[n - 1] === '-c');

test('durable switches fsync, synchronous commit and full pages together', () => {
  const names = ['fsync', 'synchronous_commit', 'full_page_writes'];
  expect(settingsIn(serverFlags(choices))).toEqual(expect.arrayContaining(names.map((name) => `${name}=on`)));
  const fast = settingsIn(serverFlags({ ...choices, durable: false }));
  expect(fast).toEqual(expect.arrayContaining(names.map((name) => `${name}=off`)));
});

test('the server names its keeper and listens only on the loopback address', () => {
  const settings = settingsIn(serverFlags(choices));
  expect(settings).toContain('embedded.keeper_pid=4711');
  expect(settings).toContain('listen_addresses=127.0.0.1');
  expect(settings).toContain('unix_socket_directories=');
});

test('the port is found again in the command line that PostgreSQL writes down', () => {
  const written = `/x/postgres ${serverFlags(choices)
    .map((flag) => `"${flag}"`)
    .join(' ')}\n`;
  expect(portInFlags(written)).toBe(54321);
  expect(portInFlags('')).toBeUndefined();
});
