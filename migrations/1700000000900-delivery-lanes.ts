import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = `
  -- The host in the address, by which due notifications are claimed host by host; and the time of the next check
  -- even if nothing is sent: 8 hours and 1 hour before the end, and at the end.
  alter table notification add column host text, add column watch_at timestamptz;
  -- Every row is updated twice soon after its insert; with free space on its page the first update touches no index.
  alter table notification set (fillfactor = 70);

  create function notification_placed() returns trigger language plpgsql as $$
  begin
    new.host := coalesce(lower(substring(new.url from '^[A-Za-z]+://(?:[^/?#@]*@)?([^/?#]*)')), '');
    new.watch_at := case when new.status = 'PENDING' then new.gives_up_at - interval '8 hours' end;
    return new;
  end $$;
  create trigger notification_placed_tr before insert or update of gives_up_at on notification
    for each row execute function notification_placed();

  update notification set gives_up_at = gives_up_at;
  alter table notification alter column host set not null,
    add constraint notification_watch_ck check ((status = 'PENDING') = (watch_at is not null));
`;

/**
 * Each of these is nearly empty when the planner looks, and holds a hundred thousand rows after a day's outage. A plan
 * made for the empty one that then reads the whole index would be ruinous. So each has a condition of its own, and no
 * statement that should use another index has this condition.
 */
const INDEXES = `
  drop index notification_due_ix;
  create index notification_due_ix on notification (host, next_attempt_at) where next_attempt_at is not null;
  create index notification_watch_ix on notification (watch_at) where watch_at is not null;
  create index notification_host_ix on notification (status, host, created_at) where delivered_at is null;
`;

/**
 * For claiming due notifications in batches: a lane for each host, and the times at which something happens without a
 * call.
 */
export class DeliveryLanes1700000000900 implements MigrationInterface {
  readonly name = 'DeliveryLanes1700000000900';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [COLUMNS, INDEXES]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index notification_due_ix, notification_watch_ix, notification_host_ix;
      create index notification_due_ix on notification (next_attempt_at) where status = 'PENDING';
      drop trigger notification_placed_tr on notification;
      drop function notification_placed();
      alter table notification reset (fillfactor);
      alter table notification drop constraint notification_watch_ck, drop column host, drop column watch_at;
    `);
  }
}
