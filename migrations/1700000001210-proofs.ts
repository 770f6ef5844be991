import type { MigrationInterface, QueryRunner } from 'typeorm';

const PROOFS = `
  -- What a payer gave with the yes, such as a one-time password: until the ledger has answered, because a repetition has
  -- to be the same call. Afterwards the history has its digest, and nothing else is left of it.
  alter table debit add column proofs jsonb;

  create function debit_proofs_gone() returns trigger language plpgsql as $$
  begin
    new.proofs := null;
    return new;
  end $$;
  create trigger debit_proofs_gone_tr before update of status on debit for each row
    when (old.proofs is not null and new.status not in ('INTENDED', 'IN_DOUBT'))
    execute function debit_proofs_gone();

  -- Those of the given proofs that an order of this content asks for.
  create function proofs_asked(content jsonb, given jsonb) returns jsonb language sql immutable parallel safe as $$
    select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(given)
    where coalesce(content #> '{requirements,proofs}', '[]') ? key
  $$;
`;

/** Proofs that the wallet did what an order asks for. */
export class Proofs1700000001210 implements MigrationInterface {
  readonly name = 'Proofs1700000001210';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PROOFS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function proofs_asked(jsonb, jsonb);
      drop trigger debit_proofs_gone_tr on debit;
      drop function debit_proofs_gone();
      alter table debit drop column proofs;
    `);
  }
}
