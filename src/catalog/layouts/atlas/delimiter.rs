//! `atlas:delimiter` on the first line: what ends a statement instead of a semicolon.
//! <https://atlasgo.io/concepts/migration-directory#delimiters>

/// The line that says it, and its value.
pub(super) fn delimiter(text: &str) -> Option<(&str, &str)> {
    let line = text.split(['\n', '\r']).next()?;
    let value = line.strip_prefix("-- atlas:delimiter")?;
    (value.is_empty() || value.starts_with(' ')).then_some((line, value.trim_start_matches(' ')))
}

/// It may hold ends of lines.
pub(super) fn unescaped(value: &str) -> String {
    value.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t")
}

/// The text with semicolons for the delimiter; what ends lines in it stays. As Atlas looks for it: not within quotes, nor within brackets,
/// but before it looks for comments.
pub(super) fn ended(text: &str, delimiter: &str) -> String {
    let mut ended = String::with_capacity(text.len());
    let (mut at, mut begin, mut depth) = (0, 0, 0_usize);
    while let Some(next) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if depth == 0 && next.starts_with(delimiter) {
            end(&mut ended, text.get(begin..at).unwrap_or_default());
            ended.extend(delimiter.chars().filter(|c| matches!(c, '\n' | '\r')));
            at += delimiter.len();
            begin = at;
            continue;
        }
        at += match next.chars().next() {
            Some(quote @ ('\'' | '"' | '`')) => 1 + past(&next[1..], &quote.to_string()),
            Some('$') => dollar(next).map_or(1, |quote| quote.len() + past(&next[quote.len()..], quote)),
            Some('-') if next.starts_with("--") => past(next, "\n"),
            Some('/') if next.starts_with("/*") => past(next, "*/"),
            Some('(') => {
                depth += 1;
                1
            }
            Some(')') => {
                depth = depth.saturating_sub(1);
                1
            }
            other => other.map_or(1, char::len_utf8),
        };
    }
    ended.push_str(text.get(begin..).unwrap_or_default());
    ended
}

/// A statement with its end. One that has it, or has nothing to end, gets none.
fn end(ended: &mut String, statement: &str) {
    let said = statement.trim_end();
    ended.push_str(said);
    let last = said.lines().last().unwrap_or_default().trim_start();
    // A semicolon behind a comment would be a part of it.
    let is_comment = last.contains("--") || last.contains('#');
    if said.trim_start().is_empty() || said.ends_with(';') && !is_comment {
        ended.push_str(statement.get(said.len()..).unwrap_or_default());
        return;
    }
    let rest = statement.get(said.len()..).unwrap_or_default();
    match rest.find('\n').filter(|_| is_comment) {
        Some(line) => {
            ended.push_str(&rest[..=line]);
            ended.push(';');
            ended.push_str(&rest[line + 1..]);
        }
        None => {
            ended.push_str(if is_comment { "/**/;" } else { ";" });
            ended.push_str(rest);
        }
    }
}

/// Where something ends that a text closes.
fn past(text: &str, close: &str) -> usize {
    text.find(close).map_or(text.len(), |at| at + close.len())
}

/// The tag that opens a dollar quote.
fn dollar(text: &str) -> Option<&str> {
    let end = text.get(1..)?.find('$')? + 2;
    let tag = text.get(1..end - 1)?;
    let is_tag = !tag.starts_with(|c: char| c.is_ascii_digit()) && tag.chars().all(|c| c == '_' || c.is_alphanumeric());
    is_tag.then(|| &text[..end])
}
