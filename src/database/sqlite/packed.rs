//! A whole ledger in one row: the driver hands rows from thread to thread, and that costs more than reading them.

use crate::database::sql::{COLUMNS, Row};

/// Selects all records as one text: each field as its length in bytes, a colon and its text, or `-` for NULL.
pub(super) fn select(history: &str) -> String {
    let field = |column: &str| format!("coalesce(octet_length({column}) || ':' || {column}, '-')");
    let fields: Vec<String> = COLUMNS.split(", ").map(field).collect();
    let fields = fields.join(" || ");
    format!("SELECT group_concat(record, '') FROM (SELECT {fields} AS record FROM {history} ORDER BY seq)")
}

/// Reads what [`select`] gives. What does not fit its form ends the reading, and so the record is incomplete.
pub(super) fn unpack(packed: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut rest = packed;
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
            let Some((text, after)) = length.parse().ok().and_then(|length| after.split_at_checked(length)) else {
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
            fields(&[Some("0"), Some("3:a-b"), None, Some("ü:\n-"), Some("")]),
            fields(&[Some("-")]),
        ];
        let packed: String = rows
            .iter()
            .flatten()
            .map(|field| {
                field
                    .as_ref()
                    .map_or_else(|| "-".to_owned(), |text| format!("{}:{text}", text.len()))
            })
            .collect();
        assert_eq!(unpack(&packed), rows);
        for cut in 0..packed.len() {
            if let Some(part) = packed.get(..cut) {
                unpack(part);
            }
        }
    }
}
