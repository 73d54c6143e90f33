//! Sqitch: `changes`, with SHA-1 of each deploy script, and of what the plan says of the change.
//! <https://sqitch.org/docs/manual/>

mod ids;

use std::collections::BTreeSet;

use super::{Applied, File, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, local, sums, time};
use crate::migration::Id;
use crate::plan::{Taken, Tells};
use crate::version::Version;

pub(super) struct Sqitch;

impl Tool for Sqitch {
    fn name(&self) -> &'static str {
        "sqitch"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[
            ("change_id", Form::Text),
            ("script_hash", Form::Text),
            ("change", Form::Text),
            ("project", Form::Text),
            ("committed_at", Form::Text),
            ("committer_name", Form::Text),
        ]
    }

    fn order(&self) -> &'static str {
        "committed_at"
    }

    fn shape(&self) -> Shape {
        Shape::of(
            &["changes"],
            &[
                "change_id",
                "script_hash",
                "change",
                "project",
                "committed_at",
                "committer_name",
            ],
        )
        .and_others()
        .by_name()
    }

    fn tells(&self) -> Tells {
        Tells::Names
    }

    fn keeps_apart(&self) -> bool {
        true
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        let plan = ids::planned(applied.files.list()?)?;
        let place = usize::try_from(applied.number()?).ok()?;
        let planned = plan.get(place.checked_sub(1)?)?;
        let text = |text: &str| Value::Text(text.to_owned());
        Some(vec![
            ("change_id", text(&planned.id)),
            ("script_hash", Value::Text(sums::sha1(applied.bytes))),
            ("change", text(applied.migration.name.split('@').next()?)),
            ("project", text(planned.project)),
            ("note", text(&planned.note)),
            ("committed_at", applied.local()),
            ("committer_name", text(applied.by)),
            // It is not known here.
            ("committer_email", text("")),
            ("planned_at", local(planned.at)),
            ("planner_name", text(planned.planner)),
            ("planner_email", text(planned.email)),
        ])
    }

    /// A change is known by its id. One whose line in the plan has changed is found by its name: one that was made anew is there more than
    /// once, with a tag behind its name but for the last.
    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let told = files.list().and_then(ids::planned).unwrap_or_default();
        // A registry may hold several projects, and Sqitch looks at the rows of the one that the plan names.
        let rows: Vec<&Row<'_>> = match told.first() {
            Some(change) => rows
                .iter()
                .filter(|row| row.text("project") == change.project)
                .collect(),
            None => rows.iter().collect(),
        };
        let projects: BTreeSet<&str> = rows.iter().map(|row| row.text("project")).collect();
        if projects.len() > 1 {
            let names: Vec<&str> = projects.into_iter().collect();
            return Err(HalfDone {
                what: format!(
                    "Sqitch keeps more than one project in this registry ({}), and no plan says which is meant",
                    names.join(", ")
                ),
                help: "let `--dir` name the directory with `sqitch.plan`, or record what is deployed of this one: `syncline baseline VERSION`".to_owned(),
            });
        }
        let planned: Vec<File<'_>> = files.all().collect();
        let ids: Vec<&String> = told.iter().map(|change| &change.id).collect();
        // The place in the plan is the version.
        let id_of = |file: File<'_>| {
            let place: usize = file.migration.id.to_string().parse().ok()?;
            ids.get(place.checked_sub(1)?).copied()
        };
        let mut used: BTreeSet<&Id> = BTreeSet::new();
        let mut found: Vec<Option<(File<'_>, By)>> = vec![None; rows.len()];
        for by in [By::Id, By::Text, By::Name] {
            for (row, found) in rows.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
                let is_its = |file: &&File<'_>| {
                    let migration = file.migration;
                    let named = migration.name.split('@').next() == Some(row.text("change"));
                    !used.contains(&migration.id)
                        && match by {
                            By::Id => id_of(**file).is_some_and(|id| id == row.text("change_id")),
                            By::Text => named && has_its_text(row, **file) == Some(true),
                            By::Name => named,
                        }
                };
                *found = planned.iter().find(is_its).map(|file| (*file, by));
                used.extend(found.iter().map(|(file, _)| &file.migration.id));
            }
        }
        let mut behind = (planned.len() + 1..).filter_map(|number| u32::try_from(number).ok());
        let entry = |(row, found): (&&Row<'_>, Option<(File<'_>, By)>)| {
            let id = match found {
                Some((file, _)) => file.migration.id.clone(),
                None => Id::Version(Version::from_number(behind.next()?.into())),
            };
            // Sqitch itself would not know a change by another id.
            let is_known = ids.is_empty() || matches!(found, Some((_, By::Id)));
            let file = found.map(|(file, _)| file);
            let mut entry = compared(id, row.text("change"), file, |file| match is_known {
                true => has_its_text(row, file),
                false => Some(false),
            });
            entry.at = time(row.text("committed_at"));
            entry.by = row.get("committer_name").map(str::to_owned);
            Some(entry)
        };
        Ok(rows.iter().zip(found).filter_map(entry).collect())
    }
}

/// What a row and a change of the plan have in common.
#[derive(Clone, Copy)]
enum By {
    Id,
    Text,
    Name,
}

/// `None` where old releases have left no sum.
fn has_its_text(row: &Row<'_>, file: File<'_>) -> Option<bool> {
    let sum = row.get("script_hash").filter(|sum| !sum.is_empty())?;
    Some(sums::spellings(file.bytes).iter().any(|bytes| sums::sha1(bytes) == sum))
}
