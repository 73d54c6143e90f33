//! How PostgreSQL spells things: identifiers, literals, its clock.

use std::fmt::Write;

use crate::database::sql::Dialect;

pub(super) static DIALECT: Dialect = dialect(literal);

/// SQL_ASCII knows no characters, only bytes, and so nothing that `\U` could name.
pub(super) static BYTE_DIALECT: Dialect = dialect(byte_literal);

const fn dialect(literal: fn(&str) -> String) -> Dialect {
    Dialect {
        identifier: |name| format!("\"{}\"", name.replace('"', "\"\"")),
        literal,
        integer: "bigint",
        text: "text",
        key: "text",
        table: "",
        from_nothing: "",
        unless_there: "ON CONFLICT DO NOTHING",
        now: "pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.clock_timestamp()), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
        tables: "SELECT CASE WHEN n.nspname = pg_catalog.current_schema() THEN '' ELSE n.nspname END, n.nspname, c.relname, a.attname, \
             pg_catalog.format_type(a.atttypid, NULL), EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary \
             AND a.attnum = ANY (i.indkey))::pg_catalog.text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped \
             AND n.nspname !~ '^(pg_|information_schema$)' ORDER BY n.nspname, c.relname, a.attnum",
        as_text: |column, _| format!("{column}::pg_catalog.text"),
        as_hex: |column| format!("pg_catalog.encode({column}, 'hex')"),
        bytes: |digits| format!("pg_catalog.decode('{digits}', 'hex')"),
        truth: ["true", "false"],
    }
}

/// An escape string means the same whatever `standard_conforming_strings`, `backslash_quote` and `client_encoding` say, because
/// it is pure ASCII and holds no `\'` (https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE).
pub(super) fn literal(text: &str) -> String {
    escaped(text, |literal, c| {
        let _ = write!(literal, "\\U{:08X}", u32::from(c));
    })
}

/// The same in the bytes of UTF-8.
fn byte_literal(text: &str) -> String {
    escaped(text, |literal, c| {
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            let _ = write!(literal, "\\x{byte:02X}");
        }
    })
}

fn escaped(text: &str, wide: impl Fn(&mut String, char)) -> String {
    let mut literal = String::with_capacity(text.len() + 3);
    literal.push_str("E'");
    for c in text.chars() {
        match c {
            '\'' => literal.push_str("''"),
            '\\' => literal.push_str("\\\\"),
            c if c.is_ascii() => literal.push(c),
            c => wide(&mut literal, c),
        }
    }
    literal.push('\'');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_cannot_be_left_and_is_plain_ascii() {
        assert_eq!(literal("it's"), "E'it''s'");
        assert_eq!(literal("a\\'b"), "E'a\\\\''b'");
        assert_eq!(literal("é\u{1f600}"), "E'\\U000000E9\\U0001F600'");
    }
}
