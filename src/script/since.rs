//! With which version of SQLite a statement or a function came: its library is linked, and need not be the newest.

use super::Syntax;
use super::pattern::{Opening, Rule, rule};

/// What a library is too old for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// The form of a statement, or a function.
    pub form: String,
    /// The version that it came with: 3.53 is `(3, 53)`.
    pub version: (u32, u32),
}

/// Forms that a library before the version calls a syntax error. Seen with libraries of each release from 3.43 to 3.54;
/// `tests/conformance/versions.rs` tries them on the one that is linked and on that of the shell.
static FORMS: &[Rule<(&str, (u32, u32))>] = &[
    rule(
        &["ALTER"],
        "TABLE … ALTER COLUMN? _ SET|DROP NOT NULL",
        ("ALTER TABLE … ALTER COLUMN … SET NOT NULL", (3, 53)),
    ),
    rule(
        &["ALTER"],
        "TABLE … ADD CONSTRAINT _ CHECK",
        ("ALTER TABLE … ADD CONSTRAINT … CHECK", (3, 53)),
    ),
    rule(&["ALTER"], "TABLE … ADD CHECK (", ("ALTER TABLE … ADD CHECK", (3, 53))),
    rule(
        &["ALTER"],
        "TABLE … DROP CONSTRAINT _ $",
        ("ALTER TABLE … DROP CONSTRAINT", (3, 53)),
    ),
];

/// Functions by the release that they came with. Those that are left out of most builds are left out here.
static FUNCTIONS: &[((u32, u32), &[&str])] = &[
    ((3, 41), &["unhex"]),
    ((3, 43), &["octet_length", "timediff"]),
    ((3, 44), &["concat", "concat_ws", "string_agg"]),
    (
        (3, 45),
        &[
            "jsonb",
            "jsonb_array",
            "jsonb_extract",
            "jsonb_group_array",
            "jsonb_group_object",
            "jsonb_insert",
            "jsonb_object",
            "jsonb_patch",
            "jsonb_remove",
            "jsonb_replace",
            "jsonb_set",
        ],
    ),
    ((3, 46), &["json_pretty"]),
    ((3, 48), &["if"]),
    ((3, 50), &["unistr", "unistr_quote"]),
    ((3, 53), &["json_array_insert", "jsonb_array_insert"]),
];

/// What a library would have to be newer for, by what it said of a statement. It need not be too old: whoever asks compares the versions.
pub fn since(statement: &str, said: &str, syntax: Syntax) -> Option<Since> {
    if syntax != Syntax::Sqlite {
        return None;
    }
    if let Some(function) = said.strip_prefix("no such function: ") {
        let (version, _) = FUNCTIONS
            .iter()
            .find(|(_, names)| names.iter().any(|name| name.eq_ignore_ascii_case(function)))?;
        return Some(Since {
            form: format!("{function}()"),
            version: *version,
        });
    }
    if !said.ends_with("syntax error") {
        return None;
    }
    let opening = Opening::of(statement, syntax)?;
    let (form, version) = opening.find(FORMS)?.says;
    Some(Since {
        form: (*form).to_owned(),
        version: *version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_known_by_the_statement_and_a_function_by_its_name() {
        for (statement, version) in [
            ("ALTER TABLE t ALTER COLUMN c SET NOT NULL", Some((3, 53))),
            ("alter table \"t\" alter c drop not null", Some((3, 53))),
            ("ALTER TABLE main.t ADD CONSTRAINT k CHECK (c > 0)", Some((3, 53))),
            ("ALTER TABLE t ADD CHECK (c > 0)", Some((3, 53))),
            ("ALTER TABLE t DROP CONSTRAINT k", Some((3, 53))),
            ("ALTER TABLE t ADD CONSTRAINT k UNIQUE (c)", None),
            ("ALTER TABLE t ADD COLUMN c CHECK (c > 0)", None),
            ("ALTER TABLE t ALTER COLUMN c SET DEFAULT 1", None),
        ] {
            let found = since(statement, "near \"ALTER\": syntax error", Syntax::Sqlite);
            assert_eq!(found.map(|since| since.version), version, "{statement}");
            assert_eq!(since(statement, "no such table: t", Syntax::Sqlite), None);
            assert_eq!(
                since(
                    statement,
                    "near \"ALTER\": syntax error",
                    Syntax::Postgres(Default::default())
                ),
                None
            );
        }
        let found = since("SELECT Concat(1, 2)", "no such function: Concat", Syntax::Sqlite);
        assert_eq!(
            found.map(|since| (since.form, since.version)),
            Some(("Concat()".to_owned(), (3, 44)))
        );
        assert_eq!(since("SELECT nope(1)", "no such function: nope", Syntax::Sqlite), None);
    }
}
