//! Directives that stand outside a file, in the configuration: the head that says them in the text that is run and stored.

use super::directive::{self, Comment};
use super::{Directives, Syntax};

const BEGINS: &str = "-- syncline.toml says of this file:\n";
const ENDS: &str = "-- The file:\n";

/// A directive that the configuration says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its name, such as `no-transaction`.
    pub name: &'static str,
    /// What stands behind `-- syncline:`.
    pub text: String,
}

/// Reads a directive as it stands behind `-- syncline:`.
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn said(text: &str) -> Result<Said, (String, String)> {
    let text = text.trim();
    let whole = format!("-- syncline: {text}");
    if text.contains(['\n', '\r']) || directive::read(&whole) != Comment::Directive(text) {
        return Err((
            format!("`{text}` is no directive"),
            "write it as it stands behind `-- syncline:`".to_owned(),
        ));
    }
    // Which database it is for is not known yet.
    let read = [Syntax::Sqlite, Syntax::Postgres(Default::default())].map(|syntax| {
        let mut directives = Directives::default();
        directive::take(&mut directives, text, 0..0, syntax).map(|()| directives.places.first().map(|(name, _)| *name))
    });
    let name = match read {
        [Ok(Some(name)), _] | [_, Ok(Some(name))] => name,
        [_, Err(problem)] => return Err((problem.message, problem.help)),
        _ => return Err((format!("`{text}` is no directive"), String::new())),
    };
    match name {
        directive::DOWN => Err((
            "`down` is a place in a file".to_owned(),
            "write the line into the file, or the down script into one of its own".to_owned(),
        )),
        name => Ok(Said {
            name,
            text: text.to_owned(),
        }),
    }
}

/// Whether a directive means anything to a database.
pub fn is_for(name: &str, syntax: Syntax) -> bool {
    match name {
        "foreign-keys" => syntax == Syntax::Sqlite,
        "lock-timeout" | "statement-timeout" | "retries" => syntax != Syntax::Sqlite,
        _ => true,
    }
}

/// The lines that say these directives before the text of a file.
pub fn head<'a>(said: impl IntoIterator<Item = &'a str>) -> String {
    let mut head = BEGINS.to_owned();
    for text in said {
        head.push_str(&format!("-- syncline: {text}\n"));
    }
    head + ENDS
}

/// The text of the file alone.
pub fn without_head(text: &str) -> &str {
    let Some(rest) = text.strip_prefix(BEGINS) else {
        return text;
    };
    let mut at = rest;
    while let Some((line, behind)) = at.split_once('\n') {
        if line == ENDS.trim_end() {
            return behind;
        }
        // Nothing else is between them.
        if !line.starts_with("-- syncline: ") {
            return text;
        }
        at = behind;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_directives_and_comes_off_again() {
        let text = format!("{}SELECT 1;\n", head(["no-transaction", "retries=3"]));
        assert_eq!(
            text,
            "-- syncline.toml says of this file:\n-- syncline: no-transaction\n-- syncline: retries=3\n-- The file:\nSELECT 1;\n"
        );
        assert_eq!(without_head(&text), "SELECT 1;\n");
        let parsed = super::super::parse(&text, Syntax::Postgres(Default::default())).unwrap();
        assert_eq!(parsed.directives.retries, Some(3));
        for other in [
            "SELECT 1;\n",
            BEGINS,
            "-- syncline.toml says of this file:\nSELECT 1;\n-- The file:\n",
        ] {
            assert_eq!(without_head(other), other);
        }
    }

    #[test]
    fn what_a_file_cannot_say_the_configuration_cannot() {
        assert_eq!(said("no-transaction").unwrap().name, "no-transaction");
        assert_eq!(said("foreign-keys=off").unwrap().name, "foreign-keys");
        assert_eq!(said("lock-timeout=2s").unwrap().name, "lock-timeout");
        for (text, what) in [
            ("down", "`down` is a place in a file"),
            ("no-transactoin", "unknown directive `no-transactoin`"),
            ("lock-timeout", "`lock-timeout` needs a value"),
            ("empty\nDROP TABLE a", "`empty\nDROP TABLE a` is no directive"),
            ("", "a directive without a name"),
        ] {
            assert_eq!(said(text).unwrap_err().0, what);
        }
    }
}
