//! Folders that the tools have written themselves: see `written/README.md`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::project::Project;
use crate::read::{catalog, names, reading};
use crate::settings::setting;
use sqlx::{AssertSqlSafe, Connection, Row as _, raw_sql};
use syncline::script::Syntax;

/// A folder, whose it is found to be, and its migrations.
struct Written {
    folder: &'static str,
    layout: &'static str,
    migrations: &'static [&'static str],
    schema: &'static str,
}

const PETS: &str = "pets: id, name, age\nvisits: id, pet\npets_name on pets\n";

const fn written(folder: &'static str, layout: &'static str, migrations: &'static [&'static str]) -> Written {
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
        &["20261130214745 create_pets", "20261130214746 add visits"],
    ),
    written("drizzle-0.31.11/sqlite", "drizzle", &["0 0000_first", "1 0001_second"]),
    written(
        "drizzle-1.0.0-rc.5/sqlite",
        "drizzle",
        &[
            "20261130214646 20261130214646_first",
            "20261130214650 20261130214650_second",
        ],
    ),
    // Its names are syncline's own.
    written(
        "golang-migrate-4.20.1/timestamps",
        "native",
        &["20261130214940 create_pets", "20261130215006 add_visits"],
    ),
    written(
        "golang-migrate-4.20.1/sequential",
        "native",
        &["1 create_pets", "2 add_visits"],
    ),
    written(
        "goose-3.30.1/timestamps",
        "goose",
        &["20261130215004 create_pets", "20261130215005 add_visits"],
    ),
    written("goose-3.30.1/sequential", "goose", &["1 create_pets", "2 add_visits"]),
    written(
        "diesel_cli-2.3.14",
        "diesel",
        &["20261201021751.10000 create_pets", "20261201021752.10000 add visits"],
    ),
    // The names are syncline's own.
    written(
        "sqlx-cli-0.9.0/reversible",
        "native",
        &["20261201022159 create_pets", "20261201022200 add_visits"],
    ),
    written(
        "sqlx-cli-0.9.0/sequential",
        "native",
        &["1 create_pets", "2 add_visits"],
    ),
    written("sqitch-1.3.1", "sqitch", &["1 create_pets", "2 visits@v1", "3 visits"]),
    Written {
        folder: "prisma-6.19.0/sqlite",
        layout: "prisma",
        migrations: &[
            "20261130214842 20261130214842_first",
            "20261130215004 20261130215004_second_one",
        ],
        schema: "Pet: id, name, age\nVisit: id, petId\nPet_name_idx on Pet\n",
    },
    written("tern-2.3.4", "tern", &["1 create_pets", "2 add visits"]),
    written(
        "sql-migrate-1.8.1",
        "sql-migrate",
        &[
            "20261130215150 20261130215150-create_pets",
            "20261130215151 20261130215151-add visits",
        ],
    ),
    written(
        "node-pg-migrate-9.0.0",
        "node-pg-migrate",
        &["1796075267769 create-pets", "20261130214749213 add-visits"],
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

/// Those for a server: whose, and what the columns of its tables are then.
const ON_SERVERS: &[(&str, &str, &str)] = &[
    (
        "drizzle-1.0.0-rc.5/postgres",
        "postgres",
        "pets: id, name, kind | visits: id, pet",
    ),
    (
        "drizzle-1.0.0-rc.5/mysql",
        "mysql",
        "pets: id, name, age | visits: id, pet",
    ),
    (
        "drizzle-0.31.11/postgres",
        "postgres",
        "pets: id, name, kind | visits: id, pet",
    ),
    (
        "prisma-6.19.0/postgres",
        "postgres",
        "Pet: id, name, role, age | Visit: id, petId",
    ),
    (
        "drizzle-0.31.11/mysql",
        "mysql",
        "pets: id, name, age | visits: id, pet",
    ),
];

#[tokio::test]
async fn what_the_tools_have_written_for_servers_is_applied_there() {
    const COLUMNS: &str = "SELECT concat(table_name, ' ', column_name) AS told FROM information_schema.columns \
                           WHERE table_schema IN ('public', database()) AND table_name NOT LIKE 'syncline%' ORDER BY table_name, ordinal_position";
    for (name, engine, wanted) in ON_SERVERS {
        let columns = match *engine {
            "postgres" => COLUMNS.replace("database()", "'public'"),
            _ => COLUMNS.to_owned(),
        };
        let (url, found) = on_a_server(engine, folder(name).to_str().unwrap(), &columns).await;
        let mut tables: Vec<(String, Vec<String>)> = Vec::new();
        for line in found {
            let (table, column) = line.split_once(' ').unwrap();
            match tables.last_mut().filter(|(known, _)| known == table) {
                Some((_, columns)) => columns.push(column.to_owned()),
                None => tables.push((table.to_owned(), vec![column.to_owned()])),
            }
        }
        let told: Vec<String> = tables
            .iter()
            .map(|(table, columns)| format!("{table}: {}", columns.join(", ")))
            .collect();
        assert_eq!(told.join(" | "), *wanted, "{name} {url}");
    }
}

/// Applies a folder in a database of its own, and asks that.
async fn on_a_server(engine: &str, folder: &str, ask: &str) -> (String, Vec<String>) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let database = format!(
        "written_{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    let server = setting(if engine == "postgres" {
        "SYNCLINE_TEST_POSTGRES"
    } else {
        "SYNCLINE_TEST_MARIADB"
    });
    let url = format!("{}/{database}", server.rsplit_once('/').unwrap().0);
    macro_rules! asked {
        ($connection:ty) => {{
            let mut connection = <$connection>::connect(&server).await.unwrap();
            let sql = format!("CREATE DATABASE {database}");
            raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
            Project::new()
                .variable("SYNCLINE_URL", &url)
                .ok(&["up", "--dir", folder]);
            let mut there = <$connection>::connect(&url).await.unwrap();
            let rows = raw_sql(AssertSqlSafe(ask.to_owned()))
                .fetch_all(&mut there)
                .await
                .unwrap();
            let rows = rows.iter().map(|row| row.get::<String, _>(0)).collect();
            there.close().await.unwrap();
            let sql = format!("DROP DATABASE {database}");
            raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
            rows
        }};
    }
    let rows = match engine {
        "postgres" => asked!(sqlx::PgConnection),
        _ => asked!(sqlx::MySqlConnection),
    };
    (url, rows)
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
