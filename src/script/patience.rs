//! Whether a statement that waits for others keeps anybody else waiting meanwhile.

use super::Syntax;
use super::pattern::{Opening, Rule, no, rule, rule_except};

/// Whether a statement keeps nobody waiting who reads or writes, however long it waits itself: it needs no limit.
///
/// That is a fact of each statement, and not what the word CONCURRENTLY says.
pub fn keeps_nobody_waiting(statement: &str, syntax: Syntax) -> bool {
    let rules = match syntax {
        Syntax::Postgres(_) => POSTGRES,
        Syntax::Sqlite | Syntax::Mysql(_) => &[],
    };
    Opening::of(statement, syntax).is_some_and(|opening| opening.find(rules).is_some())
}

/// These ask for a ShareUpdateExclusiveLock, which neither readers nor writers meet, and then wait for transactions to end
/// (<https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY>). The index that DROP INDEX locks at its
/// end is one that nobody uses any more. tests/conformance/waits tries them, and those that are missing on purpose:
///
/// - `DETACH PARTITION … CONCURRENTLY` waits for an AccessExclusiveLock of the partition at its end, with all readers behind it,
/// - so does `REPACK (CONCURRENTLY)`, of its table,
/// - `REFRESH MATERIALIZED VIEW CONCURRENTLY` takes a lock that keeps out who refreshes the view as well.
static POSTGRES: &[Rule<()>] = &[
    rule(&["CREATE"], "UNIQUE? INDEX CONCURRENTLY", ()),
    rule(&["DROP"], "INDEX CONCURRENTLY", ()),
    rule_except(&["REINDEX"], "… CONCURRENTLY", &[no!("( … CONCURRENTLY")], ()),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_alone_makes_no_statement_polite() {
        for (statement, polite) in [
            ("CREATE INDEX CONCURRENTLY i ON t (a)", true),
            ("create unique index concurrently if not exists i on t (a)", true),
            ("DROP INDEX CONCURRENTLY IF EXISTS i", true),
            ("REINDEX (VERBOSE) TABLE CONCURRENTLY t", true),
            ("REINDEX (CONCURRENTLY) SCHEMA s", true),
            ("REINDEX (CONCURRENTLY off) TABLE t", false),
            ("REINDEX TABLE \"concurrently\"", false),
            ("CREATE INDEX \"concurrently\" ON t (a)", false),
            ("DROP TABLE \"concurrently\"", false),
            ("ALTER TABLE p DETACH PARTITION c CONCURRENTLY", false),
            ("REPACK (CONCURRENTLY) t", false),
            ("REFRESH MATERIALIZED VIEW CONCURRENTLY m", false),
            ("COMMENT ON TABLE t IS 'CREATE INDEX CONCURRENTLY'", false),
        ] {
            assert_eq!(
                keeps_nobody_waiting(statement, Syntax::Postgres(Default::default())),
                polite,
                "{statement}"
            );
        }
    }
}
