import { readFile } from 'node:fs/promises';
import { isAlive } from '../../embedded/postgres/is-alive.js';
import { until } from '../support/service/until.js';
import type { SeenProcess } from './process-table.js';
import { ServiceProgram } from './service-program.js';

jest.setTimeout(120_000);

/** Only here the compiled program is started, in every role, and must leave nothing behind. */
const programs: ServiceProgram[] = [];

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.remove()));
});

async function start(environment: Readonly<Record<string, string>>): Promise<ServiceProgram> {
  const program = await ServiceProgram.start(environment);
  programs.push(program);
  return program;
}

async function statusOf(url: string): Promise<number> {
  const answer = await fetch(url);
  await answer.arrayBuffer();
  return answer.status;
}

/** PostgreSQL and the twin, so that the search for leftovers does not look for nothing. */
async function startedBeside(program: ServiceProgram): Promise<readonly SeenProcess[]> {
  const started = await program.descendants();
  const commands = started.map(({ command }) => command).join('\n');
  expect(commands).toMatch(/bin\/postgres /);
  expect(commands).toMatch(/twin\/main\.js/);
  return started;
}

describe.each(['all', 'api', 'worker'])('the compiled service as %s', (role) => {
  test('starts with nothing configured, serves its pages, and ends cleanly with all it started', async () => {
    const program = await start({ ROLE: role, PORT: '0' });
    const url = await program.ready();
    await until('it tells how to go on', () => program.said.includes(`MPP payments is ready (${role})`));
    expect(await statusOf(`${url}/metrics`)).toBe(200);

    const forPeople = role === 'worker' ? 404 : 200;
    expect(await statusOf(`${url}/docs`)).toBe(forPeople);
    expect(await statusOf(`${url}/openapi.json`)).toBe(forPeople);
    expect(await statusOf(`${url}/v1/operations/payments`)).toBe(role === 'worker' ? 404 : 401);

    const started = await startedBeside(program);
    program.signal('SIGTERM');
    expect(await program.ended).toEqual({ code: 0, killedBy: null });
    expect(started.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });
});

describe('the compiled service', () => {
  test('decodes a first scan with the token it made, and describes itself as docs/openapi.json does', async () => {
    const program = await start({ PORT: '0' });
    const url = await program.ready();
    const answer = await fetch(`${url}/v1/scans`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await program.walletToken()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ codeValue: 'twin:S#smoke', customerId: 'customer-rich' }),
    });
    expect(await answer.json()).toMatchObject({
      status: 'DECODED',
      payment: { status: 'AWAITING_CONFIRMATION' },
    });

    const served = await fetch(`${url}/openapi.json`);
    expect(await served.json()).toEqual(JSON.parse(await readFile('docs/openapi.json', 'utf8')));
  });

  test('leaves no PostgreSQL and no twin behind when it is killed', async () => {
    const program = await start({ PORT: '0' });
    await program.ready();
    const started = await startedBeside(program);
    program.signal('SIGKILL');
    expect(await program.ended).toMatchObject({ killedBy: 'SIGKILL' });
    await until('all it started has ended', () => !started.some(({ pid }) => isAlive(pid)));
  });

  test('names every faulty setting at once, without its value, and starts nothing', async () => {
    const program = await start({
      PORT: 'eighty',
      ROLE: 'everything',
      DATABASE_URL: 'mysql://root:hidden@db/mpp',
      WALLET_LEDGER: 'http',
    });
    expect(await program.ended).toEqual({ code: 1, killedBy: null });
    for (const name of ['PORT', 'ROLE', 'DATABASE_URL', 'WALLET_LEDGER_URL', 'WALLET_LEDGER_SECRET_FILE']) {
      expect(program.said).toContain(`${name}:`);
    }
    expect(program.said).not.toMatch(/eighty|everything|hidden/);
    expect(program.said).not.toContain('    at ');
  });

  test('does not start in production with nothing set, and says what is missing', async () => {
    const program = await start({ NODE_ENV: 'production' });
    expect(await program.ended).toEqual({ code: 1, killedBy: null });
    const named = [...program.said.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name);
    expect(named.toSorted((a = '', b = '') => (a < b ? -1 : 1))).toEqual([
      'ALIPAYPLUS_BASE_URL',
      'ALIPAYPLUS_CLIENT_ID',
      'ALIPAYPLUS_PRIVATE_KEY_FILE',
      'ALIPAYPLUS_PUBLIC_KEY_FILES',
      'API_KEYS_FILE',
      'CONSOLE_SESSION_SECRET_FILE',
      'DATABASE_URL',
      'DATA_KEYS_FILE',
      'WALLET_LEDGER',
    ]);
  });
});
