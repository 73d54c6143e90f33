//! The transcripts in the README and on the pages of the examples are what the program prints.
//!
//! `UPDATE=1 cargo test --test pages` writes what it prints into the pages.

#[path = "shared/page.rs"]
mod page;
#[path = "shared/settings.rs"]
mod settings;

use std::fs;
use std::path::Path;
use std::process::Command;

use page::{check, copy};

use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection};

#[test]
fn the_tour_of_the_readme_is_what_the_program_prints() {
    check("README.md", "migrations-examples/shop-sqlite", &[]);
}

#[test]
fn the_page_of_the_shop_on_sqlite_is_what_the_program_prints() {
    check(
        "migrations-examples/shop-sqlite/README.md",
        "migrations-examples/shop-sqlite",
        &[],
    );
}

#[test]
fn the_page_of_the_edited_migrations_is_what_the_program_prints() {
    check(
        "migrations-examples/edited/README.md",
        "migrations-examples/edited",
        &[],
    );
}

#[tokio::test]
async fn the_page_of_the_shop_on_postgres_is_what_the_program_prints() {
    let server = settings::setting("SYNCLINE_TEST_POSTGRES");
    let name = format!("page_{}", std::process::id());
    let mut connection = PgConnection::connect(&server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    check(
        "migrations-examples/shop-postgres/README.md",
        "migrations-examples/shop-postgres",
        &[("SHOP_DATABASE_URL", &url)],
    );
}

/// An empty database of MariaDB, by its URL.
async fn mariadb(name: &str) -> String {
    let server = settings::setting("SYNCLINE_TEST_MARIADB");
    let mut connection = MySqlConnection::connect(&server).await.unwrap();
    // The page shows the name.
    sqlx::raw_sql(AssertSqlSafe(format!(
        "DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name}"
    )))
    .execute(&mut connection)
    .await
    .unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

#[tokio::test]
async fn the_page_of_the_shop_on_mysql_is_what_the_program_prints() {
    let url = mariadb("shop_page").await;
    check(
        "migrations-examples/shop-mysql/README.md",
        "migrations-examples/shop-mysql",
        &[("SHOP_DATABASE_URL", &url)],
    );
}

#[tokio::test]
async fn the_page_of_failures_is_what_the_program_prints() {
    let url = mariadb("shop").await;
    check(
        "docs/failures.md",
        "migrations-examples/shop-mysql",
        &[("SHOP_DATABASE_URL", &url)],
    );
}

#[test]
fn the_first_command_of_the_readme_migrates_an_example() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let first = readme
        .lines()
        .find_map(|line| line.strip_prefix("cargo run --release -- "))
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations-examples"),
        &directory.path().join("migrations-examples"),
    );
    let run = Command::new(env!("CARGO_BIN_EXE_syncline"))
        .args(first.split(' '))
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(
        directory
            .path()
            .join("migrations-examples/shop-sqlite/shop.db")
            .exists()
    );
}

/// The tools that a table of a page names first in its lines.
fn listed(page: &str, title: &str) -> Vec<String> {
    let (_, behind) = page.split_once(title).expect("the page has that table");
    let lines = behind.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let names = lines
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.split('`').nth(1).expect("a name in a line").to_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn the_page_of_compatibility_lists_all_layouts_and_all_histories() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/compatibility.md")).unwrap();
    let mut layouts: Vec<&str> = syncline::catalog::Layout::names().chain(["order", "pattern"]).collect();
    layouts.sort_unstable();
    assert_eq!(listed(&page, "## Layouts"), layouts);
    let mut histories: Vec<&str> = syncline::compat::adopt::names().collect();
    histories.sort_unstable();
    assert_eq!(listed(&page, "## Histories"), histories);
    let entry = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/adopt.md")).unwrap();
    assert_eq!(listed(&entry, "## The tools"), histories);
}

#[test]
fn the_page_of_the_configuration_has_every_setting_that_sessions_are_given() {
    let page = fs::read_to_string("docs/configuration.md").unwrap();
    let mut rows = 0;
    for engine in syncline::database::ENGINES {
        for setting in engine.settings {
            let row = format!("| {} | `{}` | {} |", engine.name, setting.name, setting.means);
            assert!(page.contains(&row), "docs/configuration.md lacks: {row}");
            rows += 1;
        }
    }
    let table = page.split("## What a session is set to").nth(1).unwrap();
    let listed = table
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains("| `"));
    assert_eq!(listed.count(), rows);
}
