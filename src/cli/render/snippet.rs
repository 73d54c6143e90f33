//! A place in a file: the path, the line, and a caret under the column.

use unicode_width::UnicodeWidthChar;

use super::escape::escape_line;
use super::page::{Ink, Page};

/// The most that is shown of a line, in columns of the terminal.
const WIDEST: usize = 120;

/// A place to be shown.
pub struct Snippet<'a> {
    pub path: &'a str,
    pub line: Option<u32>,
    pub column: Option<u32>,
    /// The text of the line.
    pub source: Option<&'a str>,
    /// What stands beside the caret.
    pub label: &'a str,
}

impl Snippet<'_> {
    /// The columns before the bar: two blanks and the line's number.
    pub fn margin(&self) -> usize {
        2 + self.line.map_or(1, |line| line.to_string().len())
    }

    /// Draws it. The label is shown in any case.
    pub fn draw(&self, page: &mut Page, mark: Ink) {
        let margin = self.margin();
        page.say(&" ".repeat(margin - 1))
            .put(Ink::Place, "--> ")
            .word(Ink::Plain, self.path);
        if let (Some(line), Some(column)) = (self.line, self.column) {
            // What is stored has no path that an editor could open.
            let gap = if self.path.starts_with("stored ") { ", " } else { ":" };
            page.say(&format!("{gap}{line}:{column}"));
        }
        page.end();
        let source = self.source.filter(|source| !source.trim().is_empty());
        let (Some(source), Some(line), Some(column)) = (source, self.line, self.column) else {
            if !self.label.is_empty() {
                remark(page, margin, "", self.label);
            }
            return;
        };
        let (shown, caret) = window(source, column);
        let bar = |page: &mut Page| {
            page.say(&" ".repeat(margin)).put(Ink::Place, "|");
        };
        bar(page);
        page.end();
        page.put(Ink::Place, &format!(" {line} |")).say(" ").say(&shown).end();
        bar(page);
        page.say(&" ".repeat(caret + 1)).put(mark, "^");
        let mut lines = self.label.lines();
        page.say(" ").word(mark, lines.next().unwrap_or_default()).end();
        for line in lines {
            bar(page);
            page.say(&" ".repeat(caret + 3)).word(mark, line).end();
        }
    }
}

/// A line below a place: `= hint: …`.
pub fn remark(page: &mut Page, margin: usize, name: &str, text: &str) {
    let mut lines = text.lines();
    page.say(&" ".repeat(margin)).put(Ink::Place, "= ").put(Ink::Bold, name);
    page.word(Ink::Plain, lines.next().unwrap_or_default()).end();
    for line in lines {
        page.say(&" ".repeat(margin + 2)).word(Ink::Plain, line).end();
    }
}

/// The line as it is shown, cut around the place where it is too long, and the columns before the caret.
fn window(source: &str, column: u32) -> (String, usize) {
    let place = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
    let mut before: Vec<(String, usize)> = Vec::new();
    let mut after: Vec<(String, usize)> = Vec::new();
    let mut width_after = 0;
    for (index, c) in source.chars().enumerate() {
        let shown = escape_line(&c.to_string());
        let width = shown.chars().filter_map(UnicodeWidthChar::width).sum();
        if index < place {
            before.push((shown, width));
        } else if width_after < WIDEST {
            width_after += width;
            after.push((shown, width));
        } else {
            break;
        }
    }
    let total: usize = before.iter().map(|(_, width)| width).sum();
    let mut skipped = 0;
    let mut lead = String::new();
    let mut caret = total;
    if total + width_after > WIDEST && total > WIDEST / 2 {
        while caret > WIDEST / 2 {
            let Some((_, width)) = before.get(skipped) else { break };
            caret -= width;
            skipped += 1;
        }
        lead.push('…');
        caret += 1;
    }
    let mut room = WIDEST.saturating_sub(caret);
    let mut shown = lead;
    shown.extend(before.into_iter().skip(skipped).map(|(text, _)| text));
    let count = source.chars().count().saturating_sub(place);
    let mut taken = 0;
    for (text, width) in after {
        if width > room {
            break;
        }
        room -= width;
        taken += 1;
        shown.push_str(&text);
    }
    if taken < count {
        shown.push('…');
    }
    (shown, caret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_column_after_tabs_and_wide_characters() {
        assert_eq!(window("\tSELECT x", 9), (" SELECT x".to_owned(), 8));
        assert_eq!(window("表表x", 3), ("表表x".to_owned(), 4));
        assert_eq!(window("a\u{1b}b", 3), ("a\\u{1b}b".to_owned(), 7));
        assert_eq!(window("", 1), (String::new(), 0));
        assert_eq!(window("ab", 99), ("ab".to_owned(), 2));
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let line = format!("{}HERE{}", "a".repeat(5_000), "b".repeat(5_000));
        let (shown, caret) = window(&line, 5_001);
        assert!(shown.chars().count() <= WIDEST + 2, "{shown}");
        assert!(shown.starts_with('…') && shown.ends_with('…'));
        let tail: String = shown.chars().skip(caret).take(4).collect();
        assert_eq!(tail, "HERE");
        let (shown, caret) = window(&format!("x{}", "b".repeat(5_000)), 1);
        assert!(shown.starts_with('x') && shown.ends_with('…') && caret == 0);
    }
}
