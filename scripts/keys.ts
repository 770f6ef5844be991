import { createHash, randomBytes } from 'node:crypto';
import { textLike, wholeNumber } from '../command-line/option-values.js';
import { Exit, newCommand, runCommand, runProgram } from '../command-line/run-command.js';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { ApiKey } from '../src/platform/auth/api-key-entries.js';
import { readApiKeyFile } from '../src/platform/auth/api-key-file.js';
import type { ApiKeyEntity, ApiKeyStateEntity } from '../src/platform/auth/issued-keys.entities.js';
import * as sql from '../src/platform/auth/issued-keys.sql.js';
import type { RowOf } from '../src/platform/database/columns.js';
import type { Database } from '../src/platform/database/database.js';
import { openNamedDatabase } from '../src/platform/database/open-named-database.js';

const NOTES = `
A key is shown once, when it is made; what is kept is its SHA-256. All processes follow within about a second.

  mpp keys make wallet-app --scope payments:write --days 90
  mpp keys revoke wallet-app
  mpp keys sign-out ada@example.com

Keys of API_KEYS_FILE are listed and revoked too; they are made and ended by editing that file.
Exit codes: 0 done, 1 refused, not found or no database, 2 wrong usage.`;

/** The scopes that a key can have. */
export const SCOPES = [
  'payments:write',
  'payments:read',
  'payments:operate',
  'payments:approve',
  'payments:watch',
  'payments:raw',
] as const;

const MOST_DAYS = 3_650;
const USUAL_DAYS = 90;

interface Done {
  readonly exitCode: number;
  readonly report: unknown;
  readonly text: string;
}

/** The keys of a database, and those of the file. */
export interface KeysAt {
  readonly database: Database;
  readonly fileKeys: readonly ApiKey[];
}

type Work = (at: KeysAt) => Promise<Done>;

interface Making {
  readonly scope: readonly string[];
  readonly customer?: string | undefined;
  readonly days: number;
}

const NAME = textLike('1 to 64 letters, digits, ".", "_" and "-"', /^[\w.-]{1,64}$/);

/** As the API takes them; what is not shown would make a listing look like another one. */
const CUSTOMER = textLike('an id of 1 to 64 characters', /^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u);
/** The others look at all customers, whatever their key says. */
const FOR_ONE_CUSTOMER = new Set(['payments:write', 'payments:read']);

function keysProgram(run: (work: Work, isJson: boolean) => Promise<void>) {
  const commandOf = (name: string, about: string) =>
    newCommand(name, about).option('--json', 'print JSON instead of text');
  return newCommand('mpp keys', 'The keys of DATABASE_URL: who may call this service.')
    .addCommand(
      commandOf('make', 'makes a key and prints it once')
        .argument('<name>', 'who will call with it', NAME)
        .requiredOption('--scope <scope>', 'what it may do; repeat it for more', scopesSoFar)
        .option('--customer <id>', 'it acts for this customer only', CUSTOMER)
        .option('--days <n>', 'after how many days it ends', wholeNumber(1, MOST_DAYS), USUAL_DAYS)
        .action(async (name, { json = false, ...flags }) => run(make(name, flags), json)),
    )
    .addCommand(
      commandOf('list', 'lists all keys, with their last use').action(async ({ json = false }) =>
        run(list, json),
      ),
    )
    .addCommand(
      commandOf('expire', 'lets a key end earlier, in so many days')
        .argument('<name>', 'of the key', NAME)
        .requiredOption('--days <n>', 'from now; 0 ends it now', wholeNumber(0, MOST_DAYS))
        .action(async (name, { json = false, days }) => run(expire(name, days), json)),
    )
    .addCommand(
      commandOf('revoke', 'ends a key now and for ever, in all processes')
        .argument('<name>', 'of the key', NAME)
        .action(async (name, { json = false }) => run(revoke(name), json)),
    )
    .addCommand(
      commandOf(
        'sign-out',
        'ends all sessions of a person whom the identity provider signed in to the console',
      )
        .argument('<person>', 'as the console shows them', textLike('a name'))
        .action(async (person, { json = false }) => run(signOut(person), json)),
    )
    .addHelpText('after', NOTES);
}

/** Runs one command line on these keys. */
export async function keysCommand(args: readonly string[], at: KeysAt): Promise<Done> {
  let done: Done | undefined;
  const told: string[] = [];
  const say = (text: string): void => void told.push(text);
  const program = keysProgram(async (work) => void (done = await work(at)));
  const exitCode = await runCommand(program, args, { log: say, error: say });
  return done ?? { exitCode, report: {}, text: told.join('\n') };
}

function scopesSoFar(scope: string, before: readonly string[] = []): readonly string[] {
  const known: readonly string[] = SCOPES;
  if (!known.includes(scope)) throw new InvalidArgumentError(`It must be one of ${SCOPES.join(', ')}.`);
  return [...before, scope];
}

function make(name: string, { scope, customer, days }: Making): Work {
  const wide = customer === undefined ? undefined : scope.find((one) => !FOR_ONE_CUSTOMER.has(one));
  return async ({ database, fileKeys }) => {
    if (wide !== undefined) return refusal(name, `${wide} is for all customers; leave --customer out`);
    const token = randomBytes(32).toString('base64url');
    const sha256 = createHash('sha256').update(token).digest('hex');
    const isTaken = fileKeys.some(({ principal }) => principal.name === name);
    const [made] = isTaken
      ? []
      : await database.run<Pick<RowOf<ApiKeyEntity>, 'expires_at'>>(sql.MAKE_KEY, [
          name,
          sha256,
          [...new Set(scope)],
          customer ?? null,
          days,
        ]);
    if (made === undefined) return refusal(name, 'there is a key of this name already');
    const expiresAt = made.expires_at?.toISOString();
    return {
      exitCode: 0,
      report: { name, token, scopes: scope, customerId: customer ?? null, expiresAt },
      text: `${token}\nmade ${name}, ends ${expiresAt}; the key is not shown again`,
    };
  };
}

const list: Work = async ({ database, fileKeys }) => {
  const [issued, states] = await Promise.all([
    database.run<RowOf<ApiKeyEntity>>(sql.ISSUED_KEYS, []),
    database.run<RowOf<ApiKeyStateEntity>>(sql.KEY_STATES, []),
  ]);
  const listed = [
    ...issued.map(({ name, sha256, scopes, customer_id: customerId, expires_at: expiresAt }) => {
      return { name, from: 'database', sha256, scopes, customerId, expiresAt };
    }),
    ...fileKeys.map(({ sha256, principal: { name, scopes, subject }, expiresAt = null }) => {
      const customerId = subject ?? null;
      return { name, from: 'API_KEYS_FILE', sha256, scopes: [...scopes], customerId, expiresAt };
    }),
  ].map(({ sha256, ...key }) => {
    const state = states.find((one) => one.sha256 === sha256);
    return { ...key, lastUsedAt: state?.last_used_at ?? null, revokedAt: state?.revoked_at ?? null };
  });
  const lines = listed.map((key) =>
    [
      key.name.padEnd(24),
      key.revokedAt ? `revoked ${day(key.revokedAt)}` : `ends ${day(key.expiresAt)}`.padEnd(18),
      `last use ${day(key.lastUsedAt)}`,
      key.scopes.join(' '),
      key.customerId ?? 'all customers',
      key.from,
    ].join('  '),
  );
  return { exitCode: 0, report: { keys: listed }, text: lines.join('\n') || 'no keys' };
};

function day(at: Date | null): string {
  return at === null ? 'never' : at.toISOString().slice(0, 16);
}

function expire(name: string, days: number): Work {
  return async ({ database }) => {
    const at = new Date(Date.now() + days * 86_400_000);
    const [row] = await database.run<Pick<RowOf<ApiKeyEntity>, 'expires_at'>>(sql.EXPIRE_KEY, [name, at]);
    if (row === undefined) return refusal(name, 'there is no key of this name in the database');
    const expiresAt = row.expires_at?.toISOString();
    return { exitCode: 0, report: { name, expiresAt }, text: `${name} ends ${expiresAt}` };
  };
}

function revoke(name: string): Work {
  return async ({ database, fileKeys }) => {
    const issued = await database.run<RowOf<ApiKeyEntity>>(sql.ISSUED_KEYS, []);
    const key = issued.find((row) => row.name === name);
    const sha256 = key?.sha256 ?? fileKeys.find(({ principal }) => principal.name === name)?.sha256;
    if (sha256 === undefined) return refusal(name, 'there is no key of this name');
    const [row] = await database.run<{ revoked_at: Date }>(sql.REVOKE_KEY, [sha256]);
    const revokedAt = row?.revoked_at.toISOString();
    return { exitCode: 0, report: { name, revokedAt }, text: `${name} is revoked since ${revokedAt}` };
  };
}

function signOut(person: string): Work {
  return async ({ database }) => {
    const { length: ended } = await database.run(sql.END_SESSIONS, [person]);
    if (ended === 0) return refusal(person, 'has no session by the identity provider');
    return { exitCode: 0, report: { person, ended }, text: `${person}: ${ended} sessions ended` };
  };
}

function refusal(name: string, why: string): Done {
  return { exitCode: 1, report: { name, refused: why }, text: `${name}: ${why}` };
}

export const command = keysProgram(async (work, isJson) => {
  const file = process.env['API_KEYS_FILE'];
  const database = await openNamedDatabase(process.env);
  try {
    const done = await work({ database, fileKeys: file === undefined ? [] : readApiKeyFile(file) });
    console.log(isJson ? JSON.stringify(done.report, null, 2) : done.text);
    if (done.exitCode !== 0) throw new Exit(done.exitCode);
  } finally {
    await database.pool.end();
  }
});

await runProgram(import.meta.url, command);
