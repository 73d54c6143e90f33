//! File bytes to text: the encoding, and files that are no SQL at all.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::{Position, Problem};

/// Starts of files that are something else.
const NOT_SQL: [(&[u8], &str); 7] = [
    (b"\x1f\x8b", "a gzip archive"),
    (b"PK\x03\x04", "a zip archive"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"PGDMP", "a pg_dump archive"),
    (b"version https://git-lfs.github.com/spec", "a Git LFS pointer"),
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
];

/// The longest first: UTF-32 LE begins with the mark of UTF-16 LE.
const MARKS: [(&[u8], &str); 4] = [
    (b"\xff\xfe\0\0", "UTF-32LE"),
    (b"\0\0\xfe\xff", "UTF-32BE"),
    (b"\xff\xfe", "UTF-16LE"),
    (b"\xfe\xff", "UTF-16BE"),
];

/// The bytes of a file are no script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecodable {
    /// What shows it. Its place counts from the start of the bytes, byte-order mark included.
    pub problem: Problem,
    /// The same place in lines and columns.
    pub position: Position,
}

/// The text of a file: UTF-8, its byte-order mark dropped, otherwise as it is.
///
/// # Errors
///
/// The first thing that shows that this is no script: another file format or encoding, a NUL byte, a merge conflict.
pub fn decode(bytes: Vec<u8>) -> Result<String, Undecodable> {
    let mut text = to_text(bytes).map_err(|(problem, bytes)| {
        let before = String::from_utf8_lossy(bytes.get(..problem.at).unwrap_or_default());
        Undecodable {
            position: Position::of(&before, before.len()),
            problem,
        }
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// The text, or what is wrong with the bytes and the bytes.
fn to_text(bytes: Vec<u8>) -> Result<String, (Problem, Vec<u8>)> {
    let head = bytes.trim_ascii_start();
    let begins = |start: &[u8]| {
        head.get(..start.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(start))
    };
    if let Some((_, name)) = NOT_SQL.iter().find(|(start, _)| begins(start)) {
        let help = match *name {
            "a Git LFS pointer" => "fetch the file itself with `git lfs pull`",
            "an HTML page" => "it is usually an error page of a failed download; fetch the file again",
            "a pg_dump archive" => "write it as SQL with `pg_restore -f FILE.sql`",
            _ => "unpack it, or name it differently",
        };
        return Err((
            Problem::new("not-sql", 0, format!("this is {name}, not SQL"), help),
            bytes,
        ));
    }
    if let Some(name) = wide(&bytes) {
        let message = format!("the file is {name}, not UTF-8");
        let help = format!("convert it with `iconv -f {name} -t UTF-8`");
        return Err((Problem::new("utf16", 0, message, help), bytes));
    }
    if let Some(at) = memchr(0, &bytes) {
        let help = "remove it; no server takes it, and some drop the rest of the text";
        return Err((
            Problem::new("nul-byte", at, "a NUL byte (0x00) in the file", help),
            bytes,
        ));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(at).copied().unwrap_or_default();
        let message = format!("byte 0x{byte:02X} at offset {at} is not UTF-8");
        let bytes = error.into_bytes();
        // What it says of its encoding, and values that are no text, would be wrong in another one.
        let help = match memmem::find(&bytes, b"/*!40101 SET NAMES ") {
            Some(_) => "make the dump again with `--default-character-set=utf8mb4`, and with `--hex-blob` where it has binary values",
            None => "convert the file with `iconv -f LATIN1 -t UTF-8`, or from whatever encoding it is in",
        };
        (Problem::new("not-utf8", at, message, help), bytes)
    })?;
    match conflict(text.as_bytes()) {
        Some(at) => {
            let help = "resolve the conflict: keep one side, remove the marker lines";
            let message = "a merge conflict that was never resolved";
            Err((Problem::new("conflict-marker", at, message, help), text.into_bytes()))
        }
        None => Ok(text),
    }
}

/// The encoding of a text in units of two or four bytes, by its mark or by where its NUL bytes are.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, name)) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Some(name);
    }
    let sample = bytes
        .get(..bytes.len().min(256) & !3)
        .filter(|sample| sample.len() >= 4)?;
    let nul = |lane: usize| sample.iter().skip(lane).step_by(4).filter(|byte| **byte == 0).count();
    let lanes = sample.len() / 4;
    // SQL is mostly ASCII, so the high byte of nearly every unit is NUL and the low one never is.
    let mostly = |lane| nul(lane) * 4 >= lanes * 3;
    match [mostly(0), mostly(1), mostly(2), mostly(3)] {
        [false, true, true, true] => Some("UTF-32LE"),
        [true, true, true, false] => Some("UTF-32BE"),
        [false, true, false, true] => Some("UTF-16LE"),
        [true, false, true, false] => Some("UTF-16BE"),
        _ => None,
    }
}

/// Where a line begins with Git's marker. A ruler of `=======` alone is no conflict.
fn conflict(bytes: &[u8]) -> Option<usize> {
    let first = |at: usize| {
        at.checked_sub(1)
            .is_none_or(|before| matches!(bytes.get(before), Some(b'\n' | b'\r')))
    };
    memmem::find_iter(bytes, b"<<<<<<< ").find(|at| first(*at))
}

/// The text that a checksum is made of: byte-order mark dropped, CRLF and CR become LF, nothing else.
/// Borrowed when nothing changes. Doing it twice changes nothing more, except that a second mark goes too.
pub fn canonical(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(first) = memchr(b'\r', text.as_bytes()) else {
        return Cow::Borrowed(text);
    };
    let (head, mut rest) = text.split_at(first);
    let mut out = String::with_capacity(text.len());
    out.push_str(head);
    while let Some(found) = memchr(b'\r', rest.as_bytes()) {
        let (line, end) = rest.split_at(found);
        out.push_str(line);
        out.push('\n');
        rest = end
            .strip_prefix("\r\n")
            .or_else(|| end.strip_prefix('\r'))
            .unwrap_or("");
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> (&'static str, usize, String) {
        let problem = decode(bytes.to_vec()).unwrap_err().problem;
        (problem.code, problem.at, problem.message + " / " + &problem.help)
    }

    fn encode(text: &str, unit: impl Fn(u32) -> Vec<u8>) -> Vec<u8> {
        text.chars().flat_map(|letter| unit(u32::from(letter))).collect()
    }

    #[test]
    fn plain_text_comes_back_as_it_is() {
        for text in [
            "",
            "SELECT 1;\r\n",
            "-- =======\nSELECT 'ß';",
            "SELECT 1 <<<<<<< 2",
            "\u{1f418}",
        ] {
            assert_eq!(decode(text.as_bytes().to_vec()).unwrap(), text);
        }
    }

    #[test]
    fn a_leading_byte_order_mark_is_dropped() {
        assert_eq!(decode(b"\xef\xbb\xbfSELECT 1".to_vec()).unwrap(), "SELECT 1");
    }

    #[test]
    fn other_encodings_are_named() {
        let sql = "CREATE TABLE t (a int);";
        let little = |unit: u32| (unit as u16).to_le_bytes().to_vec();
        let big = |unit: u32| (unit as u16).to_be_bytes().to_vec();
        for (bytes, name) in [
            (encode(sql, little), "UTF-16LE"),
            (encode(sql, big), "UTF-16BE"),
            (encode(&format!("\u{feff}{sql}"), little), "UTF-16LE"),
            (encode(&format!("\u{feff}{sql}"), big), "UTF-16BE"),
            (encode(sql, |unit| unit.to_le_bytes().to_vec()), "UTF-32LE"),
            (encode(sql, |unit| unit.to_be_bytes().to_vec()), "UTF-32BE"),
            (
                encode(&format!("\u{feff}{sql}"), |unit| unit.to_le_bytes().to_vec()),
                "UTF-32LE",
            ),
        ] {
            let (code, _, words) = refused(&bytes);
            assert_eq!(code, "utf16");
            assert!(words.contains(&format!("iconv -f {name} ")), "{words}");
        }
    }

    #[test]
    fn a_nul_byte_is_pointed_at() {
        let (code, at, _) = refused(b"SELECT 1;\0SELECT 2; and some more text to make it long");
        assert_eq!((code, at), ("nul-byte", 9));
        assert_eq!(refused(b"\0").0, "nul-byte");
    }

    #[test]
    fn a_dump_in_another_encoding_is_not_converted_but_made_again() {
        let (code, _, words) = refused(b"/*!40101 SET NAMES latin1 */;\nINSERT INTO a VALUES ('\xfc', '\xff');\n");
        assert_eq!(code, "not-utf8");
        assert!(
            words.contains("--default-character-set=utf8mb4") && words.contains("--hex-blob"),
            "{words}"
        );
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_shown_with_its_offset() {
        let (code, at, words) = refused(b"SELECT 'caf\xe9'");
        assert_eq!((code, at), ("not-utf8", 11));
        assert!(
            words.contains("0xE9") && words.contains("iconv -f LATIN1 -t UTF-8"),
            "{words}"
        );
    }

    #[test]
    fn a_conflict_is_found_at_its_first_marker() {
        let (code, at, _) = refused(b"SELECT 1;\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> branch\n");
        assert_eq!((code, at), ("conflict-marker", 10));
    }

    #[test]
    fn other_kinds_of_files_are_named() {
        for (bytes, name) in [
            (&b"\x1f\x8b\x08\0\0\0"[..], "gzip"),
            (b"PK\x03\x04....", "zip"),
            (b"SQLite format 3\0....", "SQLite database"),
            (b"PGDMP\x01\x0e\0", "pg_dump"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:1", "LFS"),
            (b"\n<!DOCTYPE html>\n<html>", "HTML"),
            (b"<HTML><body>404", "HTML"),
        ] {
            let (code, _, words) = refused(bytes);
            assert_eq!(code, "not-sql");
            assert!(words.contains(name), "{words}");
        }
    }

    #[test]
    fn canonical_text_has_line_feeds_only() {
        assert_eq!(canonical("\u{feff}a\r\nb\rc\nd\r\r\n"), "a\nb\nc\nd\n\n");
        assert!(matches!(canonical("a\nb"), Cow::Borrowed("a\nb")));
        assert!(matches!(canonical("\u{feff}a"), Cow::Borrowed("a")));
        assert_eq!(canonical(" a\u{feff} "), " a\u{feff} ");
    }
}
