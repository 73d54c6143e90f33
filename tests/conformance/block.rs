//! Which statements PostgreSQL takes in a transaction block: the tables say what each server does.

mod row;
mod table;

use std::collections::BTreeSet;
use std::process::Command;

use super::fixture::*;
use crate::settings::{setting, variable};
use row::{ACTIVE_TRANSACTION, Inside};
use sqlx::{AssertSqlSafe, Connection, PgConnection, raw_sql};
use syncline::script::{self, Kind, Manner, Syntax};
use table::{ROWS, THERE};

/// The kind and the manner that the tables have for a statement.
fn told(statement: &str) -> (Kind, Manner) {
    let parsed = script::parse(statement, Syntax::Postgres(Default::default())).unwrap();
    assert_eq!(parsed.sent().count(), 1, "{statement}");
    let found = parsed.sent().next().unwrap();
    let manner = script::manner(
        &statement[found.body.clone()],
        &found.kind,
        Syntax::Postgres(Default::default()),
    );
    (found.kind.clone(), manner)
}

/// The code of the error that a message ends with, empty where it ends with none.
async fn code(connection: &mut PgConnection, sql: &str) -> String {
    match raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await {
        Ok(_) => String::new(),
        Err(sqlx::Error::Database(error)) => error.code().unwrap_or_default().into_owned(),
        Err(error) => panic!("{sql}: {error}"),
    }
}

/// What the server says to a statement in a block.
async fn tried(connection: &mut PgConnection, before: &str, statement: &str) -> String {
    assert_eq!(code(connection, &format!("BEGIN; {before}")).await, "", "{before}");
    let found = code(connection, statement).await;
    assert_eq!(code(connection, "ROLLBACK").await, "");
    found
}

#[tokio::test]
async fn each_server_refuses_in_a_block_what_the_tables_say() {
    for bench in Bench::postgres_of_each_version().await {
        let version: u32 = bench.query("SHOW server_version_num").await[0].parse().unwrap();
        let name = bench.url().rsplit_once('/').unwrap().1.to_owned();
        let mut connection = PgConnection::connect(bench.url()).await.unwrap();
        assert_eq!(code(&mut connection, THERE).await, "");
        for row in ROWS.iter().filter(|row| row.inside != Inside::Ends) {
            let statement = row.statement.replace("{}", &name);
            let at = format!("PostgreSQL {version}: {statement}");
            match version / 10_000 < row.since {
                // Unknown words, unknown options, statements not for such a table: the server has many codes for it.
                true => {
                    let found = tried(&mut connection, "", &statement).await;
                    assert!(!["", ACTIVE_TRANSACTION].contains(&found.as_str()), "{at}: {found:?}");
                }
                false => assert_eq!(
                    tried(&mut connection, row.before, &statement).await,
                    row.inside.code(),
                    "{at}"
                ),
            }
        }
    }
}

#[test]
fn the_tables_send_alone_what_a_block_refuses_and_refuse_nothing_that_it_takes() {
    let mut wrong = Vec::new();
    for row in ROWS {
        let statement = row.statement.replace("{}", "name");
        let (kind, manner) = told(&statement);
        let right = match row.inside {
            Inside::Refused => kind == Kind::Outside && manner == Manner::Alone,
            Inside::RefusedForSome => kind == Kind::Plain && manner == Manner::Alone,
            Inside::Taken | Inside::Fails(_) => {
                matches!(kind, Kind::Plain | Kind::StringRule(_) | Kind::Characteristics)
            }
            Inside::Ends => kind == Kind::Transaction,
        };
        if !right {
            wrong.push(format!("{statement}: {kind:?}, {manner:?}, and {:?}", row.inside));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_rows_are_of_every_command_of_the_newest_server() {
    let bin = variable("SYNCLINE_TEST_POSTGRES_NEW_BIN").unwrap_or_else(|| setting("SYNCLINE_TEST_POSTGRES_BIN"));
    let help = Command::new(format!("{bin}/psql"))
        .args(["-X", "-c", "\\h *", &postgres_url()])
        .output()
        .unwrap();
    assert!(help.status.success(), "{}", String::from_utf8_lossy(&help.stderr));
    let help = String::from_utf8(help.stdout).unwrap();
    let listed: BTreeSet<_> = help
        .lines()
        .filter_map(|line| line.strip_prefix("Command:"))
        .map(str::trim)
        .collect();
    assert!(listed.len() > 180, "{help}");
    let tried: BTreeSet<_> = ROWS.iter().map(|row| row.command).collect();
    let missing: Vec<_> = listed.difference(&tried).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
