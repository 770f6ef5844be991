#!/bin/sh
# Runs once, when the database is made: the three roles of docs/roles.sql, with passwords from files.
set -eu
run() { psql --set ON_ERROR_STOP=1 --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"; }
run --file /roles.sql
run --set migrate="$(cat /secrets/migrate-password)" --set run="$(cat /secrets/run-password)" <<'SQL'
alter role mpp_migrate password :'migrate';
alter role mpp_run password :'run';
revoke connect on database :"DBNAME" from public;
SQL
