//! 0 is a version, and nothing has a word of its own: what is advised to somebody whose migrations begin with 0 is followed to the letter.

use std::collections::BTreeSet;

use syncline::catalog::Layout;

use super::project::{Project, Said};

/// A project of each layout, with migrations that make the tables `zero` and `later`, and the identity of the first of them.
struct Begun {
    layout: &'static str,
    first: &'static str,
    files: &'static [(&'static str, &'static str)],
}

const ZERO: &str = "CREATE TABLE zero (id integer);\n";
const LATER: &str = "CREATE TABLE later (id integer);\n";
const DROP_ZERO: &str = "DROP TABLE zero;\n";
const DROP_LATER: &str = "DROP TABLE later;\n";
const GOOSE_ZERO: &str = "-- +goose Up\nCREATE TABLE zero (id integer);\n-- +goose Down\nDROP TABLE zero;\n";
const GOOSE_LATER: &str = "-- +goose Up\nCREATE TABLE later (id integer);\n-- +goose Down\nDROP TABLE later;\n";
const DBMATE_ZERO: &str = "-- migrate:up\nCREATE TABLE zero (id integer);\n-- migrate:down\nDROP TABLE zero;\n";
const DBMATE_LATER: &str = "-- migrate:up\nCREATE TABLE later (id integer);\n-- migrate:down\nDROP TABLE later;\n";
const NODE_ZERO: &str = "-- Up Migration\nCREATE TABLE zero (id integer);\n-- Down Migration\nDROP TABLE zero;\n";
const NODE_LATER: &str = "-- Up Migration\nCREATE TABLE later (id integer);\n-- Down Migration\nDROP TABLE later;\n";
const SQL_MIGRATE_ZERO: &str = "-- +migrate Up\nCREATE TABLE zero (id integer);\n-- +migrate Down\nDROP TABLE zero;\n";
const SQL_MIGRATE_LATER: &str =
    "-- +migrate Up\nCREATE TABLE later (id integer);\n-- +migrate Down\nDROP TABLE later;\n";
const TERN_ZERO: &str = "CREATE TABLE zero (id integer);\n---- create above / drop below ----\nDROP TABLE zero;\n";
const TERN_LATER: &str = "CREATE TABLE later (id integer);\n---- create above / drop below ----\nDROP TABLE later;\n";
const JOURNAL: &str = r#"{"version": "7", "dialect": "sqlite", "entries": [
    {"idx": 0, "version": "6", "when": 1, "tag": "0000_zero", "breakpoints": true},
    {"idx": 1, "version": "6", "when": 2, "tag": "0001_later", "breakpoints": true}
]}"#;
const CHANGES: &str = "--liquibase formatted sql
--changeset ann:zero
CREATE TABLE zero (id integer);
--rollback DROP TABLE zero;
--changeset ann:later
CREATE TABLE later (id integer);
--rollback DROP TABLE later;
";

/// What `atlas migrate hash` writes for two files.
const ATLAS_SUM: &str = "h1:794p4+D4CM9xtMhTqHh6pBKSv4YuwxzyHFUBxU2BpE8=\n0_zero.sql h1:1SCWVTwBGsDr8JF8/nMcjC3TtBSiO91YaA9oe+yvCkE=\n1_later.sql h1:WkJwVnMpZsFbGgTg2dv2uMWTLJkFYT1oBNf9cXLGa/M=\n";
const GRAPHILE_ZERO: &str =
    "--! Previous: -\n--! Hash: sha1:0\n--! AllowInvalidHash\n\nCREATE TABLE zero (id integer);\n";
const GRAPHILE_LATER: &str =
    "--! Previous: sha1:0\n--! Hash: sha1:1\n--! AllowInvalidHash\n\nCREATE TABLE later (id integer);\n";

const LAYOUTS: &[Begun] = &[
    Begun {
        layout: "native",
        first: "0",
        files: &[
            ("0_zero.up.sql", ZERO),
            ("0_zero.down.sql", DROP_ZERO),
            ("1_later.up.sql", LATER),
            ("1_later.down.sql", DROP_LATER),
        ],
    },
    Begun {
        layout: "native",
        first: "0",
        files: &[
            ("0.0_zero.up.sql", ZERO),
            ("0.0_zero.down.sql", DROP_ZERO),
            ("0.0.1_later.up.sql", LATER),
            ("0.0.1_later.down.sql", DROP_LATER),
        ],
    },
    Begun {
        layout: "atlas",
        first: "0",
        files: &[("0_zero.sql", ZERO), ("1_later.sql", LATER), ("atlas.sum", ATLAS_SUM)],
    },
    Begun {
        layout: "dbmate",
        first: "0",
        files: &[("0_zero.sql", DBMATE_ZERO), ("20260105090000_later.sql", DBMATE_LATER)],
    },
    Begun {
        layout: "diesel",
        first: "0",
        files: &[
            ("00000000000000_diesel_initial_setup/up.sql", ZERO),
            ("00000000000000_diesel_initial_setup/down.sql", DROP_ZERO),
            ("2026-01-05-090000_later/up.sql", LATER),
            ("2026-01-05-090000_later/down.sql", DROP_LATER),
        ],
    },
    Begun {
        layout: "drizzle",
        first: "0",
        files: &[
            ("meta/_journal.json", JOURNAL),
            ("0000_zero.sql", ZERO),
            ("0001_later.sql", LATER),
        ],
    },
    Begun {
        layout: "flyway",
        first: "0",
        files: &[
            ("V0__zero.sql", ZERO),
            ("U0__zero.sql", DROP_ZERO),
            ("V0.1__later.sql", LATER),
            ("U0.1__later.sql", DROP_LATER),
        ],
    },
    Begun {
        layout: "golang-migrate",
        first: "0",
        files: &[
            ("000000_zero.up.sql", ZERO),
            ("000000_zero.down.sql", DROP_ZERO),
            ("000001_later.up.sql", LATER),
            ("000001_later.down.sql", DROP_LATER),
        ],
    },
    Begun {
        layout: "goose",
        first: "0",
        files: &[("00000_zero.sql", GOOSE_ZERO), ("00001_later.sql", GOOSE_LATER)],
    },
    // Its own numbers begin with 1.
    Begun {
        layout: "graphile-migrate",
        first: "1",
        files: &[
            ("committed/000001-zero.sql", GRAPHILE_ZERO),
            ("committed/000002-later.sql", GRAPHILE_LATER),
        ],
    },
    Begun {
        layout: "liquibase",
        first: "1",
        files: &[("changes.sql", CHANGES)],
    },
    Begun {
        layout: "maragudk",
        first: "0",
        files: &[
            ("0-zero.up.sql", ZERO),
            ("0-zero.down.sql", DROP_ZERO),
            ("1-later.up.sql", LATER),
            ("1-later.down.sql", DROP_LATER),
        ],
    },
    Begun {
        layout: "node-pg-migrate",
        first: "0",
        files: &[("0_zero.sql", NODE_ZERO), ("1_later.sql", NODE_LATER)],
    },
    Begun {
        layout: "pop",
        first: "0",
        files: &[
            ("0_zero.up.sql", ZERO),
            ("0_zero.down.sql", DROP_ZERO),
            ("1_later.up.sql", LATER),
            ("1_later.down.sql", DROP_LATER),
        ],
    },
    Begun {
        layout: "postgres-migrations",
        first: "0",
        files: &[("0_zero.sql", ZERO), ("1_later.sql", LATER)],
    },
    Begun {
        layout: "prisma",
        first: "0",
        files: &[
            ("0_init/migration.sql", ZERO),
            ("20260105090000_later/migration.sql", LATER),
        ],
    },
    Begun {
        layout: "refinery",
        first: "0",
        files: &[("V0__zero.sql", ZERO), ("V1__later.sql", LATER)],
    },
    Begun {
        layout: "sqitch",
        first: "1",
        files: &[
            (
                "sqitch.plan",
                "%syntax-version=1.0.0\n%project=shop\n\nzero 2026-01-05T09:00:00Z Ann <ann@example.org>\nlater 2026-01-06T09:00:00Z Ann <ann@example.org>\n",
            ),
            ("deploy/zero.sql", ZERO),
            ("revert/zero.sql", DROP_ZERO),
            ("deploy/later.sql", LATER),
            ("revert/later.sql", DROP_LATER),
        ],
    },
    Begun {
        layout: "sql-migrate",
        first: "0",
        files: &[("0-zero.sql", SQL_MIGRATE_ZERO), ("1-later.sql", SQL_MIGRATE_LATER)],
    },
    Begun {
        layout: "sqlx",
        first: "0",
        files: &[
            ("0_zero.up.sql", ZERO),
            ("0_zero.down.sql", DROP_ZERO),
            ("1_later.up.sql", LATER),
            ("1_later.down.sql", DROP_LATER),
        ],
    },
    Begun {
        layout: "supabase",
        first: "0",
        files: &[("0_zero.sql", ZERO), ("20260105090000_later.sql", LATER)],
    },
    // Its own numbers begin with 1.
    Begun {
        layout: "tern",
        first: "1",
        files: &[("001_zero.sql", TERN_ZERO), ("002_later.sql", TERN_LATER)],
    },
    Begun {
        layout: "wrangler-d1",
        first: "0",
        files: &[("0000_zero.sql", ZERO), ("0001_later.sql", LATER)],
    },
    Begun {
        layout: "yoyo",
        first: "0",
        files: &[
            ("0000.zero.sql", ZERO),
            ("0000.zero.rollback.sql", DROP_ZERO),
            ("0001.later.sql", LATER),
            ("0001.later.rollback.sql", DROP_LATER),
        ],
    },
];

/// Lists the tables of everybody.
const TABLES: &str = "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE type = 'table' \
     AND name NOT LIKE 'syncline%' ORDER BY name)";

impl Begun {
    fn project(&self) -> Project {
        self.files.iter().fold(
            Project::new()
                .variable("SYNCLINE_URL", "sqlite:shop.db")
                .file("syncline.toml", format!("layout = \"{}\"\n", self.layout)),
            |project, (path, text)| project.file(&format!("migrations/{path}"), text),
        )
    }

    /// Whether `down` has something to run.
    fn goes_down(&self) -> bool {
        self.files.iter().any(|(_, text)| text.contains("DROP"))
    }
}

fn tables(project: &Project) -> String {
    project.asked(TABLES)
}

/// The command of the `next:` lines that has this remark.
fn advised(said: &Said, remark: &str) -> Vec<String> {
    let line = said
        .stderr
        .lines()
        .find(|line| line.ends_with(&format!("   # {remark}")))
        .unwrap_or_else(|| panic!("nothing is advised for {remark:?}: {}", said.stderr));
    let command = line.split("   # ").next().unwrap_or_default();
    let command = command.trim_start_matches("next:").trim();
    let words = command.strip_prefix("syncline ").expect("a command of ours");
    words.split(' ').map(str::to_owned).collect()
}

fn follow(project: &Project, said: &Said, remark: &str) -> Said {
    let words = advised(said, remark);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    project.silently(&words)
}

#[test]
fn every_layout_is_tried() {
    let tried: BTreeSet<&str> = LAYOUTS.iter().map(|begun| begun.layout).collect();
    assert_eq!(tried, Layout::names().collect::<BTreeSet<_>>());
}

#[test]
fn who_says_that_none_of_the_migrations_is_there_gets_all_of_them() {
    for begun in LAYOUTS {
        let (layout, project) = (begun.layout, begun.project());
        project.sql("CREATE TABLE strangers (id integer);");
        let refused = project.silently(&["up"]);
        assert_eq!(refused.exit, 3, "{layout}: {}", refused.stderr);
        let said = follow(&project, &refused, "none of the migrations is in it");
        assert_eq!(said.exit, 0, "{layout}: {}", said.stderr);
        assert_eq!(
            said.stdout, "✓ recorded: none of the migrations is in the database\n",
            "{layout}"
        );
        assert_eq!(project.silently(&["status", "--exit-code"]).exit, 10, "{layout}");
        let up = project.silently(&["up"]);
        assert_eq!(up.exit, 0, "{layout}: {}", up.stderr);
        assert_eq!(tables(&project), "later strangers zero", "{layout}");
        assert_eq!(project.silently(&["verify"]).exit, 0, "{layout}");
    }
}

#[test]
fn who_says_that_all_of_the_migrations_are_there_gets_none_of_them() {
    for begun in LAYOUTS {
        let (layout, project) = (begun.layout, begun.project());
        project.sql("CREATE TABLE zero (id integer); CREATE TABLE later (id integer);");
        let refused = project.silently(&["up"]);
        let status = project.silently(&["status", "--format", "json"]).json();
        let rows = status["migrations"].as_array().unwrap();
        assert_eq!(rows[0]["version"], begun.first, "{layout}");
        let newest = rows.last().unwrap()["version"].as_str().unwrap();
        let said = follow(
            &project,
            &refused,
            &format!("everything up to {newest} is in it already"),
        );
        assert_eq!(said.exit, 0, "{layout}: {}", said.stderr);
        let up = project.silently(&["up"]);
        assert_eq!(
            (up.exit, up.stdout),
            (0, format!("nothing to do: {newest} is the newest version\n")),
            "{layout}: {}",
            up.stderr
        );
        assert_eq!(tables(&project), "later zero", "{layout}");
    }
}

#[test]
fn down_to_the_first_version_keeps_it_and_down_to_none_does_not() {
    for begun in LAYOUTS.iter().filter(|begun| begun.goes_down()) {
        let (layout, project) = (begun.layout, begun.project());
        assert_eq!(project.silently(&["up"]).exit, 0, "{layout}");
        let down = project.silently(&["down", "--to", begun.first, "--yes"]);
        assert_eq!(
            (down.exit, tables(&project).as_str()),
            (0, "zero"),
            "{layout}: {}",
            down.stderr
        );
        let plan = project.silently(&["plan", "down", "--to", "none"]);
        assert!(
            plan.stdout.starts_with(&format!("↩ {} ", begun.first)),
            "{layout}: {}",
            plan.stdout
        );
        // Nobody can be asked here, and the way out is printed.
        let asked = project.silently(&["down", "--to", "none"]);
        assert_eq!(asked.exit, 2, "{layout}: {}", asked.stderr);
        assert!(
            asked.stderr.ends_with(" syncline down --to none --yes\n"),
            "{layout}: {}",
            asked.stderr
        );
        let down = project.silently(&["down", "--to", "none", "--yes"]);
        assert_eq!(
            (down.exit, tables(&project).as_str()),
            (0, ""),
            "{layout}: {}",
            down.stderr
        );
        let status = project.silently(&["status", "--format", "json"]).json();
        assert_eq!(status["head"], serde_json::Value::Null, "{layout}");
        let up = project.silently(&["up"]);
        assert_eq!(
            (up.exit, tables(&project).as_str()),
            (0, "later zero"),
            "{layout}: {}",
            up.stderr
        );
    }
}

#[test]
fn baseline_0_means_the_migration_of_that_version() {
    for begun in LAYOUTS.iter().filter(|begun| begun.first == "0") {
        let (layout, project) = (begun.layout, begun.project());
        project.sql("CREATE TABLE zero (id integer);");
        let said = project.silently(&["baseline", "0"]);
        assert_eq!(said.exit, 0, "{layout}: {}", said.stderr);
        let up = project.silently(&["up"]);
        assert_eq!(
            (up.exit, tables(&project).as_str()),
            (0, "later zero"),
            "{layout}: {}",
            up.stderr
        );
        let status = project.silently(&["status", "--format", "json"]).json();
        assert_eq!(status["migrations"][0]["state"], "baseline", "{layout}");
    }
}

#[test]
fn baseline_0_without_a_migration_of_that_version_is_refused_with_the_way_out() {
    for zero in ["0", "0.0", "00000000000000"] {
        let project = Project::shop();
        project.sql("CREATE TABLE strangers (id integer);");
        let refused = project.silently(&["baseline", zero]);
        assert_eq!(refused.exit, 2, "{}", refused.stderr);
        assert!(
            refused
                .stderr
                .starts_with("error[no-such-version]: there is no migration of version 0"),
            "{}",
            refused.stderr
        );
        assert_eq!(project.silently(&["log"]).stdout, "there is no history yet\n");
        assert_eq!(follow(&project, &refused, "none of the migrations is in it").exit, 0);
        assert_eq!(project.silently(&["up"]).exit, 0);
        assert_eq!(tables(&project), "customers orders strangers");
        // An old script says it again when all is applied.
        let refused = project.silently(&["baseline", zero]);
        assert_eq!(refused.exit, 2, "{}", refused.stderr);
        let refused = follow(&project, &refused, "none of the migrations is in it");
        assert!(
            refused
                .stderr
                .starts_with("error[bad-target]: the history says that 2 is in the database"),
            "{}",
            refused.stderr
        );
    }
}

#[test]
fn down_to_0_without_a_migration_of_that_version_is_refused_with_the_way_out() {
    let project = Project::shop();
    project.silently(&["up"]);
    for zero in ["0", "0.0", "0.5"] {
        let refused = project.silently(&["down", "--to", zero, "--yes"]);
        assert_eq!(
            (refused.exit, tables(&project).as_str()),
            (2, "customers orders"),
            "{}",
            refused.stderr
        );
        assert_eq!(advised(&refused, "takes everything back"), ["down", "--to", "none"]);
    }
    // Where something older is applied, another number was meant.
    let refused = project.silently(&["down", "--to", "1.5", "--yes"]);
    assert!(!refused.stderr.contains("none"), "{}", refused.stderr);
    assert_eq!(project.silently(&["down", "--to", "none", "--yes"]).exit, 0);
    assert_eq!(tables(&project), "");
    let again = project.silently(&["down", "--to", "none", "--yes"]);
    assert_eq!(
        (again.exit, again.stdout.as_str()),
        (0, "nothing to do\n"),
        "{}",
        again.stderr
    );
}

#[test]
fn none_is_said_once_and_only_where_it_makes_sense() {
    let project = Project::shop();
    for words in [
        &["up", "--to", "none"][..],
        &["plan", "up", "--to", "none"],
        &["up", "--dry-run", "--to", "none"],
    ] {
        let refused = project.silently(words);
        assert_eq!(refused.exit, 2, "{words:?}");
        assert!(
            refused
                .stderr
                .starts_with("error[usage]: `--to none` goes with `down`\n"),
            "{words:?}: {}",
            refused.stderr
        );
    }
    for words in [&["show", "none"][..], &["repair", "forget", "none", "--reason", "x"]] {
        assert_eq!(project.silently(words).exit, 2, "{words:?}");
    }
    assert_eq!(project.silently(&["baseline", "none"]).exit, 0);
    let again = project.silently(&["baseline", "none"]);
    assert_eq!(again.exit, 0, "{}", again.stderr);
    assert!(again.stderr.contains("[nothing-to-record]"), "{}", again.stderr);
    let log = project.silently(&["log", "--format", "json"]).json();
    assert_eq!(log["records"][0]["kind"], "baseline");
    assert_eq!(
        (&log["records"][0]["version"], &log["records"][0]["name"]),
        (&serde_json::Value::Null, &"".into())
    );
    assert!(project.silently(&["log"]).stdout.contains("baseline  none"));
    assert_eq!(project.silently(&["verify"]).exit, 0);
    // What was never applied cannot be forgotten, and a repeatable migration of that name is something else.
    project.write("migrations/R__none.sql", "CREATE VIEW none AS SELECT 1;\n");
    let up = project.silently(&["up"]);
    assert!(up.stdout.contains("R__none"), "{}{}", up.stdout, up.stderr);
}

#[test]
fn an_empty_history_of_another_tool_leads_to_the_word_for_nothing() {
    let project = Project::shop();
    project.sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);");
    let refused = project.silently(&["up"]);
    let adopt = follow(
        &project,
        &refused,
        "another tool keeps a history in it: alembic (`alembic_version`)",
    );
    assert_eq!(adopt.exit, 2, "{}", adopt.stderr);
    assert_eq!(
        follow(&project, &adopt, "none of the migrations is in the database").exit,
        0
    );
    assert_eq!(project.silently(&["up"]).exit, 0);
    assert_eq!(tables(&project), "alembic_version customers orders");
}
