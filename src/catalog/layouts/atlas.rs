//! Atlas: `<version>_<name>.sql` in the order of the names, `atlas.sum` with their hashes, and lines `-- atlas:…`.
//! <https://atlasgo.io/concepts/migration-directory-integrity>

mod delimiter;
mod sum;

use super::adapt::{OUTSIDE, say, without};
use super::native::file_of;
use super::{Draft, Entry, Tool, compared_as_text, passed};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};
pub(crate) use sum::{Running, parse};

pub(super) struct Atlas;

const SUM: &str = "atlas.sum";

impl Tool for Atlas {
    fn name(&self) -> &'static str {
        "atlas"
    }

    fn wants(&self, name: &str) -> bool {
        name == SUM || name.ends_with(".sql") && !file_of(name).starts_with('.')
    }

    fn reads(&self, name: &str) -> bool {
        name == SUM || version(name).is_some()
    }

    /// It keeps such a file beside those of other tools, too.
    fn yields(&self) -> bool {
        true
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        let scripts = files
            .iter()
            .filter(|file| !file.name.contains('/') && file.name.ends_with(".sql"));
        let is_there = files.iter().any(|file| file.name == SUM);
        let is_own = |file: &Entry| version(&file.name).is_some() && !is_of_a_pair(&file.name);
        (is_there && scripts.clone().next().is_some() && scripts.clone().all(is_own))
            .then(|| format!("`{SUM}` holds their hashes"))
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let (sums, files): (Vec<Entry>, Vec<Entry>) = files.into_iter().partition(|file| file.name == SUM);
        let (mut files, others): (Vec<Entry>, Vec<Entry>) = files
            .into_iter()
            .partition(|file| !file.name.contains('/') && file.name.ends_with(".sql"));
        files.sort_by(|a, b| a.name.cmp(&b.name));
        sum::check(sums.into_iter().next(), &files, draft);
        let mut order = Vec::new();
        for entry in files {
            let Some((version, name)) =
                version(&entry.name).map(|(version, name)| (version.to_owned(), name.to_owned()))
            else {
                draft.misnamed(
                    &entry.path,
                    "its version is no number, and there is no order of others here",
                );
                continue;
            };
            if entry.name.ends_with(".down.sql") {
                draft.misnamed(
                    &entry.path,
                    "Atlas knows no down scripts, and would run it like any other",
                );
                continue;
            }
            let Ok(id) = version.parse().map(Id::Version) else {
                draft.misnamed(&entry.path, "its version is too long");
                continue;
            };
            let file = entry.name.clone();
            let Some((path, text)) = draft.text(entry) else {
                continue;
            };
            let name = if name.is_empty() { version } else { name };
            order.push((file, id.clone(), path.clone()));
            let found = Found::new(id, name, Direction::Up, (path, text));
            said(found, draft);
        }
        let others: Vec<String> = others.into_iter().map(|entry| entry.path).collect();
        passed("Atlas", &others, draft);
        compared_as_text("Atlas", draft, order);
    }
}

/// The version and the name of a file. The version is any text to Atlas, and a number here.
fn version(file: &str) -> Option<(&str, &str)> {
    let stem = file.strip_suffix(".sql")?;
    let (version, name) = stem.split_once('_').unwrap_or((stem, ""));
    let is_number = version.parse::<crate::version::Version>().is_ok();
    (is_number && !file.contains('/')).then_some((version, name))
}

/// Whether a name is that of one direction, as other tools have it.
fn is_of_a_pair(file: &str) -> bool {
    file.ends_with(".up.sql") || file.ends_with(".down.sql")
}

/// What the lines of a file say of it, in syncline's own terms.
fn said(mut found: Found, draft: &mut Draft) {
    let lines = directives(&found.text);
    if let Some(line) = lines.iter().find(|line| matches!(line.name, "txtar" | "import")) {
        let message = format!("`atlas:{}` is of Atlas' Pro edition, and is not read here", line.name);
        let help = "write its statements into the file, without the line";
        return draft.problem_at("layout", &found.path, (line.number, line.text), message, help);
    }
    let modes: Vec<&Line<'_>> = lines.iter().filter(|line| line.name == "txmode").collect();
    let is_outside = match modes.as_slice() {
        [] => false,
        [one] if matches!(one.value, "none" | "file") => one.value == "none",
        [.., last] => {
            let message = "a file has one `atlas:txmode`, which is `none` or `file`".to_owned();
            let help = "keep one of the two";
            return draft.problem_at("layout", &found.path, (last.number, last.text), message, help);
        }
    };
    let is_checkpoint = lines.iter().any(|line| line.name == "checkpoint");
    let ends = delimiter::delimiter(&found.text).map(|(line, value)| (line.len(), delimiter::unescaped(value)));
    if let Some((length, _)) = ends.as_ref().filter(|(_, value)| value.is_empty()) {
        let line = found.text.get(..*length).unwrap_or_default().to_owned();
        let message = "`atlas:delimiter` names none".to_owned();
        return draft.problem_at(
            "layout",
            &found.path,
            (0, &line),
            message,
            "write the delimiter behind it",
        );
    }
    // What they say is said below.
    let own = lines
        .iter()
        .filter(|line| matches!(line.name, "txmode" | "checkpoint" | "delimiter"));
    let own: Vec<std::ops::Range<usize>> = own.map(|line| line.at..line.at + line.text.len()).collect();
    let first = ends
        .iter()
        .map(|(length, _)| 0..*length)
        .filter(|_| own.first().is_none_or(|line| line.start > 0));
    let text = without(&found.text, first.chain(own.clone()));
    found.text = match &ends {
        Some((_, delimiter)) => delimiter::ended(&text, delimiter),
        None => text,
    };
    if is_outside {
        say(&mut found, OUTSIDE);
    }
    match is_checkpoint {
        true => draft.baselines.push(found),
        false => draft.scripts.push(found),
    }
}

/// A comment line `atlas:<name> <value>` at the head of a file.
struct Line<'a> {
    name: &'a str,
    value: &'a str,
    text: &'a str,
    /// Counted from 0.
    number: usize,
    /// Its first byte.
    at: usize,
}

/// Those of the file, which an empty line parts from its statements.
fn directives(text: &str) -> Vec<Line<'_>> {
    let (mut lines, mut at) = (Vec::new(), 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let said = line.trim_end();
        if !said.starts_with('#') && !said.starts_with("--") {
            // Else they belong to the first statement.
            return if said.is_empty() { lines } else { Vec::new() };
        }
        if let Some((_, rest)) = said.rsplit_once("atlas:") {
            let end = rest
                .find(|c: char| c != '_' && !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            let (name, value) = rest.split_at(end);
            lines.push(Line {
                name,
                value: value.trim(),
                text: said,
                number,
                at,
            });
        }
        at += line.len();
    }
    lines
}
