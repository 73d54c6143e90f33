//! What a connection is set to, beside one of SQLite's shell.

use crate::database::Setting;

/// What is otherwise. `tests/conformance/session.rs` compares them.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "foreign_keys",
        means: "on, as in most applications: rows that break a foreign key are refused. `foreign-keys=off` is a directive",
    },
    Setting {
        name: "busy_timeout",
        means: "200 ms: a statement waits so long for another writer, and the run as long as `lock-wait` says. Changes no rows",
    },
];
