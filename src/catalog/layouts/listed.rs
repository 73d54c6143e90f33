//! House styles that no pattern reads: a list that gives the order.

use std::collections::{BTreeMap, BTreeSet};

use super::native::file_of;
use super::pattern::{BadPattern, pass, stem, take};
use super::{Depth, Draft, Entry, Tool};
use crate::migration::{Direction, Id, REPEATABLE};
use crate::version::Version;

/// Files in the order of a list.
pub(super) struct Listed {
    lines: Vec<Line>,
}

/// What the list says of a migration.
struct Line {
    /// The path of the up script, from the directory on.
    up: String,
    /// That of its down script.
    down: Option<String>,
    /// What it is called, where that is not its path.
    name: Option<String>,
}

impl Line {
    /// The down script: the one that is named, or else a `….down.sql` beside a `….up.sql`.
    fn down(&self) -> Option<String> {
        self.down.clone().or_else(|| down_of(&self.up))
    }
}

impl Listed {
    /// Reads a list: a path from the directory on in each line, `#` before what is for people. Indented lines say more of the path above.
    pub fn new(list: &str) -> Result<Self, BadPattern> {
        let mut lines: Vec<Line> = Vec::new();
        let mut seen = BTreeMap::new();
        let mut downs = BTreeSet::new();
        let mut names = BTreeSet::new();
        for (number, text) in (1..).zip(list.trim_start_matches('\u{feff}').lines()) {
            let line = text.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what: String| BadPattern(format!("line {number} of the list {what}"));
            if text.starts_with([' ', '\t']) {
                let (key, value) = line
                    .split_once(':')
                    .map_or((line, ""), |(key, value)| (key.trim(), value.trim()));
                let Some(above) = lines.last_mut() else {
                    return Err(wrong(
                        "is indented, and there is no path above it that it could belong to".to_owned(),
                    ));
                };
                let place = match key {
                    "down" => &mut above.down,
                    "name" => &mut above.name,
                    _ => {
                        return Err(wrong(format!(
                            "is indented and says `{key}`: it takes `down:` and `name:`"
                        )));
                    }
                };
                if value.is_empty() || place.is_some() {
                    return Err(wrong(format!("says `{key}` without a value, or twice")));
                }
                let is_taken = match key {
                    "down" => !downs.insert(value.to_owned()),
                    _ => !names.insert(value.to_owned()),
                };
                if is_taken {
                    return Err(wrong(format!("says `{value}`, which another one has already")));
                }
                *place = Some(value.to_owned());
                continue;
            }
            let last = file_of(line);
            if stem(last) == REPEATABLE {
                let what = "and a repeatable migration needs a name";
                return Err(BadPattern(format!("the list names `{line}`, {what}")));
            }
            if last.to_ascii_lowercase().ends_with(".down.sql") {
                let what = "which is a down script: it is found beside its `….up.sql`, or named below it by an indented `down:`";
                return Err(BadPattern(format!("the list names `{line}`, {what}")));
            }
            let place = lines.len() + 1;
            if let Some(before) = seen.insert(line.to_owned(), place) {
                return Err(BadPattern(format!(
                    "the list names `{line}` twice, at {before} and {place}"
                )));
            }
            lines.push(Line {
                up: line.to_owned(),
                down: None,
                name: None,
            });
        }
        let both = |line: &Line| line.down.as_ref().is_some_and(|down| seen.contains_key(down));
        if let Some(line) = lines.iter().find(|line| both(line)) {
            let down = line.down.as_deref().unwrap_or_default();
            return Err(BadPattern(format!(
                "the list names `{down}` as an up script and as the down script of `{}`",
                line.up
            )));
        }
        Ok(Self { lines })
    }

    /// What each up script is known by: the name that the list gives it, or else its path without its endings, unless another one has
    /// that, too.
    fn names(&self) -> Vec<String> {
        let shorts: Vec<String> = self.lines.iter().map(|line| short(&line.up)).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for short in &shorts {
            *counts.entry(short).or_default() += 1;
        }
        let name = |(line, short): (&Line, &String)| match (&line.name, counts.get(short.as_str())) {
            (Some(name), _) => name.clone(),
            (None, Some(1)) => short.clone(),
            (None, _) => line.up.clone(),
        };
        self.lines.iter().zip(&shorts).map(name).collect()
    }

    /// All paths that the list names, and down scripts that may be there.
    fn paths(&self) -> impl Iterator<Item = String> {
        self.lines
            .iter()
            .flat_map(|line| std::iter::once(line.up.clone()).chain(line.down()))
    }
}

impl Tool for Listed {
    fn name(&self) -> &'static str {
        "order"
    }

    fn depth(&self) -> Depth {
        if self.paths().any(|file| file.contains('/')) {
            Depth::Recursive
        } else {
            Depth::Flat
        }
    }

    fn takes_several(&self) -> bool {
        false
    }

    fn enters(&self, directory: &str) -> bool {
        let inside = |file: String| file.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'));
        self.paths().any(inside)
    }

    fn wants(&self, name: &str) -> bool {
        // Those that are not on the list are told.
        name.to_ascii_lowercase().ends_with(".sql") || self.paths().any(|file| file == name)
    }

    fn is_known_by_name(&self) -> bool {
        true
    }

    fn shown_by(&self, _: &[Entry]) -> Option<String> {
        None
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        const HELP: &str = "put it back, or take it off the list";
        let mut files: BTreeMap<String, Entry> = files.into_iter().map(|file| (file.name.clone(), file)).collect();
        for ((number, line), known) in (1_u32..).zip(&self.lines).zip(self.names()) {
            let file = &line.up;
            let id = match file_of(file).strip_prefix(REPEATABLE) {
                Some(name) => Id::Repeatable(stem(name).to_owned()),
                None => Id::Version(Version::from_number(number.into())),
            };
            let Some(entry) = files.remove(file) else {
                draft.problem("layout", file, "the list names it, and there is no such file", HELP);
                continue;
            };
            let name = match &id {
                Id::Repeatable(name) => name.clone(),
                Id::Version(_) => known,
            };
            take(entry, id.clone(), name.clone(), Direction::Up, draft);
            let down = line.down().map(|down| (files.remove(&down), down));
            match down {
                Some((Some(entry), _)) => take(entry, id, name, Direction::Down, draft),
                Some((None, down)) if line.down.is_some() => {
                    draft.problem("layout", &down, "the list names it, and there is no such file", HELP);
                }
                _ => {}
            }
        }
        let passed: Vec<String> = files.into_keys().collect();
        pass(&passed, "is not on the list", "are not on the list", draft);
    }
}

/// A path without its endings.
fn short(file: &str) -> String {
    match file.rsplit_once('/') {
        Some((directory, last)) => format!("{directory}/{}", stem(last)),
        None => stem(file).to_owned(),
    }
}

/// The down script that belongs to `….up.sql`.
fn down_of(file: &str) -> Option<String> {
    file.strip_suffix(".up.sql").map(|stem| format!("{stem}.down.sql"))
}
