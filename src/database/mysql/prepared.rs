//! What a script has prepared in its session: EXECUTE is judged by the text that it runs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{ENGINE, MySql, sql};
use crate::code::Code;
use crate::database::DatabaseError;
use crate::script;

/// The texts of prepared statements, by their names.
#[derive(Default)]
pub(super) struct Prepared(BTreeMap<String, String>);

impl Prepared {
    /// What a statement runs: itself, without settings that hold for it alone, or the text that was prepared where that is known.
    pub fn meant<'a>(&self, statement: &'a str) -> Cow<'a, str> {
        let statement = script::behind_settings(statement, ENGINE.syntax);
        // Servers run what is in such a comment.
        let bare = match statement.strip_suffix("*/") {
            Some(inside) => inside
                .trim_start_matches(|c: char| "/*!M".contains(c) || c.is_ascii_digit())
                .trim(),
            None => statement,
        };
        let Some([first, name]) = words(bare) else {
            return Cow::Borrowed(statement);
        };
        let text = match first.eq_ignore_ascii_case("execute") {
            true if name.eq_ignore_ascii_case("immediate") => immediate(bare, name).map(str::to_owned),
            true => self.0.get(&plain(name)).cloned(),
            false => None,
        };
        text.map_or(Cow::Borrowed(statement), Cow::Owned)
    }

    /// Notes what was prepared under a name; `None` where it is not known.
    fn note(&mut self, name: &str, text: Option<String>) {
        match text {
            Some(text) => self.0.insert(plain(name), text.trim().to_owned()),
            None => self.0.remove(&plain(name)),
        };
    }
}

impl MySql {
    /// Notes what a statement has prepared, where that can be asked for.
    pub(super) async fn note_prepared(&mut self, statement: &str) -> Result<(), DatabaseError> {
        let Some((name, source)) = preparation(statement) else {
            // Whatever its name is.
            self.prepared = Prepared::default();
            return Ok(());
        };
        let text = match self.query(&format!("SELECT {source}")).await {
            Ok(answer) => sql::first_answer(answer),
            Err(error) if error.code == Code::Lost => return Err(error),
            // Bytes that are no text, for one: it has to be judged without.
            Err(_) => None,
        };
        self.prepared.note(name, text);
        Ok(())
    }
}

/// The name that a statement prepares, and the expression that has the text. `None` where that may not be asked for a second time:
/// it is neither a variable nor a string.
fn preparation(statement: &str) -> Option<(&str, &str)> {
    let [_, name] = words(statement)?;
    let (_, rest) = statement.split_once(|c: char| c.is_ascii_whitespace())?;
    let rest = rest.trim_start().strip_prefix(name)?;
    let (from, source) = rest.trim().split_at_checked("from".len())?;
    let source = source.trim();
    let is_known = from.eq_ignore_ascii_case("from") && (is_variable(source) || is_string(source));
    is_known.then_some((name, source))
}

/// The text of `EXECUTE IMMEDIATE`, where it is a string.
fn immediate<'a>(statement: &'a str, word: &str) -> Option<&'a str> {
    let (_, rest) = statement.split_once(word)?;
    let text = rest.trim();
    is_string(text).then(|| text.trim_matches(['\'', '"']))
}

fn words(statement: &str) -> Option<[&str; 2]> {
    let mut words = statement.split_ascii_whitespace();
    Some([words.next()?, words.next()?])
}

fn plain(name: &str) -> String {
    name.trim_matches('`').to_lowercase()
}

fn is_variable(source: &str) -> bool {
    let name = source.strip_prefix('@').unwrap_or_default();
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_$.".contains(c))
}

fn is_string(source: &str) -> bool {
    ['\'', '"'].into_iter().any(|quote| {
        let inner = source.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        inner.is_some_and(|inner| !inner.contains([quote, '\\']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preparation_tells_its_name_and_where_its_text_is() {
        for (statement, found) in [
            ("PREPARE s FROM @sql", Some(("s", "@sql"))),
            ("prepare\n p  from @sql", Some(("p", "@sql"))),
            ("prepare `s` from 'DROP TABLE t'", Some(("`s`", "'DROP TABLE t'"))),
            ("PREPARE s FROM CONCAT('DROP ', f())", None),
            ("PREPARE s FROM 'a' || f('b')", None),
            ("PREPARE s /* x */ FROM @sql", None),
        ] {
            assert_eq!(preparation(statement), found, "{statement}");
        }
    }

    #[test]
    fn what_is_executed_is_the_text_that_was_prepared() {
        let mut prepared = Prepared::default();
        prepared.note("`S`", Some("DROP TABLE t".to_owned()));
        assert_eq!(prepared.meant("EXECUTE s USING @a"), "DROP TABLE t");
        assert_eq!(prepared.meant("/*!50003 EXECUTE s */"), "DROP TABLE t");
        assert_eq!(prepared.meant("EXECUTE other"), "EXECUTE other");
        assert_eq!(
            prepared.meant("SET STATEMENT sql_mode = '' FOR EXECUTE s"),
            "DROP TABLE t"
        );
        assert_eq!(prepared.meant("SET STATEMENT sql_mode = '' FOR CALL p()"), "CALL p()");
        assert_eq!(prepared.meant("SELECT s"), "SELECT s");
        prepared.note("immediate", Some("DROP TABLE t".to_owned()));
        assert_eq!(prepared.meant("EXECUTE IMMEDIATE 'DROP TABLE u'"), "DROP TABLE u");
        assert_eq!(prepared.meant("EXECUTE IMMEDIATE @text"), "EXECUTE IMMEDIATE @text");
        assert_eq!(prepared.meant("EXECUTE IMMEDIATE f('x')"), "EXECUTE IMMEDIATE f('x')");
        prepared.note("s", None);
        assert_eq!(prepared.meant("EXECUTE s"), "EXECUTE s");
    }
}
