//! What scripts of other tools say about transactions and foreign keys in SQL, said as directives: syncline opens the transaction.

use std::ops::Range;

use crate::catalog::source::Found;
use crate::script::{self, Bound, Boundary, Characteristics, Kind, Parsed, Syntax};

/// The directive line that says a script runs statement by statement.
pub(super) const OUTSIDE: &str = "-- syncline: no-transaction";
/// The directive line that says a script is meant to do nothing.
pub(in crate::catalog) const EMPTY: &str = "-- syncline: empty";
const UNCHECKED: &str = "-- syncline: foreign-keys=off";

/// What a statement says that matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Begin(Characteristics),
    Commit,
    /// A pragma that switches the checks of foreign keys off.
    Unchecked,
    /// A pragma that switches them on.
    Checked,
    /// What foreign keys may answer with other changes, or refuse: rows or tables go away.
    Removes,
    Other,
}

/// What was made of the transactions of a script, where that is worth a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::catalog) enum Adapted {
    /// It begins and ends some itself, beside other statements: all of it runs in one, or statement by statement.
    Several,
    /// It ends the one that its tool has begun, as the last thing that it does.
    Ended,
}

/// What a layout puts before a script. Its other lines keep their places in the file.
pub(in crate::catalog) fn say(found: &mut Found, directive: &str) {
    found.text.insert_str(0, &format!("{directive}\n"));
    found.first_line -= 1;
}

/// A script that begins and ends its own transaction is one that runs in ours; on SQLite, one that switches foreign keys off says so
/// before its transaction. Where the tool opens no transaction itself (`bare`), one without its own runs statement by statement.
/// Everything else is left as it is, and refused where it cannot run.
pub(in crate::catalog) fn adapt(found: &mut Found, syntax: Syntax, bare: bool) -> Option<Adapted> {
    let text = &found.text;
    let parsed = script::parse(text, syntax).ok()?;
    let mut statements: Vec<(Says, Range<usize>)> = parsed
        .sent()
        .map(|statement| {
            let body = text.get(statement.body.clone()).unwrap_or_default();
            (says(body, syntax), statement.body.start..statement.piece.end)
        })
        .collect();
    let all: Vec<Says> = statements.iter().map(|(says, _)| *says).collect();
    let is_pragma = |says: &Says| matches!(says, Says::Unchecked | Says::Checked);
    let rest: Vec<Says> = all.iter().copied().filter(|says| !is_pragma(says)).collect();
    let own = own_transactions(&rest)?;
    let switched = switched(&all)?;
    let is_outside = parsed.directives.place("no-transaction").is_some();
    let engine_has_none = !syntax.transactional_ddl();
    // It ends nothing where nothing was begun, and is passed over there.
    if own == Own::Ended && (is_outside || bare || engine_has_none) {
        if bare && !is_outside {
            say(found, OUTSIDE);
        }
        return None;
    }
    let outside = own == Own::Several && several(&parsed, text, syntax, is_outside || engine_has_none)?;
    // Without a transaction the pragmas work by themselves.
    if bare && own == Own::None && !is_outside {
        say(found, OUTSIDE);
        return None;
    }
    if is_outside && !outside {
        // A transaction around everything says more than the line that there is none.
        let said = if own == Own::None { None } else { unsay(found, OUTSIDE) };
        let before = said?;
        for (_, range) in &mut statements {
            *range = range.start - before..range.end - before;
        }
    }
    let text = &found.text;
    let kept = |says: &Says| matches!(says, Says::Other | Says::Removes) || outside && is_pragma(says);
    let gone: Vec<Range<usize>> = statements
        .iter()
        .filter(|(says, _)| !kept(says))
        .map(|(_, range)| range.clone())
        .collect();
    let is_named = |name| parsed.directives.place(name).is_some();
    let isolation = rest.iter().find_map(|says| match says {
        Says::Begin(how) => how.isolation,
        _ => None,
    });
    if !gone.is_empty() {
        found.text = without(text, gone);
    }
    if switched && !outside && !is_named("foreign-keys") {
        say(found, UNCHECKED);
    }
    if let Some(level) = isolation.filter(|_| !is_named("isolation")) {
        say(found, &format!("-- syncline: isolation={}", level.directive()));
    }
    if outside && !is_outside && !engine_has_none {
        say(found, OUTSIDE);
    }
    match own {
        Own::Several => Some(Adapted::Several),
        Own::Ended => Some(Adapted::Ended),
        Own::None | Own::Whole => None,
    }
}

/// Whether a script with several transactions runs statement by statement, or else in one. `None` where it can do neither: what holds
/// until the end of one of them would hold for what comes after it, too.
fn several(parsed: &Parsed, text: &str, syntax: Syntax, is_outside: bool) -> Option<bool> {
    let bodies = parsed
        .sent()
        .map(|statement| text.get(statement.body.clone()).unwrap_or_default());
    let bound: Vec<Bound> = bodies.filter_map(|body| script::bound(body, syntax)).collect();
    let kinds = || parsed.sent().map(|statement| &statement.kind);
    if bound.contains(&Bound::Lasts)
        || kinds().any(|kind| *kind == Kind::Characteristics)
        || parsed.directives.isolation.is_some()
    {
        return None;
    }
    let outside = is_outside || kinds().any(|kind| *kind == Kind::Outside);
    (!outside || !bound.contains(&Bound::Needs)).then_some(outside)
}

/// A script of a tool that switches foreign keys off on SQLite while it runs. Without a transaction a pragma says so.
pub(in crate::catalog) fn unchecked(found: &mut Found) {
    if unsay(found, OUTSIDE).is_some() {
        say(found, "PRAGMA foreign_keys = off;");
        return say(found, OUTSIDE);
    }
    say(found, UNCHECKED);
}

/// Takes back what [`say`] has said; with how long it was.
fn unsay(found: &mut Found, directive: &str) -> Option<usize> {
    let said = found.text.strip_prefix(directive)?.strip_prefix('\n')?.len();
    let before = found.text.len() - said;
    found.text.drain(..before);
    found.first_line += 1;
    Some(before)
}

/// Whether foreign keys are off where they matter. `None` where they matter in other places, too: a transaction has them on or off.
/// A pragma that switches them on alone does nothing in a transaction, and they are on as it is.
fn switched(statements: &[Says]) -> Option<bool> {
    let (mut off, mut was_off, mut matters) = (false, false, false);
    for says in statements {
        match says {
            Says::Unchecked => off = true,
            Says::Checked => off = false,
            Says::Removes => matters |= !off,
            _ => {}
        }
        was_off |= off;
    }
    (!(was_off && matters)).then_some(was_off)
}

/// The transactions that a script begins and ends itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    None,
    /// One, and everything is in it.
    Whole,
    /// Some, and other statements or none between them.
    Several,
    /// None, but it ends one at its end.
    Ended,
}

/// `None` where they do not fit together, or one of them is to be otherwise than ours can be.
fn own_transactions(statements: &[Says]) -> Option<Own> {
    // Within a transaction of the tool's it ends that one first and leaves another one open.
    let inner = match statements {
        [Says::Commit, inner @ .., Says::Begin(how)] if *how == Characteristics::default() => inner,
        all => all,
    };
    if let [Says::Begin(how), body @ .., Says::Commit] = inner
        && !body.iter().any(|says| matches!(says, Says::Begin(_) | Says::Commit))
    {
        return (!how.read_only).then_some(Own::Whole);
    }
    let (mut is_open, mut found) = (false, Own::None);
    for (place, says) in statements.iter().enumerate() {
        match says {
            Says::Begin(how) if !is_open && *how == Characteristics::default() => {
                (is_open, found) = (true, Own::Several);
            }
            Says::Commit if is_open => is_open = false,
            Says::Commit if found == Own::None && place + 1 == statements.len() => found = Own::Ended,
            Says::Begin(_) | Says::Commit => return None,
            _ => {}
        }
    }
    (!is_open).then_some(found)
}

/// One more than the longest of those below has: a statement may be a file of its own in length.
const MOST_WORDS: usize = 4;

fn says(statement: &str, syntax: Syntax) -> Says {
    let words: Vec<String> = statement
        .split(|c: char| c.is_whitespace() || c == '=' || c == ';')
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(str::to_ascii_lowercase)
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match script::boundary(statement, syntax) {
        Some(Boundary::Begin(how)) => return Says::Begin(how),
        Some(Boundary::Commit) => return Says::Commit,
        None => {}
    }
    match words.as_slice() {
        ["delete" | "update" | "replace" | "drop" | "with", ..] | ["insert", "or", ..] => Says::Removes,
        ["pragma", "foreign_keys", "off" | "0" | "false" | "no"] if syntax == Syntax::Sqlite => Says::Unchecked,
        ["pragma", "foreign_keys", "on" | "1" | "true" | "yes"] if syntax == Syntax::Sqlite => Says::Checked,
        _ => Says::Other,
    }
}

/// The text without these places, which come in its order; its lines keep their numbers.
pub(super) fn without(text: &str, places: impl IntoIterator<Item = Range<usize>>) -> String {
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        left.push_str(text.get(at..place.start).unwrap_or_default());
        let breaks = text.get(place.clone()).unwrap_or_default();
        left.extend(breaks.chars().filter(|c| matches!(c, '\n' | '\r')));
        at = place.end;
    }
    left.push_str(text.get(at..).unwrap_or_default());
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::Direction;

    fn adapted(text: &str, syntax: Syntax) -> (String, i32) {
        let mut found = Found {
            id: "1".parse().unwrap(),
            name: String::new(),
            direction: Direction::Up,
            path: String::new(),
            first_line: 0,
            text: text.to_owned(),
            can_be_cut: false,
        };
        adapt(&mut found, syntax, false);
        (found.text, found.first_line)
    }

    #[test]
    fn a_script_that_is_one_transaction_runs_in_ours() {
        let cases = [
            ("BEGIN;\nSELECT 1;\nCOMMIT;\n", "\nSELECT 1;\n\n", 0),
            ("-- why\nbegin transaction;SELECT 1;end\n", "-- why\nSELECT 1;\n", 0),
            (
                "PRAGMA foreign_keys=off;\nBEGIN;\nSELECT 1;\nCOMMIT;\nPRAGMA foreign_keys=on;",
                "-- syncline: foreign-keys=off\n\n\nSELECT 1;\n\n",
                -1,
            ),
            (
                "COMMIT TRANSACTION;\nPRAGMA foreign_keys = OFF;\nBEGIN TRANSACTION;\nSELECT 1;\nCOMMIT;\nPRAGMA foreign_keys = ON;\nBEGIN;\n",
                "-- syncline: foreign-keys=off\n\n\n\nSELECT 1;\n\n\n\n",
                -1,
            ),
            (
                "PRAGMA foreign_keys=0;\nSELECT 1;\n",
                "-- syncline: foreign-keys=off\n\nSELECT 1;\n",
                -1,
            ),
        ];
        for (text, wanted, before) in cases {
            assert_eq!(adapted(text, Syntax::Sqlite), (wanted.to_owned(), before), "{text}");
        }
    }

    #[test]
    fn transactions_beside_other_statements_become_one_or_none() {
        let postgres = Syntax::Postgres(Default::default());
        for (text, wanted, before) in [
            (
                "BEGIN;\nSELECT 1;\nCOMMIT;\nSELECT 2;\n",
                "\nSELECT 1;\n\nSELECT 2;\n",
                0,
            ),
            (
                "SELECT 0; BEGIN; SELECT 1; COMMIT; BEGIN; LOCK TABLE a; END;",
                "SELECT 0;  SELECT 1;   LOCK TABLE a; ",
                0,
            ),
            (
                "BEGIN;\nSELECT 1;\nCOMMIT;\nCREATE INDEX CONCURRENTLY i ON a (id);\n",
                "-- syncline: no-transaction\n\nSELECT 1;\n\nCREATE INDEX CONCURRENTLY i ON a (id);\n",
                -1,
            ),
            ("SELECT 1;\nCOMMIT;\n", "SELECT 1;\n\n", 0),
            (
                "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE;\nSELECT 1;\nCOMMIT AND NO CHAIN;\n",
                "-- syncline: isolation=repeatable-read\n\nSELECT 1;\n\n",
                -1,
            ),
        ] {
            assert_eq!(adapted(text, postgres), (wanted.to_owned(), before), "{text}");
        }
    }

    #[test]
    fn what_is_more_than_one_transaction_is_left_to_be_refused() {
        for text in [
            "SELECT 1; COMMIT; BEGIN; SELECT 2;",
            "SELECT 1; COMMIT; SELECT 2;",
            "BEGIN; SELECT 1; COMMIT; COMMIT;",
            "BEGIN; BEGIN; SELECT 1; COMMIT;",
            "BEGIN READ ONLY; SELECT 1; COMMIT;",
            "BEGIN; SET LOCAL search_path = a; COMMIT; SELECT 1;",
            "BEGIN; SET CONSTRAINTS ALL DEFERRED; COMMIT; SELECT 1;",
            "BEGIN; SELECT pg_catalog.set_config('a', 'b', true); COMMIT; SELECT 1;",
            "BEGIN; CREATE TEMP TABLE t (id int) ON COMMIT DROP; COMMIT; SELECT 1;",
            "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT; SELECT 2;",
            "BEGIN; LOCK TABLE a; COMMIT; CREATE INDEX CONCURRENTLY i ON a (id);",
            "BEGIN; SELECT 1;",
            "BEGIN; SELECT 1; ROLLBACK;",
            "SELECT 'BEGIN;'",
        ] {
            assert_eq!(
                adapted(text, Syntax::Postgres(Default::default())),
                (text.to_owned(), 0)
            );
        }
    }
}
