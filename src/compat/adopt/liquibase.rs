//! Liquibase: `databasechangelog`, with a row for each change set and MD5 of what it holds.
//! <https://docs.liquibase.com/concepts/tracking-tables/databasechangelog-table.html>

mod sum;

use std::collections::BTreeSet;

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
            ("filename", Value::Text(filename(path, applied)?)),
            ("dateexecuted", applied.local()),
            (
                "orderexecuted",
                Value::Number(orders.max().unwrap_or_default() + applied.place),
            ),
            ("exectype", text("EXECUTED")),
            ("md5sum", sum.map_or(Value::Null, Value::Text)),
            ("description", text("sql")),
            ("comments", text("")),
            ("liquibase", text("syncline")),
        ])
    }

    /// A change set is known by author, id and file. Two of one author and id in different files are told apart by the file, then by
    /// their sums, then by their order.
    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let rows = newest(rows)?;
        let all: Vec<&Migration> = files.catalog.migrations().collect();
        let mut used: BTreeSet<&Id> = BTreeSet::new();
        let mut found: Vec<Option<&Migration>> = vec![None; rows.len()];
        for step in [By::File, By::Sum, By::Order] {
            for (row, found) in rows.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
                let name = name(row);
                let is_its = |migration: &&&Migration| {
                    hashed::parts(&migration.name).0 == name
                        && !used.contains(&migration.id)
                        && match step {
                            By::File => is_in(&migration.up.path, row.text("filename")),
                            By::Sum => is_same(row, migration, files) == Some(true),
                            By::Order => true,
                        }
                };
                *found = all.iter().find(is_its).copied();
                used.extend(found.map(|migration| &migration.id));
            }
        }
        let newest = all
            .iter()
            .filter_map(|migration| migration.id.to_string().parse::<u32>().ok());
        let mut behind = newest.max().unwrap_or_default().saturating_add(1)..;
        let entry = |(row, migration): (&&Row<'_>, Option<&Migration>)| {
            let mut entry = match migration {
                Some(migration) => Taken {
                    id: migration.id.clone(),
                    name: migration.name.clone(),
                    verdict: verdict(row, migration, files),
                    stands_in: false,
                    at: None,
                    by: None,
                    took_ms: None,
                },
                None => {
                    let id = Id::Version(Version::from_number(behind.next()?.into()));
                    compared(id, &format!("{}:{}", name(row), row.text("filename")), None, |_| None)
                }
            };
            entry.at = time(row.text("dateexecuted"));
            Some(entry)
        };
        Ok(rows.iter().zip(found).filter_map(entry).collect())
    }
}

/// What a row and a migration have in common.
#[derive(Clone, Copy)]
enum By {
    File,
    Sum,
    Order,
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

/// Whether a path ends as a file's name in the table does, or the other way round: each begins somewhere else.
fn is_in(path: &str, file: &str) -> bool {
    let path = with_slashes(path);
    let file = file.strip_prefix("classpath:").unwrap_or(file).trim_start_matches('/');
    let ends = |long: &str, short: &str| {
        long.strip_suffix(short)
            .is_some_and(|before| before.is_empty() || before.ends_with('/'))
    };
    !file.is_empty() && (ends(&path, file) || ends(file, &path))
}

fn with_slashes(path: &str) -> String {
    path.replace(std::path::MAIN_SEPARATOR, "/")
}

/// The name that the table has for a file, by those that it has for others: each tool begins somewhere else.
fn filename(path: &str, applied: &Applied<'_>) -> Option<String> {
    applied.rows.iter().rev().find_map(|row| {
        let (name, mut migrations) = (name(row), applied.files.catalog.migrations());
        let known = migrations.find(|migration| hashed::parts(&migration.name).0 == name)?;
        let (known, path) = (with_slashes(&known.up.path), with_slashes(path));
        let [known, kept, path] = [&known, row.text("filename"), &path].map(|path| path.split('/').collect::<Vec<_>>());
        let (ours, theirs) = (known.iter().rev(), kept.iter().rev());
        let same = ours.zip(theirs).take_while(|(ours, theirs)| ours == theirs).count();
        let rest = path.strip_prefix(&known[..known.len() - same]).filter(|_| same > 0)?;
        Some([&kept[..kept.len() - same], rest].concat().join("/"))
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
