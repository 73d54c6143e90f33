//! Supabase: `supabase_migrations.schema_migrations` with the statements of each file.
//! <https://github.com/supabase/cli/blob/develop/apps/cli-go/pkg/migration/history.go>

use super::{Applied, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, leading};
use crate::plan::{Taken, Tells, UNNAMED};
use crate::script;

pub(super) struct Supabase;

impl Tool for Supabase {
    fn name(&self) -> &'static str {
        "supabase"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[
            ("version", Form::Text),
            ("name", Form::Text),
            ("statements", Form::Text),
        ]
    }

    fn order(&self) -> &'static str {
        "version"
    }

    /// Its service has added columns of its own.
    fn shape(&self) -> Shape {
        Shape::of(&["schema_migrations"], &["version", "statements", "name"])
            .and_others()
            .by_name()
    }

    fn tells(&self) -> Tells {
        Tells::Versions
    }

    fn keeps_apart(&self) -> bool {
        true
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        let (version, name) = applied.file().file().strip_suffix(".sql")?.split_once('_')?;
        let up = &applied.migration.up;
        let pieces = up
            .parsed
            .as_ref()
            .ok()?
            .sent()
            .map(|statement| up.text.get(statement.piece.clone()));
        let statements: Option<Vec<&str>> = pieces.map(|piece| piece.map(bare)).collect();
        Some(vec![
            ("version", Value::Text(version.to_owned())),
            ("name", Value::Text(name.to_owned())),
            ("statements", Value::Text(array(&statements?))),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let entry = |row: &Row<'_>| {
            let id = leading(row.text("version"))?;
            let name = row.get("name").filter(|name| !name.is_empty()).unwrap_or(UNNAMED);
            let statements = row.get("statements").and_then(elements);
            let file = files.get(&id);
            Some(compared(id, name, file, |file| {
                let text = script::canonical(std::str::from_utf8(file.bytes).ok()?);
                Some(holds(&text, statements.as_deref()?))
            }))
        };
        Ok(rows.iter().filter_map(entry).collect())
    }
}

/// A statement as Supabase keeps it.
fn bare(statement: &str) -> &str {
    statement.trim_end().trim_end_matches(';').trim()
}

/// Whether a text is these statements, and nothing else but what parts them.
fn holds(text: &str, statements: &[String]) -> bool {
    let is_between = |c: char| c == ';' || c.is_whitespace();
    let mut rest = text.trim_start_matches('\u{feff}');
    for statement in statements {
        let statement = script::canonical(statement);
        let Some(behind) = rest.trim_start_matches(is_between).strip_prefix(statement.trim()) else {
            return false;
        };
        rest = behind;
    }
    rest.chars().all(is_between)
}

/// The texts of an array as PostgreSQL writes one.
fn elements(array: &str) -> Option<Vec<String>> {
    let mut letters = array.strip_prefix('{')?.strip_suffix('}')?.chars().peekable();
    let mut elements = Vec::new();
    while let Some(first) = letters.next_if(|_| true) {
        let mut element = String::new();
        if first == '"' {
            loop {
                match letters.next()? {
                    '"' => break,
                    '\\' => element.push(letters.next()?),
                    letter => element.push(letter),
                }
            }
        } else {
            element.push(first);
            while let Some(letter) = letters.next_if(|letter| *letter != ',') {
                element.push(letter);
            }
        }
        elements.push(element);
        if letters.next().is_some_and(|comma| comma != ',') {
            return None;
        }
    }
    Some(elements)
}

/// Texts as an array that PostgreSQL reads.
fn array(elements: &[&str]) -> String {
    let quoted = |element: &&str| format!("\"{}\"", element.replace('\\', "\\\\").replace('"', "\\\""));
    let elements: Vec<String> = elements.iter().map(quoted).collect();
    format!("{{{}}}", elements.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_read_as_postgresql_writes_them() {
        for (text, wanted) in [
            ("{}", &[][..]),
            ("{VACUUM}", &["VACUUM"]),
            ("{\"SELECT 1\",VACUUM}", &["SELECT 1", "VACUUM"]),
            (r#"{"SELECT \"a\", '\\n'","x\ny"}"#, &["SELECT \"a\", '\\n'", "xny"]),
            ("{\"a\nb\"}", &["a\nb"]),
        ] {
            assert_eq!(
                elements(text).as_deref(),
                Some(&wanted.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()[..]),
                "{text}"
            );
        }
        for text in ["", "{\"a", "{\"a\"b}", "a,b"] {
            assert_eq!(elements(text), None, "{text}");
        }
        let hard = ["SELECT '\\', \"a\", {1,2}", "a\nb", ""];
        assert_eq!(elements(&array(&hard)).unwrap(), hard);
    }

    #[test]
    fn a_text_is_its_statements_and_nothing_else() {
        let statements = ["-- why\nCREATE TABLE a (b int)".to_owned(), "SELECT ';'".to_owned()];
        for text in [
            "-- why\nCREATE TABLE a (b int);\nSELECT ';';\n",
            "\n\n-- why\r\nCREATE TABLE a (b int) ;; SELECT ';'",
        ] {
            assert!(holds(&script::canonical(text), &statements), "{text}");
        }
        for text in [
            "CREATE TABLE a (b int);\nSELECT ';';\n",
            "-- why\nCREATE TABLE a (b int);\n",
            "-- why\nCREATE TABLE a (b int);\nSELECT ';';\nSELECT 2;",
        ] {
            assert!(!holds(text, &statements), "{text}");
        }
    }
}
