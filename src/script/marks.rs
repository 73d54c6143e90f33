//! Comments that say where a script turns round: `-- DOWN`, `/* ===== ROLLBACK ===== */`, `---- create above / drop below ----`.
//!
//! Every tool that keeps both directions in one file has a line of its own, and so has every house. What they share is that the line
//! stands alone and says nothing else.

use std::ops::Range;

use super::client::at_line_start;
use super::lexer::{Lexer, TokenKind};
use super::{Kind, Parsed, Syntax};

/// Words for the way back.
const BACK: &[&str] = &[
    "back",
    "backout",
    "backward",
    "backwards",
    "down",
    "downgrade",
    "downs",
    "drop",
    "reversal",
    "reverse",
    "revert",
    "reverting",
    "rewind",
    "rollback",
    "rollbacks",
    "teardown",
    "unapply",
    "undeploy",
    "undo",
    "undoing",
    "uninstall",
];

/// Words for the way forth.
const FORTH: &[&str] = &["apply", "deploy", "do", "forward", "forwards", "up", "upgrade", "ups"];

/// Words that may stand beside them in a line that says nothing more.
const BESIDE: &[&str] = &[
    "begin",
    "begins",
    "below",
    "block",
    "code",
    "command",
    "commands",
    "direction",
    "end",
    "ends",
    "follows",
    "for",
    "half",
    "here",
    "migrate",
    "migration",
    "migrations",
    "of",
    "part",
    "queries",
    "query",
    "region",
    "roll",
    "rolling",
    "script",
    "scripts",
    "section",
    "sql",
    "start",
    "starts",
    "statement",
    "statements",
    "step",
    "tear",
    "tearing",
    "to",
];

/// Words that may stand there as well, unless it is only about dropping: `-- drop all` is about what follows it.
const PRONOUNS: &[&str] = &[
    "all",
    "automatic",
    "change",
    "changes",
    "ddl",
    "dml",
    "everything",
    "is",
    "it",
    "manual",
    "out",
    "on",
    "that",
    "the",
    "this",
];

/// Words before the name of a way that is a function: `func down`.
const DECLARES: &[&str] = &["def", "fn", "func"];

/// Words before a colon that make what follows a remark: `TODO: revert`.
const REMARKS: &[&str] = &[
    "bug",
    "caution",
    "fixme",
    "hack",
    "hint",
    "important",
    "info",
    "nb",
    "note",
    "see",
    "tip",
    "todo",
    "warn",
    "warning",
    "xxx",
];

/// Words for the way back that are no statements: `DOWN;` is one that nobody sends.
const NO_STATEMENTS: &[&str] = &["backout", "down", "downs", "revert", "undo"];

/// Verbs behind `Down:` that say what it does.
const TAKES_AWAY: &[&str] = &[
    "delete", "deletes", "drop", "drops", "recreate", "remove", "removes", "restore", "restores", "revert", "reverts",
    "undo",
];

/// How many lines below a comment are looked at for what it is the heading of.
const HEADED: usize = 20;

/// A line with so many words is a sentence.
const SENTENCE: usize = 8;

/// Where a comment says that the way back begins, with statements before it and behind it; in a script that goes back first,
/// with the way forth behind it.
pub(super) fn way_back(text: &str, parsed: &Parsed, syntax: Syntax) -> Option<Range<usize>> {
    let mut sent = 0_usize;
    let mut first = None;
    for statement in &parsed.statements {
        let lead = statement.piece.start..statement.body.start;
        for (way, comment) in marks(text, lead, syntax) {
            match way {
                Way::Back if sent > 0 => return Some(comment),
                Way::Back => first = first.or(Some(comment)),
                Way::Forth if sent > 0 && first.is_some() => return first,
                Way::Forth => {}
            }
        }
        sent += usize::from(statement.kind != Kind::Client);
    }
    None
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Forth,
    Back,
}

/// The comments among these bytes that say a way.
fn marks(text: &str, lead: Range<usize>, syntax: Syntax) -> Vec<(Way, Range<usize>)> {
    let part = text.get(lead.clone()).unwrap_or_default();
    let comments: Vec<Range<usize>> = Lexer::new(part, syntax)
        .filter(|token| matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment))
        .map(|token| lead.start + token.start..lead.start + token.end)
        .collect();
    let said = |comment: &Range<usize>| text.get(comment.clone()).unwrap_or_default();
    let follows = |before: &Range<usize>, next: &Range<usize>| {
        let between = text.get(before.end..next.start).unwrap_or_default();
        between.trim().is_empty() && between.matches('\n').count() <= 1
    };
    let mut found = Vec::new();
    for (index, comment) in comments.iter().enumerate() {
        let Some(way) = says(said(comment)).filter(|_| stands_alone(text, comment)) else {
            continue;
        };
        // `-- Rollback:` over statements that are comments as well is for people.
        let (before, after) = comments.split_at(index);
        let mut below = after
            .windows(2)
            .take(HEADED)
            .take_while(|pair| follows(&pair[0], &pair[1]));
        let is_heading = below.any(|pair| said(&pair[1]).trim_end().ends_with(';'));
        // The last word of a sentence that was broken into lines.
        let goes_on = before.last().is_some_and(|above| {
            let sentence = said(above);
            let open = sentence.trim_end().ends_with(|c: char| c.is_alphanumeric() || c == ',');
            open && words(sentence).count() > 4 && follows(above, comment) && is_plain(said(comment))
        });
        if !is_heading && !goes_on {
            found.push((way, comment.clone()));
        }
    }
    found
}

/// Whether nothing but the comment is on its lines.
fn stands_alone(text: &str, comment: &Range<usize>) -> bool {
    let behind = text.get(comment.end..).unwrap_or_default();
    let rest = behind.split(['\n', '\r']).next().unwrap_or_default();
    at_line_start(text, comment.start) && rest.trim().is_empty()
}

/// The way that a comment says, where it says nothing else.
fn says(comment: &str) -> Option<Way> {
    let all: Vec<Word<'_>> = words(comment).take(SENTENCE + 1).collect();
    let is = |list: &[&str], word: &Word<'_>| list.iter().any(|known| known.eq_ignore_ascii_case(word.text));
    // A statement that was made a comment: `-- ROLLBACK;`.
    let is_statement = !matches!(all.as_slice(), [only] if is(NO_STATEMENTS, only));
    if is_statement && comment.trim_end_matches(['*', '/', ' ', '\t', '\r']).ends_with(';') {
        return None;
    }
    // `Down: drop tables`
    if let [way, verb, ..] = all.as_slice()
        && way.before == Before::Label
        && is(&["down", "downs"], way)
        && is(TAKES_AWAY, verb)
        && all.len() <= SENTENCE
    {
        return Some(Way::Back);
    }
    // `+tool Down`, `@tool down`, `tool:down`, `exports.down`, `name: down`, `func down`
    let (mut said, mut is_labelled) = (all.as_slice(), false);
    while let [tool, rest @ ..] = said
        && !rest.is_empty()
        && match tool.before {
            Before::Way => true,
            Before::Label => !is(REMARKS, tool) && !is(BACK, tool) && !is(FORTH, tool),
            Before::Nothing => is(DECLARES, tool),
        }
    {
        is_labelled |= tool.before != Before::Way;
        said = rest;
    }
    if said.len() > SENTENCE {
        return None;
    }
    let back = said.iter().any(|word| is(BACK, word));
    let only_drops = !said
        .iter()
        .any(|word| is(BACK, word) && !word.text.eq_ignore_ascii_case("drop"));
    let beside = |(index, word): (usize, &Word<'_>)| {
        // `create above`
        let next = said.get(index + 1);
        let above =
            word.text.eq_ignore_ascii_case("above") || next.is_some_and(|next| next.text.eq_ignore_ascii_case("above"));
        is(BACK, word) || is(FORTH, word) || is(BESIDE, word) || above || !only_drops && is(PRONOUNS, word)
    };
    // `users: drop` is about what follows it.
    let nothing_else = said.iter().enumerate().all(beside) && !(is_labelled && only_drops && back);
    let forth = said.iter().any(|word| is(FORTH, word));
    match (nothing_else, back, forth) {
        (true, true, _) => Some(Way::Back),
        (true, false, true) => Some(Way::Forth),
        _ => None,
    }
}

struct Word<'a> {
    text: &'a str,
    before: Before,
}

/// What a word stands before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// The name of a tool: behind a `+` or an `@`, or joined with another word by a `:`.
    Way,
    /// A label: a `:` and a blank, or what holds the next one: a `.` without a blank.
    Label,
    Nothing,
}

/// The words of a comment, each part of `migrateDown` one; numbers and versions are none.
fn words(comment: &str) -> impl Iterator<Item = Word<'_>> {
    let is_letter = |c: char| c.is_alphanumeric();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + comment.get(at..)?.find(is_letter)?;
        let rest = comment.get(start..)?;
        let mut last = None;
        let ends = |c: char| {
            let is_hump = last.is_some_and(char::is_lowercase) && c.is_uppercase();
            last = Some(c);
            !is_letter(c) || is_hump
        };
        let end = start + rest.find(ends).unwrap_or(rest.len());
        at = end;
        let before = comment.get(..start)?.chars().next_back();
        let mut behind = comment.get(end..)?.chars();
        let before = match (before, behind.next(), behind.next()) {
            (Some('+' | '@'), ..) => Before::Way,
            (_, Some(':'), Some(next)) if next.is_alphabetic() => Before::Way,
            (_, Some('.'), Some(next)) if next.is_alphabetic() => Before::Label,
            (_, Some(':'), Some(' ' | '\t')) => Before::Label,
            _ => Before::Nothing,
        };
        let text = comment.get(start..end)?;
        Some(Word { text, before })
    })
    .filter(|word| {
        let number = word.text.strip_prefix(['v', 'V']).unwrap_or(word.text);
        number.is_empty() || !number.chars().all(|c| c.is_ascii_digit())
    })
}

/// Letters and blanks alone behind the mark of the comment.
fn is_plain(comment: &str) -> bool {
    let said = comment.trim_start_matches(['-', '#']).trim();
    said.chars().all(|c| c.is_lowercase() || c == ' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::{SqlMode, parse};

    const MYSQL: Syntax = Syntax::Mysql(SqlMode {
        no_backslash_escapes: false,
        ansi_quotes: false,
        oracle: false,
    });

    fn found(text: &str, syntax: Syntax) -> Option<&str> {
        let parsed = parse(text, syntax).unwrap();
        way_back(text, &parsed, syntax).map(|range| &text[range])
    }

    #[test]
    fn a_comment_that_says_only_the_way_back_is_a_mark_in_every_decoration() {
        for mark in [
            "-- down",
            "--Down",
            "-- DOWN:",
            "-- +tool Down",
            "-- +micrate Down",
            "-- @down",
            "-- tool:down",
            "-- [DOWN]",
            "-- <down>",
            "-- {{ down }}",
            "-- (undo)",
            "-- # revert",
            "-- ~~~ rollback ~~~",
            "-- ===== ROLLBACK =====",
            "--=====================ROLLBACK=====================",
            "-- *** drop ***",
            "-- >>> revert <<<",
            "-- !DOWN!",
            "-- roll back",
            "-- roll-back",
            "-- Rollback script",
            "-- the down migration",
            "-- Migration Down",
            "-- migrate_down",
            "-- MIGRATION: DOWN",
            "-- direction: down",
            "-- Section 2: down",
            "-- 2. Down",
            "-- step 2 - rollback",
            "-- to undo:",
            "-- To roll back",
            "-- for rollback",
            "-- undo this migration",
            "-- Revert the changes",
            "-- undo everything",
            "-- begin down",
            "-- BEGIN ROLLBACK SECTION",
            "-- end of up, start of down",
            "-- drop below",
            "-- drop script",
            "-- downgrade to 1.2",
            "-- tear down",
            "-- teardown",
            "-- reverse",
            "-- backwards",
            "-- #region down",
            "-- !Downs",
            "-- --- !Downs",
            "-- name: down",
            "-- DownMigration",
            "-- migrateDown",
            "-- migrate.down",
            "-- self.down",
            "-- exports.down",
            "-- module.exports.down",
            "-- func down",
            "-- def down",
            "-- rolling back",
            "-- V1 down",
            "-- v1.2 rollback",
            "-- Rollback for V1",
            "-- Down: drop tables",
            "-- This is the down migration",
            "-- rollback ddl",
            "-- manual rollback",
            "-- backout",
            "-- back out",
            "-- DOWN;",
            "-- undo;",
            "/* DOWN */",
            "/* ---- down ---- */",
            "/*\n * DOWN\n */",
            "/**\n ** Rollback\n **/",
            "  -- down",
            "\t/* undo */  ",
        ] {
            let text = format!("CREATE TABLE a (x int);\n\n{mark}\n\nDROP TABLE b;\n");
            for syntax in [Syntax::Sqlite, Syntax::Postgres(Default::default()), MYSQL] {
                // MySQL wants a blank behind the dashes.
                if syntax == MYSQL && mark.starts_with("--") && !mark.starts_with("-- ") {
                    continue;
                }
                assert_eq!(found(&text, syntax), Some(mark.trim()), "{syntax:?}");
                assert!(found(&text.replace('\n', "\r\n"), syntax).is_some(), "{mark}");
            }
        }
        for mark in ["# down", "#### ROLLBACK ####", "# --- !Downs"] {
            let text = format!("CREATE TABLE a (x int);\n{mark}\nDROP TABLE b;\n");
            assert_eq!(found(&text, MYSQL), Some(mark));
        }
    }

    #[test]
    fn a_comment_that_says_more_is_prose() {
        for prose in [
            "-- drop the old column",
            "-- Drop table",
            "-- DropTable",
            "-- drop indexes",
            "-- Drop all",
            "-- drop it",
            "-- drop / create",
            "-- revert to the old default",
            "-- undo what 3 did to orders",
            "-- rollback to savepoint",
            "-- slow down",
            "-- count down from ten",
            "-- TODO: revert",
            "-- see the rollback plan",
            "-- reverse lookup",
            "-- down payments",
            "-- the down payment of May",
            "-- shutdown",
            "-- ROLLBACK;",
            "-- TODO: rollback",
            "-- NOTE: down",
            "-- FIXME: undo",
            "-- users: drop",
            "-- dropTables",
            "-- drop function",
            "-- drop out",
            "-- Down: nothing to do",
            "-- DROP;",
            "-- exports.down is called by hand",
            "-- slowDown",
            "-- v2 of the down payments",
            "-- countdown",
            "-- payments.down_at",
            "-- BEGIN;",
            "-- Add up migration script here",
            "-- SQL in this section is executed when the migration is applied, and nothing of it is undone",
            "/* down payments */",
            "/* Rollback:\n   DROP TABLE a; */",
        ] {
            let text = format!("CREATE TABLE a (x int);\n{prose}\nDROP TABLE b;\n");
            assert_eq!(found(&text, Syntax::Postgres(Default::default())), None, "{prose}");
        }
    }

    #[test]
    fn a_mark_parts_what_is_before_it_from_what_is_behind_it() {
        for text in [
            "-- down\nDROP TABLE a;\n",
            "-- drop\nDROP TABLE a;\nCREATE TABLE a (x int);\n",
            "CREATE TABLE a (x int);\n-- down\n",
            "CREATE TABLE a (x int);\n-- down\n-- nothing to do\n",
            "CREATE TABLE a (\n-- down\nx int);\nDROP TABLE b;\n",
            "CREATE TABLE a (x int); -- down\nDROP TABLE b;\n",
            "INSERT INTO a VALUES ('\n-- down\n');\nDROP TABLE b;\n",
            "CREATE TABLE a (x int);\n-- Rollback:\n-- DROP TABLE a;\nCREATE TABLE b (x int);\n",
            "CREATE TABLE a (x int);\n-- Rollback:\n--   the table first\n--   DROP TABLE a;\n\nCREATE TABLE b (x int);\n",
            "CREATE TABLE a (x int);\n-- this index is one that slows every insert\n-- down\nDROP INDEX b;\n",
        ] {
            assert_eq!(found(text, Syntax::Postgres(Default::default())), None, "{text}");
        }
        for text in [
            "CREATE TABLE a (x int);\n-- down\n-- takes the table away\nDROP TABLE a;\n",
            "CREATE TABLE a (x int);\n-- end of up\n-- down\nDROP TABLE a;\n",
            "CREATE TABLE a (x int);\n;\n-- down\n\n\n;DROP TABLE a\n",
            "-- down\nDROP TABLE a;\n-- up\nCREATE TABLE a (x int);\n",
        ] {
            assert_eq!(
                found(text, Syntax::Postgres(Default::default())),
                Some("-- down"),
                "{text}"
            );
        }
    }
}
