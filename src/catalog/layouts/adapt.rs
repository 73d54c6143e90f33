//! What scripts of other tools say about transactions and foreign keys in SQL, said as directives: syncline opens the transaction.

use std::ops::Range;

use crate::catalog::source::Found;
use crate::script::{self, Syntax};

/// The directive line that says a script runs statement by statement.
pub(super) const OUTSIDE: &str = "-- syncline: no-transaction";
/// The directive line that says a script is meant to do nothing.
pub(in crate::catalog) const EMPTY: &str = "-- syncline: empty";
const UNCHECKED: &str = "-- syncline: foreign-keys=off";

/// What a statement says that matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Begin,
    Commit,
    /// A pragma that switches the checks of foreign keys off.
    Unchecked,
    /// A pragma that switches them on.
    Checked,
    /// What foreign keys may answer with other changes, or refuse: rows or tables go away.
    Removes,
    Other,
}

/// What a layout puts before a script. Its other lines keep their places in the file.
pub(in crate::catalog) fn say(found: &mut Found, directive: &str) {
    found.text.insert_str(0, &format!("{directive}\n"));
    found.first_line -= 1;
}

/// A script that begins and ends its own transaction is one that runs in ours; on SQLite, one that switches foreign keys off says so
/// before its transaction. Where the tool opens no transaction itself (`bare`), one without its own runs statement by statement.
/// Everything else is left as it is, and refused where it cannot run.
pub(in crate::catalog) fn adapt(found: &mut Found, syntax: Syntax, bare: bool) {
    let text = &found.text;
    let Ok(parsed) = script::parse(text, syntax) else {
        return;
    };
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
    let (own, body) = own_transaction(&rest);
    if body.contains(&Says::Begin) || body.contains(&Says::Commit) {
        return;
    }
    let Some(switched) = switched(&all) else { return };
    let outside = parsed.directives.place("no-transaction").is_some();
    // Without a transaction the pragmas work by themselves.
    if bare && !own && !outside {
        return say(found, OUTSIDE);
    }
    if outside {
        // A transaction around everything says more than the line that there is none.
        let said = if own { unsay(found, OUTSIDE) } else { None };
        let Some(before) = said else { return };
        for (_, range) in &mut statements {
            *range = range.start - before..range.end - before;
        }
    }
    let text = &found.text;
    let gone: Vec<Range<usize>> = statements
        .iter()
        .filter(|(says, _)| !matches!(says, Says::Other | Says::Removes))
        .map(|(_, range)| range.clone())
        .collect();
    let named = parsed.directives.place("foreign-keys").is_some();
    if !gone.is_empty() {
        found.text = without(text, gone);
    }
    if switched && !named {
        say(found, UNCHECKED);
    }
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

/// Whether a script is one transaction of its own, and what is in it.
fn own_transaction(statements: &[Says]) -> (bool, &[Says]) {
    // Within a transaction of the tool's it ends that one first and leaves another one open.
    let inner = match statements {
        [Says::Commit, inner @ .., Says::Begin] => inner,
        all => all,
    };
    match inner {
        [Says::Begin, body @ .., Says::Commit] => (true, body),
        _ => (false, statements),
    }
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
    match words.as_slice() {
        ["begin", "transaction" | "work"] | ["begin"] | ["start", "transaction"] => Says::Begin,
        ["begin", "deferred" | "immediate" | "exclusive"]
        | ["begin", "deferred" | "immediate" | "exclusive", "transaction"] => Says::Begin,
        ["commit" | "end", "transaction" | "work"] | ["commit" | "end"] => Says::Commit,
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
    fn what_is_more_than_one_transaction_is_left_to_be_refused() {
        for text in [
            "BEGIN; SELECT 1; COMMIT; SELECT 2;",
            "BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;",
            "SELECT 1; COMMIT;",
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
