import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PACKING_WORDS } from './release-steps.js';

/**
 * Keys made after this are given a list of words, and compress values with it before sealing them. The previous version
 * cannot read such values: where it may have written something, `mpp migrate --finish` adds the words. Existing keys
 * stay as they are.
 */
export class PackedValues1700000003130 implements MigrationInterface {
  readonly name = 'PackedValues1700000003130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table data_key add column words bytea');
    await runner.query('alter table data_sealing add column words bytea');
    await runner.query(`update data_sealing set words = convert_to('${PACKING_WORDS}', 'UTF8')
      where not exists (select from scan) and not exists (select from data_key)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table data_sealing drop column words');
    await runner.query('alter table data_key drop column words');
  }
}
