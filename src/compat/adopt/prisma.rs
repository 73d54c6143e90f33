//! Prisma Migrate: `_prisma_migrations`, with SHA-256 of each `migration.sql`.
//! <https://github.com/prisma/prisma-engines/tree/main/schema-engine>

use super::{Applied, Files, Form, HalfDone, Row, Shape, Tool, Value, compared, leading, sums, time};
use crate::migration::Id;
use crate::plan::{Taken, Tells};
use crate::version::Version;

pub(super) struct Prisma;

impl Tool for Prisma {
    fn name(&self) -> &'static str {
        "prisma"
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        &[
            ("checksum", Form::Text),
            ("finished_at", Form::Text),
            ("migration_name", Form::Text),
            ("rolled_back_at", Form::Text),
            ("started_at", Form::Text),
        ]
    }

    fn order(&self) -> &'static str {
        "started_at"
    }

    fn shape(&self) -> Shape {
        Shape::of(
            &["_prisma_migrations"],
            &[
                "checksum",
                "finished_at",
                "migration_name",
                "logs",
                "rolled_back_at",
                "started_at",
                "applied_steps_count",
            ],
        )
        .and_others()
    }

    fn tells(&self) -> Tells {
        Tells::Names
    }

    fn row(&self, applied: &Applied<'_>) -> Option<Vec<(&'static str, Value)>> {
        Some(vec![
            ("migration_name", Value::Text(applied.file().directory().to_owned())),
            ("id", Value::Text(uuid::Uuid::new_v4().to_string())),
            ("checksum", Value::Text(sums::sha256(applied.bytes))),
            ("started_at", applied.local()),
            ("finished_at", applied.local()),
            ("applied_steps_count", Value::Number(1)),
        ])
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let mut taken: Vec<Taken> = Vec::new();
        for row in rows.iter().filter(|row| row.get("rolled_back_at").is_none()) {
            let name = row.text("migration_name");
            if row.get("finished_at").is_none() {
                return Err(HalfDone {
                    what: format!("Prisma says that `{name}` was begun and not finished"),
                    help: format!(
                        "mend what it left, say so with `prisma migrate resolve --applied {name}` or `--rolled-back`, and try again"
                    ),
                });
            }
            let file = files.all().find(|file| file.directory() == name);
            let id = file.map_or_else(|| without_a_file(name, files, &taken), |file| file.migration.id.clone());
            let sum = row.text("checksum");
            let mut entry = compared(id, name, file, |file| {
                let same = |bytes: &Vec<u8>| {
                    sums::sha256(bytes) == sum || (sum.len() != 64 && sums::sha256_unpadded(bytes) == sum)
                };
                Some(sums::spellings(file.bytes).iter().any(same))
            });
            entry.at = time(row.text("started_at"));
            // One that was tried again counts as it is now.
            taken.retain(|before| before.name != entry.name);
            taken.push(entry);
        }
        Ok(taken)
    }
}

/// A version that no file has: the name is what is known of it.
fn without_a_file(name: &str, files: &Files<'_>, taken: &[Taken]) -> Id {
    let stamp = leading(name).unwrap_or_else(|| Id::Version(Version::from_number(0)));
    let dotted = (1_u32..).filter_map(|number| format!("{stamp}.{number}").parse().ok().map(Id::Version));
    let is_free = |id: &Id| files.get(id).is_none() && taken.iter().all(|before| before.id != *id);
    std::iter::once(stamp.clone())
        .chain(dotted)
        .find(is_free)
        .unwrap_or(stamp)
}
