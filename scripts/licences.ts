import { init, type ModuleInfos } from 'license-checker-rseidelsohn';
import { Exit, newCommand, runProgram } from '../command-line/run-command.js';

/** The licences allowed in the image. A package under another licence needs a decision of the product's owner. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Python-2.0',
  // As permissive as 0BSD.
  'Unlicense',
]);

/** Read by a person where a package names its licence only in its text. */
const READ: Readonly<Record<string, string>> = { 'htmx.org': '0BSD' };

interface Licensed {
  readonly package: string;
  readonly licence: string;
  readonly repository: string | null;
  readonly isAllowed: boolean;
}

/** Every package of the image with its licence, read from the installation. */
async function licences(): Promise<Licensed[]> {
  const infos = await new Promise<ModuleInfos>((resolve, reject) => {
    init({ start: '.', production: true, excludePrivatePackages: true }, (error, found) =>
      error === null || error === undefined ? resolve(found) : reject(error),
    );
  });
  return Object.entries(infos).map(([name, { licenses, repository = null }]) => {
    const licence = READ[name.slice(0, name.lastIndexOf('@'))] ?? [licenses ?? 'none'].flat().join(' AND ');
    return { package: name, licence, repository, isAllowed: ALLOWED.has(licence) };
  });
}

export const command = newCommand('npm run licences --', 'Lists the licences of all packages in the image.')
  .option('--json', 'one JSON document on standard output')
  .addHelpText('after', '\nExit codes: 0 all are allowed, 1 one is not (scripts/licences.ts), 2 wrong usage.')
  .action(async ({ json = false }) => {
    const all = await licences();
    const line = (one: Licensed): string =>
      `${one.isAllowed ? '' : 'NOT ALLOWED  '}${one.licence.padEnd(14)} ${one.package.padEnd(50)} ${one.repository ?? ''}`;
    console.log(json ? JSON.stringify(all) : all.map(line).join('\n'));
    if (!all.every(({ isAllowed }) => isAllowed)) throw new Exit(1);
  });

await runProgram(import.meta.url, command);
