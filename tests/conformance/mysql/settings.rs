//! What a session of MySQL or MariaDB is set to, beside one of the client.

use std::process::Command;

use url::Url;

use super::super::fixture::*;
use super::super::session::{different, explained, settings};
use super::server::Server;
use crate::on_both;
use syncline::Target;

/// What no two sessions share.
const ITS_OWN: &[&str] = &[
    "in_transaction",
    "pseudo_thread_id",
    "rand_seed1",
    "rand_seed2",
    "statement_id",
    "timestamp",
];

/// Runs statements with the client, which has the character set of the files.
fn client(target: &Target, sql: &str) {
    let mut command = Command::new("mariadb");
    let url = Url::parse(&target.to_string()).unwrap();
    command.args(["--no-defaults", "--default-character-set=utf8mb4"]);
    match target.parameter("socket") {
        Some(socket) => command.arg(format!("--socket={socket}")),
        None => command
            .arg(format!("--host={}", url.host_str().unwrap()))
            .arg(format!("--port={}", url.port().unwrap_or(3306))),
    };
    let password = target.address.password.as_ref();
    let password = password.map(secrecy::ExposeSecret::expose_secret).unwrap_or_default();
    command
        .env("MYSQL_PWD", password)
        .arg(format!("--user={}", target.address.user.as_deref().unwrap_or_default()))
        .args(["-e", sql])
        .arg(target.address.database.as_deref().unwrap_or_default());
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{sql}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn seen(table: &str, of: &str) -> String {
    format!("CREATE TABLE {table} AS SELECT VARIABLE_NAME AS name, VARIABLE_VALUE AS setting FROM {of}")
}

/// What the table of the session's variables is called.
async fn variables(bench: &Bench) -> &'static str {
    match bench.query("SELECT VERSION() LIKE '%MariaDB%'").await.as_slice() {
        [yes] if yes == "1" => "information_schema.SESSION_VARIABLES",
        _ => "performance_schema.session_variables",
    }
}

/// Rows that look as a session is set.
const ROWS: &str = r#"CONCAT_WS('/', 'C:\\data\tmp', 1 || 0, "x", 5 DIV 2 - -1, FROM_UNIXTIME(0), NOT 1 BETWEEN -5 AND 5, 'a ' = 'a', 'ä' = 'A') AS r"#;

on_both! {
    async fn it_is_one_of_the_client_but_for_what_is_told(bench: Bench) {
        let of = variables(&bench).await;
        bench.run(&up(), &[("1_a.sql", &seen("ours", of)), ("2_b.sql", &format!("CREATE TABLE rows_ours AS SELECT {ROWS}"))]).await;
        // The client of the other product names its own collation when it connects.
        let own = if of.starts_with("performance") { "SET NAMES utf8mb4; " } else { "" };
        client(&bench.target, &format!("{own}{}", seen("theirs", of)));
        client(&bench.target, &format!("{own}CREATE TABLE rows_theirs AS SELECT {ROWS}"));
        let different = different(&settings(&bench, "ours").await, &settings(&bench, "theirs").await);
        explained(&bench.target, "the session", &different, ITS_OWN);
        let rows = "SELECT COUNT(*) FROM rows_ours o JOIN rows_theirs t ON HEX(o.r) = HEX(t.r)";
        assert_eq!(bench.query(rows).await, ["1"]);
    }
}

/// Each variable gets another value for all sessions: what is on is off, and of words another one is taken.
#[tokio::test]
async fn what_the_server_is_set_to_is_what_a_session_has() {
    // They end sessions, keep everybody from writing, or reach into how the server stores what the test reads.
    const LEFT: &[&str] = &[
        "character_set_client",
        "character_set_connection",
        "character_set_results",
        "collation_connection",
        "default_storage_engine",
        "enforce_storage_engine",
        "read_only",
        "sql_log_bin",
        "transaction_read_only",
        "tx_read_only",
        "wsrep_on",
    ];
    let server = Server::start(&[]).await;
    let bench = server.bench("toggled").await;
    let all = bench
        .query(
            "SELECT CONCAT(LOWER(VARIABLE_NAME), ' ', VARIABLE_TYPE, ' ', GLOBAL_VALUE, ' ', COALESCE(ENUM_VALUE_LIST, '')) \
             FROM information_schema.SYSTEM_VARIABLES WHERE VARIABLE_SCOPE = 'SESSION' AND READ_ONLY = 'NO' AND VARIABLE_TYPE IN ('BOOLEAN', 'ENUM')",
        )
        .await;
    let mut toggled = Vec::new();
    for line in &all {
        let [name, kind, value, words] = line.splitn(4, ' ').collect::<Vec<_>>().try_into().unwrap();
        if LEFT.contains(&name) {
            continue;
        }
        let other = match (kind, value) {
            ("BOOLEAN", "ON") => "OFF",
            ("BOOLEAN", _) => "ON",
            _ => words.split(',').find(|word| *word != value).unwrap_or(value),
        };
        toggled.push(format!("SET GLOBAL {name} = '{other}'"));
    }
    toggled.push(
        "SET GLOBAL sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_UNSIGNED_SUBTRACTION,HIGH_NOT_PRECEDENCE'".to_owned(),
    );
    toggled.push("SET GLOBAL time_zone = '+05:30'".to_owned());
    assert!(toggled.len() > 30, "{toggled:?}");
    for set in &toggled {
        // Some take no other value on this server.
        client_may(&bench.target, set);
    }
    let of = variables(&bench).await;
    let rows = ROWS.replace("\"x\"", "'x'");
    bench
        .run(
            &up(),
            &[
                ("1_a.sql", &seen("ours", of)),
                ("2_b.sql", &format!("CREATE TABLE rows_ours AS SELECT {rows}")),
            ],
        )
        .await;
    client(&bench.target, &seen("theirs", of));
    client(&bench.target, &format!("CREATE TABLE rows_theirs AS SELECT {rows}"));
    let different = different(&settings(&bench, "ours").await, &settings(&bench, "theirs").await);
    explained(&bench.target, "the session", &different, ITS_OWN);
    let count = "SELECT COUNT(*) FROM rows_ours o JOIN rows_theirs t ON HEX(o.r) = HEX(t.r)";
    assert_eq!(bench.query(count).await, ["1"]);
}

fn client_may(target: &Target, sql: &str) {
    let socket = target.parameter("socket").unwrap();
    let password = target
        .address
        .password
        .as_ref()
        .map(secrecy::ExposeSecret::expose_secret);
    let output = Command::new("mariadb")
        .args(["--no-defaults", "--user=tester", "-e", sql])
        .arg(format!("--socket={socket}"))
        .env("MYSQL_PWD", password.unwrap_or_default())
        .output();
    drop(output.unwrap());
}

/// `init_connect` is run for users without special rights.
#[tokio::test]
async fn what_is_set_when_somebody_connects_holds() {
    let server =
        Server::start(&["--init-connect=SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', time_zone = '+05:30'"])
            .await;
    let bench = server.bench("connected").await;
    bench
        .execute("CREATE USER plain IDENTIFIED BY 'x'; GRANT ALL ON connected.* TO plain")
        .await;
    let socket = bench.target.parameter("socket").unwrap();
    let target = Target::from_url(&format!("mysql://plain:x@localhost/connected?socket={socket}")).unwrap();
    let script = r#"CREATE TABLE "a" ("b" varchar(20), c datetime); INSERT INTO a VALUES ('C:\', FROM_UNIXTIME(0))"#;
    let mut migrator = syncline::Migrator::connect(&target, syncline::database::Access::Write)
        .await
        .unwrap();
    let report = migrator
        .run(&up(), &bench.catalog(&[("1_a.sql", script)]), &STRICT, &mut |_| {})
        .await
        .unwrap();
    assert!(report.failure.is_none(), "{:?}", report.failure);
    assert_eq!(
        bench.query("SELECT CONCAT(b, ' ', c) FROM a").await,
        ["C:\\ 1970-01-01 05:30:00"]
    );
}

/// Between two migrations a session may be opened anew, and read quotes in another way from then on.
#[tokio::test]
async fn what_a_migration_sets_for_all_sessions_holds_for_the_next_migration_of_the_run() {
    let server = Server::start(&[]).await;
    let bench = server.bench("changed").await;
    let set = "CREATE TABLE b (c varchar(20)); SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'; SET @a = 1";
    // Two statements by either rule, and not the same ones.
    let odd = "INSERT INTO b VALUES ('\\'), ('x;y'); -- '";
    let files = [("1_a.sql", set), ("2_b.sql", odd)];
    assert_eq!(bench.run(&up(), &files).await, ["up 1", "up 2"]);
    assert_eq!(bench.query("SELECT c FROM b ORDER BY HEX(c)").await, ["\\", "x;y"]);
}
