//! Layouts whose files give an order and no versions: a migration is known by its name, and its place may change.

use crate::project::Project;

/// A layout with the files of two migrations, then with a third between them.
struct Kind {
    layout: &'static str,
    /// Settings, the same before and after.
    settings: &'static str,
    before: &'static [(&'static str, &'static str)],
    after: &'static [(&'static str, &'static str)],
    /// The file that is not there any more.
    gone: Option<&'static str>,
    /// The name that the new one has.
    new: &'static str,
    /// The versions on a new database.
    versions: [&'static str; 3],
}

const FORMATTED: [&str; 2] = [
    "--liquibase formatted sql\n\n--changeset ann:1\nCREATE TABLE a (id int);\n\n--changeset ann:2\nCREATE TABLE b (id int);\n",
    "--liquibase formatted sql\n\n--changeset ann:1\nCREATE TABLE a (id int);\n\n--changeset bob:1\nCREATE TABLE c (id int);\n\n--changeset ann:2\nCREATE TABLE b (id int);\n",
];

const KINDS: &[Kind] = &[
    Kind {
        layout: "liquibase",
        settings: "",
        before: &[("db.sql", FORMATTED[0])],
        after: &[("db.sql", FORMATTED[1])],
        gone: None,
        new: "bob:1:db.sql",
        versions: ["1", "2", "3"],
    },
    Kind {
        layout: "drizzle",
        settings: "",
        before: &[
            (
                "meta/_journal.json",
                r#"{"entries": [{"idx": 0, "when": 1, "tag": "0000_a"}, {"idx": 1, "when": 3, "tag": "0001_b"}]}"#,
            ),
            ("0000_a.sql", "CREATE TABLE a (id int);\n"),
            ("0001_b.sql", "CREATE TABLE b (id int);\n"),
        ],
        // The branch that came later was numbered anew.
        after: &[
            (
                "meta/_journal.json",
                r#"{"entries": [{"idx": 0, "when": 1, "tag": "0000_a"}, {"idx": 1, "when": 2, "tag": "0001_c"}, {"idx": 2, "when": 3, "tag": "0002_b"}]}"#,
            ),
            ("0000_a.sql", "CREATE TABLE a (id int);\n"),
            ("0001_c.sql", "CREATE TABLE c (id int);\n"),
            ("0002_b.sql", "CREATE TABLE b (id int);\n"),
        ],
        gone: Some("migrations/0001_b.sql"),
        new: "0001_c",
        versions: ["0", "1", "2"],
    },
    Kind {
        layout: "drizzle",
        settings: "",
        before: &[
            ("20260101000000_a/migration.sql", "CREATE TABLE a (id int);\n"),
            ("20260101000000_a/snapshot.json", "{}"),
            ("20260103000000_b/migration.sql", "CREATE TABLE b (id int);\n"),
            ("20260103000000_b/snapshot.json", "{}"),
        ],
        after: &[
            ("20260102000000_c/migration.sql", "CREATE TABLE c (id int);\n"),
            ("20260102000000_c/snapshot.json", "{}"),
        ],
        gone: None,
        new: "20260102000000_c",
        versions: ["20260101000000", "20260102000000", "20260103000000"],
    },
    // Two with one time, and a third between them.
    Kind {
        layout: "prisma",
        settings: "",
        before: &[
            ("20260101000000_a/migration.sql", "CREATE TABLE a (id int);\n"),
            ("20260101000000_b/migration.sql", "CREATE TABLE b (id int);\n"),
        ],
        after: &[("20260101000000_aa/migration.sql", "CREATE TABLE c (id int);\n")],
        gone: None,
        new: "20260101000000_aa",
        versions: ["20260101000000", "20260101000000.1", "20260101000000.2"],
    },
    Kind {
        layout: "order",
        settings: "order = \"migrations/order.txt\"\n",
        before: &[
            ("order.txt", "x/a.sql\nx/b.sql\n"),
            ("x/a.sql", "CREATE TABLE a (id int);\n"),
            ("x/b.sql", "CREATE TABLE b (id int);\n"),
        ],
        after: &[
            ("order.txt", "x/a.sql\ny/a.sql\nx/b.sql\n"),
            ("x/a.sql", "CREATE TABLE a (id int);\n"),
            ("x/b.sql", "CREATE TABLE b (id int);\n"),
            ("y/a.sql", "CREATE TABLE c (id int);\n"),
        ],
        gone: None,
        new: "y/a",
        versions: ["1", "2", "3"],
    },
    Kind {
        layout: "sqitch",
        settings: "",
        before: &[
            (
                "sqitch.plan",
                "%syntax-version=1.0.0\n%project=shop\n\na 2026-01-01T00:00:00Z Ann <ann@example.com> # a\nb 2026-01-02T00:00:00Z Ann <ann@example.com> # b\n",
            ),
            ("deploy/a.sql", "CREATE TABLE a (id int);\n"),
            ("deploy/b.sql", "CREATE TABLE b (id int);\n"),
        ],
        after: &[
            (
                "sqitch.plan",
                "%syntax-version=1.0.0\n%project=shop\n\na 2026-01-01T00:00:00Z Ann <ann@example.com> # a\nc 2026-01-03T00:00:00Z Bob <bob@example.com> # c\nb 2026-01-02T00:00:00Z Ann <ann@example.com> # b\n",
            ),
            ("deploy/a.sql", "CREATE TABLE a (id int);\n"),
            ("deploy/b.sql", "CREATE TABLE b (id int);\n"),
            ("deploy/c.sql", "CREATE TABLE c (id int);\n"),
        ],
        gone: None,
        new: "c",
        versions: ["1", "2", "3"],
    },
    // A number may be there more than once.
    Kind {
        layout: "sql-migrate",
        settings: "",
        before: &[
            ("1-a.sql", "-- +migrate Up\nCREATE TABLE a (id int);\n"),
            ("3-b.sql", "-- +migrate Up\nCREATE TABLE b (id int);\n"),
        ],
        after: &[
            ("1-a.sql", "-- +migrate Up\nCREATE TABLE a (id int);\n"),
            ("3-ab.sql", "-- +migrate Up\nCREATE TABLE c (id int);\n"),
            ("3-b.sql", "-- +migrate Up\nCREATE TABLE b (id int);\n"),
        ],
        gone: None,
        new: "3-ab",
        versions: ["1", "3", "3.1"],
    },
    Kind {
        layout: "wrangler-d1",
        settings: "",
        before: &[
            ("0001_a.sql", "CREATE TABLE a (id int);\n"),
            ("0003_b.sql", "CREATE TABLE b (id int);\n"),
        ],
        after: &[
            ("0001_a.sql", "CREATE TABLE a (id int);\n"),
            ("0003_ab.sql", "CREATE TABLE c (id int);\n"),
            ("0003_b.sql", "CREATE TABLE b (id int);\n"),
        ],
        gone: None,
        new: "0003_ab",
        versions: ["1", "3", "3.1"],
    },
];

/// A project with these files in its directory.
fn project(kind: &Kind) -> Project {
    let mut project = Project::new().variable("SYNCLINE_URL", "sqlite:shop.db");
    let layout = match kind.settings {
        "" => format!("layout = \"{}\"\n", kind.layout),
        settings => settings.to_owned(),
    };
    project.write("syncline.toml", layout);
    write(&mut project, kind.before);
    project
}

fn write(project: &mut Project, files: &[(&str, &str)]) {
    for (path, text) in files {
        project.write(&format!("migrations/{path}"), text);
    }
}

/// `version name standing` of all migrations.
fn standings(project: &mut Project) -> Vec<String> {
    let status = project.ok(&["status", "--format", "json"]).json();
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let rows = status["migrations"].as_array().unwrap();
    rows.iter()
        .map(|row| format!("{} {} {}", text(row, "version"), text(row, "name"), text(row, "state")))
        .collect()
}

#[test]
fn what_stands_between_two_that_ran_is_new_and_neither_of_them_was_edited() {
    for kind in KINDS {
        let mut project = project(kind);
        project.ok(&["up"]);
        if let Some(gone) = kind.gone {
            std::fs::remove_file(project.path(gone)).unwrap();
        }
        write(&mut project, kind.after);
        let plan = project.run(&["plan"]);
        let said = format!("{}{}", plan.stdout, plan.stderr);
        assert!(
            !said.contains("edited") && !said.contains("accept"),
            "{}: {said}",
            kind.layout
        );
        assert!(said.contains(kind.new), "{}: {said}", kind.layout);
        assert_eq!(plan.exit, 3, "{}: {said}", kind.layout);
        let done = project.ok(&["up", "--allow-out-of-order", "--format", "json"]).json();
        let applied = done["applied"].as_array().unwrap();
        assert_eq!(applied.len(), 1, "{}: {done}", kind.layout);
        assert_eq!(applied[0]["name"], kind.new);
        let rows = standings(&mut project);
        assert_eq!(rows.len(), 3, "{}: {rows:?}", kind.layout);
        assert!(rows[1].contains(kind.new), "{}: {rows:?}", kind.layout);
        assert!(
            rows.iter().all(|row| row.ends_with(" applied")),
            "{}: {rows:?}",
            kind.layout
        );
        project.ok(&["verify"]);
        let again = project.ok(&["up", "--format", "json"]).json();
        assert_eq!(again["applied"].as_array().unwrap().len(), 0, "{}", kind.layout);
    }
}

#[test]
fn on_a_new_database_places_are_those_of_the_files() {
    for kind in KINDS {
        let mut project = project(kind);
        write(&mut project, kind.after);
        if let Some(gone) = kind.gone {
            std::fs::remove_file(project.path(gone)).unwrap();
        }
        project.ok(&["up"]);
        let rows = standings(&mut project);
        let versions: Vec<&str> = rows.iter().filter_map(|row| row.split(' ').next()).collect();
        assert_eq!(versions, kind.versions, "{}", kind.layout);
    }
}

#[test]
fn what_comes_last_in_the_files_is_the_newest_though_something_was_put_between() {
    for kind in KINDS.iter().filter(|kind| kind.layout == "liquibase") {
        let mut project = project(kind);
        project.ok(&["up"]);
        write(&mut project, kind.after);
        project.ok(&["up", "--allow-out-of-order"]);
        let text = format!("{}--changeset eve:1\nCREATE TABLE d (id int);\n", FORMATTED[1]);
        project.write("migrations/db.sql", text);
        project.ok(&["up"]);
        assert_eq!(
            standings(&mut project),
            [
                "1 ann:1:db.sql applied",
                "1.1 bob:1:db.sql applied",
                "2 ann:2:db.sql applied",
                "4 eve:1:db.sql applied"
            ]
        );
    }
}

#[test]
fn a_change_set_that_was_edited_and_moved_is_still_the_same() {
    let kind = &KINDS[0];
    let mut project = project(kind);
    project.ok(&["up"]);
    std::fs::remove_file(project.path("migrations/db.sql")).unwrap();
    let swapped = "--liquibase formatted sql\n\n--changeset ann:2\nCREATE TABLE b (id int);\n--changeset ann:1\nCREATE TABLE a (id bigint);\n";
    project.write("migrations/sets/db.sql", swapped);
    let plan = project.run(&["plan"]);
    let said = format!("{}{}", plan.stdout, plan.stderr);
    assert_eq!(plan.exit, 3, "{said}");
    assert!(
        said.contains("1 ann:1:sets/db.sql was edited after it was applied"),
        "{said}"
    );
    assert!(!said.contains("2 ann:2:sets/db.sql was edited"), "{said}");
}

#[test]
fn a_change_of_sqitch_that_is_made_anew_is_new_and_the_old_one_ran() {
    let kind = KINDS.iter().find(|kind| kind.layout == "sqitch").unwrap();
    let mut project = project(kind);
    project.ok(&["up"]);
    project.write(
        "migrations/sqitch.plan",
        "%syntax-version=1.0.0\n%project=shop\n\na 2026-01-01T00:00:00Z Ann <ann@example.com> # a\nb 2026-01-02T00:00:00Z Ann <ann@example.com> # b\n@v1 2026-01-02T00:00:00Z Ann <ann@example.com> # v1\na [a@v1] 2026-01-05T00:00:00Z Ann <ann@example.com> # a\n",
    );
    project.write("migrations/deploy/a@v1.sql", "CREATE TABLE a (id int);\n");
    project.write("migrations/deploy/a.sql", "ALTER TABLE a ADD COLUMN n int;\n");
    let done = project.ok(&["up", "--format", "json"]).json();
    assert_eq!(done["applied"].as_array().unwrap().len(), 1, "{done}");
    assert_eq!(
        standings(&mut project),
        ["1 a@v1 applied", "2 b applied", "3 a applied"]
    );
}

/// A layout in which the second of two that ran is renamed and a new one put before it; and then its old name given to another text.
#[test]
fn what_was_renamed_behind_a_new_one_is_recorded_once_and_the_new_one_alone_is_pending() {
    let text = |table: &str| format!("CREATE TABLE {table} (id int);\n");
    for takes_the_name in [false, true] {
        let mut project = Project::new().variable("SYNCLINE_URL", "sqlite:shop.db");
        project.write("syncline.toml", "order = \"migrations/order.txt\"\n");
        project.write("migrations/order.txt", "a.sql\nb.sql\n");
        project.write("migrations/a.sql", text("a"));
        project.write("migrations/b.sql", text("b"));
        project.ok(&["up"]);
        let new = if takes_the_name { "b" } else { "n" };
        std::fs::remove_file(project.path("migrations/b.sql")).unwrap();
        project.write("migrations/order.txt", format!("a.sql\n{new}.sql\nbb.sql\n"));
        project.write(format!("migrations/{new}.sql").as_str(), text("n"));
        project.write("migrations/bb.sql", text("b"));
        project.ok(&["repair", "renumber", "--reason", "renamed"]);
        let done = project.ok(&["up", "--allow-out-of-order", "--format", "json"]).json();
        let names: Vec<&str> = done["applied"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|row| row["name"].as_str())
            .collect();
        assert_eq!(names, [new], "{done}");
        project.ok(&["verify"]);
        let rows = standings(&mut project);
        assert!(
            rows.len() == 3 && rows.iter().all(|row| row.ends_with(" applied")),
            "{rows:?}"
        );
    }
}
