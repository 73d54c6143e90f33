//! `endDelimiter`: what ends a statement instead of a semicolon.
//! <https://docs.liquibase.com/concepts/changelogs/attributes/end-delimiter.html>

use super::change_set::Refusal;

/// A text that ends a statement where it ends a line, or where it is a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Delimiter {
    text: String,
    is_line: bool,
}

impl Delimiter {
    /// Reads the value of the attribute, which is a regular expression there: texts that mean themselves are read, with `\n` before.
    pub fn new(value: &str) -> Result<Self, Refusal> {
        let (mut text, mut is_line) = (value, false);
        for end in ["\\r", "\\n", "\r", "\n"] {
            if let Some(rest) = text.strip_prefix(end) {
                (text, is_line) = (rest, true);
            }
        }
        let Some(plain) = literal(text.trim()).filter(|plain| !plain.is_empty()) else {
            return Err((
                format!("the end delimiter `{value}` is a regular expression"),
                "choose one that means itself, such as `//` or `@@`",
            ));
        };
        // A word is one only where nothing else stands beside it.
        let is_word = plain.chars().all(char::is_alphanumeric) || plain == "/";
        Ok(Self {
            text: plain,
            is_line: is_line || is_word,
        })
    }
}

/// What a regular expression matches, where that is one text alone.
fn literal(expression: &str) -> Option<String> {
    let mut plain = String::new();
    let mut letters = expression.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.push(letters.next().filter(|escaped| !escaped.is_alphanumeric())?),
            _ if "[](){}*+?|^$.".contains(letter) => return None,
            _ => plain.push(letter),
        }
    }
    Some(plain)
}

/// The text with semicolons for the delimiter. Lines stay where they are.
pub(super) fn ended(text: &str, delimiter: &Delimiter) -> String {
    let mut ended = String::with_capacity(text.len());
    // Whether a semicolon stands before, and nothing behind it.
    let mut is_ended = false;
    for line in text.split_inclusive('\n') {
        let said = line.trim_end();
        let (end, break_) = (said.len(), line.get(said.len()..).unwrap_or_default());
        let start = end.saturating_sub(delimiter.text.len());
        let is_there = said
            .get(start..)
            .is_some_and(|tail| tail.eq_ignore_ascii_case(&delimiter.text));
        let before = said.get(..start).unwrap_or_default();
        if !is_there || delimiter.is_line && !before.trim().is_empty() {
            ended.push_str(line);
            is_ended = said.ends_with(';') || is_ended && said.is_empty();
            continue;
        }
        let before = before.trim_end();
        ended.push_str(before);
        // One behind a semicolon ends nothing more.
        if !(before.ends_with(';') || is_ended && before.is_empty()) {
            ended.push(';');
        }
        is_ended = true;
        ended.push_str(break_);
    }
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_delimiter_becomes_a_semicolon_and_lines_stay() {
        for (delimiter, text, wanted) in [
            ("//", "A;\nB\n//\nC //\n", "A;\nB\n;\nC;\n"),
            ("//", "BEGIN\n x;\nEND;\n//\nB // C\n", "BEGIN\n x;\nEND;\n\nB // C\n"),
            ("/", "a / b\nc\n/\n", "a / b\nc\n;\n"),
            ("\\nGO", "a GO\nb\ngo\r\n", "a GO\nb\n;\r\n"),
            ("GO", "LETS GO\nGO", "LETS GO\n;"),
            ("\\|\\|", "a\n||\n", "a\n;\n"),
            (";", "a;\nb;\n", "a;\nb;\n"),
            (";;", "a;\nb;;\n", "a;\nb;\n"),
        ] {
            let delimiter = Delimiter::new(delimiter).unwrap();
            assert_eq!(ended(text, &delimiter), wanted, "{delimiter:?}");
        }
    }

    #[test]
    fn a_regular_expression_is_refused() {
        for value in ["(?m)^/$", "\\s*", "a|b", "", "$$"] {
            assert!(Delimiter::new(value).is_err(), "{value}");
        }
    }
}
