//! Pragmas of SQLite that mean something else, or nothing, where a migration runs: a table of facts.

use super::Kind;
use super::lexer::Lexer;
use super::pattern::segment;

/// Of a pragma.
struct Fact {
    name: &'static str,
    when: When,
    kind: Kind,
}

/// What has to be said behind the name.
enum When {
    /// Anything, or nothing.
    Always,
    /// A value.
    Set,
    /// A value that means yes.
    On,
    /// This word.
    To(&'static str),
}

const fn fact(name: &'static str, when: When, kind: Kind) -> Fact {
    Fact { name, when, kind }
}

/// <https://www.sqlite.org/pragma.html>. `tests/conformance/pragmas.rs` tries each pragma that the library knows, inside a transaction and
/// outside, and finds that these are all.
static FACTS: &[Fact] = &[
    fact(
        "foreign_keys",
        When::Set,
        Kind::IgnoredInside { pragma: "foreign_keys" },
    ),
    // "cannot change into wal mode from within a transaction"; between the other modes it may be changed.
    fact("journal_mode", When::Set, Kind::Outside),
    fact("synchronous", When::Set, Kind::Outside),
    // Without a value as well. In a transaction the lock is our own, and SQLite says "database table is locked".
    fact("wal_checkpoint", When::Always, Kind::Outside),
    fact("query_only", When::On, Kind::Hindering { pragma: "query_only" }),
    fact(
        "locking_mode",
        When::To("NORMAL"),
        Kind::Hindering { pragma: "locking_mode" },
    ),
];

/// What `PRAGMA name = value`, `PRAGMA schema.name(value)` and so on is, of which `tokens` are what follows the first word; the names may be
/// quoted.
pub(super) fn kind(body: &str, tokens: &Lexer<'_>) -> Kind {
    let place = segment("_ .", body, tokens.clone()).map_or_else(|| tokens.clone(), |fit| fit.end);
    let mut words = place
        .filter(|token| !token.is_beside())
        .map(|token| bare(token.text(body)));
    let name = words.next().unwrap_or_default();
    let value = words
        .next()
        .filter(|sign| matches!(*sign, "=" | "("))
        .and_then(|_| words.next());
    let holds = |fact: &&Fact| {
        fact.name.eq_ignore_ascii_case(name)
            && match (&fact.when, value) {
                (When::Always, _) | (When::Set, Some(_)) => true,
                (When::On, Some(value)) => is_yes(value),
                (When::To(word), Some(value)) => word.eq_ignore_ascii_case(value),
                (_, None) => false,
            }
    };
    FACTS.iter().find(holds).map_or(Kind::Plain, |fact| fact.kind.clone())
}

fn bare(word: &str) -> &str {
    word.trim_matches(['"', '\'', '`', '[', ']'])
}

/// As SQLite reads it (`sqlite3GetBoolean`).
fn is_yes(value: &str) -> bool {
    let is = |word: &str| value.eq_ignore_ascii_case(word);
    is("on") || is("yes") || is("true") || value.parse::<u64>().is_ok_and(|number| number != 0)
}

#[cfg(test)]
mod tests {
    use super::super::{Syntax, parse};
    use super::*;

    fn kind_of(text: &str) -> Kind {
        parse(text, Syntax::Sqlite).unwrap().statements.remove(0).kind
    }

    #[test]
    fn a_pragma_is_known_however_it_is_written() {
        for text in [
            "PRAGMA wal_checkpoint",
            "pragma WAL_Checkpoint(TRUNCATE)",
            "PRAGMA wal_checkpoint = FULL",
            "PRAGMA main.wal_checkpoint(RESTART)",
            "PRAGMA/**/\"main\" . 'wal_checkpoint' -- now\n ( passive )",
            "PRAGMA [wal_checkpoint]",
            "PRAGMA journal_mode = WAL",
            "PRAGMA temp.synchronous(1)",
        ] {
            assert_eq!(kind_of(text), Kind::Outside, "{text}");
        }
        for text in [
            "PRAGMA query_only = 2",
            "PRAGMA query_only(yes)",
            "PRAGMA main.query_only = 'ON'",
        ] {
            assert_eq!(kind_of(text), Kind::Hindering { pragma: "query_only" }, "{text}");
        }
        assert_eq!(
            kind_of("PRAGMA locking_mode(normal)"),
            Kind::Hindering { pragma: "locking_mode" }
        );
    }

    #[test]
    fn what_only_asks_or_switches_off_is_nothing_special() {
        for text in [
            "PRAGMA journal_mode",
            "PRAGMA main.synchronous",
            "PRAGMA foreign_keys;",
            "PRAGMA query_only",
            "PRAGMA query_only = OFF",
            "PRAGMA query_only(0)",
            "PRAGMA locking_mode = EXCLUSIVE",
            "PRAGMA wal_autocheckpoint = 7",
            "SELECT * FROM pragma_journal_mode",
        ] {
            assert_eq!(kind_of(text), Kind::Plain, "{text}");
        }
    }
}
