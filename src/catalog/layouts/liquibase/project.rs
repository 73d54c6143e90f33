//! The files of a project of Liquibase's: which one the others hang off, and which file is meant by a name in a changelog.

use std::collections::{BTreeMap, BTreeSet};

use super::change_set::{ChangeSet, Part, Refusal};
use super::changelog::{self, Changelog, is_relative};
use super::formatted;
use super::parts::Piece;
use crate::catalog::source::{Draft, Entry};

/// What is read, by names from the directory on.
pub(super) struct Project<'a> {
    pub documents: &'a BTreeMap<String, Changelog<'a>>,
    pub files: &'a BTreeMap<String, Entry>,
    pub draft: &'a mut Draft,
    /// In the order in which they run.
    pub sets: Vec<ChangeSet>,
    /// Files that something names.
    pub used: BTreeSet<String>,
}

impl Project<'_> {
    /// A file's path as it is shown.
    pub fn path(&self, name: &str) -> String {
        super::path_of(self.files, name)
    }

    /// Reads a changelog that no other one names.
    pub fn begin_with(&mut self, name: &str) {
        if let Err((message, help)) = self.include(name) {
            self.draft.problem("layout", &self.path(name), message, help);
        }
    }

    /// Reads a changelog that another one names, whatever its format.
    pub fn include(&mut self, name: &str) -> Result<(), Refusal> {
        if !self.used.insert(name.to_owned()) {
            return Err((
                format!("`{name}` is included a second time"),
                "include it once: a change set runs once",
            ));
        }
        if self.documents.contains_key(name) {
            changelog::read(self, name);
            return Ok(());
        }
        if !is_sql(name) {
            return Err((
                format!("`{name}` is no changelog in XML or SQL, and others are not read"),
                "write it as formatted SQL or as XML",
            ));
        }
        let Some((path, text)) = self.text(name) else {
            return Ok(());
        };
        if formatted::is_formatted(&text) {
            let mut sets = formatted::read(&path, &text, self.draft);
            let file = formatted::logical_path(&text).unwrap_or_else(|| name.to_owned());
            for set in sets.iter_mut().filter(|set| set.file.is_empty()) {
                set.file.clone_from(&file);
            }
            self.sets.extend(sets);
        } else {
            // Liquibase makes one change set of a file that says nothing of itself.
            let (author, id) = super::hashed::RAW;
            let mut set = ChangeSet::new(author, id);
            name.clone_into(&mut set.file);
            set.up = Part {
                path,
                first_line: 0,
                text,
            };
            self.sets.push(set);
        }
        Ok(())
    }

    /// A file that is a script and nothing more.
    pub fn script(&mut self, name: &str) -> Option<Piece> {
        self.used.insert(name.to_owned());
        let (path, text) = self.text(name)?;
        Some(Piece::File {
            path,
            name: name.to_owned(),
            text,
        })
    }

    fn text(&mut self, name: &str) -> Option<(String, String)> {
        let entry = self.files.get(name)?.clone();
        self.draft.text(entry)
    }

    /// The file that a changelog means.
    pub fn find(&self, from: &str, written: &str, relative: bool) -> Result<String, Refusal> {
        find(self.files, from, written, relative)
    }

    /// The files below a directory that a changelog means, in their order.
    pub fn below(&self, from: &str, written: &str, relative: bool) -> Result<Vec<String>, Refusal> {
        below(self.files, from, written, relative)
    }
}

pub(super) fn is_sql(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".sql")
}

/// The changelogs in XML that no other one includes.
pub(super) fn roots(documents: &BTreeMap<String, Changelog<'_>>, files: &BTreeMap<String, Entry>) -> Vec<String> {
    let mut included = BTreeSet::new();
    for (name, log) in documents {
        for node in log.elements() {
            let relative = is_relative(node);
            let found = match (node.tag_name().name(), node.attribute("file"), node.attribute("path")) {
                ("include", Some(file), _) => find(files, name, file, relative).into_iter().collect(),
                ("includeAll", _, Some(path)) => below(files, name, path, relative).unwrap_or_default(),
                _ => Vec::new(),
            };
            included.extend(found.into_iter().filter(|file| file != name));
        }
    }
    documents
        .keys()
        .filter(|name| !included.contains(*name))
        .cloned()
        .collect()
}

/// The file that is meant: beside the changelog that names it, or below one of the places where Liquibase searches. Those are not known,
/// so it is the only one whose path ends like this.
fn find(files: &BTreeMap<String, Entry>, from: &str, written: &str, relative: bool) -> Result<String, Refusal> {
    let wanted = joined(from, written, relative);
    if files.contains_key(&wanted) {
        return Ok(wanted);
    }
    let ending = format!("/{wanted}");
    let mut found = files.keys().filter(|name| !relative && name.ends_with(&ending));
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only.clone()),
        (None, _) => Err((
            format!("there is no file `{wanted}`"),
            "put it back, or let `dir` name the directory that all changelogs are below",
        )),
        (Some(one), Some(other)) => Err((
            format!("`{wanted}` may be `{one}` or `{other}`"),
            "write it with `relativeToChangelogFile=\"true\"`",
        )),
    }
}

fn below(files: &BTreeMap<String, Entry>, from: &str, written: &str, relative: bool) -> Result<Vec<String>, Refusal> {
    let wanted = joined(from, written, relative);
    let (start, inside) = (format!("{wanted}/"), format!("/{wanted}/"));
    let root = |name: &String| -> Option<usize> {
        match name.starts_with(&start) || wanted.is_empty() {
            true => Some(0),
            false => name.find(&inside).filter(|_| !relative).map(|at| at + 1),
        }
    };
    let mut roots: Vec<&str> = files.keys().filter_map(|name| name.get(..root(name)?)).collect();
    roots.dedup();
    match roots.as_slice() {
        [only] => {
            let start = match wanted.is_empty() {
                true => String::new(),
                false => format!("{only}{wanted}/"),
            };
            let inside = files.keys().filter(|name| name.starts_with(&start) && *name != from);
            Ok(inside.cloned().collect())
        }
        [] => Err((
            format!("there is no directory `{wanted}` with changelogs"),
            "put it back, or let `dir` name the directory that all changelogs are below",
        )),
        [..] => Err((
            format!("there is more than one directory `{wanted}`"),
            "write it with `relativeToChangelogFile=\"true\"`",
        )),
    }
}

/// A path from the directory on, without what only says where to search.
fn joined(from: &str, written: &str, relative: bool) -> String {
    let written = written.trim().replace('\\', "/");
    let written = written.strip_prefix("classpath:").unwrap_or(&written);
    let mut parts: Vec<&str> = match (relative, from.rsplit_once('/')) {
        (true, Some((directory, _))) => directory.split('/').collect(),
        _ => Vec::new(),
    };
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::source::Content;

    fn files(names: &[&str]) -> BTreeMap<String, Entry> {
        let entry = |name: &&str| {
            let entry = Entry {
                path: (*name).to_owned(),
                name: (*name).to_owned(),
                content: Content::Bytes(Vec::new()),
            };
            ((*name).to_owned(), entry)
        };
        names.iter().map(entry).collect()
    }

    #[test]
    fn a_file_is_found_beside_its_changelog_or_below_any_place_of_a_class_path() {
        let files = files(&[
            "a/main/db/one.sql",
            "b/main/db/two.sql",
            "b/main/db/one/x.sql",
            "one.sql",
        ]);
        for (written, relative, wanted) in [
            ("one.sql", true, Ok("a/main/db/one.sql")),
            ("./one.sql", true, Ok("a/main/db/one.sql")),
            ("../../../b/main/db/two.sql", true, Ok("b/main/db/two.sql")),
            ("two.sql", true, Err("there is no file `a/main/db/two.sql`")),
            ("one.sql", false, Ok("one.sql")),
            ("classpath:/db/two.sql", false, Ok("b/main/db/two.sql")),
            ("two.sql", false, Ok("b/main/db/two.sql")),
            ("sql", false, Err("there is no file `sql`")),
        ] {
            let found = find(&files, "a/main/db/log.xml", written, relative);
            assert_eq!(
                found.as_deref().map_err(|(message, _)| message.as_str()),
                wanted,
                "{written}"
            );
        }
    }

    #[test]
    fn a_directory_is_found_like_a_file() {
        let files = files(&["a/db/x/1.sql", "a/db/x/y/2.sql", "b/db/x/3.sql", "a/db/log.xml"]);
        let found = below(&files, "a/db/log.xml", "x", true).unwrap();
        assert_eq!(found, ["a/db/x/1.sql", "a/db/x/y/2.sql"]);
        assert!(below(&files, "a/db/log.xml", "db/x", false).is_err());
        assert_eq!(below(&files, "a/db/log.xml", "a/db/x", false).unwrap().len(), 2);
    }
}
