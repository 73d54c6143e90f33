//! Words of other drivers and tools for SQLite.

use super::{BUSY, Foreign, MIGRATIONS, POOL, PRAGMA, TYPES, of};

/// Those of drivers for SQLite.
pub(in super::super) const SQLITE: &[Foreign] = &[
    of(
        "SQLite's own URLs",
        "cache",
        "one connection shares with nobody: leave it out",
    ),
    of("SQLite's own URLs", "immutable", "a history is written: leave it out"),
    of(
        "SQLite's own URLs",
        "nolock",
        "without locks two runs would write at once: leave it out",
    ),
    of(
        "SQLite's own URLs",
        "vfs",
        "the file system's own is used: leave it out",
    ),
    of("SQLite's own URLs", "psow", "leave it out"),
    of("SQLite's own URLs", "modeof", "leave it out"),
    of("Go", "_pragma", PRAGMA),
    of("Go", "_foreign_keys", PRAGMA),
    of("Go", "_fk", PRAGMA),
    of("Go", "_journal_mode", PRAGMA),
    of("Go", "_journal", PRAGMA),
    of("Go", "_synchronous", PRAGMA),
    of("Go", "_sync", PRAGMA),
    of("Go", "_busy_timeout", BUSY),
    of("Go", "_timeout", BUSY),
    of(
        "Go",
        "_txlock",
        "a migration takes the lock at its beginning: leave it out",
    ),
    of("Go", "_time_format", TYPES),
    of("Go", "_loc", TYPES),
    of("Go", "_auth", "files are not protected by passwords: leave it out"),
    of("JDBC", "journal_mode", PRAGMA),
    of("JDBC", "foreign_keys", PRAGMA),
    of("JDBC", "synchronous", PRAGMA),
    of("JDBC", "busy_timeout", BUSY),
    of("JDBC", "date_class", TYPES),
    of("Python", "timeout", BUSY),
    of("Python", "check_same_thread", POOL),
    of("SQLAlchemy", "uri", "leave it out: the file stands behind `sqlite:`"),
    of("Prisma", "connection_limit", POOL),
    of("Prisma", "socket_timeout", BUSY),
    of("Rails", "pool", POOL),
    of(
        "golang-migrate",
        "x-migrations-table",
        "here `history-table` of the configuration names the table; `syncline adopt` takes over that one",
    ),
    of("golang-migrate", "x-no-tx-wrap", MIGRATIONS),
];
