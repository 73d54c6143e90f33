//! What a connection is set to, beside one of SQLite's shell.

use crate::database::Setting;
use crate::database::target::words::{Fate, Word};

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

/// The word of its URLs.
pub(super) const MODE: Word = Word::one_of(
    "mode",
    &[
        ("rwc", Fate::Done),
        ("rw", Fate::Done),
        ("ro", Fate::Done),
        (
            "memory",
            Fate::Refused("a database in memory is gone when the command ends: name a file"),
        ),
    ],
    "Whether a file that is not there is made: with `rwc`, the default, by whatever writes; with `rw` and `ro` never.",
);
