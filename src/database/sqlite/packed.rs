//! A whole ledger in one row: the driver hands rows from thread to thread, and that costs more than reading them.

use crate::database::sql::{COLUMNS, Row};

/// Selects all records as one text, behind the encoding of the database: each field as its length in bytes of that, a colon and its text, or
/// `-` for NULL. `octet_length` came with 3.43.
pub(super) fn select(history: &str) -> String {
    let field = |column: &str| format!("coalesce(length(CAST({column} AS BLOB)) || ':' || {column}, '-')");
    let fields: Vec<String> = COLUMNS.split(", ").map(field).collect();
    let fields = fields.join(" || ");
    format!(
        "SELECT (SELECT encoding FROM pragma_encoding) || ' ' || coalesce(group_concat(record, ''), '') \
         FROM (SELECT {fields} AS record FROM {history} ORDER BY seq)"
    )
}

/// Reads what [`select`] gives. What does not fit its form ends the reading, and so the record is incomplete.
pub(super) fn unpack(packed: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let (encoding, mut rest) = packed.split_once(' ').unwrap_or_default();
    let split: fn(&str, usize) -> Option<(&str, &str)> = match encoding.starts_with("UTF-16") {
        true => |text, bytes| split_wide(text, bytes / 2),
        false => |text, bytes| text.split_at_checked(bytes),
    };
    let width = COLUMNS.split(", ").count();
    let mut row = Row::with_capacity(width);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('-') {
            row.push(None);
            rest = after;
        } else {
            let Some((length, after)) = rest.split_once(':') else {
                break;
            };
            let Some((text, after)) = length.parse().ok().and_then(|length| split(after, length)) else {
                break;
            };
            row.push(Some(text.to_owned()));
            rest = after;
        }
        if row.len() == width {
            rows.push(std::mem::replace(&mut row, Row::with_capacity(width)));
        }
    }
    if !row.is_empty() || !rest.is_empty() {
        rows.push(row);
    }
    rows
}

/// Splits behind so many units of UTF-16.
fn split_wide(text: &str, units: usize) -> Option<(&str, &str)> {
    let mut left = units;
    let mut end = 0;
    for c in text.chars() {
        if left == 0 {
            break;
        }
        left = left.checked_sub(c.len_utf16())?;
        end += c.len_utf8();
    }
    (left == 0).then(|| text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_records_are_unpacked_whatever_their_fields_hold() {
        let width = COLUMNS.split(", ").count();
        let fields = |texts: &[Option<&str>]| -> Row {
            let given = texts.iter().map(|text| text.map(str::to_owned));
            given.chain(std::iter::repeat(None)).take(width).collect()
        };
        let rows = [
            fields(&[Some("0"), Some("3:a-b"), None, Some("ü:\n-\0😀"), Some("")]),
            fields(&[Some("-")]),
        ];
        let narrow: fn(&str) -> usize = str::len;
        let wide: fn(&str) -> usize = |text| text.encode_utf16().count() * 2;
        for (encoding, length) in [("UTF-8", narrow), ("UTF-16le", wide), ("UTF-16be", wide)] {
            let field = |field: &Option<String>| {
                let told = |text: &String| format!("{}:{text}", length(text));
                field.as_ref().map_or_else(|| "-".to_owned(), told)
            };
            let packed: String = rows.iter().flatten().map(field).collect();
            let packed = format!("{encoding} {packed}");
            assert_eq!(unpack(&packed), rows, "{encoding}");
            for cut in 0..packed.len() {
                if let Some(part) = packed.get(..cut) {
                    unpack(part);
                }
            }
        }
    }
}
