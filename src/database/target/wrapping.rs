//! What stands around a URL that does not belong there: quotes, blanks, the name of its variable. Nothing of the URL is repeated, since it
//! may hold a password.

use super::{bad, others};
use crate::database::DatabaseError;

const AROUND: &str = "the value is taken as it is: write the URL alone, without anything around it";

/// The URL without the end of its line.
pub(super) fn unwrapped(text: &str) -> Result<&str, DatabaseError> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if let Some(found) = text.chars().next().and_then(foreign) {
        return Err(bad(&format!("{found} stands before it"), hint(text)));
    }
    if let Some((name, _)) = assignment(text) {
        return Err(bad(&format!("`{name}=` stands before it"), AROUND));
    }
    if let Some(found) = text.chars().next_back().and_then(foreign) {
        return Err(bad(&format!("{found} stands behind it"), hint(text)));
    }
    if let Some((command, _)) = text.split_once(' ')
        && COMMANDS.contains(&command)
    {
        return Err(bad(&format!("the command `{command}` stands before it"), AROUND));
    }
    if text.starts_with('$') || text.starts_with("{{") || text.starts_with('%') && text.ends_with('%') {
        return Err(bad(
            "it is the name of a variable whose value nobody has put in",
            "let the shell or the tool that starts syncline put the value in; `url-env` in the configuration names a variable",
        ));
    }
    if text.starts_with('{') {
        return Err(bad(
            "it is JSON",
            "give the parts in the configuration: `engine`, `host`, `user`, `password-env`, `database`",
        ));
    }
    if let Some(found) = text.chars().find(|c| c.is_control()).and_then(foreign) {
        return Err(bad(&format!("{found} stands inside it"), AROUND));
    }
    Ok(text)
}

/// Commands that providers print before their URLs.
const COMMANDS: [&str; 10] = [
    "psql", "mysql", "mariadb", "mysqlsh", "sqlite3", "pg_dump", "pgcli", "mycli", "usql", "export",
];

fn hint(text: &str) -> &'static str {
    match text.starts_with(['"', '\'']) {
        true => {
            "quotes belong to shells: `docker run --env-file` and others keep those of a line `NAME=\"value\"`; leave them out"
        }
        false => AROUND,
    }
}

/// The variable whose name was left before the URL, and the URL.
fn assignment(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix("export ").unwrap_or(text);
    let (name, url) = text.split_once('=')?;
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    // Else it could be the beginning of a password.
    let scheme = url
        .trim_start_matches(['"', '\''])
        .split(':')
        .next()
        .unwrap_or_default();
    (is_name && others::is_scheme(scheme)).then_some((name, url))
}

/// What a character is called that cannot begin or end a URL.
fn foreign(c: char) -> Option<String> {
    Some(match c {
        '"' | '\'' | '`' | '“' | '”' | '„' | '‘' | '’' | '«' | '»' => format!("a quote (`{c}`)"),
        '<' | '>' => format!("a bracket (`{c}`)"),
        ' ' => "a blank".to_owned(),
        '\t' => "a tab".to_owned(),
        '\n' | '\r' => "a line end".to_owned(),
        '\u{feff}' => "a byte-order mark".to_owned(),
        ',' | ';' => format!("a `{c}`"),
        c if c.is_whitespace() => format!("a blank of another kind (U+{:04X})", u32::from(c)),
        c if c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{ad}') =>
        {
            format!("a character that cannot be seen (U+{:04X})", u32::from(c))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_belong_around_a_url_is_told_and_the_url_is_not() {
        const URL: &str = "postgres://me:s3cret@h/d";
        for (text, words) in [
            (format!("\"{URL}\""), "a quote (`\"`) stands before it"),
            (format!("'{URL}'"), "a quote (`'`) stands before it"),
            (format!("{URL}\""), "a quote (`\"`) stands behind it"),
            (format!("“{URL}”"), "a quote (`“`) stands before it"),
            (format!("`{URL}`"), "a quote (```) stands before it"),
            (format!("<{URL}>"), "a bracket"),
            (format!(" {URL}"), "a blank stands before it"),
            (format!("{URL} "), "a blank stands behind it"),
            (format!("{URL} \n"), "a blank stands behind it"),
            (format!("\t{URL}"), "a tab"),
            (format!("\n{URL}"), "a line end stands before it"),
            (format!("{URL}\n\n"), "a line end stands behind it"),
            (format!("{URL}\nx"), "a line end stands inside it"),
            (format!("{URL};"), "a `;` stands behind it"),
            (format!("\u{feff}{URL}"), "a byte-order mark"),
            (format!("\u{a0}{URL}"), "a blank of another kind (U+00A0)"),
            (format!("{URL}\u{200b}"), "cannot be seen (U+200B)"),
            (format!("DATABASE_URL={URL}"), "`DATABASE_URL=` stands before it"),
            (
                format!("export DATABASE_URL=\"{URL}"),
                "`DATABASE_URL=` stands before it",
            ),
            (format!("psql '{URL}"), "the command `psql`"),
            ("$DATABASE_URL".to_owned(), "the name of a variable"),
            ("${DATABASE_URL}".to_owned(), "the name of a variable"),
            ("{{ db_url }}".to_owned(), "the name of a variable"),
            ("%DATABASE_URL%".to_owned(), "the name of a variable"),
            ("{\"password\":\"s3cret\"}".to_owned(), "it is JSON"),
        ] {
            let error = unwrapped(&text).unwrap_err();
            assert!(error.message.contains(words), "{text:?}: {error}");
            let hint = error.hint.unwrap_or_default();
            assert!(
                !error.message.contains("s3cret") && !hint.contains("s3cret"),
                "{text:?}"
            );
        }
        for text in [
            URL.to_owned(),
            format!("{URL}\n"),
            format!("{URL}\r\n"),
            "sqlite:a b.db".to_owned(),
        ] {
            assert_eq!(unwrapped(&text).unwrap(), text.trim_end());
        }
    }
}
