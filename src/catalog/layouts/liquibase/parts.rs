//! The texts that make up the script of a change set in XML, put together to one.

use roxmltree::Node;

use super::change_set::Part;
use super::changelog::Changelog;
use super::delimiter::{self, Delimiter};

/// A text of a change set.
pub(super) enum Piece {
    /// Written in the changelog, with the lines before it.
    Inline { first_line: usize, text: String },
    /// A file of its own.
    File { path: String, name: String, text: String },
}

impl Piece {
    /// The same with semicolons for what ends its statements.
    pub fn ended(self, delimiter: &Delimiter) -> Self {
        match self {
            Self::Inline { first_line, text } => Self::Inline {
                first_line,
                text: delimiter::ended(&text, delimiter),
            },
            Self::File { path, name, text } => Self::File {
                path,
                name,
                text: delimiter::ended(&text, delimiter),
            },
        }
    }
}

/// The text in an element, on the lines where it stands. Comments of the XML and elements in it are left out.
pub(super) fn inline(log: &Changelog<'_>, node: Node<'_, '_>) -> Option<Piece> {
    let mut found: Option<(usize, usize, String)> = None;
    for child in node.children().filter(Node::is_text) {
        let line = log.line_of(child.range().start);
        let (_, there, text) = found.get_or_insert_with(|| (line, line, String::new()));
        let said = child.text().unwrap_or_default();
        text.push_str(&"\n".repeat(line.saturating_sub(*there)));
        text.push_str(said);
        *there = line.max(*there) + said.matches('\n').count();
    }
    let (first_line, _, text) = found.filter(|(.., text)| !text.trim().is_empty())?;
    Some(Piece::Inline { first_line, text })
}

/// One script of all. Places in it are those of the file where there is one file; else those in the script itself, as `show` prints it.
pub(super) fn together(pieces: Vec<Piece>, changelog: &str, name: &str) -> Part {
    let lines = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let is_one_file = match pieces.as_slice() {
        [Piece::File { .. }] => true,
        all => all.iter().all(|piece| matches!(piece, Piece::Inline { .. })),
    };
    let mut part = Part {
        path: match is_one_file {
            true => changelog.to_owned(),
            // No system has to know such a file.
            false => format!("{changelog} ({})", name.replace(|c| "<>:\"|?*".contains(c), " ")),
        },
        ..Part::default()
    };
    // The line that comes next in the changelog.
    let mut there = 0;
    for (index, piece) in pieces.into_iter().enumerate() {
        if index > 0 {
            there += end(&mut part.text);
        }
        match piece {
            Piece::File { path, text, .. } if is_one_file => {
                part.path = path;
                part.text.push_str(&text);
            }
            Piece::File { name, text, .. } => {
                let name: String = name.chars().filter(|c| !c.is_control()).collect();
                part.text.push_str(&format!("-- from {name}\n{text}"));
            }
            Piece::Inline { first_line, text } => {
                if is_one_file && index == 0 {
                    part.first_line = lines(first_line);
                    there = first_line;
                }
                if is_one_file && there < first_line {
                    part.text.push_str(&"\n".repeat(first_line - there));
                    there = first_line;
                }
                there += text.matches('\n').count();
                part.text.push_str(&text);
            }
        }
    }
    part
}

/// Ends the last statement of a text, so that another one can follow. Says how many lines that took: none, unless the last one may be a
/// comment, or is not ended.
fn end(text: &mut String) -> usize {
    let last = text.trim_end();
    let line = last.rsplit('\n').next().unwrap_or(last);
    if line.contains("--") || line.contains('#') {
        text.push_str("\n;\n");
        return 2;
    }
    if !last.ends_with(';') {
        text.insert(last.len(), ';');
    }
    if text.ends_with(['\n', ' ']) {
        return 0;
    }
    text.push('\n');
    1
}
