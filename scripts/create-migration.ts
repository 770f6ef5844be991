import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { textLike } from '../command-line/option-values.js';
import { newCommand, runProgram } from '../command-line/run-command.js';

/** File and class of a migration; the time in both decides the order of migrations. */
export function migrationNames(name: string, time: number): { readonly file: string; readonly type: string } {
  const words = name.split('-').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`);
  return { file: `${time}-${name}.ts`, type: `${words.join('')}${time}` };
}

function source(type: string): string {
  return `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${type} implements MigrationInterface {
  readonly name = '${type}';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(\`\`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(\`\`);
  }
}
`;
}

export const command = newCommand('npm run migrate:create --', 'Writes an empty migration to migrations/.')
  .usage('<name>')
  .argument(
    '<name>',
    'what changes: lower-case words joined by hyphens',
    textLike('lower-case words joined by hyphens', /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/),
  )
  .action(async (name) => {
    const { file, type } = migrationNames(name, Date.now());
    await writeFile(join('migrations', file), source(type), { flag: 'wx' });
    console.log(
      `Wrote migrations/${file}.\n` +
        `List it last in migrations/migrations.ts: import { ${type} } from './${file.replace(/\.ts$/, '.js')}';\n` +
        'Change the entities to match; a test compares the two. Once merged, a migration is never edited.',
    );
  });

await runProgram(import.meta.url, command);
