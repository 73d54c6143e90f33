//! Databases that hold more than one history, tables of one name, and sessions with a time zone of their own.

use crate::place::Engine::{MariaDb, Postgres, Sqlite};
use crate::special::project;
use crate::walk::count;

#[test]
fn histories_of_one_name_are_told_apart_by_their_columns() {
    let kinds = [
        (
            "dbmate",
            "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)",
        ),
        (
            "golang-migrate",
            "CREATE TABLE schema_migrations (version bigint, dirty boolean)",
        ),
        (
            "ecto",
            "CREATE TABLE schema_migrations (version bigint, inserted_at timestamp NULL)",
        ),
        (
            "rails",
            "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY); CREATE TABLE ar_internal_metadata (value varchar(9))",
        ),
        (
            "typeorm",
            "CREATE TABLE migrations (id integer, timestamp bigint, name varchar(9))",
        ),
        (
            "laravel",
            "CREATE TABLE migrations (id integer, migration varchar(9), batch integer)",
        ),
    ];
    for engine in [Sqlite, Postgres, MariaDb] {
        for (tool, sql) in &kinds {
            let project = project(engine, "special-names", "", &[], sql);
            let said = project.say(&["adopt", "--dry-run"]);
            assert_eq!(said["tool"], *tool, "{engine:?} {said:#}");
            for (other, _) in kinds.iter().filter(|(other, _)| other != tool) {
                let (code, said) = project.refuses(&["adopt", "--from", other]);
                assert_eq!(code, "no-foreign-history");
                assert!(said.contains(other), "{said}");
            }
        }
    }
}

#[test]
fn two_histories_want_from_to_be_said() {
    let sql = "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1'); \
        CREATE TABLE goose_db_version (id integer PRIMARY KEY, version_id integer, is_applied boolean, tstamp timestamp NULL); \
        INSERT INTO goose_db_version VALUES (1, 0, true, NULL), (2, 1, true, '2026-01-02 03:04:05'), (3, 2, true, '2026-01-02 03:04:05')";
    for engine in [Sqlite, Postgres, MariaDb] {
        let project = project(engine, "special-two", "", &[], sql);
        let (code, said) = project.refuses(&["adopt"]);
        assert_eq!(code, "no-foreign-history");
        assert!(
            said.contains("dbmate (`schema_migrations`)") && said.contains("goose (`goose_db_version`)"),
            "{said}"
        );
        assert!(!project.has_table("syncline_history"));
        assert_eq!(
            count(&project.does(&["adopt", "--from", "dbmate", "--dry-run"])["migrations"]),
            1
        );
        assert_eq!(count(&project.does(&["adopt", "--from", "goose"])["migrations"]), 2);
    }
}

#[test]
fn of_two_schemas_with_the_same_history_the_current_one_counts() {
    let table = |schema: &str, versions: &str| {
        format!(
            "CREATE SCHEMA IF NOT EXISTS {schema}; CREATE TABLE {schema}.schema_migrations (version varchar PRIMARY KEY); \
             INSERT INTO {schema}.schema_migrations VALUES {versions}; "
        )
    };
    let sql = table("public", "('1')") + &table("tenant", "('1'), ('2')");
    let one = project(Postgres, "special-schemas", "", &[], &sql);
    assert_eq!(count(&one.does(&["adopt", "--dry-run"])["migrations"]), 1);
    one.place
        .run("ALTER DATABASE c_adopt_special_schemas_postgres SET search_path = tenant");
    assert_eq!(count(&one.does(&["adopt", "--dry-run"])["migrations"]), 2);
    one.place
        .run("ALTER DATABASE c_adopt_special_schemas_postgres SET search_path = nowhere, pg_catalog");
    let (_, said) = one.refuses(&["adopt", "--dry-run"]);
    assert!(
        said.contains("public.schema_migrations") && said.contains("search_path"),
        "{said}"
    );
}

/// What a connection does not look at may be that of another tenant.
#[test]
fn a_history_outside_the_path_is_refused_and_one_on_it_is_taken_over() {
    let sql = "CREATE SCHEMA app; CREATE SCHEMA shop; CREATE TABLE app.schema_migrations (version varchar PRIMARY KEY); \
        INSERT INTO app.schema_migrations VALUES ('1'); CREATE TABLE app.a (b integer)";
    let project = project(Postgres, "special-path", "", &[], sql);
    let (code, said) = project.refuses(&["adopt", "--dry-run"]);
    assert_eq!(code, "no-foreign-history");
    assert!(
        said.contains("`app`") && said.contains("options=-csearch_path=app"),
        "{said}"
    );
    for path in ["shop, app", "app"] {
        project.place.run(&format!(
            "ALTER DATABASE c_adopt_special_path_postgres SET search_path = {path}"
        ));
        let said = project.say(&["adopt", "--dry-run"]);
        assert_eq!(count(&said["migrations"]), 1, "{path}: {said:#}");
    }
    // A history of syncline's own in another schema is told of before anything is taken over.
    project.does(&["adopt"]);
    project
        .place
        .run("ALTER DATABASE c_adopt_special_path_postgres SET search_path = shop");
    project
        .place
        .run("CREATE TABLE shop.schema_migrations (version varchar PRIMARY KEY); INSERT INTO shop.schema_migrations VALUES ('1')");
    let (code, said) = project.refuses(&["adopt"]);
    assert_eq!(code, "history-elsewhere", "{said}");
}

/// A time with a zone is read as what it is, and one of the type of MySQL that has one inside.
#[test]
fn times_do_not_depend_on_the_time_zone_of_the_session() {
    let files = [
        ("1_a/up.sql", "CREATE TABLE a (b integer);\n"),
        ("1_a/down.sql", "DROP TABLE a;\n"),
        ("2_b/up.sql", "CREATE TABLE b (b integer);\n"),
        ("2_b/down.sql", "DROP TABLE b;\n"),
    ];
    let postgres = "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY, run_on TIMESTAMPTZ NOT NULL); \
        INSERT INTO __diesel_schema_migrations VALUES ('1', '2026-01-02 03:04:05+00'); CREATE TABLE a (b integer); \
        ALTER DATABASE c_adopt_special_zone_postgres SET timezone = 'Asia/Kolkata'";
    let mariadb = "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY, run_on TIMESTAMP NOT NULL); \
        SET time_zone = '+00:00'; INSERT INTO __diesel_schema_migrations VALUES ('1', '2026-01-02 03:04:05'); CREATE TABLE a (b integer)";
    for (engine, sql, session) in [
        (Postgres, postgres, ""),
        (MariaDb, mariadb, "session = \"SET time_zone = '+05:30'\"\n"),
    ] {
        let project = project(
            engine,
            "special-zone",
            &format!("{session}layout = 'diesel'"),
            &files,
            sql,
        );
        let adopted = project.does(&["adopt"]);
        assert_eq!(
            adopted["migrations"][0]["applied_at"], "2026-01-02T03:04:05.000000Z",
            "{adopted:#}"
        );
        project.does(&["up"]);
        project.does(&["adopt", "--mirror"]);
        let off = project.place.ask(match engine {
            Postgres => "SELECT abs(extract(epoch FROM now() - run_on)) < 600 FROM __diesel_schema_migrations WHERE version = '2'",
            _ => "SELECT abs(timestampdiff(SECOND, now(), run_on)) < 600 FROM __diesel_schema_migrations WHERE version = '2'",
        });
        assert!(off.contains(['t', '1']) && !off.contains("\n0"), "{off}");
        assert!(!off.contains(" f"), "{off}");
    }
}
