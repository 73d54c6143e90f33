//! Files whose names no layout knows: a pattern that reads them, tried on their names before it is told, and a list of them.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::catalog::{self, Candidate, Catalog, Content, Detected, Entry, Layout};
use crate::script::{Placeholders, Syntax};

/// How far is looked: levels of directories, things in them, scripts, and time.
const DEEPEST: usize = 8;
const MOST: usize = 20_000;
const SCRIPTS: usize = 5_000;
const LONGEST: Duration = Duration::from_secs(2);
/// So much of a script tells whether it makes or takes away.
const GLANCE: u64 = 16 * 1024;
/// How many scripts of each kind are looked into.
const GLANCED: usize = 20;
/// So many of a hundred files have to be read.
const ENOUGH: usize = 80;
/// How many files are shown.
const SHOWN: usize = 2;

/// Files in a directory and below it that no layout knows by their names.
#[derive(Debug, Clone, Default)]
pub struct House {
    /// The paths of the scripts from the directory on, in the order of their names.
    pub scripts: Vec<String>,
    /// The pattern that reads them, where there is one.
    pub by: Option<ByPattern>,
    /// The scripts that are for other databases by their names, with the database of each.
    pub others: BTreeMap<String, &'static str>,
}

/// A pattern, and what comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByPattern {
    /// What the names have in common, for people.
    pub shape: String,
    /// The value of `pattern`.
    pub pattern: String,
    /// Whether directories have a part of the version, so that each of them alone would be no more than a part of the migrations.
    pub is_above: bool,
    /// How many of the files it reads, for whatever database.
    pub files: usize,
    /// How many migrations that makes for this database.
    pub migrations: usize,
    /// Scripts that it passes over.
    pub passed: Vec<String>,
    /// The first and the last of them.
    pub shown: Vec<Becomes>,
}

/// What becomes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Becomes {
    /// Its path from the directory on.
    pub path: String,
    /// The version that it has.
    pub version: String,
    /// The name that it has.
    pub name: String,
    /// The path of the down script.
    pub down: Option<String>,
}

impl House {
    /// Looks for the scripts in a directory and below it, not for long and not through links.
    pub fn of(path: impl AsRef<Path>, syntax: Syntax) -> Self {
        let path = path.as_ref();
        let Some(scripts) = scripts(path) else {
            return Self::default();
        };
        let looks_back = |back: &[&str], forth: &[&str]| {
            let part = |names: &[&str]| {
                let looked = names.iter().take(GLANCED);
                looked
                    .filter(|name| catalog::takes_away(&glance(&path.join(name))))
                    .count()
            };
            part(back) > part(forth)
        };
        let others = catalog::for_others(&scripts, syntax);
        let mut found: Option<ByPattern> = None;
        for candidate in catalog::candidates(&scripts, looks_back) {
            let tried = tried(candidate, &scripts, &others, syntax);
            // The likelier one stays where both read as much.
            if let Some(tried) = tried
                && found.as_ref().is_none_or(|found| tried.files > found.files)
            {
                found = Some(tried);
            }
        }
        Self {
            scripts,
            by: found,
            others,
        }
    }

    /// All scripts in a directory and below it as a list for `order`, in the order of their names, with their number. `None` where there
    /// are none, or too many.
    ///
    /// With a syntax, those that are for other databases by their names are comments behind it.
    pub fn listing(path: impl AsRef<Path>, syntax: Option<Syntax>) -> Option<(usize, String)> {
        let mut scripts = scripts(path.as_ref()).filter(|scripts| !scripts.is_empty())?;
        let others = syntax.map_or_else(BTreeMap::new, |syntax| catalog::for_others(&scripts, syntax));
        scripts.retain(|script| !others.contains_key(script));
        let mut list = catalog::listing(&scripts);
        if !others.is_empty() {
            list.push_str("# For other databases by their names:\n");
        }
        for path in others.keys() {
            list.push_str(&format!("# {path}\n"));
        }
        Some((scripts.len(), list))
    }
}

/// The scripts below a directory. `None` where there are too many to look at.
fn scripts(root: &Path) -> Option<Vec<String>> {
    let begun = Instant::now();
    let mut pending = VecDeque::from([(root.to_owned(), String::new(), 0_usize)]);
    let (mut seen, mut scripts) = (0_usize, Vec::new());
    while let Some((directory, prefix, depth)) = pending.pop_front() {
        let Ok(listing) = fs::read_dir(&directory) else {
            continue;
        };
        for found in listing.flatten() {
            seen += 1;
            if seen > MOST || scripts.len() > SCRIPTS || begun.elapsed() > LONGEST {
                return None;
            }
            let Ok(kind) = found.file_type() else { continue };
            let Ok(file) = found.file_name().into_string() else {
                continue;
            };
            if file.starts_with('.') || file == "node_modules" {
                continue;
            }
            let name = format!("{prefix}{file}");
            if kind.is_dir() {
                if depth < DEEPEST {
                    pending.push_back((found.path(), format!("{name}/"), depth + 1));
                }
            } else if catalog::has_the_ending_of_a_script(&file) {
                scripts.push(name);
            }
        }
    }
    scripts.sort();
    Some(scripts)
}

/// The beginning of a script.
fn glance(path: &PathBuf) -> String {
    let mut bytes = Vec::new();
    if let Ok(file) = fs::File::open(path) {
        let _ = file.take(GLANCE).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads the names by a pattern as a run would: every problem of names counts, and what is in the files does not.
fn tried(
    candidate: Candidate,
    scripts: &[String],
    others: &BTreeMap<String, &'static str>,
    syntax: Syntax,
) -> Option<ByPattern> {
    let Candidate {
        mut pattern,
        mut shape,
        is_above,
    } = candidate;
    let mut layout = Layout::pattern(&pattern).ok()?;
    // A run would refuse what such a pattern reads and what lies where it does not look.
    let is_below = |name: &&String| name.contains('/') && layout.reads(name);
    if !pattern.contains('/') && scripts.iter().any(|name| is_below(&name)) {
        // Known by their paths, copies in another directory would be migrations of their own.
        if pattern.contains("(?<release") {
            return None;
        }
        pattern.insert_str(0, "(?:[^/]+/)*");
        shape.insert_str(0, "[<directory>/]");
        layout = Layout::pattern(&pattern).ok()?;
    }
    let (read, passed): (Vec<&String>, Vec<&String>) = scripts.iter().partition(|name| layout.reads(name));
    if read.len() * 100 < scripts.len() * ENOUGH || read.len() < 2 {
        return None;
    }
    let entry = |name: &&String| Entry {
        path: (*name).clone(),
        name: (*name).clone(),
        content: Content::Bytes(b"SELECT 1;\n".to_vec()),
    };
    let by = |syntax| {
        let entries = read.iter().map(entry);
        Catalog::from_entries(
            entries,
            Detected::asked(layout.clone()),
            Placeholders::default(),
            syntax,
        )
        .ok()
    };
    let catalog = by(syntax)?;
    // One configuration is for all databases of a project.
    let syntaxes = [
        Syntax::Sqlite,
        Syntax::Postgres(Default::default()),
        Syntax::Mysql(Default::default()),
    ];
    if pattern.contains("(?<engine>") && syntaxes.into_iter().any(|other| by(other).is_none()) {
        return None;
    }
    let ups: Vec<&str> = catalog
        .migrations()
        .map(|migration| migration.up.path.as_str())
        .collect();
    let is_for_another = |path: &&str| others.contains_key(*path);
    if catalog::holds_both_ways(&ups) || ups.iter().any(is_for_another) {
        return None;
    }
    let all: Vec<Becomes> = catalog
        .migrations()
        .map(|migration| Becomes {
            path: migration.up.path.clone(),
            version: migration.id.to_string(),
            name: migration.name.clone(),
            down: migration.down.as_ref().map(|down| down.path.clone()),
        })
        .collect();
    let mut shown: Vec<Becomes> = all.iter().take(SHOWN).cloned().collect();
    shown.extend(all.iter().skip(SHOWN).next_back().cloned());
    (!all.is_empty()).then(|| ByPattern {
        shape,
        pattern,
        is_above,
        files: read.len(),
        migrations: all.len(),
        passed: passed.into_iter().cloned().collect(),
        shown,
    })
}
