//! graphile-migrate: `committed/<number>-<name>.sql` with lines that hold its hash and that of the one before; what is not committed lies
//! in `current.sql` or `current/`. <https://github.com/graphile/migrate>

use std::collections::BTreeMap;

use sha1::{Digest, Sha1};

use super::adapt::{OUTSIDE, say, without};
use super::native::file_of;
use super::{Depth, Draft, Entry, Tool, compared_as_text, passed};
use crate::catalog::source::Found;
use crate::migration::{Direction, Id, hex};
use crate::script::{self, Syntax};

pub(super) struct GraphileMigrate;

const COMMITTED: &str = "committed/";
const CURRENT: [&str; 2] = ["current.sql", "current/"];
const PREVIOUS: &str = "--! Previous:";

impl Tool for GraphileMigrate {
    fn name(&self) -> &'static str {
        "graphile-migrate"
    }

    fn depth(&self) -> Depth {
        Depth::Nested
    }

    fn wants(&self, name: &str) -> bool {
        name.ends_with(".sql")
    }

    fn reads(&self, name: &str) -> bool {
        name.starts_with(COMMITTED) || is_current(name) || parts(name).is_some()
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        let committed = files.iter().filter(|file| parts(below(&file.name)).is_some());
        committed.clone().find_map(|file| {
            let line = file.peek()?.lines().next()?;
            let is_its = line.starts_with(PREVIOUS);
            is_its.then(|| format!("`{}` begins with `{}`", file.name, line.trim_end()))
        })
    }

    /// `:NAME`: the name and the owner of the database, and what its configuration has.
    fn always_replaces(&self) -> Option<&'static str> {
        Some(":NAME")
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let has_own = files.iter().any(|file| file.name.starts_with(COMMITTED));
        let (mut others, mut order, mut chain) = (Vec::new(), Vec::new(), BTreeMap::new());
        for entry in files {
            if is_current(&entry.name) {
                uncommitted(entry, draft);
                continue;
            }
            let is_in = has_own == entry.name.starts_with(COMMITTED);
            let named = parts(below(&entry.name)).filter(|_| is_in);
            let Some((number, slug)) = named.map(|(number, slug)| (number.to_owned(), slug.to_owned())) else {
                others.push(entry.path);
                continue;
            };
            let Ok(id) = number.parse().map(Id::Version) else {
                draft.misnamed(&entry.path, "its number is too long");
                continue;
            };
            let Some((path, text)) = draft.text(entry) else {
                continue;
            };
            let Some(committed) = committed(&path, &text, draft) else {
                continue;
            };
            let name = if slug.is_empty() { number.clone() } else { slug };
            let mut found = Found::new(id.clone(), name, Direction::Up, (path.clone(), text.clone()));
            // What only the tool reads becomes nothing; all other comments stay.
            found.text = without(&text, committed.lines.clone());
            if committed.outside {
                say(&mut found, OUTSIDE);
            }
            draft.scripts.push(found);
            order.push((format!("{number}.sql"), id.clone(), path.clone()));
            chain.insert(id, (path, committed.previous, committed.hash));
        }
        passed(self.name(), &others, draft);
        compared_as_text(self.name(), draft, order);
        let mut before: Option<(String, String)> = None;
        for (path, previous, hash) in chain.into_values() {
            let wanted = before.as_ref().map(|(_, hash)| hash);
            if previous.as_ref() != wanted {
                let message = match &before {
                    None => "it follows another one by its line `Previous`, and there is none before it".to_owned(),
                    Some((before, hash)) => {
                        format!("its line `Previous` names another one than `{before}`, which has the hash {hash}")
                    }
                };
                let help = "commit it again behind what came before it (`graphile-migrate uncommit`, then `commit`)";
                draft.problem("layout", &path, message, help);
            }
            before = Some((path, hash));
        }
    }
}

/// The path of a committed file from its directory on.
fn below(name: &str) -> &str {
    name.strip_prefix(COMMITTED).unwrap_or(name)
}

fn is_current(name: &str) -> bool {
    name == CURRENT[0] || name.starts_with(CURRENT[1])
}

/// The number and the name of a committed file.
fn parts(file: &str) -> Option<(&str, &str)> {
    let stem = file.strip_suffix(".sql")?;
    let (number, slug) = match stem.split_once('-') {
        Some((number, slug)) => (number, slug),
        None => (stem, ""),
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_slug = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (is_number && slug.bytes().all(is_slug)).then_some((number, slug))
}

/// What is being worked on is told, unless it is nothing yet.
fn uncommitted(entry: Entry, draft: &mut Draft) {
    let Some((path, text)) = draft.text(entry) else { return };
    let holds =
        script::parse(&text, Syntax::Postgres(Default::default())).map_or(true, |text| text.sent().next().is_some());
    if holds {
        let file = file_of(&path);
        draft.notes.push(format!(
            "`{file}` is not committed, and is not run: `graphile-migrate commit` makes a migration of it"
        ));
    }
}

/// What a committed file says of itself.
pub(crate) struct Committed {
    pub(crate) previous: Option<String>,
    pub(crate) hash: String,
    /// As the tool makes it.
    pub(crate) computed: String,
    outside: bool,
    /// The lines that say it.
    lines: Vec<std::ops::Range<usize>>,
    allows_invalid: bool,
}

impl Committed {
    /// Reads the lines before the body.
    ///
    /// # Errors
    /// What is missing of them.
    pub(crate) fn new(text: &str) -> Result<Self, &'static str> {
        let mut lines = Vec::new();
        let (mut previous, mut hash, mut allows_invalid, mut at) = (None, None, false, 0);
        for line in text.split_inclusive('\n') {
            let said = line.trim_end_matches(['\r', '\n']);
            let Some((key, value)) = header(said) else { break };
            let twice = match key {
                "Previous" => previous.replace(value).is_some(),
                "Hash" => hash.replace(value).is_some(),
                "AllowInvalidHash" => std::mem::replace(&mut allows_invalid, true),
                _ => false,
            };
            if twice {
                return Err("one of its first lines is there twice");
            }
            lines.push(at..at + said.len());
            at += line.len();
        }
        let previous = previous
            .filter(|value| !value.is_empty())
            .ok_or("it has no line `--! Previous: …`")?;
        let hash = hash
            .filter(|value| !value.is_empty())
            .ok_or("it has no line `--! Hash: …`")?;
        let rest = text.get(at..).unwrap_or_default();
        if !(rest.is_empty() || rest.starts_with(['\n', '\r'])) {
            return Err("no empty line follows its first lines");
        }
        let previous = (previous != "-").then(|| previous.to_owned());
        let body = script::canonical(rest);
        let body = body.trim();
        let mut computed = Sha1::new();
        if let Some(previous) = &previous {
            computed.update(format!("{previous}\n"));
        }
        computed.update(format!("{body}\n"));
        let first = body.lines().next().unwrap_or_default();
        let outside = first.strip_prefix("--!").is_some_and(|said| {
            let rest = said.trim_start().strip_prefix("no-transaction");
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c == '_' || c.is_ascii_alphanumeric()))
        });
        if outside && let Some(found) = rest.find(first) {
            lines.push(at + found..at + found + first.len());
        }
        Ok(Self {
            previous,
            hash: hash.to_owned(),
            computed: format!("sha1:{}", hex(&computed.finalize())),
            outside,
            lines,
            allows_invalid,
        })
    }
}

/// A line `--! Key: value` before the body.
fn header(line: &str) -> Option<(&str, &str)> {
    let said = line.strip_prefix("--! ")?;
    let (key, value) = said.split_once(':').unwrap_or((said, ""));
    let is_key = key.starts_with(|c: char| c.is_ascii_uppercase())
        && key.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    is_key.then_some((key, value.trim()))
}

/// As [`Committed::new`], with what is wrong as a problem of the file.
fn committed(path: &str, text: &str, draft: &mut Draft) -> Option<Committed> {
    let committed = match Committed::new(text) {
        Ok(committed) => committed,
        Err(what) => {
            draft.problem("layout", path, what, "`graphile-migrate commit` writes them");
            return None;
        }
    };
    let is_same = committed.computed == committed.hash;
    if is_same && committed.allows_invalid {
        let message = "its line `AllowInvalidHash` says that its hash is not that of its text, and it is";
        draft.problem("layout", path, message, "remove that line");
    } else if !is_same && !committed.allows_invalid {
        let message = format!(
            "its hash is {}, and that of its text {}",
            committed.hash, committed.computed
        );
        let help = "put the text back that was committed; if the new one is meant, write a line `--! AllowInvalidHash` below that of its hash";
        draft.problem("layout", path, message, help);
    }
    Some(committed)
}
