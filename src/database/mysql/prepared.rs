//! What a script has prepared in its session: EXECUTE is judged by the text that it runs.

use std::collections::BTreeMap;

/// The texts of prepared statements, by their names.
#[derive(Default)]
pub(super) struct Prepared(BTreeMap<String, String>);

impl Prepared {
    /// What a statement runs: itself, or the text that was prepared where that is known.
    pub fn meant<'a>(&'a self, statement: &'a str) -> &'a str {
        let name = words(statement).filter(|[first, ..]| first.eq_ignore_ascii_case("execute"));
        let text = name.and_then(|[_, name]| self.0.get(&plain(name)));
        text.map_or(statement, String::as_str)
    }

    /// Notes what was prepared under a name; `None` where it is not known.
    pub fn note(&mut self, name: &str, text: Option<String>) {
        match text {
            Some(text) => self.0.insert(plain(name), text.trim().to_owned()),
            None => self.0.remove(&plain(name)),
        };
    }
}

/// The name that a statement prepares, and the expression that has the text where it may be asked for: a variable or a string.
pub(super) fn preparation(statement: &str) -> Option<(&str, Option<&str>)> {
    let [first, name] = words(statement)?;
    if !first.eq_ignore_ascii_case("prepare") {
        return None;
    }
    let (_, rest) = statement.split_once(name)?;
    let source = rest.trim();
    let source = source
        .get(..4)
        .filter(|from| from.eq_ignore_ascii_case("from"))
        .map(|_| source[4..].trim());
    Some((name, source.filter(|source| is_variable(source) || is_string(source))))
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
            ("PREPARE s FROM @sql", Some(("s", Some("@sql")))),
            ("prepare `s` from 'DROP TABLE t'", Some(("`s`", Some("'DROP TABLE t'")))),
            ("PREPARE s FROM CONCAT('DROP ', f())", Some(("s", None))),
            ("PREPARE s FROM 'a' || f('b')", Some(("s", None))),
            ("PREPARE s /* x */ FROM @sql", Some(("s", None))),
            ("EXECUTE s", None),
        ] {
            assert_eq!(preparation(statement), found, "{statement}");
        }
    }

    #[test]
    fn what_is_executed_is_the_text_that_was_prepared() {
        let mut prepared = Prepared::default();
        prepared.note("`S`", Some("DROP TABLE t".to_owned()));
        assert_eq!(prepared.meant("EXECUTE s USING @a"), "DROP TABLE t");
        assert_eq!(prepared.meant("EXECUTE other"), "EXECUTE other");
        assert_eq!(prepared.meant("SELECT s"), "SELECT s");
        prepared.note("s", None);
        assert_eq!(prepared.meant("EXECUTE s"), "EXECUTE s");
    }
}
