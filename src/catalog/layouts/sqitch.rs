//! Sqitch: `sqitch.plan` gives the order; `deploy/`, `revert/` and `verify/` hold the scripts.
//! <https://sqitch.org/docs/manual/sqitchchanges/>

pub(crate) mod plan;

use std::collections::BTreeMap;

use super::{Depth, Draft, Entry, Tool};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id};
use crate::version::Version;
use plan::Line;

pub(super) struct Sqitch;

const PLAN: &str = "sqitch.plan";
const CONFIGURATION: &str = "sqitch.conf";

/// A change of the plan, and the file that its script has: a change that was made anew later has that tag in its file's name.
struct Change<'a> {
    name: &'a str,
    line: usize,
    stem: String,
}

impl Tool for Sqitch {
    fn name(&self) -> &'static str {
        "sqitch"
    }

    fn depth(&self) -> Depth {
        Depth::Recursive
    }

    fn way_back(&self, _: &str) -> String {
        "move what goes back to the file of that name in `revert/`".to_owned()
    }

    fn wants(&self, name: &str) -> bool {
        let is_script = |directory: &str| name.strip_prefix(directory).is_some_and(|rest| rest.ends_with(".sql"));
        name == PLAN || name == CONFIGURATION || is_script("deploy/") || is_script("revert/") || is_script("verify/")
    }

    fn is_known_by_name(&self) -> bool {
        true
    }

    /// A change that is made anew gets a tag in the name of its file.
    fn kin<'a>(&self, name: &'a str) -> &'a str {
        name.split('@').next().unwrap_or(name)
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        let found = files.iter().any(|file| file.name == PLAN);
        found.then(|| format!("`{PLAN}` gives the order"))
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let mut files: BTreeMap<String, Entry> = files.into_iter().map(|file| (file.name.clone(), file)).collect();
        if let Some(entry) = files.remove(CONFIGURATION) {
            configuration(entry, draft);
        }
        let Some(plan) = files.remove(PLAN) else {
            draft.problem(
                "layout",
                PLAN,
                "there is no such file, and it gives the order",
                "`sqitch init` makes it",
            );
            return;
        };
        let Some((path, text)) = draft.text(plan) else { return };
        let verified = files.keys().filter(|name| name.starts_with("verify/")).count();
        for (number, change) in (1_u32..).zip(changes(&path, &text, &files, draft)) {
            for (directory, direction) in [("deploy", Direction::Up), ("revert", Direction::Down)] {
                let file = format!("{directory}/{}.sql", change.stem);
                let Some(entry) = files.remove(&file) else {
                    if direction == Direction::Up {
                        let line = text.lines().nth(change.line).unwrap_or_default();
                        draft.problem_at(
                            "layout",
                            &path,
                            (change.line, line),
                            format!("there is no file `{file}`"),
                            "put it back, or take the change out of the plan",
                        );
                    }
                    continue;
                };
                let Some((path, text)) = draft.text(entry) else {
                    continue;
                };
                draft.scripts.push(Found::new(
                    Id::Version(Version::from_number(number.into())),
                    change.stem.clone(),
                    direction,
                    (path, text),
                ));
            }
        }
        draft.listed_by = Some((path, text));
        draft.runs_bare = true;
        if verified > 0 {
            draft
                .notes
                .push(format!("the {verified} scripts in `verify/` are not run"));
        }
        for (name, entry) in files {
            if name.starts_with("revert/") {
                // What is left of a change that was taken out of the plan.
                draft.passed.push(entry.name);
            } else if !name.starts_with("verify/") {
                draft.problem(
                    "near-miss",
                    &entry.path,
                    "the plan does not name it, so Sqitch would pass over it",
                    "`sqitch add` writes it into the plan",
                );
            }
        }
    }
}

/// The changes in the order of the plan.
fn changes<'a>(path: &str, text: &'a str, files: &BTreeMap<String, Entry>, draft: &mut Draft) -> Vec<Change<'a>> {
    let mut changes: Vec<Change<'a>> = Vec::new();
    // The tags, each with the number of changes before it.
    let mut tags: Vec<(&str, usize)> = Vec::new();
    for (line, whole) in text.lines().enumerate() {
        match plan::line(whole) {
            None | Some(Line::Pragma(_)) => {}
            Some(Line::Tag(tag)) => tags.push((tag, changes.len())),
            Some(Line::Reverts) => {
                let message = "a change that is reverted by the plan";
                draft.problem_at(
                    "layout",
                    path,
                    (line, whole),
                    message.to_owned(),
                    "revert it with `syncline down`, and take both lines out of the plan",
                );
            }
            Some(Line::Change(name, ..)) => {
                // The one before it has a tag in its file's name: of those since, the latest change's first, whose file is there.
                let before = changes.iter().rposition(|change| change.name == name);
                if let Some(before) = before {
                    let mut since: Vec<&(&str, usize)> = tags.iter().filter(|(_, count)| *count > before).collect();
                    since.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
                    let mut stems = since.iter().map(|(tag, _)| format!("{name}@{tag}"));
                    let there = |stem: &String| files.contains_key(&format!("deploy/{stem}.sql"));
                    let stem = stems.clone().find(there).or_else(|| stems.next());
                    match (stem, changes.get_mut(before)) {
                        (Some(stem), Some(change)) => change.stem = stem,
                        _ => draft.problem_at(
                            "layout",
                            path,
                            (line, whole),
                            format!("`{name}` is changed again without a tag in between"),
                            "`sqitch rework` needs a tag",
                        ),
                    }
                }
                changes.push(Change {
                    name,
                    line,
                    stem: name.to_owned(),
                });
            }
        }
    }
    changes
}

/// Only what the directories are called by default is read.
fn configuration(entry: Entry, draft: &mut Draft) {
    const DEFAULTS: [(&str, &str); 6] = [
        ("top_dir", "."),
        ("plan_file", PLAN),
        ("deploy_dir", "deploy"),
        ("revert_dir", "revert"),
        ("verify_dir", "verify"),
        ("extension", "sql"),
    ];
    let Some((path, text)) = draft.text(entry) else { return };
    let mut section = "";
    for (number, line) in text.lines().enumerate() {
        let said = line.trim();
        if said.starts_with('[') {
            section = said;
        }
        let Some((key, value)) = said
            .split_once('=')
            .filter(|_| section == "[core]" && !said.starts_with(['#', ';']))
        else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim().trim_matches('"').trim_start_matches("./"));
        let default = DEFAULTS
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(_, default)| *default);
        if default.is_some_and(|default| value != default) {
            let message = format!("`{key}` is not what it is by default");
            draft.problem_at("layout", &path, (number, line), message, "let `dir` of syncline's configuration name the directory with `sqitch.plan`, `deploy` and `revert` in it");
        }
    }
}
