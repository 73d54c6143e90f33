//! Tools whose migrations are programs: names and times are kept, and files begin behind them.

use super::checked::milliseconds;
use super::{ALL, apply, file};
use crate::place::Engine;
use crate::project::Project;
use crate::steps::Step;
use crate::walk::{At, Tool, Verdict, prove};

/// What is the same for all of them.
pub const PROGRAMS: Tool = Tool {
    name: "",
    engines: ALL,
    configuration: "",
    table: "schema_migrations",
    told: "version",
    files: |steps| {
        let step = &steps[2];
        vec![
            file(format!("{}_{}.up.sql", step.moment(), step.name), step.up),
            file(format!("{}_{}.down.sql", step.moment(), step.name), step.down),
        ]
    },
    apply: |_, _, _| {},
    verdict: Verdict::Code,
    at: At::Known,
    by: None,
    broken: &[],
    mirrors: false,
    reverts: false,
    taken: 2,
};

/// A table, and the values of a row for each step.
fn made(project: &Project, steps: &[Step], from: usize, columns: &str, table: &str, row: &dyn Fn(&Step) -> String) {
    let columns = match project.place.engine {
        Engine::Postgres => columns.replace("datetime", "timestamp"),
        _ => columns.to_owned(),
    };
    let create = format!("CREATE TABLE {table} ({columns})");
    apply(project, steps, from, &create, &|step| {
        format!("INSERT INTO {table} VALUES ({})", row(step))
    });
}

/// <https://github.com/sqlalchemy/alembic/blob/main/alembic/ddl/impl.py>
pub const ALEMBIC: Tool = Tool {
    name: "alembic",
    table: "alembic_version",
    told: "version_num",
    apply: |project, steps, from| {
        let columns = "version_num VARCHAR(32) NOT NULL PRIMARY KEY";
        made(project, steps, from, columns, "alembic_version", &|step| {
            format!("'ae1027a6acf{}'", step.number)
        });
        // The newest alone.
        let newest = steps.last().map_or(0, |step| step.number);
        project.place.run(&format!(
            "DELETE FROM alembic_version WHERE version_num <> 'ae1027a6acf{newest}'"
        ));
    },
    at: At::Never,
    taken: 1,
    ..PROGRAMS
};

/// <https://github.com/django/django/blob/main/django/db/migrations/recorder.py>
pub const DJANGO: Tool = Tool {
    name: "django",
    table: "django_migrations",
    told: "id, app, name",
    apply: |project, steps, from| {
        let columns = "id bigint NOT NULL PRIMARY KEY, app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied datetime NOT NULL";
        made(project, steps, from, columns, "django_migrations", &|step| {
            format!("{}, 'shop', '000{0}_{}', '{}'", step.number, step.name, step.at())
        });
    },
    ..PROGRAMS
};

/// <https://github.com/rails/rails/blob/main/activerecord/lib/active_record/schema_migration.rb>
pub const RAILS: Tool = Tool {
    name: "rails",
    apply: |project, steps, from| {
        project.place.run(
            "CREATE TABLE IF NOT EXISTS ar_internal_metadata (key_ varchar(255) NOT NULL PRIMARY KEY, value varchar(255), created_at varchar(30), updated_at varchar(30))",
        );
        let columns = "version varchar(255) NOT NULL PRIMARY KEY";
        made(project, steps, from, columns, "schema_migrations", &|step| {
            format!("'{}'", step.moment())
        });
    },
    at: At::Never,
    ..PROGRAMS
};

/// <https://github.com/elixir-ecto/ecto_sql/blob/master/lib/ecto/migration/schema_migration.ex>
pub const ECTO: Tool = Tool {
    name: "ecto",
    apply: |project, steps, from| {
        let columns = "version bigint NOT NULL PRIMARY KEY, inserted_at datetime";
        made(project, steps, from, columns, "schema_migrations", &|step| {
            format!("{}, '{}'", step.moment(), step.at())
        });
    },
    ..PROGRAMS
};

/// <https://github.com/knex/knex/blob/master/lib/migrations/migrate/table-resolver.js>
pub const KNEX: Tool = Tool {
    name: "knex",
    table: "knex_migrations",
    told: "id, name, batch",
    apply: |project, steps, from| {
        project
            .place
            .run("CREATE TABLE IF NOT EXISTS knex_migrations_lock (idx integer PRIMARY KEY, is_locked integer)");
        let columns = "id integer NOT NULL PRIMARY KEY, name varchar(255), batch integer, migration_time datetime";
        // SQLite holds milliseconds since 1970.
        let at = |step: &Step| match project.place.engine {
            Engine::Sqlite => milliseconds(step).to_string(),
            _ => format!("'{}'", step.at()),
        };
        made(project, steps, from, columns, "knex_migrations", &|step| {
            format!("{}, '{}_{}.js', 1, {}", step.number, step.moment(), step.name, at(step))
        });
    },
    ..PROGRAMS
};

/// <https://hg.sr.ht/~olly/yoyo/browse/yoyo/backends/base.py>
pub const YOYO: Tool = Tool {
    name: "yoyo",
    table: "_yoyo_migration",
    told: "migration_id",
    apply: |project, steps, from| {
        project
            .place
            .run("CREATE TABLE IF NOT EXISTS yoyo_lock (locked integer, ctime varchar(30), pid integer NOT NULL PRIMARY KEY)");
        let columns =
            "migration_hash VARCHAR(64) NOT NULL PRIMARY KEY, migration_id VARCHAR(255), applied_at_utc datetime";
        made(project, steps, from, columns, "_yoyo_migration", &|step| {
            format!("'{:064}', '000{0}.{}', '{}'", step.number, step.name, step.at())
        });
    },
    ..PROGRAMS
};

/// <https://github.com/typeorm/typeorm/blob/master/src/migration/MigrationExecutor.ts>
pub const TYPEORM: Tool = Tool {
    name: "typeorm",
    table: "migrations",
    told: "id, name",
    apply: |project, steps, from| {
        let columns = "id integer NOT NULL PRIMARY KEY, timestamp bigint NOT NULL, name varchar(255) NOT NULL";
        let columns = match project.place.engine {
            Engine::MariaDb => columns.replace("timestamp", "`timestamp`"),
            _ => columns.replace("timestamp", "\"timestamp\""),
        };
        made(project, steps, from, &columns, "migrations", &|step| {
            format!("{}, {}, '{}{1}'", step.number, milliseconds(step), step.name)
        });
    },
    // PostgreSQL's words for times are no concern of its.
    ..PROGRAMS
};

/// <https://github.com/sequelize/umzug/blob/main/src/storage/sequelize.ts>
pub const SEQUELIZE: Tool = Tool {
    name: "sequelize",
    table: "SequelizeMeta",
    told: "name",
    apply: |project, steps, from| {
        let columns = "name varchar(255) NOT NULL PRIMARY KEY";
        made(project, steps, from, columns, "SequelizeMeta", &|step| {
            format!("'{}-{}.js'", step.moment(), step.name)
        });
    },
    at: At::Never,
    ..PROGRAMS
};

/// <https://github.com/mikro-orm/mikro-orm/blob/master/packages/migrations/src/MigrationStorage.ts>
pub const MIKRO_ORM: Tool = Tool {
    name: "mikro-orm",
    table: "mikro_orm_migrations",
    told: "id, name",
    apply: |project, steps, from| {
        let columns = "id integer NOT NULL PRIMARY KEY, name varchar(255), executed_at datetime";
        made(project, steps, from, columns, "mikro_orm_migrations", &|step| {
            format!(
                "{}, 'Migration{}_{}', '{}'",
                step.number,
                step.moment(),
                step.name,
                step.at()
            )
        });
    },
    ..PROGRAMS
};

/// <https://github.com/laravel/framework/blob/master/src/Illuminate/Database/Migrations/DatabaseMigrationRepository.php>
pub const LARAVEL: Tool = Tool {
    name: "laravel",
    table: "migrations",
    told: "id, migration, batch",
    apply: |project, steps, from| {
        let columns = "id integer NOT NULL PRIMARY KEY, migration varchar(255) NOT NULL, batch integer NOT NULL";
        made(project, steps, from, columns, "migrations", &|step| {
            format!("{}, '2026_01_0{0}_090000_{}', 1", step.number, step.name)
        });
    },
    at: At::Never,
    ..PROGRAMS
};

/// <https://github.com/SeaQL/sea-orm/blob/master/sea-orm-migration/src/seaql_migrations.rs>
pub const SEAORM: Tool = Tool {
    name: "seaorm",
    table: "seaql_migrations",
    told: "version",
    apply: |project, steps, from| {
        let columns = "version varchar(255) NOT NULL PRIMARY KEY, applied_at bigint NOT NULL";
        made(project, steps, from, columns, "seaql_migrations", &|step| {
            format!(
                "'m2026010{}_090000_{}', {}",
                step.number,
                step.name,
                milliseconds(step) / 1000
            )
        });
    },
    ..PROGRAMS
};

/// <https://github.com/doctrine/migrations/blob/3.9.x/src/Metadata/Storage/TableMetadataStorage.php>
pub const DOCTRINE: Tool = Tool {
    name: "doctrine",
    table: "doctrine_migration_versions",
    told: "version",
    apply: |project, steps, from| {
        let columns = "version varchar(191) NOT NULL PRIMARY KEY, executed_at datetime DEFAULT NULL, execution_time integer DEFAULT NULL";
        made(project, steps, from, columns, "doctrine_migration_versions", &|step| {
            format!("'DoctrineMigrations.Version{}', '{}', 12", step.moment(), step.at())
        });
    },
    ..PROGRAMS
};

/// A test of each.
macro_rules! taken_over {
    ($($name:ident: $tool:ident,)+) => {
        $(#[test] fn $name() { prove(&$tool); })+
    };
}

taken_over! {
    alembic_is_taken_over: ALEMBIC,
    django_is_taken_over: DJANGO,
    rails_is_taken_over: RAILS,
    ecto_is_taken_over: ECTO,
    knex_is_taken_over: KNEX,
    yoyo_is_taken_over: YOYO,
    typeorm_is_taken_over: TYPEORM,
    laravel_is_taken_over: LARAVEL,
    mikro_orm_is_taken_over: MIKRO_ORM,
    sequelize_is_taken_over: SEQUELIZE,
    seaorm_is_taken_over: SEAORM,
    doctrine_is_taken_over: DOCTRINE,
}
