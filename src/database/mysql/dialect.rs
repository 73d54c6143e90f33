//! How MySQL and MariaDB spell things: identifiers, literals, their clock.

use std::time::Duration;

use crate::database::sql::Dialect;

pub(super) static DIALECT: Dialect = Dialect {
    identifier: |name| format!("`{}`", name.replace('`', "``")),
    literal,
    integer: "bigint",
    text: "longtext",
    // A text without a length cannot be a key.
    key: "varchar(64)",
    table: " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    from_nothing: " FROM DUAL",
    unless_there: "ON DUPLICATE KEY UPDATE encoding = encoding",
    now: "DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ')",
    // Sqitch keeps its history in a schema of its own. `COLUMN_KEY` calls a unique index PRI where there is no primary key.
    tables: "SELECT IF(TABLE_SCHEMA = DATABASE(), '', TABLE_SCHEMA), TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE, \
         (TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME) IN (SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS \
         WHERE INDEX_NAME = 'PRIMARY' AND TABLE_SCHEMA IN (DATABASE(), 'sqitch'{also})) \
         FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN (DATABASE(), 'sqitch'{also}) \
         ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION",
    // Unlike the other types, this one has a zone, which is that of the session: UTC.
    as_text: |column, type_name| match type_name {
        "timestamp" => format!("CONCAT({column}, '+00')"),
        _ => format!("CAST({column} AS CHAR)"),
    },
    as_hex: |column| format!("HEX({column})"),
    bytes: |digits| format!("x'{digits}'"),
    truth: ["1", "0"],
};

/// Means the same whatever `sql_mode` and the character sets of the session are: ASCII without a backslash, or digits
/// (<https://dev.mysql.com/doc/refman/8.4/en/hexadecimal-literals.html>).
pub(super) fn literal(text: &str) -> String {
    use std::fmt::Write;
    if text.is_ascii() && !text.contains(['\\', '\0']) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut literal = String::with_capacity(text.len() * 2 + 14);
    literal.push_str("_utf8mb4 X'");
    for byte in text.bytes() {
        let _ = write!(literal, "{byte:02X}");
    }
    literal.push('\'');
    literal
}

/// Whole seconds, at least one: the server counts no less.
pub(super) fn seconds(limit: Duration) -> u64 {
    limit.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(31_536_000)
}

/// Columns of the type TIMESTAMP are read and written in the time zone of the session, which may be any.
pub(super) const IN_UTC: &str = "SET @syncline_zone = @@session.time_zone, time_zone = '+00:00'";
pub(super) const AS_BEFORE: &str = "SET time_zone = @syncline_zone, @syncline_zone = NULL";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_cannot_be_left_and_is_plain_ascii() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\'b"), "_utf8mb4 X'615C2762'");
        assert_eq!(literal("é"), "_utf8mb4 X'C3A9'");
    }
}
