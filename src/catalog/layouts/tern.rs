//! tern: `<number>_<name>.sql` with the down script behind one line, in the templates of Go.
//! <https://github.com/jackc/tern#migrations>

use super::adapt::{OUTSIDE, say, without};
use super::numbered::Names;
use super::{Draft, Entry, Fresh, Tool, begun_by, is_sql, line_that};
use crate::catalog::source::Found;
use crate::migration::Direction;

pub(super) struct Tern;

/// Where it cuts a file, wherever that stands.
const CUT: &str = "---- create above / drop below ----";
/// For the part that it stands in.
const DISABLE: &str = "---- tern: disable-tx ----";

/// `\A(\d+)_.+\.sql\z`
const NAMES: Names = Names {
    tool: "tern",
    forms: "`<number>_<name>.sql`",
    behind: "_",
    stops: false,
};

impl Tool for Tern {
    fn name(&self) -> &'static str {
        "tern"
    }

    fn way_back(&self, _: &str) -> String {
        begun_by(CUT)
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        let Fresh { version, name } = fresh;
        let text = format!("-- {name}\n\n{CUT}\n\n-- revert {name}\n");
        Some(vec![(format!("{version:0>3}_{name}.sql"), text)])
    }

    fn wants(&self, name: &str) -> bool {
        is_sql(name)
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        line_that(files, |line| line.trim() == CUT)
    }

    /// `{{.name}}`: what `[data]` of tern.conf holds, or a template.
    fn always_replaces(&self) -> Option<&'static str> {
        Some("{{.name}}")
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        for entry in files {
            let Some((id, name)) = NAMES.read(&entry, draft) else {
                continue;
            };
            if let Some(text) = draft.text(entry) {
                cut(Found::new(id, name, Direction::Up, text), draft);
            }
        }
    }
}

/// Both parts of a file. The line itself belongs to the first, as nothing.
fn cut(found: Found, draft: &mut Draft) {
    let Some(at) = found.text.find(CUT) else {
        let text = found.text.clone();
        return up(&found, text, draft);
    };
    let begin = found.text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = at + CUT.len();
    let next = found.text[end..]
        .find('\n')
        .map_or(found.text.len(), |length| end + length + 1);
    let number = found.text[..begin].matches('\n').count();
    let line = found.text[begin..next].trim();
    if line != CUT {
        let message = "tern cuts the file here, in the middle of a line".to_owned();
        let help = "give the mark a line of its own, or write it in another way";
        return draft.problem_at("layout", &found.path, (number, line), message, help);
    }
    // Without a text behind the line tern knows no way back.
    let down = found.text[next..].to_owned();
    if !down.trim().is_empty() && has_sql(&found.text[..begin]) {
        part(&found, Direction::Down, number + 1, down, draft);
    }
    up(&found, found.text[..begin].to_owned(), draft);
}

fn has_sql(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    lines.any(|line| !line.is_empty() && !line.starts_with("--"))
}

fn up(found: &Found, text: String, draft: &mut Draft) {
    if !has_sql(&text) {
        let message = "tern takes no up script without a statement";
        return draft.problem("layout", &found.path, message, "write what it should do");
    }
    part(found, Direction::Up, 0, text, draft);
}

fn part(found: &Found, direction: Direction, lines: usize, text: String, draft: &mut Draft) {
    let is_outside = text.lines().any(|line| line == DISABLE);
    let mut part = Found {
        direction,
        first_line: i32::try_from(lines).unwrap_or(i32::MAX),
        text,
        can_be_cut: false,
        ..found.clone()
    };
    if is_outside {
        let lines = part.text.split_inclusive('\n').scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line.trim_end_matches(['\r', '\n'])))
        });
        let own: Vec<std::ops::Range<usize>> = lines
            .filter(|(_, line)| *line == DISABLE)
            .map(|(start, line)| start..start + line.len())
            .collect();
        part.text = without(&part.text, own);
        say(&mut part, OUTSIDE);
    }
    draft.scripts.push(part);
}
