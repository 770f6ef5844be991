-- Three roles for one database: who changes the schema, who runs the service, who looks.
-- Run it once, in that database, as a role that may create roles; running it again changes nothing.
-- Then set passwords:  alter role mpp_run password '…'
-- mpp_migrate: DATABASE_URL of "npm run migrate". mpp_run: DATABASE_URL of the service. mpp_read: for people and reports.
-- With another QUEUE_PREFIX replace "bullmq" here; with queues in Redis the lines about it do no harm.

do $$
declare
  role_name text;
begin
  foreach role_name in array array['mpp_migrate', 'mpp_run', 'mpp_read'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I login', role_name);
    end if;
    execute format('grant connect on database %I to %I', current_database(), role_name);
  end loop;
  -- Default privileges of a role can be changed by its members only.
  execute format('grant mpp_migrate to %I', current_user);
  -- BullMQ batches jobs in temporary tables; the schema of the queues is made by the first migration.
  execute format('grant create on database %I to mpp_migrate', current_database());
  execute format('grant temporary on database %I to mpp_run', current_database());
end $$;

create schema if not exists bullmq authorization mpp_migrate;
grant usage, create on schema public to mpp_migrate;
grant usage on schema public, bullmq to mpp_run;
grant usage on schema public to mpp_read;

-- What is there, where the service has run as somebody else before. Its owner is to be changed too:
--   reassign owned by the_old_role to mpp_migrate
grant select, insert, update, delete on all tables in schema public, bullmq to mpp_run;
grant usage, select, update on all sequences in schema public, bullmq to mpp_run;
grant select on all tables in schema public to mpp_read;

-- What migrations will make.
alter default privileges for role mpp_migrate in schema public, bullmq
  grant select, insert, update, delete on tables to mpp_run;
alter default privileges for role mpp_migrate in schema public, bullmq
  grant usage, select, update on sequences to mpp_run;
alter default privileges for role mpp_migrate in schema public grant select on tables to mpp_read;

-- What is only ever written once. The first migration that makes these tables takes the rights away as well.
do $$
declare
  written_once text;
begin
  foreach written_once in array array['approval', 'repaired_debit'] loop
    if to_regclass(written_once) is not null then
      execute format('revoke delete, truncate on %I from mpp_run', written_once);
    end if;
  end loop;
  foreach written_once in array array['payment_history', 'operator_action', 'record_anchor', 'customer_erasure',
    'service_switch_change'] loop
    if to_regclass(written_once) is not null then
      execute format('revoke update, delete, truncate on %I from mpp_run', written_once);
    end if;
  end loop;
  -- Their text may be sealed with another key, or be erased.
  if to_regclass('payment_note') is not null then
    revoke update, delete, truncate on payment_note from mpp_run;
    grant update (body) on payment_note to mpp_run;
  end if;
end $$;
