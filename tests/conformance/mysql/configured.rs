//! A session means what the administrator of the server has set up, and neither the driver nor syncline change that.

use super::super::fixture::*;
use super::server::Server;
use crate::on_both;
use syncline::database::Access;
use syncline::{Code, Error, Migrator};

#[tokio::test]
async fn quotes_are_read_as_the_server_reads_them() {
    let server = Server::start(&["--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES"]).await;
    let bench = server.bench("quotes").await;
    let names = r#"CREATE TABLE "odd ""name; x" ("a;b" varchar(20));
INSERT INTO "odd ""name; x" VALUES ('a\');
INSERT INTO "odd ""name; x" VALUES ('b''\'), ('c;"');
"#;
    assert_eq!(bench.run(&up(), &[("1_a.sql", names)]).await, ["up 1"]);
    let rows = "SELECT `a;b` FROM `odd \"name; x` ORDER BY 1";
    assert_eq!(bench.query(rows).await, ["a\\", "b'\\", "c;\""]);
    assert_eq!(bench.history().await.records()[1].statements_total, 3);
    // What a script says of quotes holds for what follows in it.
    let strings = r#"SET sql_mode = '';
INSERT INTO `odd "name; x` VALUES ("d\";"), ('e\';');
"#;
    assert_eq!(
        bench.run(&up(), &[("1_a.sql", names), ("2_b.sql", strings)]).await,
        ["up 2"]
    );
    assert_eq!(bench.query(rows).await[3..], ["d\";", "e';"]);
}

/// One migration of everything, back and forth.
const PLAIN: [File<'_>; 3] = [
    (
        "1_a.up.sql",
        "CREATE TABLE a (id int PRIMARY KEY);\nINSERT INTO a VALUES (1);\nCREATE VIEW v AS SELECT id FROM a",
    ),
    ("1_a.down.sql", "DROP VIEW v;\nDROP TABLE a"),
    (
        "R__b.sql",
        "UPDATE a SET id = id + 1 WHERE id = 1;\nCREATE OR REPLACE VIEW w AS SELECT id FROM v",
    ),
];

#[tokio::test]
async fn settings_of_a_server_that_could_be_in_the_way_are_not() {
    for option in [
        "--sql-mode=",
        "--sql-mode=ORACLE",
        "--sql-mode=MSSQL",
        "--sql-mode=IGNORE_SPACE,PAD_CHAR_TO_FULL_LENGTH,HIGH_NOT_PRECEDENCE",
        "--autocommit=0",
        "--completion-type=CHAIN",
        "--transaction-isolation=READ-UNCOMMITTED",
        "--default-storage-engine=MyISAM",
        "--character-set-server=latin1",
        "--character-set-server=utf8mb4",
        "--lower-case-table-names=1",
        "--sql-safe-updates=1",
        "--default-time-zone=+05:30",
        "--explicit-defaults-for-timestamp=0",
    ] {
        let server = Server::start(&[option]).await;
        let bench = server.bench("plain").await;
        assert_eq!(bench.run(&up(), &PLAIN).await, ["up 1", "repeat R__b"], "{option}");
        assert_eq!(bench.query("SELECT id FROM w").await, ["2"], "{option}");
        assert_eq!(bench.run(&up(), &PLAIN).await, [""; 0], "{option}");
        assert_eq!(bench.run(&down(), &PLAIN).await, ["down 1"], "{option}");
        assert_eq!(bench.tables().await, ["w"], "{option}");
        assert_eq!(bench.history().await.broken_links(), [], "{option}");
    }
}

#[tokio::test]
async fn a_session_that_takes_the_place_of_another_takes_as_much_at_once_as_the_server_does_by_then() {
    let server = Server::start(&["--max-allowed-packet=1M"]).await;
    let bench = server.bench("packet").await;
    let large = format!("CREATE TABLE b (id int); SELECT LENGTH('{}')", "x".repeat(1 << 20));
    let files = [
        ("1_a.sql", "SET GLOBAL max_allowed_packet = 4194304"),
        ("2_b.sql", large.as_str()),
    ];
    assert_eq!(bench.run(&up(), &files).await, ["up 1", "up 2"]);
}

#[tokio::test]
async fn a_server_that_takes_no_writes_is_told_as_such_and_can_be_read() {
    let server = Server::start(&[]).await;
    let bench = server.bench("reader").await;
    let files = [
        ("1_a.sql", "CREATE TABLE a (id int)"),
        ("2_b.sql", "CREATE TABLE b (id int)"),
    ];
    bench.run(&up(), &files[..1]).await;
    bench.execute("SET GLOBAL read_only = 1").await;
    let refused = Migrator::connect(&bench.target, Access::Write)
        .await
        .map(drop)
        .unwrap_err();
    assert_eq!(
        (refused.code(), refused.code().exit()),
        (Code::ReadOnly, 3),
        "{refused}"
    );
    assert_eq!(bench.states(&files).await, ["1 applied", "2 pending"]);
    // Whoever asks for writing gets it where transactions only read unless they say otherwise.
    bench.execute("SET GLOBAL read_only = 0, GLOBAL tx_read_only = 1").await;
    assert_eq!(bench.run(&up(), &files).await, ["up 2"]);
}

#[tokio::test]
async fn a_file_of_the_client_is_not_given_away() {
    let bench = Bench::mariadb().await;
    bench.run(&up(), &[("1_a.sql", "CREATE TABLE a (line text)")]).await;
    for text in [
        "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE a",
        "/* a */ LOAD /* b */ DATA CONCURRENT LOCAL INFILE '/etc/hostname' INTO TABLE a",
        "/*!50003 LOAD DATA */ LOCAL INFILE '/etc/hostname' INTO TABLE a",
        "LOAD XML LOCAL INFILE '/etc/hostname' INTO TABLE a",
        "SET STATEMENT lock_wait_timeout = 9 FOR LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE a",
    ] {
        match bench
            .try_run(
                &up(),
                &[("1_a.sql", "CREATE TABLE a (line text)"), ("2_b.sql", text)],
                &STRICT,
            )
            .await
        {
            Err(Error::Scripts(problems)) => assert_eq!(problems[0].code, "local-data", "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    // What hides it from us is refused by the server, since we have not said that we would send files.
    let hidden = "LOAD DATA /*!999999 what no server runs */ LOCAL INFILE '/etc/hostname' INTO TABLE a";
    let failure = bench
        .failure(&up(), &[("1_a.sql", "CREATE TABLE a (line text)"), ("2_b.sql", hidden)])
        .await;
    assert_eq!(failure.error.native.as_deref(), Some("4166"), "{:?}", failure.error);
    assert_eq!(bench.query("SELECT line FROM a").await, [""; 0]);
}

on_both! {
    async fn the_driver_changes_nothing_that_a_script_can_see(bench: Bench) {
        // `count` is a name, unless blanks may stand behind the names of functions.
        let text = "CREATE TABLE count (i int);
CREATE TABLE seen (what text);
INSERT INTO seen SELECT CONCAT_WS(' ', @@SESSION.sql_mode = @@GLOBAL.sql_mode, @@SESSION.time_zone, @@character_set_client, @@autocommit + 0,
    @@SESSION.sql_select_limit = @@GLOBAL.sql_select_limit, 'a' 'b', '1' || '0')";
        assert_eq!(bench.run(&up(), &[("1_a.sql", text)]).await, ["up 1"]);
        let zone = bench.query("SELECT @@GLOBAL.time_zone").await.remove(0);
        assert_eq!(bench.query("SELECT what FROM seen").await, [format!("1 {zone} utf8mb4 1 1 ab 1")]);
    }
}
