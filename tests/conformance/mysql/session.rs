//! What a script does to its session holds for it, and neither for its record nor for the next migration.

use super::super::fixture::*;
use crate::on_both;
use syncline::history::Outcome;

/// What a migration may leave behind, with `{}` for the name of another database.
const TRACES: [&str; 33] = [
    "SET sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'",
    "SET sql_mode = ''",
    "SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')",
    "SET autocommit = 0",
    "SET autocommit = 0;\nINSERT INTO t VALUES (1)",
    "SET NAMES latin1",
    "SET CHARACTER SET latin1",
    "SET character_set_results = NULL",
    "SET collation_connection = latin1_bin",
    "SET foreign_key_checks = 0, unique_checks = 0",
    "/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */",
    "USE d_{}",
    "USE d_{};\nDROP DATABASE d_{}",
    "DROP DATABASE d_{}",
    "LOCK TABLES t WRITE",
    "LOCK TABLES t READ;\nUNLOCK TABLES;\nINSERT INTO t VALUES (1)",
    "FLUSH TABLES t WITH READ LOCK",
    "SET time_zone = '+03:00'",
    "SET timestamp = 1",
    "SET SESSION TRANSACTION READ ONLY",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
    "SET SESSION sql_log_bin = 0",
    "SET SESSION binlog_format = ROW",
    "SET sql_select_limit = 1",
    "SET sql_safe_updates = 1",
    "SET lock_wait_timeout = 7, innodb_lock_wait_timeout = 7",
    "SET group_concat_max_len = 5, max_sort_length = 10",
    "SET @mine = 1",
    "SELECT COUNT(*) INTO @mine FROM t",
    "CREATE TEMPORARY TABLE mine (a int)",
    "DO GET_LOCK('l_{}', 0)",
    "DO RELEASE_ALL_LOCKS()",
];

/// Records all settings of the session, and what else it holds.
const MARKER: &str = "CREATE TABLE mine (a int);
CREATE TABLE marker (name varchar(64), value text);
INSERT INTO marker SELECT VARIABLE_NAME, VARIABLE_VALUE FROM {source}.session_variables
    WHERE VARIABLE_NAME NOT IN ('timestamp', 'pseudo_thread_id', 'rand_seed1', 'rand_seed2', 'last_insert_id', 'identity', 'insert_id',
        'error_count', 'warning_count', 'proxy_user', 'in_transaction', 'statement_id', 'last_gtid', 'gtid_next');
INSERT INTO marker VALUES ('DATABASE()', DATABASE()), ('@mine', @mine), ('locked', IS_USED_LOCK('l_{}'));
INSERT INTO marker SELECT 'mine', COUNT(*) FROM mine;
INSERT INTO mine VALUES (1);";

struct Session {
    bench: Bench,
    name: String,
    marker: String,
}

impl Session {
    async fn new(bench: Bench) -> Self {
        let name = bench.url().rsplit_once('/').unwrap().1.to_owned();
        let source = match bench.query("SELECT VERSION()").await[0].contains("MariaDB") {
            true => "information_schema",
            false => "performance_schema",
        };
        let marker = MARKER.replace("{}", &name).replace("{source}", source);
        bench.run(&up(), &[("1_t.sql", "CREATE TABLE t (a int)")]).await;
        Self { bench, name, marker }
    }

    /// What the marker finds behind a migration.
    async fn behind(&self, trace: &str) -> Vec<String> {
        let Self { bench, name, marker } = self;
        bench.execute(&format!("CREATE DATABASE IF NOT EXISTS d_{name}")).await;
        let trace = trace.replace("{}", name);
        let files = [
            ("1_t.sql", "CREATE TABLE t (a int)"),
            ("2_a.sql", trace.as_str()),
            ("3_b.sql", marker),
        ];
        assert_eq!(bench.run(&up(), &files).await, ["up 2", "up 3"], "{trace}");
        let history = bench.history().await;
        assert_eq!(history.broken_links(), [], "{trace}");
        for record in history.records() {
            let all = (record.outcome, record.statements_done);
            assert_eq!(all, (Outcome::Applied, record.statements_total), "{trace}");
        }
        assert_eq!(bench.query("SELECT a FROM mine").await, ["1"], "{trace}");
        let found = bench
            .query("SELECT CONCAT_WS(' = ', name, value) FROM marker ORDER BY name")
            .await;
        bench
            .execute("DELETE FROM syncline_history WHERE seq > 1; DROP TABLE mine, marker; DELETE FROM t")
            .await;
        found
    }
}

on_both! {
    async fn nothing_that_a_migration_sets_reaches_its_record_or_the_next_one(bench: Bench) {
        let session = Session::new(bench).await;
        let clean = session.behind("INSERT INTO t VALUES (1)").await;
        assert!(clean.len() > 300, "{}", clean.len());
        for trace in TRACES {
            let found = session.behind(trace).await;
            let differ: Vec<_> = found.iter().filter(|setting| !clean.contains(setting)).collect();
            assert!(differ.is_empty() && found.len() == clean.len(), "{trace}: {differ:?}");
        }
    }

    async fn nothing_that_a_trigger_or_a_function_sets_reaches_the_next_migration(bench: Bench) {
        let session = Session::new(bench).await;
        let clean = session.behind("INSERT INTO t VALUES (1)").await;
        let trigger = "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET @mine = 1, time_zone = '+03:00'";
        let function = "CREATE FUNCTION f() RETURNS int NOT DETERMINISTIC NO SQL RETURN GET_LOCK('l_{}', 0)";
        for (program, statement, gone) in [
            (trigger, "INSERT INTO t VALUES (1)", "DROP TRIGGER r"),
            (function, "DELETE FROM t WHERE f()", "DROP FUNCTION f"),
            ("SELECT 1", "INSERT INTO t SELECT GET_LOCK('l_{}', 0)", "SELECT 1"),
        ] {
            session.bench.execute("INSERT INTO t VALUES (1)").await;
            session.bench.execute(&program.replace("{}", &session.name)).await;
            assert_eq!(session.behind(statement).await, clean, "{program}");
            session.bench.execute(gone).await;
        }
    }

    async fn what_is_open_in_a_session_ends_with_the_migration(bench: Bench) {
        bench.run(&up(), &[("1_t.sql", "CREATE TABLE t (a int)")]).await;
        for (trace, then) in [
            ("PREPARE s FROM 'SELECT 1'", "EXECUTE s"),
            ("HANDLER t OPEN AS h", "HANDLER h READ FIRST"),
            ("CREATE TEMPORARY TABLE x (a int)", "INSERT INTO x VALUES (1)"),
            ("CREATE /* a table that only this session has, whatever the comment */ TEMPORARY TABLE x (a int)", "INSERT INTO x VALUES (1)"),
        ] {
            let files = [("1_t.sql", "CREATE TABLE t (a int)"), ("2_a.sql", trace), ("3_b.sql", then)];
            let failure = bench.failure(&up(), &files).await;
            assert_eq!(failure.label(), "3", "{trace}: {failure:?}");
            // It holds inside of one.
            let both = format!("{trace};\n{then}");
            bench.execute("DELETE FROM syncline_history WHERE seq > 1").await;
            let files = [("1_t.sql", "CREATE TABLE t (a int)"), ("2_a.sql", both.as_str())];
            assert_eq!(bench.run(&up(), &files).await, ["up 2"]);
            bench.execute("DELETE FROM syncline_history WHERE seq > 1").await;
        }
    }

    async fn a_migrator_that_is_used_again_begins_with_a_clean_session(bench: Bench) {
        let name = bench.url().rsplit_once('/').unwrap().1;
        let sets = format!("CREATE TABLE `tä` (a int);\nCREATE DATABASE d_{name};\nUSE d_{name};\nSET NAMES latin1, sql_select_limit = 1;\nLOCK TABLES `tä` READ");
        let sets = sets.replace("LOCK TABLES `tä`", &format!("LOCK TABLES {name}.syncline_script"));
        let sets = sets.replace(&format!("{name}.syncline_script"), "mysql.user");
        let files = [("1_ä.sql", sets.as_str()), ("2_ö.sql", "CREATE TABLE `tö` (a int)")];
        let mut migrator = bench.migrator().await;
        for n in 1..=2 {
            let report = migrator.run(&up(), &bench.catalog(&files[..n]), &STRICT, &mut |_| {}).await.unwrap();
            assert!(report.failure.is_none(), "{:?}", report.failure);
            let history = migrator.history().await.unwrap();
            assert_eq!(history.records().len(), 1 + n);
            assert_eq!(history.records()[1].name, "ä");
            assert!(migrator.verify(Some(&bench.catalog(&files[..n]))).await.unwrap().is_clean());
        }
        assert_eq!(bench.tables().await, ["tä", "tö"]);
    }
}
