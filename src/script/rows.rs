//! What a dump program writes around the rows of a table so that they are loaded faster: a transaction of a table's own.
//!
//! Where each statement is committed together with its record it means nothing, and is passed over: in this shape alone, in which nothing
//! but rows of one table is in it, so that nobody can have meant it for anything else. mariadb-dump writes it since 11.8, and all of
//! them do with `--no-autocommit` (<https://mariadb.com/kb/en/mariadb-dump/>).

use super::pattern::{Opening, Rule, rule};
use super::{Kind, Statement, Syntax};

/// What a statement is to the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// `SET autocommit = 0`.
    Off,
    /// The same, with a variable that keeps what there was.
    OffAndKept,
    /// What stands around rows, or a setting for them that commits nothing.
    Around,
    /// Rows with their values.
    Rows,
    Commit,
    /// The setting is put back from the variable.
    PutBack,
}

static PARTS: &[Rule<Part>] = &[
    rule(&["SET"], "AUTOCOMMIT = 0 $", Part::Off),
    rule(
        &["SET"],
        "@ OLD_AUTOCOMMIT = @ @ AUTOCOMMIT , @ @ AUTOCOMMIT = 0 $",
        Part::OffAndKept,
    ),
    rule(&["SET"], "AUTOCOMMIT = @ OLD_AUTOCOMMIT $", Part::PutBack),
    rule(&["LOCK"], "TABLES _ WRITE $", Part::Around),
    rule(&["UNLOCK"], "TABLES $", Part::Around),
    rule(&["ALTER"], "TABLE _ DISABLE|ENABLE KEYS $", Part::Around),
    rule(
        &["INSERT", "REPLACE"],
        "DELAYED? IGNORE? INTO ^ _ (*)? VALUES (",
        Part::Rows,
    ),
    rule(&["COMMIT"], "$", Part::Commit),
];

/// Marks what is passed over.
pub(super) fn pass_over(text: &str, statements: &mut [Statement], syntax: Syntax) {
    if !matches!(syntax, Syntax::Mysql(_)) {
        return;
    }
    let mut at = 0;
    while let Some(rest) = statements.get(at..).filter(|rest| !rest.is_empty()) {
        match shape(text, rest, syntax) {
            Some(passed) => {
                for place in &passed {
                    statements[at + place].kind = Kind::Client;
                }
                at += passed.last().map_or(1, |last| last + 1);
            }
            None => at += 1,
        }
    }
}

/// The places of what is passed over, where the statements begin with the shape.
fn shape(text: &str, statements: &[Statement], syntax: Syntax) -> Option<Vec<usize>> {
    let part = |at: usize| {
        let body = text.get(statements.get(at)?.body.clone())?;
        let found = Opening::of(body, syntax)?.find(PARTS)?;
        let mut table = found.names;
        let table = table.find(|token| !token.is_beside()).map(|token| token.text(body));
        Some((*found.says, table.filter(|_| *found.says == Part::Rows)))
    };
    let (begin, _) = part(0)?;
    if !matches!(begin, Part::Off | Part::OffAndKept) {
        return None;
    }
    let (mut at, mut table) = (1, None);
    loop {
        match part(at)? {
            (Part::Around, _) => {}
            (Part::Rows, named) if table.is_none() || table == named => table = named,
            (Part::Commit, _) => break,
            _ => return None,
        }
        at += 1;
    }
    match begin {
        Part::Off => Some(vec![0, at]),
        _ => matches!(part(at + 1)?, (Part::PutBack, _)).then(|| vec![0, at, at + 1]),
    }
}
