//! Liquibase: formatted SQL, and the changelogs in XML that give it an order. A change set is a migration, and its version is its place
//! among all of them. <https://docs.liquibase.com/concepts/changelogs/home.html>

mod change_set;
mod changelog;
mod delimiter;
pub(super) mod formatted;
pub(crate) mod hashed;
mod parts;
mod project;

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::Document;

use super::native::file_of;
use super::{Depth, Draft, Entry, Tool};
use crate::catalog::source::Content;
use change_set::{ChangeSet, Refusal};
use changelog::Changelog;
use project::{Project, is_sql};

pub(super) struct Liquibase {
    /// The changelog that it is started with, from the directory on, where it is said.
    pub root: Option<String>,
    /// What change sets hold that are recorded and not run.
    pub not_run: Vec<String>,
}

impl Liquibase {
    pub const PLAIN: Self = Self {
        root: None,
        not_run: Vec::new(),
    };

    /// The changelog that the others hang off, where there is one; or the file that is in the way, and what to say of it.
    fn root(
        &self,
        documents: &BTreeMap<String, Changelog<'_>>,
        files: &BTreeMap<String, Entry>,
    ) -> Result<Option<String>, (String, Refusal)> {
        if let Some(root) = &self.root {
            let message = "`liquibase.changelog` names it, and there is no such file".to_owned();
            let help = "write its path from the directory of the migrations on";
            return match files.contains_key(root) {
                true => Ok(Some(root.clone())),
                false => Err((root.clone(), (message, help))),
            };
        }
        match project::roots(documents, files).as_slice() {
            [] => match documents.keys().next() {
                None => Ok(None),
                Some(first) => {
                    let message = "the changelogs include each other in a circle, and none of them is the first";
                    let help = "take out the line that closes the circle";
                    Err((first.clone(), (message.to_owned(), help)))
                }
            },
            [only] => Ok(Some(only.clone())),
            [first, others @ ..] => {
                let others: Vec<String> = others.iter().map(|name| format!("`{name}`")).collect();
                let message = format!("no changelog includes it, and none includes {}", others.join(", "));
                let help = "name the one that Liquibase is started with: `liquibase.changelog` in the configuration";
                Err((first.clone(), (message, help)))
            }
        }
    }
}

impl Tool for Liquibase {
    fn name(&self) -> &'static str {
        "liquibase"
    }

    fn depth(&self) -> Depth {
        Depth::Recursive
    }

    fn wants(&self, name: &str) -> bool {
        let lower = file_of(name).to_ascii_lowercase();
        let is_other = [".yaml", ".yml", ".json"].iter().any(|ending| lower.ends_with(ending));
        !lower.starts_with('.')
            && (is_sql(&lower) || lower.ends_with(".xml") || is_other && lower.contains("changelog"))
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        files.iter().filter(|file| !file.name.contains('/')).find_map(|file| {
            let text = file.peek()?;
            if is_sql(&file.name) && formatted::is_formatted(text) {
                return Some(format!("`{}` begins with `--liquibase formatted sql`", file.name));
            }
            let is_changelog = !is_sql(&file.name) && self.wants(&file.name) && holds_changelog(text.as_bytes());
            is_changelog.then(|| format!("`{}` is a changelog", file.name))
        })
    }

    fn is_known_by_name(&self) -> bool {
        true
    }

    /// Author and id. The file may have another path: each release writes it in another way, and directories are moved.
    fn kin<'a>(&self, name: &'a str) -> &'a str {
        hashed::parts(name).0
    }

    fn is_the_same(&self, file: &str, recorded: &str) -> bool {
        let [file, recorded] = [file, recorded].map(|name| hashed::components(hashed::parts(name).1));
        file.ends_with(&recorded) || recorded.ends_with(&file)
    }

    fn minds_blanks(&self) -> bool {
        false
    }

    /// Liquibase leaves one as it stands that it has no value for. But it takes values from its command line, its own configuration and the
    /// environment, so what is unknown here need not be unknown there: to send it as it stands could run another text than Liquibase
    /// did. One that is meant as it stands is declared as itself.
    fn always_replaces(&self) -> Option<&'static str> {
        Some("${name}")
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let files: BTreeMap<String, Entry> = files.into_iter().map(|file| (file.name.clone(), file)).collect();
        let texts = changelogs(&files, draft);
        let documents = documents(&texts, &files, draft);
        let root = match self.root(&documents, &files) {
            Ok(root) => root,
            Err((file, (message, help))) => return draft.problem("layout", &path_of(&files, &file), message, help),
        };
        let mut project = Project {
            documents: &documents,
            files: &files,
            draft,
            sets: Vec::new(),
            used: BTreeSet::new(),
        };
        match &root {
            Some(root) => project.begin_with(root),
            None => all(&mut project),
        }
        let Project { sets, used, .. } = project;
        let whole = used.iter().filter_map(|name| files.get(name));
        let whole = whole.filter_map(|entry| Some((entry.path.clone(), entry.peek()?.to_owned())));
        draft.whole.extend(whole);
        let is_passed = |name: &&String| (is_sql(name) || documents.contains_key(*name)) && !used.contains(*name);
        let passed: Vec<&String> = files.keys().filter(is_passed).collect();
        if let (Some(root), Some(first)) = (&root, passed.first()) {
            draft.notes.push(match passed.len() {
                1 => format!("`{first}` is not included by `{root}` and is passed over"),
                more => format!("{more} files are not included by `{root}` and are passed over, `{first}` first"),
            });
        }
        place(sets, &self.not_run, draft);
    }
}

/// A file's path as it is shown.
fn path_of(files: &BTreeMap<String, Entry>, name: &str) -> String {
    files
        .get(name)
        .map_or_else(|| name.to_owned(), |entry| entry.path.clone())
}

/// All files in the order of their paths, as a changelog with one `includeAll` would name them.
fn all(project: &mut Project<'_>) {
    let names: Vec<String> = project.files.keys().filter(|name| is_sql(name)).cloned().collect();
    for name in names {
        let is_formatted = project
            .files
            .get(&name)
            .and_then(Entry::peek)
            .is_none_or(formatted::is_formatted);
        if !is_formatted {
            let message = "its first line is not `--liquibase formatted sql`";
            let help = "add that line and a line `--changeset author:id`, or keep the file out of this directory";
            project.draft.problem("layout", &project.path(&name), message, help);
        } else {
            project.begin_with(&name);
        }
    }
}

/// Numbers the change sets. Two of one name in one file are one to Liquibase, and it refuses them.
fn place(sets: Vec<ChangeSet>, not_run: &[String], draft: &mut Draft) {
    let (mut seen, mut left) = (BTreeSet::new(), 0);
    for (number, mut set) in (1_u32..).zip(sets) {
        let path = set.up.path.clone();
        if set.author.is_empty() || set.id.is_empty() {
            draft.problem("layout", &path, "a change set without author or id", "give it both");
        }
        if !seen.insert(set.name()) {
            let message = format!("the change set `{}` is there twice", set.in_file());
            draft.problem("duplicate", &path, message, "give one of the two another id");
        }
        if set.give_up(not_run, draft) {
            left += 1;
        }
        set.place(number, draft);
    }
    if left > 0 {
        let sets = if left == 1 { "change set is" } else { "change sets are" };
        draft.notes.push(format!(
            "{left} {sets} recorded and not run, as `liquibase.not-run` says"
        ));
    }
}

fn holds_changelog(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, changelog::ROOT.as_bytes()).is_some()
}

/// The texts of the changelogs that are no SQL, by name. What only other programs read is noted as a problem.
fn changelogs(files: &BTreeMap<String, Entry>, draft: &mut Draft) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for (name, entry) in files.iter().filter(|(name, _)| !is_sql(name)) {
        match &entry.content {
            Content::Bytes(bytes) if !holds_changelog(bytes) => {}
            _ if name.to_ascii_lowercase().ends_with(".xml") => {
                texts.extend(draft.text(entry.clone()).map(|(_, text)| (name.clone(), text)));
            }
            _ => {
                let message = "changelogs in YAML and JSON are not read";
                let help = "write it as formatted SQL or as XML, or keep it out of this directory";
                draft.problem("layout", &entry.path, message, help);
            }
        }
    }
    texts
}

fn documents<'a>(
    texts: &'a BTreeMap<String, String>,
    files: &BTreeMap<String, Entry>,
    draft: &mut Draft,
) -> BTreeMap<String, Changelog<'a>> {
    let mut documents = BTreeMap::new();
    for (name, text) in texts {
        let path = files.get(name).map_or(name, |entry| &entry.path);
        match Document::parse(text) {
            Ok(document) if document.root_element().tag_name().name() == changelog::ROOT => {
                documents.insert(name.clone(), Changelog::new(document));
            }
            Ok(_) => {}
            Err(error) => {
                let number = usize::try_from(error.pos().row).unwrap_or_default().saturating_sub(1);
                let line = text.lines().nth(number).unwrap_or_default();
                let message = format!("it is no XML that can be read: {error}");
                draft.problem_at("layout", path, (number, line), message, "correct it");
            }
        }
    }
    documents
}

#[cfg(test)]
mod tests;
