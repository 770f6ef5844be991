import { readFileSync } from 'node:fs';
import { Exit, newCommand, runProgram } from '../command-line/run-command.js';
import { AlipayPlusSettings } from '../src/alipay-plus/alipay-plus.settings.js';
import { explainSignature } from '../src/alipay-plus/signature/explain-signature.js';
import { loadPublicKey } from '../src/alipay-plus/signature/key-file.js';
import { loadSettings } from '../src/platform/config/load-settings.js';
import { checkSetup } from './doctor/check-setup.js';
import type { Finding } from './doctor/finding.js';
import { readMessage } from './doctor/read-message.js';

const NOTES = `
Without a command everything that the service needs is looked at, and nothing is changed:

  mpp doctor

Why a signature does not verify: put the request line, the headers, an empty line and the body into a file, as they came:

  mpp doctor signature call.txt --key alipayplus-public.pem --own-key mpp-public.pem

Exit codes: 0 all is well, 1 something is not, 2 wrong usage.`;

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok   ', warning: 'warn ', fault: 'FAULT' };

interface SignatureFlags {
  readonly key: string;
  readonly ownKey?: string | undefined;
  readonly clientId?: string | undefined;
  readonly json?: boolean | undefined;
}

export const command = newCommand('mpp doctor', 'Looks at the whole set-up, or at one signature.')
  .option('--json', 'one JSON document on standard output')
  .action(async ({ json = false }) => {
    const findings = await checkSetup(process.env);
    const isWell = findings.every(({ state }) => state !== 'fault');
    if (json) console.log(JSON.stringify({ isWell, findings }));
    else console.log(findings.map(({ state, part, told }) => `${MARKS[state]} ${part}: ${told}`).join('\n'));
    if (!isWell) throw new Exit(1);
  })
  .addCommand(
    newCommand('signature', 'says why the signature of a pasted message does not verify')
      .argument('<file>', 'request line, headers, empty line, body')
      .requiredOption('--key <file>', 'the public key of whoever signed')
      .option('--own-key <file>', 'the public key of the other side, to find keys that are mixed up')
      .option('--client-id <id>', 'instead of ALIPAYPLUS_CLIENT_ID')
      .option('--json', 'one JSON document on standard output')
      .action((file, flags) => tellSignature(file, flags)),
  )
  .addHelpText('after', NOTES);

function tellSignature(file: string, { key, ownKey, clientId, json = false }: SignatureFlags): void {
  const ours = ownKey === undefined ? {} : { ours: loadPublicKey(ownKey) };
  const client = clientId ?? loadSettings([AlipayPlusSettings], process.env).get(AlipayPlusSettings).clientId;
  const keys = { theirs: loadPublicKey(key), ...ours };
  const explanation = explainSignature(readMessage(readFileSync(file)), client, keys);
  if (json) console.log(JSON.stringify(explanation));
  else if (explanation.outcome === 'verifies') console.log('The signature verifies.');
  else console.log(explanation.causes.map((cause) => `- ${cause}`).join('\n'));
  if (explanation.outcome !== 'verifies') throw new Exit(1);
}

await runProgram(import.meta.url, command);
