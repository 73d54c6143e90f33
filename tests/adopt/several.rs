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
            // Rails without its other table is believed.
            let is_known =
                |other: &str| other == *tool || ["dbmate", "rails"].iter().all(|twin| [other, *tool].contains(twin));
            for (other, _) in kinds.iter().filter(|(other, _)| !is_known(other)) {
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
            count(&project.does(&["adopt", "--allow-missing", "--from", "dbmate", "--dry-run"])["migrations"]),
            1
        );
        assert_eq!(
            count(&project.does(&["adopt", "--allow-missing", "--from", "goose"])["migrations"]),
            2
        );
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
    assert_eq!(
        count(&one.does(&["adopt", "--allow-missing", "--dry-run"])["migrations"]),
        1
    );
    one.place
        .run("ALTER DATABASE c_adopt_special_schemas_postgres SET search_path = tenant");
    assert_eq!(
        count(&one.does(&["adopt", "--allow-missing", "--dry-run"])["migrations"]),
        2
    );
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
        let said = project.say(&["adopt", "--allow-missing", "--dry-run"]);
        assert_eq!(count(&said["migrations"]), 1, "{path}: {said:#}");
    }
    // A history of syncline's own in another schema is told of before anything is taken over.
    project.does(&["adopt", "--allow-missing"]);
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

/// Two modules with a table each, in one schema: only somebody who names one can tell them apart.
#[test]
fn of_two_histories_of_one_tool_each_can_be_chosen_and_kept_up() {
    let table = |engine, name: &str, last: u32| {
        let id = match engine {
            Sqlite => "integer PRIMARY KEY",
            Postgres => "serial PRIMARY KEY",
            MariaDb => "integer PRIMARY KEY AUTO_INCREMENT",
        };
        let rows: Vec<String> = (0..=last).map(|n| format!("({n}, true)")).collect();
        format!(
            "CREATE TABLE {name} (id {id}, version_id integer, is_applied boolean, tstamp timestamp NULL); \
             INSERT INTO {name} (version_id, is_applied) VALUES {}; ",
            rows.join(", ")
        )
    };
    let files = [
        ("1_a.sql", "-- +goose Up\nCREATE TABLE a (b integer);\n"),
        ("2_b.sql", "-- +goose Up\nCREATE TABLE b (b integer);\n"),
    ];
    for engine in [Sqlite, Postgres, MariaDb] {
        let (quoted, typed) = match engine {
            MariaDb => ("`Billing.History`", "`Billing.History`"),
            _ => ("\"Billing.History\"", "\"Billing.History\""),
        };
        let sql = table(engine, "orders_history", 1) + &table(engine, quoted, 2) + "CREATE TABLE a (b integer)";
        let project = project(engine, "special-modules", "", &files, &sql);
        let said = project.say(&["adopt"]);
        let mut help: Vec<&str> = said["findings"][0]["help"]
            .as_array()
            .unwrap()
            .iter()
            .map(|help| help.as_str().unwrap())
            .collect();
        let wanted = [
            "syncline adopt --table '\"Billing.History\"'   # that of goose",
            "syncline adopt --table orders_history   # that of goose",
        ];
        help.sort_unstable();
        assert_eq!(help, wanted, "{said:#}");
        for (name, migrations) in [
            ("orders_history", 1),
            ("ORDERS_history", 1),
            (typed, 2),
            ("\"Billing.History\"", 2),
        ] {
            let said = project.does(&["adopt", "--dry-run", "--table", name]);
            assert_eq!(count(&said["migrations"]), migrations, "{name}: {said:#}");
        }
        let (code, said) = project.refuses(&["adopt", "--table", "orders"]);
        assert_eq!(code, "no-foreign-history", "{said}");
        assert!(said.contains("there is no table `orders`"), "{said}");
        let (_, said) = project.refuses(&["adopt", "--table", "a"]);
        assert!(said.contains("no history of a tool that is known"), "{said}");
        project.does(&["adopt", "--table", "orders_history"]);
        project.does(&["up"]);
        project.does(&["adopt", "--mirror", "--table", "orders_history"]);
        assert_eq!(
            project.does(&["adopt", "--mirror", "--table", "orders_history"])["mirrored"],
            0
        );
        let rows = project.place.ask("SELECT count(*) FROM orders_history");
        assert!(rows.contains('3'), "{rows}");
        // The configuration says it once for all.
        project.write("syncline.toml", "[adopt]\nfrom = 'goose'\ntable = 'orders_history'\n");
        assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 0);
        project.write("syncline.toml", "[adopt]\nfrom = 'goos'\n");
        let (code, said) = project.refuses(&["adopt"]);
        assert_eq!(code, "config", "{said}");
    }
}

/// A schema, and on MySQL and MariaDB another database, that the connection does not look at.
#[test]
fn a_history_in_another_schema_is_reached_by_its_full_name() {
    let columns = "(id integer PRIMARY KEY, version_id integer, is_applied boolean, tstamp timestamp NULL)";
    for engine in [Postgres, MariaDb] {
        let (schema, drop) = match engine {
            Postgres => ("other", ""),
            _ => ("c_adopt_special_far", "DROP DATABASE IF EXISTS c_adopt_special_far; "),
        };
        let sql = format!(
            "{drop}CREATE SCHEMA {schema}; CREATE TABLE {schema}.versions {columns}; INSERT INTO {schema}.versions VALUES (1, 0, true, NULL), (2, 1, true, NULL)"
        );
        let files = [("1_a.sql", "-- +goose Up\nCREATE TABLE a (b integer);\n")];
        let project = project(engine, "special-far", "", &files, &sql);
        let name = format!("{schema}.versions");
        let said = project.does(&["adopt", "--dry-run", "--table", &name]);
        assert_eq!(
            (count(&said["migrations"]), &said["table"]),
            (1, &name.as_str().into()),
            "{said:#}"
        );
        project.refuses(&["adopt", "--dry-run", "--table", "versions"]);
    }
}

/// Before release 5 Rails had no second table, and its own had no primary key.
#[test]
fn who_says_that_a_table_is_that_of_rails_is_believed() {
    let keyed = "CREATE TABLE schema_migrations (version varchar(255) NOT NULL PRIMARY KEY); \
        INSERT INTO schema_migrations VALUES ('20140101000000'), ('20140102000000')";
    let plain = "CREATE TABLE schema_migrations (version varchar(255) NOT NULL); \
        CREATE UNIQUE INDEX unique_schema_migrations ON schema_migrations (version); \
        INSERT INTO schema_migrations VALUES ('20140101000000'), ('20140102000000')";
    let files = [("20260101000000_c.sql", "CREATE TABLE c (id integer);\n")];
    for engine in [Sqlite, Postgres, MariaDb] {
        for (sql, words, tool) in [
            (plain, &["adopt"][..], "rails"),
            (plain, &["adopt", "--from", "rails"], "rails"),
            (keyed, &["adopt", "--from", "rails"], "rails"),
        ] {
            let project = project(engine, "special-rails", "", &files, sql);
            let said = project.does(words);
            assert_eq!(said["tool"], tool, "{engine:?} {said:#}");
            assert_eq!(count(&project.does(&["up"])["applied"]), 1);
        }
        let project = project(engine, "special-rails", "", &files, plain);
        let (_, said) = project.refuses(&["adopt", "--from", "golang-migrate"]);
        assert!(said.contains("`schema_migrations` has no column `dirty`"), "{said}");
    }
}

/// Rows of goose under a name of one's own.
fn goose(table: &str, versions: &str) -> String {
    let rows = versions
        .split(' ')
        .zip(1..)
        .map(|(version, id)| format!("INSERT INTO {table} VALUES ({id}, {version}, true, '2026-01-02 03:04:05'); "));
    let columns = "id integer PRIMARY KEY, version_id integer, is_applied boolean, tstamp timestamp NULL";
    format!("CREATE TABLE {table} ({columns}); {}", rows.collect::<String>())
}

/// The same with a command that was printed.
fn follow(project: &crate::project::Project, said: &str, remark: &str) -> serde_json::Value {
    let at = said.find(remark).unwrap_or_else(|| panic!("{remark}: {said}"));
    let line = said[..at].rsplit("syncline ").next().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().take_while(|word| *word != "#").collect();
    project.does(&words)
}

/// Another application may keep its history beside the one that was taken over.
#[test]
fn what_was_taken_over_is_gone_on_with_and_the_same_tool_s_other_table_is_not() {
    let sql = goose("goose_db_version", "0 1 2 3") + &goose("my_version", "0 1");
    let files = [
        ("00001_a.sql", "-- +goose Up\nCREATE TABLE a (b integer);\n"),
        ("00002_b.sql", "-- +goose Up\nCREATE TABLE b (b integer);\n"),
        ("00003_c.sql", "-- +goose Up\nCREATE TABLE c (b integer);\n"),
    ];
    for engine in [Sqlite, Postgres, MariaDb] {
        let project = project(engine, "special-second", "", &files, &sql);
        assert_eq!(
            count(&project.does(&["adopt", "--table", "my_version"])["migrations"]),
            1
        );
        for words in [&["adopt"][..], &["adopt", "--from", "goose"], &["adopt", "--dry-run"]] {
            let (code, said) = project.refuses(words);
            assert_eq!(code, "no-foreign-history", "{said}");
            assert!(said.contains("--table my_version"), "{said}");
        }
        project
            .place
            .run("INSERT INTO my_version VALUES (3, 2, true, '2026-01-02 03:04:05')");
        let (code, said) = project.refuses(&["up"]);
        assert_eq!(code, "foreign-applied", "{said}");
        follow(&project, &said, "takes over what");
        assert_eq!(count(&project.does(&["up"])["applied"]), 1);
        project.place.run("SELECT b FROM c");
        // The other one alone is not what was taken over under another name.
        project.place.run("DROP TABLE my_version");
        let (code, said) = project.refuses(&["adopt"]);
        assert_eq!(code, "no-foreign-history", "{said}");
        assert!(
            said.contains("is another one of goose") && said.contains("--table goose_db_version"),
            "{said}"
        );
    }
}

/// What ran without a file is known by its version alone.
#[test]
fn a_file_that_comes_after_its_migration_was_taken_over_is_that_migration() {
    let late = ("00003_c.sql", "-- +goose Up\nCREATE TABLE c (b integer);\n");
    let files = [
        ("00001_a.sql", "-- +goose Up\nCREATE TABLE a (b integer);\n"),
        ("00002_b.sql", "-- +goose Up\nCREATE TABLE b (b integer);\n"),
    ];
    for engine in [Sqlite, Postgres, MariaDb] {
        for way in ["up", "adopt", "accept"] {
            let name = format!("special-late-{way}");
            let sql = goose("goose_db_version", "0 1 2 3");
            let project = project(engine, &name, "", &files, &sql);
            project.does(&["adopt"]);
            project.write(&format!("migrations/{}", late.0), late.1);
            let plan = project.does(&["plan"]);
            assert!(plan.to_string().contains("counts as it"), "{plan:#}");
            assert!(!plan.to_string().contains("something else"), "{plan:#}");
            match way {
                "adopt" => drop(follow(&project, &plan.to_string(), "records the file")),
                "accept" => drop(project.does(&["repair", "accept", "3", "--reason", "it is that"])),
                _ => {}
            }
            assert_eq!(count(&project.does(&["up"])["applied"]), 0);
            if way != "up" {
                let plan = project.does(&["plan"]).to_string();
                assert!(!plan.contains("counts as it"), "{way} {plan}");
                project.write(
                    &format!("migrations/{}", late.0),
                    "-- +goose Up\nCREATE TABLE d (b integer);\n",
                );
                let (code, said) = project.refuses(&["up"]);
                assert_eq!(code, "changed", "{way} {said}");
            }
        }
    }
}
