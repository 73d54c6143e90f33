//! Dumps as migrations: the database is the one that the server's own client makes of the same file.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::super::fixture::*;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, Row, raw_sql};
use syncline::history::Outcome;
use url::Url;

/// `mariadb-dump --routines --events --hex-blob`, of a package that the tests do without. Everything in it was made by `shop`.
const OF_MARIADB: &str = include_str!("dumps/mariadb.sql");

/// `mysqldump --routines --events --hex-blob --no-tablespaces`.
const OF_MYSQL: &str = include_str!("dumps/mysql.sql");

/// Reads a file with the client, as `mariadb shop < dump.sql` does.
fn client(bench: &Bench, text: &str) {
    let url = Url::parse(bench.url()).unwrap();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    let output = Command::new("mariadb")
        // The comments in the bodies of programs are part of them.
        .args(["--no-defaults", "--comments", "--default-character-set=utf8mb4"])
        .arg(format!("--host={}", url.host_str().unwrap()))
        .arg(format!("--port={}", url.port().unwrap_or(3306)))
        .arg(format!("--user={}", url.username()))
        .arg(url.path().trim_start_matches('/'))
        .env("MYSQL_PWD", url.password().unwrap_or_default())
        .stdin(Stdio::from(file))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

const PROGRAMS: [&str; 4] = [
    "CONCAT_WS(' | ', ROUTINE_TYPE, ROUTINE_NAME, DTD_IDENTIFIER, ROUTINE_DEFINITION, SQL_DATA_ACCESS, SECURITY_TYPE, SQL_MODE, \
     ROUTINE_COMMENT, DEFINER, CHARACTER_SET_CLIENT, COLLATION_CONNECTION) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA",
    "CONCAT_WS(' | ', SPECIFIC_NAME, PARAMETER_MODE, PARAMETER_NAME, DTD_IDENTIFIER) FROM information_schema.PARAMETERS \
     WHERE SPECIFIC_SCHEMA",
    "CONCAT_WS(' | ', TRIGGER_NAME, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_STATEMENT, ACTION_TIMING, SQL_MODE, DEFINER, \
     CHARACTER_SET_CLIENT, COLLATION_CONNECTION) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA",
    "CONCAT_WS(' | ', EVENT_NAME, EVENT_DEFINITION, TIME_ZONE, INTERVAL_VALUE, INTERVAL_FIELD, STARTS, STATUS, ON_COMPLETION, SQL_MODE, \
     EVENT_COMMENT, DEFINER, CHARACTER_SET_CLIENT, COLLATION_CONNECTION) FROM information_schema.EVENTS WHERE EVENT_SCHEMA",
];

/// All that there is in a database: definitions, and check sums of the rows.
async fn picture(bench: &Bench) -> Vec<String> {
    let name = bench.url().rsplit_once('/').unwrap().1;
    let mut connection = MySqlConnection::connect(bench.url()).await.unwrap();
    let mut ask = async |sql: String, column: usize| {
        let rows = raw_sql(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
        let texts = rows
            .iter()
            .map(|row| row.get_unchecked::<Option<String>, _>(column).unwrap_or_default());
        texts.collect::<Vec<_>>()
    };
    let tables = "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() \
         AND TABLE_NAME NOT LIKE 'syncline%' ORDER BY 1";
    let mut seen = Vec::new();
    for table in ask(tables.to_owned(), 0).await {
        let quoted = format!("`{}`", table.replace('`', "``"));
        seen.extend(ask(format!("SHOW CREATE TABLE {quoted}"), 1).await);
        // A view has no sum.
        let sum = ask(format!("CHECKSUM TABLE {quoted} EXTENDED"), 1).await;
        seen.push(format!("{table}: {sum:?}"));
    }
    for list in PROGRAMS {
        seen.extend(ask(format!("SELECT {list} = DATABASE() ORDER BY 1"), 0).await);
    }
    seen.into_iter().map(|text| text.replace(name, "shop")).collect()
}

async fn is_what_the_client_makes_of_it(bench: &Bench, dump: &str) {
    let user = bench.query("SELECT CURRENT_USER()").await.remove(0);
    let text = dump.replace("`shop`@`%`", &format!("`{}`", user.replace('@', "`@`")));
    let other = bench.fresh().await;
    client(&other, &text);
    let files = [("1_shop.sql", text.as_str())];
    assert_eq!(bench.run(&up(), &files).await, ["up 1"]);
    let history = bench.history().await;
    let record = history.records().last().unwrap();
    assert_eq!(
        (record.outcome, record.statements_done),
        (Outcome::Applied, record.statements_total)
    );
    let (found, wanted) = (picture(bench).await, picture(&other).await);
    assert_eq!(found, wanted);
    // 5 tables and 2 views with their sums, 2 programs with 3 parameters, 2 triggers, an event.
    assert!(found.len() >= 2 * 7 + 5 + 3, "{found:#?}");
    assert_eq!(
        bench.query("SELECT name FROM parent ORDER BY id").await,
        ["it's; a \\ \"quote\"", "Zürich 表 😀", ""]
    );
    assert_eq!(
        bench.query("SELECT HEX(raw) FROM parent WHERE id = 1").await,
        ["00275C0A0DFF1A"]
    );
    assert!(
        bench.query("SELECT body FROM parent WHERE id = 1").await[0]
            .contains("two\r\n-- not a comment;\n/* nor this */ \\; \\'; \0 end")
    );
    assert_eq!(
        bench.query("SELECT label FROM prices WHERE id = 2").await,
        ["€ 99999999.99; it's"]
    );
    assert_eq!(bench.run(&up(), &files).await, [""; 0]);
}

#[tokio::test]
async fn a_dump_of_mariadb_is_a_migration() {
    is_what_the_client_makes_of_it(&Bench::mariadb().await, OF_MARIADB).await;
}

#[tokio::test]
async fn a_dump_of_mysql_is_a_migration_for_both() {
    is_what_the_client_makes_of_it(&Bench::mariadb().await, OF_MYSQL).await;
    if let Some(bench) = Bench::mysql().await {
        is_what_the_client_makes_of_it(&bench, OF_MYSQL).await;
    }
}
