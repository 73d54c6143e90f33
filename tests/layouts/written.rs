//! Folders that the tools have written themselves: see `written/README.md`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::Project;
use crate::read::{catalog, names, reading};
use syncline::script::Syntax;

/// A folder, whose it is found to be, and its migrations.
struct Written {
    folder: &'static str,
    layout: &'static str,
    migrations: [&'static str; 2],
    schema: &'static str,
}

const PETS: &str = "pets: id, name, age\nvisits: id, pet\npets_name on pets\n";

const fn written(folder: &'static str, layout: &'static str, migrations: [&'static str; 2]) -> Written {
    Written {
        folder,
        layout,
        migrations,
        schema: PETS,
    }
}

/// Those for SQLite, and those for any database.
const FOLDERS: &[Written] = &[
    written(
        "dbmate-2.36.0",
        "dbmate",
        ["20261130214745 create_pets", "20261130214746 add visits"],
    ),
    written("drizzle-0.31.11/sqlite", "drizzle", ["0 first", "1 second"]),
    // Its names are syncline's own.
    written(
        "golang-migrate-4.20.1/timestamps",
        "native",
        ["20261130214940 create_pets", "20261130215006 add_visits"],
    ),
    written(
        "golang-migrate-4.20.1/sequential",
        "native",
        ["1 create_pets", "2 add_visits"],
    ),
    written(
        "goose-3.30.1/timestamps",
        "goose",
        ["20261130215004 create_pets", "20261130215005 add_visits"],
    ),
    written("goose-3.30.1/sequential", "goose", ["1 create_pets", "2 add_visits"]),
    written(
        "node-pg-migrate-9.0.0",
        "node-pg-migrate",
        ["1796075267769 create-pets", "20261130214749213 add-visits"],
    ),
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/layouts/written")
        .join(name)
}

/// What is in a database of SQLite beside the history.
fn schema(database: &Path) -> String {
    const TABLES: &str = "SELECT s.name || ': ' || (SELECT group_concat(c.name, ', ') FROM pragma_table_info(s.name) c) \
                          FROM sqlite_schema s WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite%' AND s.name NOT LIKE 'syncline%' ORDER BY 1";
    const INDEXES: &str = "SELECT name || ' on ' || tbl_name FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE 'sqlite%' ORDER BY 1";
    let output = Command::new("sqlite3")
        .arg(database)
        .arg(format!("{TABLES}; {INDEXES}"))
        .output()
        .expect("the sqlite3 program is installed (tests/run installs it)");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_the_tools_have_written_is_found_read_and_applied() {
    for written in FOLDERS {
        let folder = folder(written.folder);
        let found = catalog(&folder, Syntax::Sqlite, &reading("")).unwrap();
        assert_eq!(found.detected().layout.name(), written.layout, "{}", written.folder);
        assert_eq!(names(&found), written.migrations, "{}", written.folder);
        let mut project = Project::new().variable("SYNCLINE_URL", "sqlite:pets.db");
        project.ok(&["up", "--dir", folder.to_str().unwrap()]);
        assert_eq!(schema(&project.path("pets.db")), written.schema, "{}", written.folder);
        project.ok(&["verify", "--dir", folder.to_str().unwrap()]);
    }
}
