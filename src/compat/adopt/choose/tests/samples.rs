//! The tables of all tools as they make them, with a row or two.

/// A tool's table as the tool makes it: columns with their types, those of the key with `*`, a row or two, and what lies beside it.
pub struct Sample {
    pub tool: &'static str,
    pub table: &'static str,
    pub columns: &'static [&'static str],
    /// The values of what is read, row by row.
    pub rows: &'static [&'static [&'static str]],
    pub beside: &'static [&'static str],
}

pub const fn sample(
    tool: &'static str,
    table: &'static str,
    columns: &'static [&'static str],
    rows: &'static [&'static [&'static str]],
) -> Sample {
    Sample {
        tool,
        table,
        columns,
        rows,
        beside: &[],
    }
}

pub const SAMPLES: &[Sample] = &[
    sample(
        "alembic",
        "alembic_version",
        &["*version_num varchar(32)"],
        &[&["ae1027a6acf"]],
    ),
    sample(
        "atlas",
        "atlas_schema_revisions",
        &[
            "*version varchar",
            "description varchar",
            "type bigint",
            "applied bigint",
            "total bigint",
            "executed_at timestamptz",
            "execution_time bigint",
            "error text",
            "error_stmt text",
            "hash varchar",
            "partial_hashes jsonb",
            "operator_version varchar",
        ],
        &[&["1", "a", "2", "1", "1", "2026-01-01", "1", "", "h1:"]],
    ),
    sample(
        "django",
        "django_migrations",
        &[
            "*id bigint",
            "app varchar(255)",
            "name varchar(255)",
            "applied timestamptz",
        ],
        &[&["1", "shop", "0001_a", "2026-01-01"]],
    ),
    sample(
        "ecto",
        "schema_migrations",
        &["*version bigint", "inserted_at timestamp"],
        &[&["20260101000000", "2026-01-01"]],
    ),
    sample(
        "laravel",
        "migrations",
        &["*id int", "migration varchar(255)", "batch int"],
        &[&["1", "2026_01_01_000000_a", "1"]],
    ),
    Sample {
        beside: &["ar_internal_metadata"],
        ..sample(
            "rails",
            "schema_migrations",
            &["*version character varying"],
            &[&["20260101000000"], &["20260102000000"]],
        )
    },
    // Release 4.
    sample(
        "rails",
        "schema_migrations",
        &["version character varying(255)"],
        &[&["20140101000000"], &["20140102000000"]],
    ),
    sample(
        "typeorm",
        "migrations",
        &["*id int", "timestamp bigint", "name varchar"],
        &[&["1", "1767323045000", "a1767323045000"]],
    ),
    sample(
        "mikro-orm",
        "mikro_orm_migrations",
        &["*id int", "name varchar(255)", "executed_at timestamptz"],
        &[&["1", "Migration20260101000000", "2026-01-01"]],
    ),
    sample(
        "sequelize",
        "SequelizeMeta",
        &["*name character varying(255)"],
        &[&["20260101000000-a.js"], &["20260102000000-b.js"]],
    ),
    sample(
        "sequelize",
        "SequelizeMeta",
        &[
            "*migration varchar(255)",
            "createdAt timestamptz",
            "updatedAt timestamptz",
        ],
        &[&["20260101000000-a.js", "2026-01-01"]],
    ),
    sample(
        "yoyo",
        "_yoyo_migration",
        &[
            "*migration_hash varchar(64)",
            "migration_id varchar(255)",
            "applied_at_utc timestamp",
        ],
        &[&["00", "0001.a", "2026-01-01"]],
    ),
    sample(
        "dbmate",
        "schema_migrations",
        &["*version varchar(128)"],
        &[&["20260101000000"], &["20260102000000"]],
    ),
    sample(
        "diesel",
        "__diesel_schema_migrations",
        &["*version varchar(50)", "run_on timestamp"],
        &[&["20260101000000", "2026-01-01"]],
    ),
    sample(
        "drizzle",
        "__drizzle_migrations",
        &["*id integer", "hash text", "created_at bigint"],
        &[&["1", "00", "1767323045000"]],
    ),
    sample(
        "flyway",
        "flyway_schema_history",
        &[
            "*installed_rank integer",
            "version varchar(50)",
            "description varchar(200)",
            "type varchar(20)",
            "script varchar(1000)",
            "checksum integer",
            "installed_by varchar(100)",
            "installed_on timestamp",
            "execution_time integer",
            "success boolean",
        ],
        &[&["1", "1", "a", "SQL", "V1__a.sql", "7", "fly", "2026-01-01", "1", "t"]],
    ),
    // Before release 5.
    sample(
        "flyway",
        "schema_version",
        &[
            "version_rank integer",
            "installed_rank integer",
            "*version varchar(50)",
            "description varchar(200)",
            "type varchar(20)",
            "script varchar(1000)",
            "checksum integer",
            "installed_by varchar(100)",
            "installed_on timestamp",
            "execution_time integer",
            "success boolean",
        ],
        &[&["1", "1", "a", "SQL", "V1__a.sql", "7", "fly", "2026-01-01", "1", "t"]],
    ),
    sample(
        "golang-migrate",
        "schema_migrations",
        &["*version bigint", "dirty boolean"],
        &[&["2", "f"]],
    ),
    sample(
        "goose",
        "goose_db_version",
        &[
            "*id integer",
            "version_id bigint",
            "is_applied boolean",
            "tstamp timestamp",
        ],
        &[&["1", "0", "t", "2026-01-01"], &["2", "1", "t", "2026-01-01"]],
    ),
    sample(
        "knex",
        "knex_migrations",
        &[
            "*id integer",
            "name varchar(255)",
            "batch integer",
            "migration_time timestamptz",
        ],
        &[&["1", "1_a.js", "1", "2026-01-01"]],
    ),
    sample(
        "liquibase",
        "DATABASECHANGELOG",
        &[
            "ID varchar(255)",
            "AUTHOR varchar(255)",
            "FILENAME varchar(255)",
            "DATEEXECUTED datetime",
            "ORDEREXECUTED int",
            "EXECTYPE varchar(10)",
            "MD5SUM varchar(35)",
            "LIQUIBASE varchar(20)",
        ],
        &[&["1", "ann", "a.sql", "2026-01-01", "1", "EXECUTED", "9:0"]],
    ),
    sample(
        "node-pg-migrate",
        "pgmigrations",
        &["*id integer", "name varchar(255)", "run_on timestamp"],
        &[&["1", "1_a", "2026-01-01"]],
    ),
    sample(
        "prisma",
        "_prisma_migrations",
        &[
            "*id varchar(36)",
            "checksum varchar(64)",
            "finished_at timestamptz",
            "migration_name varchar(255)",
            "logs text",
            "rolled_back_at timestamptz",
            "started_at timestamptz",
            "applied_steps_count integer",
        ],
        &[&["00", "2026-01-01", "1_a", "", "2026-01-01"]],
    ),
    sample(
        "refinery",
        "refinery_schema_history",
        &[
            "*version int4",
            "name varchar(255)",
            "applied_on varchar(255)",
            "checksum varchar(255)",
        ],
        &[&["1", "a", "2026-01-01", "7"]],
    ),
    sample(
        "sqitch",
        "changes",
        &[
            "*change_id text",
            "script_hash text",
            "change text",
            "project text",
            "note text",
            "committed_at timestamptz",
            "committer_name text",
        ],
        &[&["00", "00", "a", "shop", "2026-01-01", "ann"]],
    ),
    sample(
        "sql-migrate",
        "gorp_migrations",
        &["*id text", "applied_at timestamptz"],
        &[&["1-a.sql", "2026-01-01"]],
    ),
    sample(
        "sqlx",
        "_sqlx_migrations",
        &[
            "*version bigint",
            "description text",
            "installed_on timestamptz",
            "success boolean",
            "checksum bytea",
            "execution_time bigint",
        ],
        &[&["1", "a", "2026-01-01", "t", "00", "1"]],
    ),
    sample(
        "supabase",
        "schema_migrations",
        &["*version text", "statements text[]", "name text"],
        &[&["20260101000000", "a", "{}"]],
    ),
    sample(
        "graphile-migrate",
        "migrations",
        &["*hash text", "previous_hash text", "filename text", "date timestamptz"],
        &[&["sha1:0", "000001.sql", "2026-01-01"]],
    ),
    sample(
        "pop",
        "schema_migration",
        &["*version varchar(14)"],
        &[&["20260101000000"]],
    ),
    // Ory's popx.
    sample(
        "pop",
        "schema_migration",
        &["*version varchar(48)", "version_self int"],
        &[&["20260101000000000000"]],
    ),
    sample(
        "wrangler-d1",
        "d1_migrations",
        &["*id integer", "name text", "applied_at timestamp"],
        &[&["1", "0001_a.sql", "2026-01-01"]],
    ),
    sample("tern", "schema_version", &["version integer"], &[&["2"]]),
    sample(
        "seaorm",
        "seaql_migrations",
        &["*version varchar", "applied_at bigint"],
        &[&["m20260101_000000_a", "1767323045"]],
    ),
    sample(
        "doctrine",
        "doctrine_migration_versions",
        &[
            "*version varchar(191)",
            "executed_at timestamp",
            "execution_time integer",
        ],
        &[&["V1", "2026-01-01", "1"]],
    ),
];
