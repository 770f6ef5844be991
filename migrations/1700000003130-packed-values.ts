import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PACKING_WORDS } from './release-steps.js';

/**
 * With words, keys that are made from now on pack what they seal. The version before cannot read that: where it may have
 * written something, `mpp migrate --finish` brings the words. A key that is there goes on as it is.
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
