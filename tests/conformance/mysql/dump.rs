//! Dumps as migrations: the database is the one that the server's own client makes of the same file.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::super::fixture::*;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, Row, raw_sql};
use syncline::Code;
use syncline::executor::StateAfter;
use syncline::history::Outcome;
use url::Url;

use crate::settings::variable;

/// `mariadb-dump --routines --events --hex-blob`, of a package that the tests do without. Everything in it was made by `shop`.
const OF_MARIADB: &str = include_str!("dumps/mariadb.sql");

/// `mysqldump --routines --events --hex-blob --no-tablespaces`.
const OF_MYSQL: &str = include_str!("dumps/mysql.sql");

/// The same of 11.8, which puts a transaction around the rows of each table.
const OF_MARIADB_11: &str = include_str!("dumps/mariadb_11.sql");

/// The same of 9.7, with a function and a library in JavaScript.
const OF_MYSQL_9: &str = include_str!("dumps/mysql_9.sql");

/// What changes the text of a dump; with each of these it is read by a client without an error.
const OPTIONS: &[&str] = &[
    "--single-transaction --order-by-primary",
    "--skip-opt",
    "--no-autocommit",
    "--no-autocommit --skip-add-locks --skip-disable-keys --skip-extended-insert --complete-insert",
    "--lock-all-tables --skip-tz-utc --skip-comments --skip-dump-date",
    "--insert-ignore --add-drop-trigger",
    "--replace --flush-privileges",
    "--skip-triggers --no-data",
    "--skip-set-charset",
    "--databases",
    "--databases --no-create-db",
];

/// Those that one product has alone.
const OPTIONS_OF_MARIADB: &[&str] = &[
    "--dump-history --log-queries --galera-info --copy-s3-tables",
    "--delayed-insert --no-autocommit",
];
const OPTIONS_OF_MYSQL: &[&str] = &[
    "--set-gtid-purged=ON --column-statistics",
    "--set-gtid-purged=COMMENTED --output-as-version=BEFORE_8_0_23 --skip-generated-invisible-primary-key",
];

/// A program of MySQL, where `tests/run` has its package.
fn mysql_program(name: &str) -> Option<String> {
    let dump = variable("SYNCLINE_TEST_MYSQL_DUMP")?;
    Some(Path::new(&dump).with_file_name(name).display().to_string())
}

/// A program that is told where the database is.
fn program(name: &str, url: &Url) -> Command {
    let mut command = Command::new(name);
    command
        .arg("--no-defaults")
        .arg("--default-character-set=utf8mb4")
        .arg(format!("--host={}", url.host_str().unwrap()))
        .arg(format!("--port={}", url.port().unwrap_or(3306)))
        .arg(format!("--user={}", url.username()))
        .env("MYSQL_PWD", url.password().unwrap_or_default());
    command
}

/// A dump of the database.
fn dump(with: &str, bench: &Bench, options: &str) -> String {
    let url = Url::parse(bench.url()).unwrap();
    let mut command = program(with, &url);
    command
        .args(["--routines", "--events", "--hex-blob"])
        .args(options.split(' ').filter(|option| !option.is_empty()));
    let output = command.arg(url.path().trim_start_matches('/')).output().unwrap();
    assert!(
        output.status.success(),
        "{options}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Reads a file with the client, as `mariadb shop < dump.sql` does.
fn client(bench: &Bench, text: &str) {
    let url = Url::parse(bench.url()).unwrap();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    // Only its own client knows the bodies of MySQL 9.
    let name = match text.contains("JAVASCRIPT") {
        true => mysql_program("mysql").expect("SYNCLINE_TEST_MYSQL_DUMP"),
        false => "mariadb".to_owned(),
    };
    let output = program(&name, &url)
        // The comments in the bodies of programs are part of them.
        .arg("--comments")
        .arg(url.path().trim_start_matches('/'))
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

/// A dump as a migration makes of the one database what the client makes of the other. Returns what there is then.
async fn is_what_the_client_makes_of_it(bench: &Bench, dump: &str) -> Vec<String> {
    let name = |bench: &Bench| format!("`{}`", bench.url().rsplit_once('/').unwrap().1);
    let other = bench.fresh().await;
    client(
        &other,
        &dump
            .replace("`shop`.", "")
            .replace("`shop`;", &format!("{};", name(&other)))
            .replace(" `shop` ", &format!(" {} ", name(&other))),
    );
    let text = dump
        .replace("`shop`.", "")
        .replace("`shop`;", &format!("{};", name(bench)))
        .replace(" `shop` ", &format!(" {} ", name(bench)));
    let files = [("1_shop.sql", text.as_str())];
    assert_eq!(bench.run(&up(), &files).await, ["up 1"]);
    let history = bench.history().await;
    let record = history.records().last().unwrap();
    assert_eq!(
        (record.outcome, record.statements_done),
        (Outcome::Applied, record.statements_total)
    );
    let (found, wanted) = (picture(bench).await, picture(&other).await);
    assert_eq!(found, wanted, "{dump}");
    assert_eq!(bench.run(&up(), &files).await, [""; 0]);
    found
}

/// A dump of `shop`, whose contents are known.
async fn shop_is_what_the_client_makes_of_it(bench: &Bench, dump: &str) {
    let user = bench.query("SELECT CURRENT_USER()").await.remove(0);
    let text = dump.replace("`shop`@`%`", &format!("`{}`", user.replace('@', "`@`")));
    let found = is_what_the_client_makes_of_it(bench, &text).await;
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
}

#[tokio::test]
async fn a_dump_of_mariadb_is_a_migration() {
    for dump in [OF_MARIADB, OF_MARIADB_11] {
        shop_is_what_the_client_makes_of_it(&Bench::mariadb().await, dump).await;
        if let Some(bench) = Bench::mariadb_new().await {
            shop_is_what_the_client_makes_of_it(&bench, dump).await;
        }
    }
}

#[tokio::test]
async fn a_dump_of_mysql_is_a_migration_for_both() {
    shop_is_what_the_client_makes_of_it(&Bench::mariadb().await, OF_MYSQL).await;
    if let Some(bench) = Bench::mysql().await {
        shop_is_what_the_client_makes_of_it(&bench, OF_MYSQL).await;
        let nine = bench.query("SELECT VERSION()").await[0].starts_with("9.");
        if nine && mysql_program("mysql").is_some() {
            shop_is_what_the_client_makes_of_it(&bench.fresh().await, OF_MYSQL_9).await;
        }
    }
}

/// With each option, as the programs of the machine write it.
async fn each_option_gives_a_migration(with: &str, bench: &Bench, options: &[&str]) {
    // Programs that only their user may see would need one.
    let user = bench.query("SELECT CURRENT_USER()").await.remove(0);
    let of = if with.contains("mysql") { OF_MYSQL } else { OF_MARIADB };
    client(
        bench,
        &of.replace("`shop`@`%`", &format!("`{}`", user.replace('@', "`@`"))),
    );
    let name = bench.url().rsplit_once('/').unwrap().1;
    for option in OPTIONS.iter().chain(options) {
        let text = dump(with, bench, option).replace(name, "shop");
        // Data by themselves need their tables.
        let found = is_what_the_client_makes_of_it(&bench.fresh().await, &text).await;
        assert!(found.len() > 14, "{option}: {found:?}");
    }
}

#[tokio::test]
async fn a_dump_of_mariadb_with_any_option_is_a_migration() {
    each_option_gives_a_migration("mariadb-dump", &Bench::mariadb().await, OPTIONS_OF_MARIADB).await;
}

#[tokio::test]
async fn a_dump_of_mysql_with_any_option_is_a_migration() {
    // The program that comes with MySQL, where `tests/run` has it.
    if let (Some(bench), Some(program)) = (Bench::mysql().await, mysql_program("mysqldump")) {
        each_option_gives_a_migration(&program, &bench, OPTIONS_OF_MYSQL).await;
    }
}

#[tokio::test]
async fn rows_in_a_transaction_of_a_dump_are_committed_with_their_records() {
    for bench in Bench::mysqls().await {
        for (before, behind) in [
            ("set autocommit=0;\n", "commit;\n"),
            (
                "SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;\n",
                "COMMIT;\nSET AUTOCOMMIT=@OLD_AUTOCOMMIT;\n",
            ),
        ] {
            let bench = bench.fresh().await;
            let text = format!(
                "CREATE TABLE a (n int PRIMARY KEY);\n{before}LOCK TABLES `a` WRITE;\nINSERT INTO `a` VALUES (1);\n\
                 INSERT INTO `a` VALUES (2),(1);\nUNLOCK TABLES;\n{behind}INSERT INTO a VALUES (3);\n"
            );
            let failure = bench.failure(&up(), &[("1_a.sql", &text)]).await;
            // The first is there, as the record says: what is passed over keeps nothing back.
            assert_eq!(failure.state, StateAfter::Stopped { done: 3 }, "{failure:?}");
            assert_eq!(bench.query("SELECT n FROM a").await, ["1"]);
            let mended = text.replace("(2),(1)", "(2)");
            assert_eq!(bench.run(&up(), &[("1_a.sql", &mended)]).await, ["up 1"]);
            assert_eq!(bench.query("SELECT n FROM a ORDER BY n").await, ["1", "2", "3"]);
            assert_eq!(bench.history().await.records().last().unwrap().statements_total, 6);
        }
    }
}

#[tokio::test]
async fn a_statement_that_drops_the_database_of_the_history_is_not_sent() {
    for bench in Bench::mysqls().await {
        let name = bench.url().rsplit_once('/').unwrap().1.to_owned();
        let mariadb = bench.query("SELECT VERSION()").await[0].contains("MariaDB");
        for (statement, mariadb_only) in [
            ("/*!40000 DROP DATABASE IF EXISTS `{}`*/", false),
            ("DROP SCHEMA {}", false),
            ("CREATE OR REPLACE DATABASE {}", true),
            ("SET STATEMENT lock_wait_timeout = 9 FOR DROP DATABASE {}", true),
        ] {
            if mariadb_only && !mariadb {
                continue;
            }
            let bench = bench.fresh().await;
            let name = bench.url().rsplit_once('/').unwrap().1;
            let text = format!("CREATE TABLE a (n int);\n{}", statement.replace("{}", name));
            let failure = bench.failure(&up(), &[("1_a.sql", &text)]).await;
            assert_eq!(
                (failure.error.code, failure.state),
                (Code::LedgerTouched, StateAfter::Stopped { done: 1 }),
                "{statement}: {failure:?}"
            );
            assert_eq!(bench.tables().await, ["a"]);
        }
        // Another one may go.
        bench.execute(&format!("CREATE DATABASE d_{name}")).await;
        let other = format!("DROP DATABASE d_{name}");
        assert_eq!(bench.run(&up(), &[("1_a.sql", &other)]).await, ["up 1"]);
    }
}
