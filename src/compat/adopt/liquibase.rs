//! Liquibase: `databasechangelog`, with a row for each change set and MD5 of what it holds.
//! <https://docs.liquibase.com/concepts/tracking-tables/databasechangelog-table.html>

mod sum;

use super::{Applied, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, time};
use crate::catalog::hashed::{self, Change};
use crate::migration::{Id, Migration};
use crate::plan::{Taken, Tells, Verdict};
use crate::version::Version;

pub(super) struct Liquibase;

impl Tool for Liquibase {
    fn name(&self) -> &'static str {
        "liquibase"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[
            ("id", Form::Text),
            ("author", Form::Text),
            ("filename", Form::Text),
            ("dateexecuted", Form::Text),
            ("orderexecuted", Form::Text),
            ("exectype", Form::Text),
            ("md5sum", Form::Text),
        ]
    }

    fn order(&self) -> &'static str {
        "orderexecuted"
    }

    fn shape(&self) -> Shape {
        Shape::of(
            &["databasechangelog"],
            &[
                "id",
                "author",
                "filename",
                "dateexecuted",
                "orderexecuted",
                "exectype",
                "md5sum",
            ],
        )
        .and_others()
    }

    fn tells(&self) -> Tells {
        Tells::Names
    }

    fn key(&self) -> usize {
        3
    }

    /// What `not-run` names is recorded here and was run by nobody: a row would keep Liquibase from it for ever.
    fn leaves_out(&self, applied: &Applied<'_>) -> bool {
        let up = &applied.migration.up;
        let mut lines = up.source().lines().filter(|line| !line.starts_with("-- syncline: "));
        let is_bare = lines.all(|line| line.trim().is_empty());
        let set = hashed::set(&up.path, applied.bytes, &applied.migration.name);
        is_bare && set.is_none_or(|set| set.changes.iter().any(|change| !change.text.trim().is_empty()))
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        let path = &applied.migration.up.path;
        let set = hashed::set(path, applied.bytes, &applied.migration.name).filter(|set| !set.id.is_empty())?;
        let orders = applied.rows.iter().filter_map(|row| row.number::<i64>("orderexecuted"));
        // As those of the release that is used. Without a sum, Liquibase takes any text and writes its own.
        let like = applied.rows.iter().rev().find_map(|row| row.get("md5sum"));
        let sum = match set.changes.iter().any(has_parameters) {
            true => None,
            false => like.and_then(|like| sum::of(like, &set.changes)),
        };
        let text = |text: &str| Value::Text(text.to_owned());
        Some(vec![
            ("id", Value::Text(set.id)),
            ("author", Value::Text(set.author)),
            ("filename", Value::Text(filename(applied)?)),
            ("dateexecuted", applied.local_as_in("dateexecuted")),
            (
                "orderexecuted",
                Value::Number(orders.max().unwrap_or_default() + applied.place),
            ),
            (
                "exectype",
                text(if applied.is_declined { "MARK_RAN" } else { "EXECUTED" }),
            ),
            ("md5sum", sum.map_or(Value::Null, Value::Text)),
            ("description", text("sql")),
            ("comments", text("")),
            ("liquibase", text("syncline")),
        ])
    }

    /// A change set is known by author, id and file.
    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let mut taken: Vec<Taken> = Vec::new();
        for row in newest(rows)? {
            let mut entry = match its(row, files)? {
                Some(migration) => Taken {
                    id: migration.id.clone(),
                    name: migration.name.clone(),
                    verdict: verdict(row, migration, files),
                    stands_in: false,
                    at: None,
                    by: None,
                    took_ms: None,
                },
                // Its version in the ledger is not found here: it needs one that is nobody else's.
                None => {
                    let migrations = files.catalog.migrations().map(|migration| &migration.id);
                    let others = migrations.chain(taken.iter().map(|taken| &taken.id));
                    let newest = others.filter_map(Id::version).max();
                    let id = Id::Version(newest.map_or_else(|| Version::from_number(1), Version::next));
                    let file = hashed::components(row.text("filename")).join("/");
                    compared(id, &format!("{}:{file}", name(row)), None, |_| None)
                }
            };
            entry.at = time(row.text("dateexecuted"));
            // One change set under two paths, as releases and packages write them: the newest counts.
            taken.retain(|before| before.id != entry.id);
            taken.push(entry);
        }
        Ok(taken)
    }
}

/// The migration that a row tells of. The end of the path says which one, since each release and each package begins it somewhere else; where
/// nothing but the file's name is the same, the sum does. What neither says is not guessed.
fn its<'a>(row: &Row<'_>, files: &Files<'a>) -> Result<Option<&'a Migration>, HalfDone> {
    let name = name(row);
    let theirs = hashed::components(row.text("filename"));
    let candidates = files.catalog.migrations().filter_map(|migration| {
        let (within, file) = hashed::parts(&migration.name);
        (within == name).then(|| (migration, Ends::of(&hashed::components(file), &theirs)))
    });
    let candidates: Vec<(&Migration, Ends)> = candidates.collect();
    let best = |ends: fn(&Ends) -> Option<usize>| {
        let most = candidates.iter().filter_map(|(_, found)| ends(found)).max();
        let its = candidates
            .iter()
            .filter(|(_, found)| most.is_some() && ends(found) == most);
        its.map(|(migration, _)| *migration).collect::<Vec<_>>()
    };
    let whole = best(Ends::whole);
    let by_sum = |among: &[&'a Migration]| {
        let mut same = among
            .iter()
            .filter(|migration| is_same(row, migration, files) == Some(true));
        same.next().filter(|_| same.next().is_none()).copied()
    };
    match whole.as_slice() {
        [] => {}
        [only] => return Ok(Some(only)),
        several => return by_sum(several).map(Some).ok_or_else(|| unclear(row, several)),
    }
    let all: Vec<&Migration> = candidates.iter().map(|(migration, _)| *migration).collect();
    if let Some(moved) = by_sum(&all) {
        return Ok(Some(moved));
    }
    // Another sum is that of another change set, as Liquibase itself would say; without one nobody knows.
    let partly = best(Ends::partly);
    let says_nothing = |migration: &&Migration| is_same(row, migration, files).is_none();
    match partly.iter().any(says_nothing) {
        true => Err(unclear(row, &partly)),
        false => Ok(None),
    }
}

/// How much of the ends of two paths is the same.
#[derive(Clone, Copy)]
struct Ends {
    same: usize,
    /// Whether one of them ends as the other one is.
    is_whole: bool,
}

impl Ends {
    fn of(ours: &[&str], theirs: &[&str]) -> Self {
        let same = ours.iter().rev().zip(theirs.iter().rev());
        let same = same.take_while(|(ours, theirs)| ours == theirs).count();
        Self {
            same,
            is_whole: same > 0 && same == ours.len().min(theirs.len()),
        }
    }

    fn whole(&self) -> Option<usize> {
        self.is_whole.then_some(self.same)
    }

    fn partly(&self) -> Option<usize> {
        (self.same > 0).then_some(self.same)
    }
}

fn unclear(row: &Row<'_>, files: &[&Migration]) -> HalfDone {
    let may_be: Vec<String> = files
        .iter()
        .map(|migration| format!("`{}`", hashed::parts(&migration.name).1))
        .collect();
    HalfDone {
        what: format!(
            "Liquibase says that `{}` of `{}` was run, and whether that is the one in {} is not clear: the ends of the paths do not tell, and no \
             checksum does",
            name(row),
            row.text("filename"),
            may_be.join(" or in ")
        ),
        help: "give the file whose change set it is that path as its `logicalFilePath`, by which Liquibase knows it too, and try again"
            .to_owned(),
    }
}

/// The rows of change sets that are done, each once.
fn newest<'a, 'b>(rows: &'a [Row<'b>]) -> Result<Vec<&'a Row<'b>>, HalfDone> {
    let key = |row: &Row<'_>| ["id", "author", "filename"].map(|column| row.text(column).to_owned());
    let mut newest: Vec<&Row<'_>> = Vec::new();
    for row in rows {
        match row.text("exectype").trim() {
            "EXECUTED" | "RERAN" | "MARK_RAN" => {
                newest.retain(|before| key(before) != key(row));
                newest.push(row);
            }
            "SKIPPED" => {}
            other => {
                return Err(HalfDone {
                    what: format!(
                        "Liquibase says {other} of `{}` in `{}`",
                        name(row),
                        row.text("filename")
                    ),
                    help: "mend what it left, run `liquibase update`, and try again".to_owned(),
                });
            }
        }
    }
    Ok(newest)
}

/// What the change set that a row tells of is called within its file.
fn name(row: &Row<'_>) -> String {
    hashed::in_file(row.text("author"), row.text("id"))
}

fn with_slashes(path: &str) -> String {
    path.replace(std::path::MAIN_SEPARATOR, "/")
}

/// The name that the table has for a file, by those that it has for others: each tool begins somewhere else. `None` where it has none that
/// tells.
fn filename(applied: &Applied<'_>) -> Option<String> {
    let (path, file) = (
        with_slashes(&applied.migration.up.path),
        hashed::parts(&applied.migration.name).1,
    );
    // What the file calls itself, whatever its path is.
    if !path.ends_with(file) {
        return Some(file.to_owned());
    }
    applied.rows.iter().rev().find_map(|row| {
        let known = its(row, applied.files).ok()??;
        let (known, kept) = (hashed::components(hashed::parts(&known.name).1), row.text("filename"));
        let kept: Vec<&str> = kept.split('/').collect();
        let same = known.iter().rev().zip(kept.iter().rev());
        let same = same.take_while(|(ours, theirs)| ours == theirs).count();
        let ours = hashed::components(file);
        let rest = ours
            .strip_prefix(known.get(..known.len() - same)?)
            .filter(|_| same > 0)?;
        Some([kept.get(..kept.len() - same)?, rest].concat().join("/"))
    })
}

fn verdict(row: &Row<'_>, migration: &Migration, files: &Files<'_>) -> Verdict {
    match is_same(row, migration, files) {
        Some(false) => Verdict::Edited,
        // That one was never run: a precondition did not hold, or somebody said that it is done.
        Some(true) if row.text("exectype").trim() == "MARK_RAN" => Verdict::Unverifiable,
        Some(true) => Verdict::Verified,
        None => Verdict::Unverifiable,
    }
}

/// `None` where the sum is of a kind that is not known, and where the text is not all in one file.
fn is_same(row: &Row<'_>, migration: &Migration, files: &Files<'_>) -> Option<bool> {
    let sum = row.get("md5sum").map(str::trim)?;
    let path = &migration.up.path;
    let mut changes = hashed::set(path, files.bytes.get(path)?, &migration.name)?.changes;
    if sum::of(sum, &changes)? == sum {
        return Some(true);
    }
    // Liquibase has put the values of its parameters in before, and they need not be the ones that are known here.
    if !changes.iter().any(has_parameters) {
        return Some(false);
    }
    if let [only] = changes.as_mut_slice() {
        let lines = migration.up.text.split_inclusive('\n');
        let own: String = lines.skip_while(|line| line.starts_with("-- syncline: ")).collect();
        own.trim().clone_into(&mut only.text);
    }
    (sum::of(sum, &changes)? == sum).then_some(true)
}

fn has_parameters(change: &Change) -> bool {
    !change.is_file && change.text.contains("${")
}

#[cfg(test)]
mod tests;
