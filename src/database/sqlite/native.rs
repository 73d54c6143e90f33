//! What has to be read off SQLite's own handle, and off the head of a statement before it is sent.
//!
//! The only unsafe code of the crate: sqlx does not pass on where in a statement an error lies, nor what library is linked, and libraries
//! are loaded at the operator's word.

use sqlx::sqlite::{LockedSqliteHandle, SqliteConnectOptions};

/// Has these libraries loaded into each connection.
#[expect(
    unsafe_code,
    reason = "what a library does that somebody has named is not for us to say"
)]
pub(super) fn with_extensions(options: SqliteConnectOptions, extensions: &[String]) -> SqliteConnectOptions {
    extensions.iter().fold(options, |options, extension| {
        // SAFETY: as the operator trusts the library; nobody else can name one, and SQL cannot load any.
        unsafe { options.extension(extension.clone()) }
    })
}

/// The byte offset in the statement at which the last error lies, where SQLite knows it.
#[expect(unsafe_code, reason = "sqlite3_error_offset has no safe wrapper in sqlx")]
pub(super) fn error_offset(handle: &mut LockedSqliteHandle<'_>) -> Option<usize> {
    // SAFETY: the handle is open and locked, so nothing else uses the connection; the function only reads from it.
    // https://www.sqlite.org/c3ref/errcode.html
    let offset = unsafe { libsqlite3_sys::sqlite3_error_offset(handle.as_raw_handle().as_ptr()) };
    usize::try_from(offset).ok()
}

/// The version that the bindings were made for, which is that of the library that can be compiled in.
pub(super) const EXPECTED: u32 = libsqlite3_sys::SQLITE_VERSION_NUMBER.cast_unsigned();

/// The version of the library that is linked: 3.51.3 is 3051003.
#[expect(unsafe_code, reason = "sqlx does not pass it on")]
pub(super) fn version() -> u32 {
    // SAFETY: the function takes nothing and returns a constant. https://www.sqlite.org/c3ref/libversion.html
    unsafe { libsqlite3_sys::sqlite3_libversion_number() }.cast_unsigned()
}

/// Whether the library was built for more than one thread.
#[expect(unsafe_code, reason = "sqlx does not pass it on")]
pub(super) fn is_threadsafe() -> bool {
    // SAFETY: the function takes nothing and returns a constant. https://www.sqlite.org/c3ref/threadsafe.html
    unsafe { libsqlite3_sys::sqlite3_threadsafe() != 0 }
}

/// How much of a statement says what kind it is.
const HEAD: usize = 256;

/// Whether a statement may leave settings, temporary tables or attached files with the connection.
pub(super) fn leaves_traces(statement: &str) -> bool {
    let head: Vec<u8> = statement
        .bytes()
        .take(HEAD)
        .map(|byte| byte.to_ascii_lowercase())
        .collect();
    let holds = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    holds(b"pragma") || holds(b"temp") || holds(b"attach")
}

/// The table of a `DROP TABLE` of the main schema, unquoted.
pub(super) fn dropped_table(statement: &str) -> Option<String> {
    let mut rest = code(statement);
    for word in ["drop", "table"] {
        rest = keyword(rest, word)?;
    }
    if let Some(after) = keyword(rest, "if").and_then(|rest| keyword(rest, "exists")) {
        rest = after;
    }
    let (name, after) = identifier(rest)?;
    match code(after).strip_prefix('.') {
        None => Some(name),
        Some(table) if name.eq_ignore_ascii_case("main") => identifier(code(table)).map(|(name, _)| name),
        Some(_) => None,
    }
}

fn keyword<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    let rest = text.get(word.len()..)?;
    (head.eq_ignore_ascii_case(word) && !rest.starts_with(in_word)).then(|| code(rest))
}

/// What follows white space and comments.
fn code(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let after = match (rest.strip_prefix("--"), rest.strip_prefix("/*")) {
            (Some(comment), _) => comment.split_once('\n'),
            (_, Some(comment)) => comment.split_once("*/"),
            _ => return rest,
        };
        rest = after.map_or("", |(_, after)| after.trim_start());
    }
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn identifier(text: &str) -> Option<(String, &str)> {
    let open = text.chars().next()?;
    let close = match open {
        '"' | '`' | '\'' => open,
        '[' => ']',
        _ => {
            let end = text.find(|c: char| !in_word(c)).unwrap_or(text.len());
            return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
        }
    };
    let body = &text[1..];
    let mut name = String::new();
    let mut characters = body.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if c != close {
            name.push(c);
        } else if close != ']' && characters.peek().is_some_and(|(_, next)| *next == close) {
            name.push(c);
            characters.next();
        } else {
            return Some((name, &body[at + c.len_utf8()..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_drop_is_found_however_it_is_written() {
        for (statement, table) in [
            ("DROP TABLE a", Some("a")),
            ("drop  table\n if exists \"a \"\"b\" ", Some("a \"b")),
            ("DROP TABLE main.[x y]", Some("x y")),
            ("DROP TABLE IF EXISTS `t`", Some("t")),
            ("DROP TABLE/* a */ -- b\n t", Some("t")),
            ("DROP/**/TABLE IF/**/EXISTS\"t\"", Some("t")),
            ("DROP TABLE main /* a */ . /* b */ t", Some("t")),
            ("DROP TABLE /* t", None),
            ("DROP TABLE temp.t", None),
            ("DROP VIEW a", None),
            ("DROP TABLE", None),
            ("DROPTABLE a", None),
        ] {
            assert_eq!(dropped_table(statement).as_deref(), table, "{statement}");
        }
    }
}
