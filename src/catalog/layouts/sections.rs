//! Files that hold both directions, told apart by comment lines: goose, dbmate, node-pg-migrate. Their tools read line by line, whatever
//! stands around a line, and so it is done here.

use super::adapt::{OUTSIDE, say};
use super::numbered::Names;
use super::{Draft, Entry};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};

/// What a line means to a tool.
pub(super) enum Mark {
    /// SQL, or a comment like any other.
    Text,
    /// The script of a direction begins.
    Part(Direction),
    /// As [`Mark::Part`], and it runs without a transaction.
    PartOutside(Direction),
    /// Both scripts run without a transaction.
    Outside,
    /// Says nothing that a splitter needs to be told.
    Nothing,
    /// What syncline does not support: what it is, and what to do.
    Unsupported(String, &'static str),
}

/// How a tool marks the parts of its files.
pub(super) struct Sections {
    pub tool: &'static str,
    pub mark: fn(&str) -> Mark,
    /// The line that begins the up script, for messages.
    pub up: &'static str,
    /// Whether a file without any mark is an up script.
    pub can_be_plain: bool,
}

struct Section {
    direction: Direction,
    first_line: i32,
    text: String,
    outside: bool,
}

impl Sections {
    /// Reads a file by its name; returns the identity that this gives it.
    pub fn read(&self, names: &Names, entry: Entry, draft: &mut Draft) -> Option<(Id, String)> {
        let path = entry.path.clone();
        let (id, name) = names.read(&entry, draft)?;
        self.read_as(id.clone(), name, entry, draft)?;
        Some((id, path))
    }

    /// Reads a file whose identity and name are known.
    pub fn read_as(&self, id: Id, name: String, entry: Entry, draft: &mut Draft) -> Option<()> {
        let text = draft.text(entry)?;
        self.place(&Found::new(id, name, Direction::Up, text), draft)
    }

    fn place(&self, found: &Found, draft: &mut Draft) -> Option<()> {
        for section in self.cut(found, draft)? {
            let mut part = Found {
                direction: section.direction,
                first_line: section.first_line,
                text: section.text,
                can_be_cut: false,
                ..found.clone()
            };
            if section.outside {
                say(&mut part, OUTSIDE);
            }
            draft.scripts.push(part);
        }
        Some(())
    }

    /// The parts of a file; `None` where it has none, which is noted.
    fn cut(&self, found: &Found, draft: &mut Draft) -> Option<Vec<Section>> {
        let mut sections: Vec<Section> = Vec::new();
        let (mut outside, mut right, mut before) = (false, true, None);
        for (number, line) in lines(&found.text).enumerate() {
            let mut begin = |direction: Direction, outside: bool, draft: &mut Draft| {
                if sections.iter().any(|section| section.direction == direction) {
                    let message = format!("a second {direction} part");
                    draft.problem_at("layout", &found.path, (number, line), message, "keep one of the two");
                    right = false;
                }
                sections.push(Section {
                    direction,
                    first_line: i32::try_from(number + 1).unwrap_or(i32::MAX),
                    text: String::new(),
                    outside,
                });
            };
            match (self.mark)(line) {
                Mark::Part(direction) => begin(direction, false, draft),
                Mark::PartOutside(direction) => begin(direction, true, draft),
                Mark::Unsupported(message, help) => {
                    draft.problem_at("layout", &found.path, (number, line), message, help);
                    right = false;
                }
                mark => {
                    outside |= matches!(mark, Mark::Outside);
                    let is_text = matches!(mark, Mark::Text);
                    match sections.last_mut() {
                        Some(section) if is_text => section.text.push_str(line),
                        Some(section) => section
                            .text
                            .push_str(line.trim_start_matches(|c| c != '\n' && c != '\r')),
                        None if is_directive(line) => {
                            let message = format!("a directive before the line `{}`", self.up);
                            let help = "move it behind that line";
                            draft.problem_at("layout", &found.path, (number, line), message, help);
                            right = false;
                        }
                        None if is_text && !is_comment(line) => before = before.or(Some((number, line))),
                        None => {}
                    }
                }
            }
        }
        if !right {
            return None;
        }
        if sections.is_empty() && self.can_be_plain {
            return Some(vec![Section {
                direction: Direction::Up,
                first_line: 0,
                text: found.text.clone(),
                outside,
            }]);
        }
        if sections.iter().all(|section| section.direction == Direction::Down) {
            let message = format!("{} finds no line `{}` in it", self.tool, self.up);
            let help = "write it before the statements of the up script";
            match sections
                .first()
                .map(|section| usize::try_from(section.first_line - 1).unwrap_or_default())
            {
                Some(mark) => {
                    let line = lines(&found.text).nth(mark).unwrap_or_default();
                    draft.problem_at("layout", &found.path, (mark, line), message, help);
                }
                None => draft.problem("layout", &found.path, message, help),
            }
            return None;
        }
        if let Some(line) = before {
            let message = format!(
                "a statement before the line `{}`, which {} does not run",
                self.up, self.tool
            );
            draft.problem_at("layout", &found.path, line, message, "move it behind that line");
            return None;
        }
        for section in &mut sections {
            section.outside |= outside;
        }
        Some(sections)
    }
}

/// The lines with their ends. A lone carriage return ends one, too: a file of nothing else would be one line, and its mark all of it.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = match rest.find(['\n', '\r']) {
            None => rest.len(),
            Some(at) => {
                let is_pair = rest.get(at..).is_some_and(|rest| rest.starts_with("\r\n"));
                at + if is_pair { 2 } else { 1 }
            }
        };
        let (line, after) = rest.split_at_checked(end)?;
        rest = after;
        (!line.is_empty()).then_some(line)
    })
}

/// Whether it is a directive of syncline's: before the first part it would belong to none.
fn is_directive(line: &str) -> bool {
    let said = line.trim_start().strip_prefix("--").unwrap_or_default();
    let said = said.trim_start_matches(|c: char| c == '-' || c.is_whitespace());
    said.to_ascii_lowercase().starts_with("syncline:")
}

fn is_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with("--")
}
