import { hostname } from 'node:os';
import { personHere } from '../command-line/person-here.js';
import { textLike, wholeNumber } from '../command-line/option-values.js';
import { Exit, newCommand, runProgram, UsageError } from '../command-line/run-command.js';
import { AlipayPlusSettings } from '../src/alipay-plus/alipay-plus.settings.js';
import { orderReload } from '../src/alipay-plus/signature/key-reloads.js';
import { loadSettings } from '../src/platform/config/load-settings.js';
import { openNamedDatabase } from '../src/platform/database/open-named-database.js';
import {
  addPair,
  adopt,
  publishedKeys,
  retire,
  RotationRefused,
  signWith,
  type PublishedKey,
} from './rotate-keys/listed-keys.js';
import { rehearse } from './rotate-keys/rehearsal.js';

const NOTES = `
The list of keys is the file of ALIPAYPLUS_KEYS_FILE. A rotation, without a restart:

  mpp rotate-keys add              a new pair; give Alipay+ the public key it prints, under the version it names
  mpp rotate-keys rehearse         rotates and rolls back against a local twin, with the real key files
  mpp rotate-keys sign-with 2      once Alipay+ has it; sign-with 1 rolls back
  mpp rotate-keys reload --reason 'ticket 4711'   every process reads its keys again
  mpp rotate-keys retire 1         once nobody needs the old one; then reload

A process whose files are faulty keeps its old keys and says so: alipayplus.keys_not_reloaded.
Exit codes: 0 done, 1 refused or not as expected, 2 wrong usage.`;

const VERSION = textLike('a version, such as 2', /^\d{1,9}$/);
const REASON = textLike('1 to 200 characters', /^\S.{0,199}$/);
const USUAL_BITS = 2_048;

export const command = newCommand(
  'mpp rotate-keys',
  'Changes the RSA key that we sign with for Alipay+, without a restart and with a way back.',
)
  .addCommand(
    newCommand('show', 'prints our public keys, as the portal of Alipay+ takes them').action(() => tell()),
  )
  .addCommand(
    newCommand(
      'adopt',
      'writes the list from ALIPAYPLUS_PRIVATE_KEY_FILE, …_KEY_VERSION and …_PUBLIC_KEY_FILES',
    )
      .argument('<file>', 'where the list is to be', textLike('a path'))
      .requiredOption('--public <file>', 'our public key as Alipay+ was given it', textLike('a path'))
      .action(async (file, { public: publicFile }) => {
        const { privateKeyFile, publicKeyFiles, keyVersion } = alipayPlusSettings();
        if (privateKeyFile === undefined || publicKeyFiles === undefined)
          throw new UsageError('the two settings of key files are not set');
        await refusing(() => adopt(file, { privateKeyFile, publicFile, keyVersion, publicKeyFiles }));
        console.log(`${file} lists them now; set ALIPAYPLUS_KEYS_FILE to it in the place of those settings.`);
      }),
  )
  .addCommand(
    newCommand('add', 'makes a pair under the next version; it does not sign yet')
      .option('--bits <n>', 'the length of the key', wholeNumber(2_048, 8_192), USUAL_BITS)
      .action(async ({ bits }) => {
        const version = await refusing(() => addPair(listFile(), bits));
        console.log(`version ${version} is made and does not sign yet`);
        tell(version);
      }),
  )
  .addCommand(
    newCommand('rehearse', 'rotates and rolls back against a local twin; nothing real is called or changed')
      .option('--to <version>', 'the version to rotate to; by itself the newest', VERSION)
      .option('--json', 'one JSON document')
      .action(async ({ to, json = false }) => rehearsed(to, json)),
  )
  .addCommand(
    newCommand('sign-with', 'writes down which version signs; forwards, and backwards again')
      .argument('<version>', 'of ours', VERSION)
      .action(async (version) => {
        await refusing(() => signWith(listFile(), version));
        console.log(`version ${version} signs from the next reload on`);
      }),
  )
  .addCommand(
    newCommand('retire', 'takes a version off the list; its files stay')
      .argument('<version>', 'of ours', VERSION)
      .action(async (version) => {
        await refusing(() => retire(listFile(), version));
        console.log(`version ${version} is off the list from the next reload on`);
      }),
  )
  .addCommand(
    newCommand('reload', 'has every process of DATABASE_URL read its keys again, within about a second')
      .requiredOption('--reason <text>', 'why; it is kept', REASON)
      .action(async ({ reason }) => reload(reason)),
  )
  .addHelpText('after', NOTES);

function alipayPlusSettings(): AlipayPlusSettings {
  return loadSettings([AlipayPlusSettings], process.env).get(AlipayPlusSettings);
}

function listFile(): string {
  const { keysFile } = alipayPlusSettings();
  if (keysFile === undefined) throw new UsageError('ALIPAYPLUS_KEYS_FILE is not set; adopt writes one');
  return keysFile;
}

function tell(only?: string): void {
  for (const { version, signs, publicKey, sha256 } of published(listFile())) {
    if (only !== undefined && version !== only) continue;
    console.log(`keyVersion ${version}${signs ? ' (signs)' : ''}  SHA-256 ${sha256}\n${publicKey}`);
  }
}

function published(file: string): readonly PublishedKey[] {
  try {
    return publishedKeys(file);
  } catch (error) {
    throw refused(error, 'The list cannot be read');
  }
}

async function refusing<Value>(work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw refused(error, 'Nothing was changed');
  }
}

function refused(error: unknown, what: string): unknown {
  if (!(error instanceof RotationRefused)) return error;
  console.error(`${what}: ${error.message}.`);
  return new Exit(1);
}

async function rehearsed(wanted: string | undefined, isJson: boolean): Promise<void> {
  const keys = published(listFile());
  const others = keys.filter(({ signs }) => !signs).map(({ version }) => version);
  const to = wanted ?? others.toSorted((one, other) => Number(other) - Number(one))[0];
  if (to === undefined || !others.includes(to))
    throw new UsageError('the list has no version to rotate to; add makes one');
  const steps = await rehearse(listFile(), to);
  const lines = steps.map(
    ({ step, signedWith, answer, isAsExpected }) =>
      `${isAsExpected ? 'as expected' : 'UNEXPECTED '}  ${step.padEnd(36)} signed with ${signedWith}: ${answer}`,
  );
  console.log(isJson ? JSON.stringify({ steps }, null, 2) : lines.join('\n'));
  if (!steps.every(({ isAsExpected }) => isAsExpected)) throw new Exit(1);
}

async function reload(reason: string): Promise<void> {
  const database = await openNamedDatabase(process.env);
  try {
    const actor = `operator:${personHere()}`;
    await orderReload(database, { actor, application: 'rotate-keys', address: hostname(), reason });
    console.log('Every process reads its keys again within about a second; alipayplus_key_versions tells.');
  } finally {
    await database.pool.end();
  }
}

await runProgram(import.meta.url, command);
