//! Liquibase, whose migrations are change sets of one file. Its table is that of its documentation.

use super::{ALL, apply, file, word};
use crate::place::Engine::{self, MariaDb, Postgres, Sqlite};
use crate::special::project;
use crate::steps::Step;
use crate::walk::{At, Tool, Verdict, prove};

/// What Liquibase 4.29.2 and 4.33.0 have written for the steps.
const SUMS: [&str; 3] = [
    "9:c59a5e54d424f37bd9a05655d2ad4b25",
    "9:e4e34353aebfc74e2d93c636ba6f7cd5",
    "9:3dc7007cf8e6405f2d24fa46d7616da3",
];

/// <https://docs.liquibase.com/concepts/tracking-tables/databasechangelog-table.html>
const CREATE: &str = "CREATE TABLE databasechangelog (ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, FILENAME VARCHAR(255) NOT NULL, \
    DATEEXECUTED TIMESTAMP NOT NULL, ORDEREXECUTED INTEGER NOT NULL, EXECTYPE VARCHAR(10) NOT NULL, MD5SUM VARCHAR(35), DESCRIPTION VARCHAR(255), \
    COMMENTS VARCHAR(255), TAG VARCHAR(255), LIQUIBASE VARCHAR(20), CONTEXTS VARCHAR(255), LABELS VARCHAR(255), DEPLOYMENT_ID VARCHAR(10))";

pub const LIQUIBASE: Tool = Tool {
    name: "liquibase",
    engines: ALL,
    configuration: "",
    table: "databasechangelog",
    told: "orderexecuted, id, author, filename, exectype, md5sum",
    files: |steps| {
        let set = |step: &Step| {
            format!(
                "\n--changeset ann:{}\n--comment: {}\n{}--rollback {}",
                step.name, step.name, step.up, step.down
            )
        };
        let sets: String = steps.iter().map(set).collect();
        vec![file(
            "changelog.sql".to_owned(),
            format!("--liquibase formatted sql\n{sets}"),
        )]
    },
    apply: |project, steps, from| {
        apply(project, steps, from, CREATE, &|step| {
            format!(
                "INSERT INTO databasechangelog VALUES ('{}', 'ann', 'db/changelog.sql', '{}', {}, 'EXECUTED', '{}', 'sql', '', NULL, '4.29.2', NULL, NULL, '5832570148')",
                step.name,
                step.at(),
                step.number,
                SUMS[step.number - 1],
            )
        });
    },
    verdict: Verdict::Verified,
    at: At::Known,
    by: None,
    broken: &[[
        "UPDATE databasechangelog SET exectype = 'FAILED' WHERE orderexecuted = 2",
        "UPDATE databasechangelog SET exectype = 'EXECUTED' WHERE orderexecuted = 2",
        "liquibase update",
    ]],
    mirrors: true,
    reverts: true,
    taken: 2,
};

#[test]
fn liquibase_is_taken_over() {
    prove(&LIQUIBASE);
}

/// As Liquibase names table and columns on SQLite, MariaDB, and on PostgreSQL where it quotes names.
fn in_capitals(engine: Engine) -> (String, &'static str) {
    let mut create = CREATE.replace("databasechangelog", "DATABASECHANGELOG");
    if engine == Postgres {
        let columns = CREATE.split_once('(').unwrap().1.strip_suffix(')').unwrap().split(", ");
        let quoted: Vec<String> = columns
            .map(|column| column.split_once(' ').unwrap())
            .map(|(name, kind)| format!("\"{name}\" {kind}"))
            .collect();
        create = format!("CREATE TABLE \"DATABASECHANGELOG\" ({})", quoted.join(", "));
    }
    let names = ["DATABASECHANGELOG", "\"DATABASECHANGELOG\"", "DATABASECHANGELOG"];
    (create, word(engine, names))
}

#[test]
fn the_history_of_liquibase_may_be_in_capitals_and_the_tenth_row_comes_after_the_ninth() {
    let sets: String = (1..=11)
        .map(|n| format!("--changeset ann:{n}\nSELECT {n};\n"))
        .collect();
    let text = format!("--liquibase formatted sql\n{sets}");
    for engine in [Sqlite, Postgres, MariaDb] {
        let (create, table) = in_capitals(engine);
        let rows: Vec<String> = [10, 9, 2, 1]
            .iter()
            .map(|n| format!("('{n}', 'ann', 'a.sql', '2026-01-02 03:04:05', {n}, 'EXECUTED', NULL, 'sql', '', NULL, '4.29.2', NULL, NULL, '1')"))
            .collect();
        let sql = format!("{create}; INSERT INTO {table} VALUES {}", rows.join(", "));
        let project = project(engine, "special-capitals", "", &[("a.sql", &text)], &sql);
        let said = project.does(&["adopt", "--dry-run"]);
        let order: Vec<&str> = said["migrations"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|row| row["version"].as_str())
            .collect();
        assert_eq!(order, ["1", "2", "9", "10"], "{engine:?}");
        assert_eq!(said["migrations"][0]["verdict"], "unverifiable", "it has no sum");
    }
}

/// Where nobody can know the sum that Liquibase would write it has to write it itself; the file has the name that Liquibase gave it.
#[test]
fn a_row_is_kept_up_without_a_sum_where_none_is_known_and_leaves_with_its_change_set_alone() {
    let text =
        "--liquibase formatted sql\n--changeset ann:1\nSELECT 1;\n--changeset bob:1\nSELECT 2;\n--rollback SELECT 3;\n";
    for engine in [Sqlite, Postgres, MariaDb] {
        let (create, table) = in_capitals(engine);
        let sql = format!(
            "{create}; INSERT INTO {table} VALUES ('1', 'ann', 'classpath:db/a.sql', '2026-01-02 03:04:05', 7, 'EXECUTED', NULL, 'sql', '', NULL, '4.29.2', NULL, NULL, '1')"
        );
        let project = project(engine, "special-kept", "", &[("a.sql", text)], &sql);
        project.does(&["adopt"]);
        project.does(&["up"]);
        assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 1);
        let names = ["ID", "AUTHOR", "FILENAME", "ORDEREXECUTED", "MD5SUM"];
        let columns = names.map(|name| match engine {
            Postgres => format!("\"{name}\""),
            Sqlite | MariaDb => name.to_owned(),
        });
        let rows = format!("SELECT {} FROM {table} ORDER BY {}", columns.join(", "), columns[3]);
        let kept = project.place.ask(&rows);
        let of_bob = kept.lines().find(|line| line.contains("bob")).unwrap();
        let fields: Vec<&str> = of_bob.split(|c: char| c == '|' || c.is_whitespace()).collect();
        let known: Vec<&str> = fields
            .into_iter()
            .filter(|field| !["", "NULL"].contains(field))
            .collect();
        assert_eq!(known, ["1", "bob", "classpath:db/a.sql", "8"], "{kept}");
        project.does(&["down", "--yes"]);
        assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 1);
        let left = project.place.ask(&rows);
        assert!(left.contains("ann") && !left.contains("bob"), "{left}");
    }
}
