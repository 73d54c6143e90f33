//! sqlx that leaves characters out of its checksums, which nothing in its table says.

use std::path::Path;

use sqlx::migrate::{Migrator, ResolveConfig, ResolveWith};
use sqlx::{Connection, SqliteConnection};

use crate::place::Engine::Sqlite;
use crate::project::{Files, Project};

/// What sqlx itself says, with the characters that its dump was made with.
async fn asked(project: &Project) -> String {
    let mut config = ResolveConfig::new();
    config.ignore_chars(['\r', '\n', ' ']);
    let migrations = project.directory().join("migrations");
    let migrator = Migrator::new(ResolveWith(migrations, config)).await.unwrap();
    let mut connection = SqliteConnection::connect(&project.place.url).await.unwrap();
    let said = migrator.run(&mut connection).await;
    said.map_or_else(|error| error.to_string(), |()| "nothing".to_owned())
}

#[tokio::test]
async fn what_is_mirrored_has_the_sum_that_sqlx_makes_and_what_nothing_tells_has_none() {
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adopt/recorded/sqlx/ignored-chars");
    let project = Project::new(Sqlite, "ignored-mirror", "", &Files::new());
    project
        .place
        .load(&std::fs::read_to_string(recorded.join("sqlite.sql")).unwrap());
    for entry in std::fs::read_dir(recorded.join("project/migrations")).unwrap() {
        let entry = entry.unwrap();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        project.write(&format!("migrations/{}", entry.file_name().to_str().unwrap()), &text);
    }
    project.does(&["adopt"]);
    project.write(
        "migrations/4_visits.up.sql",
        "CREATE TABLE visits (\n  id integer\n);\n",
    );
    project.write("migrations/4_visits.down.sql", "DROP TABLE visits;\n");
    project.does(&["up"]);
    project.does(&["adopt", "--mirror"]);
    assert_eq!(asked(&project).await, "nothing");
    // None of the rows tells whether a tab is ignored.
    project.write("migrations/5_more.up.sql", "CREATE TABLE more (\n\tid integer\n);\n");
    project.write("migrations/5_more.down.sql", "DROP TABLE more;\n");
    project.does(&["up"]);
    let (code, said) = project.refuses(&["adopt", "--mirror"]);
    assert_eq!(code, "no-foreign-history");
    assert!(said.contains("it has no row for 5"), "{said}");
}
