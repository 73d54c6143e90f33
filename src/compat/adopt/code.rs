//! Tools whose migrations are programs: what they have done is kept by name, and the database begins anew from there.

use super::{File, Files, Form, HalfDone, KEY, Kind, Row, Shape, Tool, time};
use crate::catalog::PROGRAMS;
use crate::migration::Id;
use crate::plan::{Taken, Tells, Verdict};

/// A tool that keeps names and times.
pub(super) struct Code {
    name: &'static str,
    columns: &'static [(&'static str, Form)],
    order: &'static str,
    shape: Shape,
    /// The columns that make the name, the first before a dot.
    named_by: &'static [&'static str],
    /// The columns of the time; the first that holds one counts.
    at: &'static [&'static str],
}

/// <https://docs.djangoproject.com/en/stable/topics/migrations/>
pub(super) static DJANGO: Code = Code {
    name: "django",
    columns: &[
        ("id", Form::Text),
        ("app", Form::Text),
        ("name", Form::Text),
        ("applied", Form::Text),
    ],
    order: "id",
    shape: Shape::of(&["django_migrations"], &["id", "app", "name", "applied"]),
    named_by: &["app", "name"],
    at: &["applied"],
};

/// <https://guides.rubyonrails.org/active_record_migrations.html>
///
/// dbmate has the same table. Since release 5 there is another one beside it; until then its table had no primary key.
pub(super) static RAILS: Code = Code {
    name: "rails",
    columns: &[("version", Form::Text)],
    order: "version",
    shape: Shape::of(&["schema_migrations"], &["version"])
        .kinds(&[("version", Kind::Text)])
        .by_mark(|table, all| table.is_beside("ar_internal_metadata", all) || !table.has_key()),
    named_by: &["version"],
    at: &[],
};

/// <https://hexdocs.pm/ecto_sql/Ecto.Migrator.html>
pub(super) static ECTO: Code = Code {
    name: "ecto",
    columns: &[("version", Form::Text), ("inserted_at", Form::Text)],
    order: "version",
    shape: Shape::of(&["schema_migrations"], &["version", "inserted_at"])
        .kinds(&[("version", Kind::Number)])
        .by_name(),
    named_by: &["version"],
    at: &["inserted_at"],
};

/// <https://laravel.com/docs/migrations>
pub(super) static LARAVEL: Code = Code {
    name: "laravel",
    columns: &[("id", Form::Text), ("migration", Form::Text), ("batch", Form::Text)],
    order: "id",
    shape: Shape::of(&["migrations"], &["id", "migration", "batch"]),
    named_by: &["migration"],
    at: &[],
};

/// <https://typeorm.io/docs/migrations/why/>
pub(super) static TYPEORM: Code = Code {
    name: "typeorm",
    columns: &[("id", Form::Text), ("timestamp", Form::Text), ("name", Form::Text)],
    order: "id",
    shape: Shape::of(&["migrations"], &["id", "timestamp", "name"])
        .kinds(&[("timestamp", Kind::Number)])
        .by_name(),
    named_by: &["name"],
    at: &["timestamp"],
};

/// <https://sequelize.org/docs/v6/other-topics/migrations/>, <https://github.com/sequelize/umzug/blob/main/src/storage/sequelize.ts>
///
/// The column can have any name, and times where somebody wants them.
pub(super) static SEQUELIZE: Code = Code {
    name: "sequelize",
    columns: &[(KEY, Form::Text), ("createdAt", Form::Text), ("created_at", Form::Text)],
    order: KEY,
    shape: Shape::of(&["SequelizeMeta"], &[KEY])
        .and_perhaps(&["createdAt", "updatedAt", "created_at", "updated_at"])
        .kinds(&[(KEY, Kind::Text)])
        .by_name(),
    named_by: &[KEY],
    at: &["createdAt", "created_at"],
};

/// <https://mikro-orm.io/docs/migrations>
pub(super) static MIKRO_ORM: Code = Code {
    name: "mikro-orm",
    columns: &[("id", Form::Text), ("name", Form::Text), ("executed_at", Form::Text)],
    order: "id",
    shape: Shape::of(&["mikro_orm_migrations"], &["id", "name", "executed_at"]).by_name(),
    named_by: &["name"],
    at: &["executed_at"],
};

/// <https://ollycope.com/software/yoyo/latest/>
pub(super) static YOYO: Code = Code {
    name: "yoyo",
    columns: &[
        ("migration_hash", Form::Text),
        ("migration_id", Form::Text),
        ("applied_at_utc", Form::Text),
    ],
    order: "applied_at_utc",
    shape: Shape::of(
        &["_yoyo_migration"],
        &["migration_hash", "migration_id", "applied_at_utc"],
    ),
    named_by: &["migration_id"],
    at: &["applied_at_utc"],
};

/// <https://www.sea-ql.org/SeaORM/docs/migration/running-migration/>
pub(super) static SEAORM: Code = Code {
    name: "seaorm",
    columns: &[("version", Form::Text), ("applied_at", Form::Text)],
    order: "version",
    shape: Shape::of(&["seaql_migrations"], &["version", "applied_at"])
        .kinds(&[("version", Kind::Text), ("applied_at", Kind::Number)])
        .by_name(),
    named_by: &["version"],
    at: &["applied_at"],
};

/// <https://www.doctrine-project.org/projects/migrations.html>
pub(super) static DOCTRINE: Code = Code {
    name: "doctrine",
    columns: &[
        ("version", Form::Text),
        ("executed_at", Form::Text),
        ("execution_time", Form::Text),
    ],
    order: "version",
    shape: Shape::of(
        &["doctrine_migration_versions"],
        &["version", "executed_at", "execution_time"],
    ),
    named_by: &["version"],
    at: &["executed_at"],
};

impl Tool for Code {
    fn name(&self) -> &'static str {
        self.name
    }

    fn columns(&self) -> &'static [(&'static str, Form)] {
        self.columns
    }

    fn order(&self) -> &'static str {
        self.order
    }

    fn shape(&self) -> Shape {
        self.shape
    }

    fn keeps_sql(&self) -> bool {
        false
    }

    fn tells(&self) -> Tells {
        Tells::Names
    }

    fn read(&self, rows: &[Row<'_>], files: &Files<'_>) -> Result<Vec<Taken>, HalfDone> {
        let name = |row: &Row<'_>| {
            self.named_by
                .iter()
                .map(|column| row.text(column))
                .collect::<Vec<_>>()
                .join(".")
        };
        let at = |row: &Row<'_>| {
            self.at
                .iter()
                .find_map(|column| row.get(column))
                .unwrap_or_default()
                .to_owned()
        };
        Ok((1..)
            .zip(rows)
            .filter_map(|(number, row)| by_name_or_file(number, &name(row), &at(row), files))
            .collect())
    }
}

/// A migration by its name. Where a file has that name, that is what was run, or what it was made into: `up` has nothing to run of it.
pub(super) fn by_name_or_file(number: u32, name: &str, at: &str, files: &Files<'_>) -> Option<Taken> {
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    let is_its = |file: &File<'_>| match is_number {
        true => file.migration.id.to_string().parse() == name.parse::<u128>(),
        false => stem(file.file()) == stem(name),
    };
    let Some(file) = files.all().find(is_its) else {
        return by_name(number, name, at);
    };
    Some(Taken {
        at: time(at),
        ..file.taken(Verdict::Unverifiable)
    })
}

/// The name of a file without what says in which language it is written.
fn stem(name: &str) -> &str {
    let mut endings = [".up.sql", ".sql"].iter().chain(&PROGRAMS);
    let ending = endings.find_map(|ending| name.strip_suffix(ending));
    ending.unwrap_or(name)
}

/// A migration that is a program, by its place and name. Its version comes before all that files can have but 0.
pub(super) fn by_name(number: u32, name: &str, at: &str) -> Option<Taken> {
    Some(Taken {
        id: Id::Version(format!("0.{number}").parse().ok()?),
        name: name.to_owned(),
        verdict: Verdict::Code,
        stands_in: false,
        at: time(at),
        by: None,
        took_ms: None,
    })
}
