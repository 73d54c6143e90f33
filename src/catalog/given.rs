//! What the configuration says of files that are not to be edited: directives, by the paths of the files.

use std::collections::BTreeMap;

use crate::migration::Direction;
use crate::script::{self, Said, Syntax};

/// Directives for the files that a glob matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// `*` and `?` stand for anything but `/`, `**` for that as well. Without a `/` in it, it is matched with the file's name alone, wherever
    /// the file lies.
    pub glob: String,
    /// What is said of the files.
    pub directives: Vec<Said>,
}

impl Given {
    /// Whether it is about a file, by its path from the directory on.
    pub(super) fn matches(&self, name: &str) -> bool {
        let name = match self.glob.contains('/') {
            true => name,
            false => name.rsplit('/').next().unwrap_or(name),
        };
        matches(self.glob.as_bytes(), name.as_bytes())
    }
}

/// Directives for up scripts alone.
const UP: [&str; 3] = ["run-on-change", "only-if", "empty"];

/// The directives of a file by its path, and the globs that match none.
pub(super) struct Heads {
    by_path: BTreeMap<String, Vec<Said>>,
    pub unmatched: Vec<String>,
}

impl Heads {
    /// `files` are paths as they are shown, each with that from the directory on.
    pub fn of(given: &[Given], files: &[(String, String)]) -> Self {
        let mut by_path: BTreeMap<String, Vec<Said>> = BTreeMap::new();
        let mut unmatched = Vec::new();
        for given in given {
            let mut matched = files.iter().filter(|(_, name)| given.matches(name)).peekable();
            if matched.peek().is_none() {
                unmatched.push(given.glob.clone());
            }
            for (path, _) in matched {
                by_path
                    .entry(path.clone())
                    .or_default()
                    .extend(given.directives.iter().cloned());
            }
        }
        Self { by_path, unmatched }
    }

    /// The text with what is said of its file before it, and how many lines that is.
    ///
    /// # Errors
    /// The directive that the file or another line of the configuration says as well.
    pub fn put(&self, path: &str, direction: Direction, text: String, syntax: Syntax) -> Result<(String, i32), String> {
        let Some(said) = self.by_path.get(path) else {
            return Ok((text, 0));
        };
        let own = script::without_head(&text);
        let parsed = script::parse(own, syntax).ok();
        let says = |name: &str| {
            parsed
                .as_ref()
                .is_some_and(|parsed| parsed.directives.place(name).is_some())
        };
        let mut texts: Vec<&str> = Vec::new();
        let mut names: Vec<&str> = Vec::new();
        for Said { name, text } in said {
            let is_meant = script::is_for(name, syntax) && (direction == Direction::Up || !UP.contains(name));
            if !is_meant || texts.contains(&text.as_str()) {
                continue;
            }
            let is_a_list = ["allow", "only-if"].contains(name);
            let has_no_value = *name == text;
            if says(name) && has_no_value {
                continue;
            }
            if !is_a_list && (names.contains(name) || says(name)) {
                return Err((*name).to_owned());
            }
            names.push(name);
            texts.push(text);
        }
        if texts.is_empty() {
            return Ok((text, 0));
        }
        let lines = i32::try_from(texts.len() + 2).unwrap_or(i32::MAX);
        Ok((script::head(texts) + own, lines))
    }
}

fn matches(glob: &[u8], name: &[u8]) -> bool {
    match glob {
        [] => name.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=name.len()).any(|at| matches(rest, &name[at..])),
        [b'*', rest @ ..] => {
            let reach = name.iter().position(|byte| *byte == b'/').unwrap_or(name.len());
            (0..=reach).any(|at| matches(rest, &name[at..]))
        }
        [b'?', rest @ ..] => name
            .split_first()
            .is_some_and(|(byte, name)| *byte != b'/' && matches(rest, name)),
        [byte, rest @ ..] => name
            .split_first()
            .is_some_and(|(first, name)| first == byte && matches(rest, name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_is_matched_with_the_name_or_with_the_whole_path() {
        for (glob, name, wanted) in [
            ("*concurrent*", "1_concurrent.sql", true),
            ("*concurrent*", "sub/1_concurrent.sql", true),
            ("*concurrent*", "concurrent/1_a.sql", false),
            ("concurrent/*", "concurrent/1_a.sql", true),
            ("concurrent/*", "concurrent/x/1_a.sql", false),
            ("concurrent/**", "concurrent/x/1_a.sql", true),
            ("**/up.sql", "a/b/up.sql", true),
            ("1_?.sql", "1_a.sql", true),
            ("1_?.sql", "1_ab.sql", false),
            ("1_a.sql", "1_a.sql", true),
            ("1_a", "1_a.sql", false),
        ] {
            let given = Given {
                glob: glob.to_owned(),
                directives: Vec::new(),
            };
            assert_eq!(given.matches(name), wanted, "{glob} {name}");
        }
    }
}
