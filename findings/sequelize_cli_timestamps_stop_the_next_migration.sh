#!/usr/bin/env bash
# sequelize-cli 6.6.5: `db:migrate:schema:timestamps:add` leaves a table that the next `db:migrate` cannot write: the migration runs, and no row tells of it.
#
# The command gives SequelizeMeta two columns that may not be NULL (https://github.com/sequelize/cli: "Update migration table to have
# timestamps"). `db:migrate` goes on writing the name alone, unless the configuration has `migrationTimestamps`. So the migration is carried out,
# its row is refused as "Validation error", and the next `db:migrate` would run it again.
#
# Seen on 2026-12-01 with sequelize-cli 6.6.5, sequelize 6.37.8 and sqlite3 5.1.7 from npm:
#   columns: name,createdAt,updatedAt
#   the next migration: ERROR: Validation error
#   its table is there: 1
#   its row is there: 0
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund sequelize-cli@6.6.5 sequelize@6.37.8 sqlite3@5.1.7

mkdir migrations
cat >config.js <<'END'
module.exports = { development: { dialect: 'sqlite', storage: 'd.sqlite', logging: false } };
END
migration() {
    printf "module.exports = { up: (q, S) => q.createTable('%s', { id: S.INTEGER }), down: (q) => q.dropTable('%s') };\n" "$1" "$1"
}
cli() {
    node_modules/.bin/sequelize-cli --config config.js "$@" 2>&1
}
ask() {
    node -e "const d = new (require('sqlite3').Database)('d.sqlite'); d.all(process.argv[1], (e, rows) => console.log(rows.map((r) => r.x).join(',')))" "$1"
}
# expect WHAT WANTED FOUND: prints it, and fails where it has changed.
expect() {
    echo "$1: $3"
    [ "$2" = "$3" ] || { echo "it was: $2" >&2 && exit 1; }
}

migration a >migrations/20260101000000-a.js
cli db:migrate >/dev/null
cli db:migrate:schema:timestamps:add >/dev/null
expect columns name,createdAt,updatedAt "$(ask "SELECT name AS x FROM pragma_table_info('SequelizeMeta')")"
migration b >migrations/20260102000000-b.js
expect "the next migration" "ERROR: Validation error" "$(cli db:migrate | grep ERROR)"
expect "its table is there" 1 "$(ask "SELECT count(*) AS x FROM sqlite_schema WHERE name = 'b'")"
expect "its row is there" 0 "$(ask "SELECT count(*) AS x FROM SequelizeMeta WHERE name LIKE '%-b.js'")"
