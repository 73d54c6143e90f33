//! Rows that histories of years hold: what was rolled back, made anew, repeated, begun elsewhere.

use serde_json::Value;

use crate::place::Engine::{self, MariaDb, Postgres, Sqlite};
use crate::project::{Files, Project};
use crate::walk::count;

pub fn project(engine: Engine, name: &str, configuration: &str, files: &[(&str, &str)], sql: &str) -> Project {
    let files: Files = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    let project = Project::new(engine, &format!("{name}-{}", engine.dialect()), configuration, &files);
    project.place.run(sql);
    project
}

/// `version name verdict` of each.
fn found(said: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = said["migrations"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .map(|row| {
            format!(
                "{} {} {}",
                text(&row["version"]),
                text(&row["name"]),
                text(&row["verdict"])
            )
        })
        .collect()
}

const FLYWAY: &str = "CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50), description VARCHAR(200) NOT NULL, \
    type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INTEGER, installed_by VARCHAR(100) NOT NULL, \
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, execution_time INTEGER NOT NULL, success BOOLEAN NOT NULL); ";

/// A row of Flyway's, with a sum that is never right where it is 7.
fn flyway(rank: u32, version: &str, kind: &str, script: &str, sum: &str) -> String {
    let version = match version {
        "" => "NULL".to_owned(),
        version => format!("'{version}'"),
    };
    format!(
        "INSERT INTO flyway_schema_history VALUES ({rank}, {version}, 'a b', '{kind}', '{script}', {sum}, 'fly', '2026-01-02 03:04:05', 1, true);"
    )
}

#[test]
fn flyway_s_other_rows_are_understood() {
    let files = [
        ("V1__a.sql", "CREATE TABLE a (b integer);\n"),
        ("V2__b.sql", "CREATE TABLE b (b integer);\n"),
        ("V3__c.sql", "CREATE TABLE c (b integer);\n"),
        ("V3_1__d.sql", "CREATE TABLE d (b integer);\n"),
        (
            "R__view.sql",
            "DROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT 1 AS one;\n",
        ),
        ("U3__c.sql", "DROP TABLE c;\n"),
    ];
    for engine in [Sqlite, Postgres, MariaDb] {
        let rows = [
            flyway(1, "", "SCHEMA", "\"shop\"", "NULL"),
            flyway(2, "1", "BASELINE", "<< Flyway Baseline >>", "NULL"),
            flyway(3, "2", "SQL", "V2__b.sql", "7"),
            flyway(4, "", "SQL", "R__view.sql", "7"),
            flyway(5, "", "SQL", "R__view.sql", "8"),
            flyway(6, "3", "SQL", "V3__c.sql", "7"),
            flyway(7, "3", "UNDO_SQL", "U3__c.sql", "7"),
            flyway(8, "2.5", "JDBC", "db.migration.V2_5__Java", "NULL"),
            flyway(9, "", "JDBC", "db.migration.R__Java", "NULL"),
            flyway(10, "2.5", "DELETE", "db.migration.V2_5__Java", "NULL"),
        ];
        let sql = format!(
            "{FLYWAY}{} CREATE TABLE a (b integer); CREATE TABLE b (b integer); CREATE VIEW v AS SELECT 1 AS one;",
            rows.concat()
        );
        let project = project(engine, "special-flyway", "", &files, &sql);
        let adopted = project.does(&["adopt"]);
        assert_eq!(
            found(&adopted),
            ["1 a baseline", "2 b edited", "R__view view edited"],
            "{adopted:#}"
        );
        let (code, said) = project.refuses(&["up"]);
        assert_eq!(code, "changed", "{said}");
        assert!(said.contains("2 b is not what another tool has run"), "{said}");
        assert!(
            said.contains("syncline repair accept 2") && !said.contains("syncline show 2"),
            "{said}"
        );
        project.does(&["repair", "accept", "2", "--reason", "looked at"]);
        let up = project.does(&["up"]);
        let applied: Vec<&Value> = up["applied"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| &step["version"])
            .collect();
        assert_eq!(applied[..2], ["3", "3.1"], "{up:#}");
        // Ranks go on behind all rows, however many of them count.
        let mirrored = project.does(&["adopt", "--mirror"]);
        assert_eq!(mirrored["mirrored"], 2, "{mirrored:#}");
        let ranks = project.place.ask(
            "SELECT installed_rank, version, script FROM flyway_schema_history WHERE installed_rank > 10 ORDER BY 1",
        );
        let ranks: Vec<&str> = ranks.split_whitespace().filter(|word| word.contains("__")).collect();
        assert!(ranks.len() == 2 && ranks[1].contains("V3_1__d.sql"), "{ranks:?}");
    }
}

/// Flyway 13.12.2 has written these rows for these files: on a new database with `B3__c.sql`, and on one that had run the others before it
/// came.
#[test]
fn a_baseline_script_of_flyway_is_compared_with_itself_and_stands_for_what_is_before_it() {
    let files = [
        ("V1__t1.sql", "CREATE TABLE t1 (id int);\n"),
        ("V2__t2.sql", "CREATE TABLE t2 (id int);\n"),
        ("V3__t3.sql", "CREATE TABLE t3 (id int);\n"),
        (
            "B3__t3.sql",
            "CREATE TABLE t1 (id int);\nCREATE TABLE t2 (id int);\nCREATE TABLE t3 (id int);\n",
        ),
        ("V4__t4.sql", "CREATE TABLE t4 (id int);\n"),
        ("V5__t5.sql", "CREATE TABLE t5 (id int);\n"),
    ];
    let tables =
        "CREATE TABLE t1 (id int); CREATE TABLE t2 (id int); CREATE TABLE t3 (id int); CREATE TABLE t4 (id int);";
    let fourth = |rank| flyway(rank, "4", "SQL", "V4__t4.sql", "-1278414680");
    let new = [flyway(1, "3", "SQL_BASELINE", "B3__t3.sql", "-1865463540"), fourth(2)];
    let old = [
        flyway(1, "1", "SQL", "V1__t1.sql", "-1030005526"),
        flyway(2, "2", "SQL", "V2__t2.sql", "1534671595"),
        flyway(3, "3", "SQL", "V3__t3.sql", "-1695029973"),
        fourth(4),
    ];
    for engine in [Sqlite, Postgres, MariaDb] {
        for (name, rows, wanted) in [
            (
                "new",
                &new[..],
                ["1 t1 baseline", "2 t2 baseline", "3 t3 verified", "4 t4 verified"],
            ),
            (
                "old",
                &old[..],
                ["1 t1 verified", "2 t2 verified", "3 t3 verified", "4 t4 verified"],
            ),
        ] {
            let sql = format!("{FLYWAY}{}{tables}", rows.concat());
            let project = project(engine, &format!("special-stand-in-{name}"), "", &files, &sql);
            let adopted = project.does(&["adopt"]);
            assert_eq!(found(&adopted), wanted, "{name}: {adopted:#}");
            let up = project.does(&["up"]);
            assert_eq!(up["applied"].as_array().map(Vec::len), Some(1), "{name}: {up:#}");
            assert_eq!(up["applied"][0]["version"], "5", "{name}: {up:#}");
            project.does(&["verify"]);
        }
    }
}

/// The rows are those of Flyway 13.12.2 with `-placeholders.tag=blue`. Without the value it stops: "No value provided for placeholder".
#[test]
fn a_placeholder_of_flyway_is_never_sent_as_it_stands() {
    let view = "DROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT '${tag}' AS tag;\n";
    let files = [
        ("V1__t1.sql", "CREATE TABLE t1 (id int);\n"),
        ("R__v.sql", view),
        (
            "V2__t2.sql",
            "CREATE TABLE t2 (a varchar(99), b varchar(99));\nINSERT INTO t2 VALUES ('${flyway:filename}', '${tag}');\n",
        ),
    ];
    let rows = [
        flyway(1, "1", "SQL", "V1__t1.sql", "-1030005526"),
        flyway(2, "", "SQL", "R__v.sql", "FLYWAY_SUM"),
    ];
    let replaced = crate::sums::flyway(&view.replace("${tag}", "blue"));
    let rows = rows.concat().replace("FLYWAY_SUM", &replaced.to_string());
    let sql = format!("{FLYWAY}{rows} CREATE TABLE t1 (id int); CREATE VIEW v AS SELECT 'blue' AS tag;");
    for engine in [Sqlite, Postgres, MariaDb] {
        let project = project(engine, "special-placeholder", "", &files, &sql);
        let adopted = project.does(&["adopt", "--dry-run"]);
        assert_eq!(found(&adopted), ["1 t1 verified", "R__v v unverifiable"], "{adopted:#}");
        project.write("syncline.toml", "[placeholders]\n\"${tag}\" = \"red\"\n");
        let adopted = project.does(&["adopt", "--dry-run"]);
        assert_eq!(found(&adopted), ["1 t1 verified", "R__v v edited"], "{adopted:#}");
        project.write("syncline.toml", "");
        project.does(&["adopt"]);
        let said = project.say(&["up"]);
        assert_eq!(said["ok"], false, "{said:#}");
        assert!(
            said.to_string().contains("the placeholder `${tag}` has no value"),
            "{said:#}"
        );
        assert!(!project.has_table("t2"));
        project.write("syncline.toml", "[placeholders]\n\"${tag}\" = \"blue\"\n");
        project.does(&["up"]);
        let written = project.place.ask("SELECT a, b FROM t2");
        assert!(written.contains("V2__t2.sql") && written.contains("blue"), "{written}");
    }
}

/// What the placeholders that Flyway fills in itself stand for, as 13.12.2 fills them in.
#[test]
fn flyway_s_own_placeholders_are_filled_in_where_they_are_known() {
    let text = "CREATE TABLE t (a varchar(99));\nINSERT INTO t VALUES ('<${flyway:defaultSchema}>');\n";
    for (engine, schema) in [
        (Sqlite, "<main>"),
        (Postgres, "<public>"),
        (MariaDb, "<c_adopt_special_own"),
    ] {
        let project = project(
            engine,
            "special-own",
            "layout = 'flyway'",
            &[("V1__t.sql", text)],
            "SELECT 1",
        );
        project.does(&["up"]);
        let written = project.place.ask("SELECT a FROM t");
        assert!(written.contains(schema), "{written}");
        project.does(&["status"]);
        project.does(&["verify"]);
        for unknown in ["timestamp", "workingDirectory", "table", "environment", "nothing"] {
            let file = format!("migrations/V2__{unknown}.sql");
            project.write(&file, &format!("INSERT INTO t VALUES ('${{flyway:{unknown}}}');\n"));
            let said = project.say(&["up"]);
            let wanted = format!("the placeholder `${{flyway:{unknown}}}` has no value");
            assert!(said["ok"] == false && said.to_string().contains(&wanted), "{said:#}");
            std::fs::remove_file(project.directory().join(file)).unwrap();
        }
    }
}

/// Flyway 13.12.2 says `Below Baseline` of the first two files, `Ignored (Baseline)` of the third, and runs the fifth.
#[test]
fn what_is_below_a_baseline_of_flyway_never_runs() {
    let files: Vec<(String, String)> = (1..=5)
        .map(|n| (format!("V{n}__t{n}.sql"), format!("CREATE TABLE t{n} (id int);\n")))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let rows = [
        flyway(1, "3", "BASELINE", "<< Flyway Baseline >>", "NULL"),
        flyway(2, "4", "SQL", "V4__t4.sql", "-1278414680"),
    ];
    let sql = format!(
        "{FLYWAY}{} CREATE TABLE t3 (id int); CREATE TABLE t4 (id int);",
        rows.concat()
    );
    for engine in [Sqlite, Postgres, MariaDb] {
        let project = project(engine, "special-below", "", &files, &sql);
        let adopted = project.does(&["adopt"]);
        assert_eq!(
            found(&adopted),
            ["1 t1 baseline", "2 t2 baseline", "3 t3 baseline", "4 t4 verified"],
            "{adopted:#}"
        );
        // PostgreSQL wrote the time of the machine that Flyway ran on, and nothing says which one that was.
        let zone = if engine == Postgres { "" } else { "Z" };
        assert_eq!(
            adopted["migrations"][3]["applied_at"],
            format!("2026-01-02T03:04:05.000000{zone}")
        );
        let log = project.does(&["log"]);
        let record = log["records"]
            .as_array()
            .unwrap()
            .iter()
            .rfind(|record| record["version"] == "4");
        assert_eq!(
            record.unwrap()["finished_at"],
            format!("2026-01-02T03:04:05.001000{zone}")
        );
        let plan = project.does(&["plan"]);
        assert!(!plan.to_string().contains("allow-out-of-order"), "{plan:#}");
        let up = project.does(&["up"]);
        assert_eq!(up["applied"].as_array().map(Vec::len), Some(1), "{up:#}");
        assert_eq!(up["applied"][0]["version"], "5", "{up:#}");
        assert_eq!(project.does(&["status"])["ok"], true);
    }
}

#[test]
fn a_flyway_version_is_found_again_however_many_zeros_it_has() {
    let files = [
        ("V001__a.sql", "CREATE TABLE a (b integer);\n"),
        ("U001__a.sql", "DROP TABLE a;\n"),
    ];
    let sql = format!(
        "{FLYWAY}{} CREATE TABLE a (b integer);",
        flyway(1, "001", "SQL", "V001__a.sql", "NULL")
    );
    let project = project(Sqlite, "special-zeros", "layout = 'flyway'", &files, &sql);
    assert_eq!(found(&project.does(&["adopt"])), ["1 a unverifiable"]);
    project.does(&["down", "--yes"]);
    assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 1);
    assert_eq!(
        project.place.ask("SELECT count(*) FROM flyway_schema_history").trim(),
        "0"
    );
}

#[test]
fn prisma_s_rolled_back_rows_do_not_count_and_old_sums_lack_zeros() {
    let text = "CREATE TABLE a (b integer);\n";
    let unpadded: String = {
        use sha2::Digest;
        sha2::Sha256::digest(text)
            .iter()
            .map(|byte| format!("{byte:x}"))
            .collect()
    };
    let sql = format!(
        "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMP NULL, \
         migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMP NULL, started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, \
         applied_steps_count INTEGER NOT NULL DEFAULT 0); \
         INSERT INTO _prisma_migrations VALUES ('1', '7', NULL, '20200101000000_a', 'it failed', '2020-01-01 00:00:02', '2020-01-01 00:00:01', 0); \
         INSERT INTO _prisma_migrations VALUES ('2', '{unpadded}', '2020-01-01 00:00:04', '20200101000000_a', NULL, NULL, '2020-01-01 00:00:03', 1); \
         INSERT INTO _prisma_migrations VALUES ('3', '7', NULL, '20200102000000_b', NULL, '2020-01-01 00:00:06', '2020-01-01 00:00:05', 0); \
         CREATE TABLE a (b integer);"
    );
    for engine in [Sqlite, Postgres, MariaDb] {
        let files = [
            ("20200101000000_a/migration.sql", text),
            ("20200102000000_b/migration.sql", "CREATE TABLE b (b integer);\n"),
        ];
        let project = project(engine, "special-prisma", "", &files, &sql);
        assert!(unpadded.len() < 64);
        assert_eq!(
            found(&project.does(&["adopt"])),
            ["20200101000000 20200101000000_a verified"]
        );
        assert_eq!(count(&project.does(&["up"])["applied"]), 1);
    }
}

/// The rows of a tool that keeps no names come in any order where times are the same, or are not those of the list.
#[test]
fn drizzle_s_rows_are_told_by_their_sums() {
    use sha2::Digest;
    let texts = [
        "CREATE TABLE a (b integer);",
        "CREATE TABLE b (b integer);",
        "CREATE TABLE c (b integer);",
    ];
    let sum = |text: &str| -> String {
        sha2::Sha256::digest(text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    };
    let journal = r#"{"version": "7", "entries": [{"idx": 0, "when": 1700000000300, "tag": "0000_a"}, {"idx": 1, "when": 1700000000100, "tag": "0001_b"},
        {"idx": 2, "when": 1700000000400, "tag": "0002_c"}]}"#;
    let files = [
        ("0000_a.sql", texts[0]),
        ("0001_b.sql", texts[1]),
        ("0002_c.sql", texts[2]),
        ("meta/_journal.json", journal),
    ];
    let sql = format!(
        "CREATE TABLE __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint); \
         INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('{}', 1700000000300), ('{}', 1700000000100); {} {}",
        sum(texts[0]),
        sum(texts[1]),
        texts[0],
        texts[1]
    );
    for engine in [Sqlite, Postgres, MariaDb] {
        let project = project(engine, "special-drizzle", "", &files, &sql);
        let mut adopted = found(&project.does(&["adopt"]));
        adopted.sort();
        assert_eq!(adopted, ["0 0000_a verified", "1 0001_b verified"]);
        assert_eq!(count(&project.does(&["up"])["applied"]), 1);
    }
}

#[test]
fn sqitch_s_changes_are_told_by_their_ids_and_one_that_the_plan_tells_otherwise_counts_as_edited() {
    use sha1::Digest;
    let sum = |text: &str| crate::sums::hex(&sha1::Sha1::digest(text));
    let plan = "%syntax-version=1.0.0\n%project=shop\n\nb 2026-01-01T00:00:00Z A <a@b.c>\na 2026-01-01T00:00:01Z A <a@b.c>\n\
        @v1 2026-01-01T00:00:02Z A <a@b.c>\n\nb [b@v1] 2026-01-01T00:00:03Z A <a@b.c>\nd 2026-01-01T00:00:04Z A <a@b.c>\n";
    let files = [
        ("sqitch.plan", plan),
        ("deploy/b@v1.sql", "CREATE TABLE b (b integer);\n"),
        ("deploy/b.sql", "ALTER TABLE b ADD c integer;\n"),
        ("deploy/a.sql", "CREATE TABLE a (b integer);\n"),
        ("deploy/d.sql", "CREATE TABLE d (b integer);\n"),
    ];
    for engine in [Sqlite, Postgres, MariaDb] {
        let quoted = if engine == MariaDb { "`change`" } else { "\"change\"" };
        let row = |id: &str, text: &str, change: &str| {
            format!(
                "INSERT INTO changes VALUES ('{id}', '{}', '{change}', 'shop', '2026-01-02 03:04:05', 'Ann');",
                sum(text)
            )
        };
        let sql = format!(
            "CREATE TABLE changes (change_id VARCHAR(40) PRIMARY KEY, script_hash VARCHAR(40), {quoted} VARCHAR(255), project VARCHAR(255), \
             committed_at TIMESTAMP NULL, committer_name VARCHAR(255)); {}{}{} CREATE TABLE a (b integer); CREATE TABLE b (b integer, c integer);",
            // As Sqitch 1.3.1 prints them.
            row("ab80af1f3221eab244bee00b79e439bf9d10f27e", files[1].1, "b"),
            row("a159f577a1c40f1bb8d721e3cb0c4ba1ff5e0dae", files[3].1, "a"),
            row("a3ecb993a5aa9b9144201bc43470990f90eb498d", files[2].1, "b"),
        );
        let project = project(engine, "special-sqitch", "", &files, &sql);
        let look = |words: &[&str]| {
            let mut adopted = found(&project.does(words));
            adopted.sort();
            adopted
        };
        project.write("migrations/sqitch.plan", &plan.replace(":01Z", ":09Z"));
        let edited = ["1 b@v1 verified", "2 a edited", "3 b edited"];
        assert_eq!(look(&["adopt", "--dry-run"]), edited);
        project.write("migrations/sqitch.plan", plan);
        assert_eq!(look(&["adopt"]), ["1 b@v1 verified", "2 a verified", "3 b verified"]);
        assert_eq!(count(&project.does(&["up"])["applied"]), 1);
    }
}

#[test]
fn projects_of_sqitch_that_share_a_registry_are_told_apart() {
    let plan =
        "%syntax-version=1.0.0\n%project=shop\n\na 2026-01-01T00:00:00Z A <a@b.c>\nb 2026-01-01T00:00:01Z A <a@b.c>\n";
    let files = [
        ("sqitch.plan", plan),
        ("deploy/a.sql", "CREATE TABLE a (b integer);\n"),
        ("deploy/b.sql", "CREATE TABLE b (b integer);\n"),
    ];
    let sql = "CREATE TABLE changes (change_id VARCHAR(40) PRIMARY KEY, script_hash VARCHAR(40), \"change\" VARCHAR(255), project VARCHAR(255), \
        committed_at TIMESTAMP NULL, committer_name VARCHAR(255)); INSERT INTO changes VALUES ('1', NULL, 'x', 'other', '2026-01-02 03:04:05', 'Ann'), \
        ('2', NULL, 'a', 'shop', '2026-01-02 03:04:06', 'Ann'); CREATE TABLE a (b integer);";
    let project = project(Sqlite, "special-sqitch-two", "", &files, sql);
    // Its id is not the one that the plan gives it.
    assert_eq!(found(&project.does(&["adopt"])), ["1 a edited"]);
}

#[test]
fn an_atlas_baseline_is_what_was_there_before() {
    let files = [("2_b.sql", "CREATE TABLE b (b integer);\n")];
    let sql = "CREATE TABLE atlas_schema_revisions (version varchar(255) NOT NULL PRIMARY KEY, description varchar(255), type bigint, applied bigint, \
        total bigint, executed_at timestamp, execution_time bigint, error text, error_stmt text, hash varchar(255), partial_hashes text, operator_version varchar(255)); \
        INSERT INTO atlas_schema_revisions VALUES ('1', 'base', 1, 0, 0, '2026-01-02 03:04:05', 0, NULL, NULL, '', NULL, ''); CREATE TABLE a (b integer);";
    let project = project(Sqlite, "special-atlas", "", &files, sql);
    assert_eq!(found(&project.does(&["adopt"])), ["1 base unverifiable"]);
    assert_eq!(count(&project.does(&["up"])["applied"]), 1);
}

#[test]
fn golang_migrate_without_a_version_has_applied_nothing() {
    let files = [
        ("1_a.up.sql", "CREATE TABLE a (b integer);\n"),
        ("1_a.down.sql", "DROP TABLE a;\n"),
    ];
    let sql = "CREATE TABLE schema_migrations (version uint64, dirty bool)";
    let project = project(Sqlite, "special-none", "layout = 'golang-migrate'", &files, sql);
    let (code, _) = project.refuses(&["adopt"]);
    assert_eq!(code, "nothing-to-record");
    project.place.run("INSERT INTO schema_migrations VALUES (-1, 0)");
    let (code, _) = project.refuses(&["adopt"]);
    assert_eq!(code, "nothing-to-record");
}

/// refinery with the feature `int8-versions`.
#[test]
fn refinery_s_sums_of_wide_versions_are_written_as_they_are_read() {
    use std::hash::{Hash, Hasher};
    let sum = |name: &str, version: i64, text: &str| {
        let mut hasher = siphasher::sip::SipHasher13::new();
        name.hash(&mut hasher);
        version.hash(&mut hasher);
        text.hash(&mut hasher);
        hasher.finish()
    };
    let files = [
        ("V1__a.sql", "CREATE TABLE a (b integer);\n"),
        ("V2__b.sql", "CREATE TABLE b (b integer);\n"),
    ];
    let sql = format!(
        "CREATE TABLE refinery_schema_history (version int8 PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255), checksum VARCHAR(255)); \
         INSERT INTO refinery_schema_history VALUES (1, 'a', '2026-01-02T03:04:05.123456789+01:00', '{}'); CREATE TABLE a (b integer);",
        sum("a", 1, files[0].1)
    );
    for engine in [Sqlite, Postgres, MariaDb] {
        let project = project(engine, "special-wide", "", &files, &sql);
        let adopted = project.does(&["adopt"]);
        assert_eq!(found(&adopted), ["1 a verified"]);
        assert_eq!(adopted["migrations"][0]["applied_at"], "2026-01-02T02:04:05.123456Z");
        project.does(&["up"]);
        project.does(&["adopt", "--mirror"]);
        let written = project
            .place
            .ask("SELECT checksum FROM refinery_schema_history WHERE version = 2");
        assert!(written.contains(&sum("b", 2, files[1].1).to_string()), "{written}");
    }
}

#[test]
fn the_tenth_row_of_goose_comes_after_the_ninth() {
    let files = [(
        "1_a.sql",
        "-- +goose Up\nCREATE TABLE a (b integer);\n-- +goose Down\nDROP TABLE a;\n",
    )];
    let rows = "(1, 0, true, NULL), (2, 1, true, NULL), (3, 1, false, NULL), (9, 1, true, NULL), (10, 1, false, NULL)";
    let sql = format!(
        "CREATE TABLE goose_db_version (id integer PRIMARY KEY, version_id bigint, is_applied boolean, tstamp timestamp NULL); \
         INSERT INTO goose_db_version VALUES {rows}"
    );
    for engine in [Sqlite, Postgres, MariaDb] {
        let project = project(engine, "special-tenth", "", &files, &sql);
        let (code, said) = project.refuses(&["adopt"]);
        assert_eq!(code, "nothing-to-record", "{said}");
    }
}

/// The table as Liquibase 5.0.4 makes it, as far as it is the same on all engines.
pub const LIQUIBASE: &str = "CREATE TABLE DATABASECHANGELOG (ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, FILENAME VARCHAR(255) NOT NULL, \
    DATEEXECUTED TIMESTAMP NOT NULL, ORDEREXECUTED INTEGER NOT NULL, EXECTYPE VARCHAR(10) NOT NULL, MD5SUM VARCHAR(35), DESCRIPTION VARCHAR(255), \
    COMMENTS VARCHAR(255), TAG VARCHAR(255), LIQUIBASE VARCHAR(20), CONTEXTS VARCHAR(255), LABELS VARCHAR(255), DEPLOYMENT_ID VARCHAR(10)); ";

pub fn liquibase(id: &str, file: &str, order: u32, sum: &str) -> String {
    format!(
        "INSERT INTO DATABASECHANGELOG VALUES ('{id}', 'ann', '{file}', '2026-01-02 03:04:05', {order}, 'EXECUTED', {sum}, 'sql', '', NULL, '5.0.4', NULL, NULL, '1'); "
    )
}

/// Liquibase 5.0.4, 4.33.0, 4.21.1 and 3.10.3 find nothing to run but what was added.
#[test]
fn a_change_set_behind_one_that_runs_on_change_does_not_run_that_again() {
    let before = "--liquibase formatted sql\n\n--changeset ann:1 runOnChange:true\nINSERT INTO seen VALUES (1);\n";
    let after = format!("{before}\n\n--changeset bob:1\nCREATE TABLE b (id int);\n");
    let blanks = after.replace("INSERT INTO", "INSERT\n  INTO");
    let edited = after.replace("(1)", "(2)");
    for engine in [Sqlite, Postgres, MariaDb] {
        let project = project(
            engine,
            "special-on-change",
            "",
            &[("db.sql", before)],
            "CREATE TABLE seen (id int);",
        );
        project.does(&["baseline", "none"]);
        project.does(&["up"]);
        for (text, runs) in [(&after, 1), (&blanks, 0), (&edited, 1), (&edited, 0)] {
            project.write("migrations/db.sql", text);
            let status = project.does(&["status"]);
            let pending = status["migrations"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|row| row["state"] == "pending");
            assert_eq!(pending.count(), runs, "{text}: {status:#}");
            let up = project.does(&["up"]);
            assert_eq!(up["applied"].as_array().map(Vec::len), Some(runs), "{text}: {up:#}");
            project.does(&["verify"]);
        }
    }
}

/// Liquibase 5.0.4 was asked after each of these: it runs what was not run, and nothing else.
#[test]
fn liquibase_is_told_of_what_was_run_and_of_nothing_else() {
    let text = "--liquibase formatted sql\n\n--changeset ann:1\nCREATE TABLE a (id int);\n\n--changeset ann:2 context:prod\nCREATE TABLE b (id int);\n\n\
        --changeset ann:3\n--preconditions onFail:MARK_RAN\n--precondition-sql-check expectedResult:0 SELECT 1\nCREATE TABLE c (id int);\n\n\
        --changeset ann:4\nCREATE TABLE d (id int);\n";
    let row = liquibase(
        "1",
        "classpath:db/changelog/db.sql",
        1,
        "'9:c89e591e0fb4b4e3115b62802f20a3e5'",
    );
    let sql = format!("{LIQUIBASE}{row} CREATE TABLE a (id int);");
    for engine in [Sqlite, Postgres, MariaDb] {
        let configuration = "[liquibase]\nnot-run = [\"context\"]\n";
        let project = project(engine, "special-not-run", configuration, &[("db.sql", text)], &sql);
        let adopted = project.does(&["adopt"]);
        assert_eq!(found(&adopted), ["1 ann:1:db.sql verified"], "{adopted:#}");
        project.does(&["up"]);
        let mirrored = project.does(&["adopt", "--mirror"]);
        assert_eq!(mirrored["mirrored"], 2, "{mirrored:#}");
        let rows = project
            .place
            .ask("SELECT ID, FILENAME, ORDEREXECUTED, EXECTYPE FROM DATABASECHANGELOG WHERE ID <> '1' ORDER BY ORDEREXECUTED");
        let words: Vec<&str> = rows
            .split(|c: char| c.is_whitespace() || c == '|')
            .filter(|word| !word.is_empty())
            .collect();
        let wanted = [
            "3",
            "classpath:db/changelog/db.sql",
            "2",
            "MARK_RAN",
            "4",
            "classpath:db/changelog/db.sql",
            "3",
            "EXECUTED",
        ];
        assert!(words.windows(wanted.len()).any(|found| found == wanted), "{words:?}");
        assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 0);
    }
}

/// The ends of these paths do not tell which change set was run: two files end so, or none does.
#[test]
fn a_change_set_that_its_sum_alone_tells_is_told_by_it_after_adopt_as_well() {
    let first = "--liquibase formatted sql\n\n--changeset ann:1\nCREATE TABLE a (id int);\n\n--changeset ann:2\nCREATE TABLE c (id int);\n";
    let second = "--liquibase formatted sql\n\n--changeset ann:1\nCREATE TABLE b (id int);\n";
    let files = [("one/db.sql", first), ("two/db.sql", second)];
    for (place, path) in ["db.sql", "old/first.sql"].into_iter().enumerate() {
        let row = liquibase("1", path, 1, "'9:c89e591e0fb4b4e3115b62802f20a3e5'");
        let sql = format!("{LIQUIBASE}{row} CREATE TABLE a (id int);");
        let name = format!("special-by-sum-{place}");
        let project = project(Sqlite, &name, "layout = 'liquibase'", &files, &sql);
        let adopted = project.does(&["adopt"]);
        assert_eq!(found(&adopted), ["1 ann:1:one/db.sql verified"], "{adopted:#}");
        let up = project.does(&["up"]);
        assert_eq!(count(&up["applied"]), 2, "{up:#}");
        project.does(&["verify"]);
    }
}

/// Flyway 3 orders its rows by `version_rank`, which cannot be empty, and makes its sums of the bytes.
#[test]
fn a_table_of_flyway_3_is_kept_up_with_its_ranks_and_sums() {
    let table = "CREATE TABLE schema_version (version_rank INT NOT NULL, installed_rank INT NOT NULL, version VARCHAR(50) NOT NULL PRIMARY KEY, \
        description VARCHAR(200) NOT NULL, type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INTEGER, installed_by VARCHAR(100) NOT NULL, \
        installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, execution_time INTEGER NOT NULL, success BOOLEAN NOT NULL); \
        INSERT INTO schema_version VALUES (1, 1, '1', 'a', 'SQL', 'V1__a.sql', NULL, 'fly', '2026-01-02 03:04:05', 1, true);";
    let files = [
        ("V1__a.sql", "CREATE TABLE a (b integer);\n"),
        ("V2__b.sql", "CREATE TABLE b (b integer);\n"),
        ("V3__c.sql", "CREATE TABLE c (b integer);\n"),
    ];
    for engine in [Sqlite, Postgres, MariaDb] {
        let sql = format!("{table} CREATE TABLE a (b integer);");
        let project = project(engine, "special-flyway-3", "", &files, &sql);
        project.does(&["adopt"]);
        project.does(&["up"]);
        assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 2);
        for (rank, version) in [(2, '2'), (3, '3')] {
            let ask = format!(
                "SELECT 1000 + version_rank FROM schema_version WHERE version = '{version}' AND installed_rank = {rank}"
            );
            let rows = project.place.ask(&ask);
            assert!(rows.contains(&format!("{}", 1000 + rank)), "{rows}");
        }
        let sum = project
            .place
            .ask("SELECT checksum FROM schema_version WHERE version = '2'");
        assert!(sum.contains("-1994300507"), "{sum}");
    }
    // One that comes between others would move their ranks.
    let between = format!(
        "{table} INSERT INTO schema_version VALUES (2, 2, '3', 'c', 'SQL', 'V3__c.sql', NULL, 'fly', '2026-01-02 03:04:05', 1, true);"
    );
    let project = project(Sqlite, "special-flyway-3-between", "", &files, &between);
    project.does(&["adopt"]);
    project.does(&["up", "--allow-out-of-order"]);
    let (code, said) = project.refuses(&["adopt", "--mirror"]);
    assert_eq!(code, "no-foreign-history", "{said}");
    assert!(said.contains("it has no row for 2"), "{said}");
}
