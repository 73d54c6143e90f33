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

/// The rows of a page that tell of the words of URLs, for each engine, and of those of other drivers.
fn rows_of_words() -> (Vec<String>, Vec<String>) {
    use syncline::database::{ENGINES, Fate, Word};
    let fate = |word: &Word| match (word.otherwise, word.values) {
        (Fate::Done, _) => "done",
        (Fate::Idle, _) => "taken",
        (_, values) if values.iter().any(|(_, fate)| *fate == Fate::Done) => "done",
        (_, values) if values.iter().any(|(_, fate)| *fate == Fate::Idle) => "taken",
        _ => "refused",
    };
    let (mut words, mut foreign) = (Vec::new(), Vec::new());
    for engine in ENGINES {
        for word in engine.words {
            let name = word.name.replace('[', "[…]");
            let mut means = word.means.to_owned();
            let taken = word
                .values
                .iter()
                .filter(|(value, fate)| matches!(fate, Fate::Done | Fate::Idle) && !value.is_empty());
            let taken: Vec<String> = taken.map(|(value, _)| format!("`{value}`")).collect();
            if !taken.is_empty() && word.otherwise != Fate::Done && word.otherwise != Fate::Idle {
                means.push_str(&format!(" Takes {}.", taken.join(", ")));
            }
            let mut told = String::new();
            for (value, fate) in word.values {
                if let Fate::Refused(instead) = fate
                    && told != *instead
                {
                    means.push_str(&format!(" `{name}={value}` is refused: {instead}."));
                    told = (*instead).to_owned();
                }
            }
            if let Fate::Refused(instead) = word.otherwise {
                let other = if word.values.is_empty() { "It" } else { "Anything else" };
                means.push_str(&format!(" {other} is refused: {instead}."));
            }
            words.push(format!("| {} | `{name}` | {} | {means} |", engine.name, fate(word)));
        }
        for word in syncline::database::words_of(engine) {
            foreign.push(format!(
                "| {} | `{}` | {} | {} |",
                engine.name, word.name, word.of, word.here
            ));
        }
    }
    (words, foreign)
}

/// `INSTA_UPDATE=always` writes the page anew, as it does with snapshots.
#[test]
fn the_page_of_urls_has_every_word_and_what_becomes_of_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/urls.md");
    let page = fs::read_to_string(&path).unwrap();
    let (words, foreign) = rows_of_words();
    let words = format!(
        "| engine | word | | what it is for, and what becomes of it |\n| --- | --- | --- | --- |\n{}\n",
        words.join("\n")
    );
    let foreign = format!(
        "| engine | word | of | here |\n| --- | --- | --- | --- |\n{}\n",
        foreign.join("\n")
    );
    let variables = |id: &str| {
        let engine = syncline::database::ENGINES
            .iter()
            .find(|engine| engine.id == id)
            .unwrap();
        let names: Vec<String> = engine.variables.iter().map(|(name, _)| format!("`{name}`")).collect();
        names.join(", ")
    };
    let mut wanted = String::new();
    let mut heading = "";
    for line in page.lines() {
        if line.starts_with("## ") {
            heading = line;
        }
        let is_table = heading == "## Words" || heading == "## Words of other drivers";
        if is_table && line.starts_with('|') {
            continue;
        }
        match line.split_once(": ").map_or("", |(start, _)| start) {
            "- PostgreSQL" if heading == "## The environment" => {
                let rest = line.split_once(". Also").unwrap().1;
                wanted.push_str(&format!("- PostgreSQL: {}. Also{rest}\n", variables("postgres")));
            }
            "- MySQL and MariaDB" if heading == "## The environment" => {
                let rest = line.split_once(". Option").unwrap().1;
                wanted.push_str(&format!("- MySQL and MariaDB: {}. Option{rest}\n", variables("mysql")));
            }
            _ => {
                wanted.push_str(line);
                wanted.push('\n');
            }
        }
        if line.starts_with("*Refused*") {
            wanted.push_str(&format!("\n{words}"));
        }
        if line.starts_with("syncline another one") {
            wanted.push_str(&format!("\n{foreign}"));
        }
    }
    let wanted = wanted.replace("\n\n\n", "\n\n");
    if std::env::vars().any(|(name, value)| name == "INSTA_UPDATE" && value == "always") {
        fs::write(&path, &wanted).unwrap();
    }
    let differs = page.lines().zip(wanted.lines()).find(|(page, wanted)| page != wanted);
    assert!(
        page == wanted,
        "docs/urls.md differs from the tables, first at {differs:?}: INSTA_UPDATE=always writes it anew"
    );
}
