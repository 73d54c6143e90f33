//! What a statement is: tables of word patterns, matched against its first tokens.

use super::lexer::{Lexer, TokenKind};
use super::objects::opening;
use super::pattern::{self, is_one_of, no, rule, rule_except};
use super::{Kind, Strings, Syntax, pragmas};

type Rule = pattern::Rule<Kind>;

const STANDARD: Kind = Kind::StringRule(Some(Strings::Standard));
const ESCAPED: Kind = Kind::StringRule(Some(Strings::Escaped));

/// Transaction control: <https://www.postgresql.org/docs/current/sql-begin.html> and its neighbours.
/// Not inside a transaction block: tests/conformance/block tries every command on real servers, and knows since when. What is
/// refused only for some objects, which the text does not tell, is missing on purpose: see `POSTGRES_MANNERS`.
static POSTGRES: &[Rule] = &[
    rule(&["BEGIN"], "", Kind::Transaction),
    rule(&["START"], "TRANSACTION", Kind::Transaction),
    rule(&["COMMIT"], "", Kind::Transaction),
    rule(&["END"], "", Kind::Transaction),
    rule(&["ABORT"], "", Kind::Transaction),
    rule_except(&["ROLLBACK"], "", &["WORK|TRANSACTION? TO"], Kind::Transaction),
    rule(&["PREPARE"], "TRANSACTION '*'", Kind::Transaction),
    rule(
        &["SET"],
        "LOCAL|SESSION? TRANSACTION|TRANSACTION_ISOLATION",
        Kind::Characteristics,
    ),
    rule(
        &["SET"],
        "SESSION|LOCAL? STANDARD_CONFORMING_STRINGS TO|= OFF|FALSE|NO|0|'off'|'false'|'no'|'0'",
        ESCAPED,
    ),
    rule(
        &["SET"],
        "SESSION|LOCAL? STANDARD_CONFORMING_STRINGS TO|= ON|TRUE|YES|1|'on'|'true'|'yes'|'1'",
        STANDARD,
    ),
    rule(
        &["SELECT"],
        "SET_CONFIG ( 'standard_conforming_strings' , 'off'|'false'|'no'|'0' ,",
        ESCAPED,
    ),
    rule(
        &["SELECT"],
        "SET_CONFIG ( 'standard_conforming_strings' , 'on'|'true'|'yes'|'1' ,",
        STANDARD,
    ),
    rule(
        &["SELECT"],
        "PG_CATALOG . SET_CONFIG ( 'standard_conforming_strings' , 'off'|'false'|'no'|'0' ,",
        ESCAPED,
    ),
    rule(
        &["SELECT"],
        "PG_CATALOG . SET_CONFIG ( 'standard_conforming_strings' , 'on'|'true'|'yes'|'1' ,",
        STANDARD,
    ),
    rule(
        &["SET"],
        "SESSION|LOCAL? STANDARD_CONFORMING_STRINGS TO|= DEFAULT",
        Kind::StringRule(None),
    ),
    rule(&["RESET"], "STANDARD_CONFORMING_STRINGS|ALL", Kind::StringRule(None)),
    rule(&["CREATE"], "UNIQUE? INDEX CONCURRENTLY", Kind::Outside),
    rule(&["DROP"], "INDEX CONCURRENTLY", Kind::Outside),
    rule(&["REINDEX"], "(*)? SCHEMA|DATABASE|SYSTEM", Kind::Outside),
    rule_except(
        &["REINDEX"],
        "… CONCURRENTLY",
        &[no!("( … CONCURRENTLY")],
        Kind::Outside,
    ),
    rule(&["VACUUM"], "", Kind::Outside),
    rule(&["CLUSTER"], "VERBOSE? $", Kind::Outside),
    rule(&["CLUSTER"], "(*)? $", Kind::Outside),
    rule(&["REPACK"], "(*)? $", Kind::Outside),
    rule(&["REPACK"], "(*)? USING INDEX $", Kind::Outside),
    rule_except(
        &["REPACK"],
        "( … CONCURRENTLY",
        &[no!("( … CONCURRENTLY")],
        Kind::Outside,
    ),
    rule_except(
        &["REPACK"],
        "( … ANALYZE|ANALYSE",
        &[no!("( … ANALYZE|ANALYSE")],
        Kind::Outside,
    ),
    rule(&["CREATE", "DROP"], "DATABASE", Kind::Outside),
    rule(&["ALTER"], "DATABASE _ SET|WITH? TABLESPACE", Kind::Outside),
    rule(&["CREATE", "DROP"], "TABLESPACE", Kind::Outside),
    rule(&["ALTER"], "SYSTEM", Kind::Outside),
    rule_except(
        &["CREATE"],
        "SUBSCRIPTION",
        &[no!("SUBSCRIPTION … CONNECT|CREATE_SLOT =")],
        Kind::Outside,
    ),
    rule(&["ALTER"], "SUBSCRIPTION _ REFRESH PUBLICATION", Kind::Outside),
    rule_except(
        &["ALTER"],
        "SUBSCRIPTION _ SET|ADD|DROP PUBLICATION",
        &[no!("SUBSCRIPTION … REFRESH =")],
        Kind::Outside,
    ),
    rule(&["ALTER"], "SUBSCRIPTION _ SET ( … FAILOVER", Kind::Outside),
    rule(&["ALTER"], no!("SUBSCRIPTION _ SET ( … TWO_PHASE ="), Kind::Outside),
    rule(&["ALTER"], "TABLE … DETACH PARTITION … CONCURRENTLY", Kind::Outside),
    rule(&["DISCARD"], "ALL", Kind::Outside),
];

/// <https://www.sqlite.org/lang_transaction.html>, <https://www.sqlite.org/lang_vacuum.html>.
/// ATTACH and DETACH work inside a transaction, or fail there with an error of their own.
static SQLITE: &[Rule] = &[
    rule(&["BEGIN"], "", Kind::Transaction),
    rule(&["COMMIT"], "", Kind::Transaction),
    rule(&["END"], "", Kind::Transaction),
    rule_except(
        &["ROLLBACK"],
        "",
        &["TRANSACTION? TO", "TRANSACTION _ TO"],
        Kind::Transaction,
    ),
    rule(&["VACUUM"], "", Kind::Outside),
];

/// Transaction control: <https://dev.mysql.com/doc/refman/8.4/en/commit.html>, <https://dev.mysql.com/doc/refman/8.4/en/xa-statements.html>.
static MYSQL: &[Rule] = &[
    rule_except(&["BEGIN"], "", &["NOT ATOMIC"], Kind::Transaction),
    rule(&["START"], "TRANSACTION", Kind::Transaction),
    rule(&["COMMIT"], "", Kind::Transaction),
    rule_except(&["ROLLBACK"], "", &["WORK? TO"], Kind::Transaction),
    rule(&["XA"], "", Kind::Transaction),
    rule(&["SET"], "TRANSACTION", Kind::Characteristics),
    rule(&["LOAD"], "DATA|XML LOW_PRIORITY|CONCURRENT? LOCAL", Kind::LocalData),
    // https://mariadb.com/kb/en/backup-stage/, https://mariadb.com/kb/en/backup-lock/
    rule(
        &["FLUSH"],
        "NO_WRITE_TO_BINLOG|LOCAL? TABLE|TABLES WITH READ LOCK",
        Kind::ReadLock,
    ),
    rule_except(&["BACKUP"], "STAGE|LOCK", &["STAGE END"], Kind::ReadLock),
];

/// Statements that only set the session: a script that is resumed in another session needs them again.
static POSTGRES_SETTINGS: &[Rule] = &[
    rule_except(
        &["SET"],
        "",
        &["LOCAL|CONSTRAINTS|TRANSACTION|TRANSACTION_ISOLATION"],
        Kind::Plain,
    ),
    rule(&["RESET", "LOAD", "DISCARD"], "", Kind::Plain),
    rule_except(&["PREPARE"], "", &["TRANSACTION '*'"], Kind::Plain),
    rule(&["SELECT"], "SET_CONFIG (*) $", Kind::Plain),
    rule(&["SELECT"], "PG_CATALOG . SET_CONFIG (*) $", Kind::Plain),
];

static MYSQL_SETTINGS: &[Rule] = &[
    rule_except(
        &["SET"],
        "",
        &[
            // SET STATEMENT … FOR sets what holds for one statement alone.
            "STATEMENT|GLOBAL|PERSIST|PERSIST_ONLY|PASSWORD|TRANSACTION|DEFAULT|RESOURCE",
            "@ @ GLOBAL|PERSIST|PERSIST_ONLY",
        ],
        Kind::Plain,
    ),
    rule(&["USE"], "", Kind::Plain),
    // LOCK TABLES is none: the locks end with the transaction that the next statement begins.
    rule(&["PREPARE"], "", Kind::Plain),
];

static SQLITE_SETTINGS: &[Rule] = &[rule(&["PRAGMA", "ATTACH", "DETACH"], "", Kind::Plain)];

/// Whether a statement only sets the session.
pub(super) fn is_setting(body: &str, syntax: Syntax) -> bool {
    let rules = match syntax {
        Syntax::Postgres(_) => POSTGRES_SETTINGS,
        Syntax::Sqlite => SQLITE_SETTINGS,
        Syntax::Mysql(_) => MYSQL_SETTINGS,
    };
    opening(body, syntax).is_some_and(|opening| opening.find(rules).is_some())
}

/// The kind of a statement whose body is `body`. COPY FROM STDIN comes back with an empty range of data: only the
/// caller knows what follows the statement.
pub(super) fn classify(body: &str, syntax: Syntax) -> Kind {
    let Some(opening) = opening(body, syntax) else {
        return Kind::Plain;
    };
    let rules = match syntax {
        Syntax::Postgres(_) => POSTGRES,
        Syntax::Sqlite => SQLITE,
        // A compound statement.
        Syntax::Mysql(mode) if mode.oracle && opening.is("BEGIN") => return Kind::Plain,
        Syntax::Mysql(_) => MYSQL,
    };
    if matches!(syntax, Syntax::Postgres(_)) && opening.is("COPY") {
        return copy(body, opening.rest);
    }
    if syntax == Syntax::Sqlite && opening.is("PRAGMA") {
        return pragmas::kind(body, &opening.rest);
    }
    opening.find(rules).map_or(Kind::Plain, |found| found.says.clone())
}

/// `COPY … FROM|TO` at the outer level, then where: the server takes STDIN and STDOUT for each other
/// (`gram.y`, "copy_file_name").
fn copy(body: &str, tokens: Lexer<'_>) -> Kind {
    let mut depth = 0_usize;
    let mut direction = None;
    for token in tokens.filter(|token| !token.is_beside()) {
        let word = if token.kind == TokenKind::Word {
            token.text(body)
        } else {
            ""
        };
        if let Some(kind) = direction {
            return if is_one_of("STDIN|STDOUT", word) {
                kind
            } else {
                Kind::Plain
            };
        }
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if is_one_of("FROM", word) => direction = Some(Kind::CopyIn { data: 0..0 }),
            _ if is_one_of("TO", word) => direction = Some(Kind::CopyOut),
            _ => {}
        }
    }
    Kind::Plain
}
