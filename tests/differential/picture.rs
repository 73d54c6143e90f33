//! All that there is in a database, as text: definitions, programs and rows.

use std::process::Command;

use sqlx::{AssertSqlSafe, Column as _, Connection, MySqlConnection, Row, ValueRef as _};

use crate::engine::{Database, Engine};
use crate::settings::setting;

/// What shows the objects of a database of MariaDB. Its own dump is in a package that the tests do without.
const SHOWS: &str = "
    SELECT CONCAT('SHOW CREATE TABLE `', REPLACE(TABLE_NAME, '`', '``'), '`') FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
    UNION ALL SELECT CONCAT('SELECT * FROM `', REPLACE(TABLE_NAME, '`', '``'), '`') FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
    UNION ALL SELECT CONCAT('SHOW CREATE ', ROUTINE_TYPE, ' `', ROUTINE_NAME, '`') FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
    UNION ALL SELECT CONCAT('SHOW CREATE TRIGGER `', TRIGGER_NAME, '`') FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
    UNION ALL SELECT CONCAT('SHOW CREATE EVENT `', EVENT_NAME, '`') FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()
    ORDER BY 1";

pub(crate) async fn of(database: &Database) -> Vec<String> {
    match database.engine {
        Engine::MariaDb => of_mariadb(&database.url).await,
        Engine::Postgres => {
            let mut command = Command::new(format!("{}/pg_dump", setting("SYNCLINE_TEST_POSTGRES_BIN")));
            command.arg("--inserts").arg(&database.url);
            // Newer ones draw a word for each dump.
            lines(command)
                .into_iter()
                .filter(|line| !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict "))
                .collect()
        }
        Engine::Sqlite => {
            let mut command = Command::new("sqlite3");
            command
                .args(["-batch", "-init", "/dev/null"])
                .arg(&database.url)
                .arg(".dump");
            lines(command)
        }
    }
}

fn lines(mut command: Command) -> Vec<String> {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect()
}

async fn of_mariadb(url: &str) -> Vec<String> {
    let mut connection = MySqlConnection::connect(url).await.unwrap();
    let mut picture = Vec::new();
    for row in sqlx::raw_sql(SHOWS).fetch_all(&mut connection).await.unwrap() {
        let show: String = row.get_unchecked(0);
        picture.push(show.clone());
        match sqlx::raw_sql(AssertSqlSafe(show)).fetch_all(&mut connection).await {
            Ok(rows) => picture.extend(rows.iter().map(values)),
            // Such as a view whose table is gone.
            Err(error) => picture.push(error.to_string()),
        }
    }
    connection.close().await.unwrap();
    picture
}

/// The values of a row, but for the time at which a trigger was made.
fn values(row: &sqlx::mysql::MySqlRow) -> String {
    let columns = row.columns().iter().filter(|column| column.name() != "Created");
    let value = |column: &sqlx::mysql::MySqlColumn| match row.try_get_raw(column.ordinal()).unwrap().is_null() {
        true => "NULL".to_owned(),
        false => row
            .get_unchecked::<Vec<u8>, _>(column.ordinal())
            .escape_ascii()
            .to_string(),
    };
    columns.map(value).collect::<Vec<_>>().join(" | ")
}
