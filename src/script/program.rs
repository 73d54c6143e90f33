//! What a program of MySQL and MariaDB, which may end transactions, does to the one that it is run in.

use std::collections::BTreeSet;

use super::Syntax;
use super::lexer::{Lexer, Token, TokenKind};

/// Whether a program may do something after all that it did was rolled back. What it did first may then be gone while what came later
/// is kept: where it catches the error that has ended its transaction, ends the transaction itself, or runs texts that it puts
/// together.
///
/// Conditions that no error raises do not count: `NOT FOUND`, which every cursor has, and warnings
/// (<https://dev.mysql.com/doc/refman/8.4/en/declare-handler.html>).
pub fn survives_rollback(text: &str, syntax: Syntax) -> bool {
    let words: Vec<&str> = tokens(text, syntax).map(|token| token.text(text)).collect();
    let is = |at: usize, known: &str| words.get(at).is_some_and(|word| word.eq_ignore_ascii_case(known));
    (0..words.len()).any(|at| match () {
        // Savepoints keep what came before them.
        () if is(at, "ROLLBACK") => !(is(at + 1, "TO") || is(at + 1, "WORK") && is(at + 2, "TO")),
        () if is(at, "EXECUTE") || is(at, "XA") => true,
        // In the mode ORACLE (https://mariadb.com/kb/en/sql_modeoracle/#exceptions).
        () if is(at, "EXCEPTION") => is(at + 1, "WHEN"),
        () if is(at, "HANDLER") && is(at + 1, "FOR") => catches_errors(words.get(at + 2..).unwrap_or_default()),
        () => false,
    })
}

/// Whether one of the conditions of a handler is an error.
fn catches_errors(words: &[&str]) -> bool {
    let mut rest = words;
    loop {
        let upper: Vec<String> = rest.iter().take(3).map(|word| word.to_ascii_uppercase()).collect();
        let upper: Vec<&str> = upper.iter().map(String::as_str).collect();
        let taken = match upper.as_slice() {
            ["NOT", "FOUND", ..] => 2,
            ["SQLWARNING", ..] => 1,
            ["SQLSTATE", "VALUE", state] if is_no_error(state) => 3,
            ["SQLSTATE", state, ..] if is_no_error(state) => 2,
            _ => return true,
        };
        match rest.get(taken) {
            Some(&",") => rest = &rest[taken + 1..],
            _ => return false,
        }
    }
}

/// Whether a literal is a state of warnings or of `NOT FOUND`.
fn is_no_error(state: &str) -> bool {
    let state = state.trim_matches(['\'', '"']);
    state.starts_with("01") || state.starts_with("02")
}

/// A stored program, as the catalog has it.
#[derive(Clone, Debug)]
pub struct StoredProgram {
    /// The schema that it is in.
    pub schema: String,
    /// Its name there.
    pub name: String,
    /// What it consists of; `None` where that may not be seen.
    pub text: Option<String>,
    /// How it is read: a program keeps the `sql_mode` that it was made in.
    pub syntax: Syntax,
}

/// The text of a statement and those of the stored programs that it may come to, by their names: the whole of what may run, each with
/// how it is read. What is named without a schema is in that of the program that names it; the statement's is `current`. `None`
/// where the text of one of them is not known.
pub fn with_programs<'a>(
    statement: &'a str,
    current: &str,
    programs: &'a [StoredProgram],
    syntax: Syntax,
) -> Option<Vec<(&'a str, Syntax)>> {
    let mut whole = vec![(statement, syntax)];
    let mut left: Vec<&StoredProgram> = programs.iter().collect();
    let mut callers = vec![(current, names(statement, syntax))];
    while let Some((schema, names)) = callers.pop() {
        let is_named = |program: &StoredProgram| {
            names.contains(&program.name.to_lowercase())
                && (program.schema == schema || names.contains(&program.schema.to_lowercase()))
        };
        let (named, others): (Vec<&StoredProgram>, _) = left.into_iter().partition(|program| is_named(program));
        left = others;
        for program in named {
            let text = program.text.as_ref()?;
            callers.push((&program.schema, self::names(text, program.syntax)));
            whole.push((text, program.syntax));
        }
    }
    Some(whole)
}

/// All words and quoted names of a text, in lower case. A string may be the text of a statement.
fn names(text: &str, syntax: Syntax) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in tokens(text, syntax) {
        let said = token.text(text);
        match token.kind {
            TokenKind::Text => {
                let words = said.split(|c: char| !(c.is_alphanumeric() || "_$".contains(c)));
                found.extend(words.filter(|word| !word.is_empty()).map(str::to_lowercase));
            }
            _ => drop(found.insert(said.trim_matches(['`', '"']).to_lowercase())),
        }
    }
    found
}

fn tokens(text: &str, syntax: Syntax) -> impl Iterator<Item = Token> + '_ {
    Lexer::new(text, syntax).filter(|token| !token.is_beside())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::SqlMode;

    const MYSQL: Syntax = Syntax::Mysql(SqlMode {
        no_backslash_escapes: false,
        ansi_quotes: false,
        oracle: false,
    });

    #[test]
    fn a_program_survives_its_transaction_where_it_catches_errors_or_ends_it_itself() {
        for (text, survives) in [
            ("BEGIN UPDATE a SET v = 1; COMMIT; UPDATE b SET v = 1; END", false),
            ("BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1; END", false),
            (
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '02000', SQLWARNING BEGIN END; END",
                false,
            ),
            (
                "BEGIN SAVEPOINT s; ROLLBACK TO s; ROLLBACK WORK TO SAVEPOINT s; END",
                false,
            ),
            ("BEGIN SELECT 'ROLLBACK'; HANDLER t OPEN; END", false),
            ("BEGIN START TRANSACTION; UPDATE a SET v = 1; ROLLBACK; END", true),
            ("BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; END", true),
            ("BEGIN DECLARE EXIT HANDLER FOR NOT FOUND, 1213 BEGIN END; END", true),
            (
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE VALUE '40001' BEGIN END; END",
                true,
            ),
            ("BEGIN DECLARE EXIT HANDLER FOR some_condition BEGIN END; END", true),
            ("BEGIN PREPARE s FROM @text; EXECUTE s; END", true),
            ("BEGIN UPDATE a SET v = 1; EXCEPTION WHEN OTHERS THEN NULL; END", true),
        ] {
            assert_eq!(survives_rollback(text, MYSQL), survives, "{text}");
        }
    }

    #[test]
    fn what_may_run_is_the_statement_with_all_programs_that_it_may_come_to() {
        let program = |schema: &str, name: &str, text: Option<&str>| StoredProgram {
            schema: schema.to_owned(),
            name: name.to_owned(),
            text: text.map(str::to_owned),
            syntax: MYSQL,
        };
        let programs = [
            program("shop", "first", Some("BEGIN CALL d.`Second`(); END")),
            program("d", "second", Some("BEGIN CALL third(); END")),
            program("d", "third", Some("BEGIN ROLLBACK; END")),
            program("d", "first", None),
            program("shop", "hidden", None),
        ];
        let whole = |statement| {
            let all = with_programs(statement, "shop", &programs, MYSQL)?;
            Some(all.iter().map(|(text, _)| *text).collect::<Vec<_>>().join("\n"))
        };
        assert_eq!(whole("CALL third()").as_deref(), Some("CALL third()"));
        assert_eq!(
            whole("CALL First()").as_deref(),
            Some("CALL First()\nBEGIN CALL d.`Second`(); END\nBEGIN CALL third(); END\nBEGIN ROLLBACK; END")
        );
        assert_eq!(whole("EXECUTE IMMEDIATE 'CALL hidden()'"), None);
        assert_eq!(whole("CALL d.first()"), None);
    }
}
