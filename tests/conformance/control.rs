//! What scripts say of their transactions: how isolated they are, and ends of none.

use super::fixture::*;
use super::{on_both, on_every_engine};
use syncline::Error;

/// The codes of the problems that keep a script from being run.
async fn refused(bench: &Bench, text: &str) -> Vec<&'static str> {
    match bench.try_run(&up(), &[("1_a.sql", text)], &STRICT).await {
        Err(Error::Scripts(problems)) => problems.iter().map(|problem| problem.code).collect(),
        other => panic!("{text}: {other:?}"),
    }
}

#[tokio::test]
async fn postgres_carries_out_how_isolated_a_transaction_is_to_be() {
    const ASK: &str = "CREATE TABLE a AS SELECT current_setting('transaction_isolation') AS level;";
    for bench in Bench::postgres_of_each_version().await {
        for (before, level) in [
            ("", "read committed"),
            ("-- syncline: isolation=serializable\n", "serializable"),
            ("-- syncline: isolation=repeatable-read\n", "repeatable read"),
            ("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\n", "serializable"),
            (
                "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE;\n",
                "repeatable read",
            ),
            (
                "SET lock_timeout = '1s';\nSET LOCAL TRANSACTION ISOLATION LEVEL SERIALIZABLE NOT DEFERRABLE;\n",
                "serializable",
            ),
            ("set transaction_isolation to 'serializable';\n", "serializable"),
            ("SET TRANSACTION READ WRITE;\n", "read committed"),
            (
                "SET TRANSACTION DEFERRABLE;\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\n",
                "serializable",
            ),
        ] {
            let bench = bench.fresh().await;
            let text = format!("{before}{ASK}\nINSERT INTO a VALUES ('x');");
            let behind = (
                "2_b.sql",
                "CREATE TABLE b AS SELECT current_setting('transaction_isolation') AS level;",
            );
            assert_eq!(
                bench.run(&up(), &[("1_a.sql", &text), behind]).await,
                ["up 1", "up 2"],
                "{before}"
            );
            assert_eq!(bench.query("SELECT level FROM a").await, [level, "x"], "{before}");
            assert_eq!(bench.query("SELECT level FROM b").await, ["read committed"], "{before}");
        }
    }
}

#[tokio::test]
async fn postgres_is_not_asked_for_what_cannot_be_carried_out() {
    let bench = Bench::postgres().await;
    for text in [
        "SELECT 1;\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;",
        "SET TRANSACTION READ ONLY;\nSELECT 1;",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE;\nSELECT 1;",
        "SET TRANSACTION SNAPSHOT '00000003-0000001B-1';\nSELECT 1;",
        "-- syncline: no-transaction\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;",
    ] {
        assert_eq!(refused(&bench, text).await, ["transaction-control"], "{text}");
    }
    for text in ["-- syncline: no-transaction\n-- syncline: isolation=serializable\nSELECT 1;"] {
        assert_eq!(refused(&bench, text).await, ["bad-directive"], "{text}");
    }
    assert_eq!(bench.tables().await, [""; 0]);
}

mod next_one {
    use super::*;

    on_both! {
        async fn mysql_has_a_whole_script_as_isolated_as_its_first_statement_says(bench: Bench) {
            // The next transaction alone would be that of a record.
            let ask = match bench.query("SELECT VERSION()").await[0].contains("MariaDB") {
                true => "SELECT VARIABLE_VALUE AS level FROM information_schema.SESSION_VARIABLES WHERE VARIABLE_NAME IN ('TX_ISOLATION', 'TRANSACTION_ISOLATION') LIMIT 1",
                false => "SELECT VARIABLE_VALUE AS level FROM performance_schema.session_variables WHERE VARIABLE_NAME = 'transaction_isolation'",
            };
            for before in ["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\n", "-- syncline: isolation=serializable\n", "SET NAMES utf8mb4;\nSET TRANSACTION READ WRITE, ISOLATION LEVEL SERIALIZABLE;\n"] {
                let bench = bench.fresh().await;
                let text = format!("{before}CREATE TABLE a AS {ask};\nINSERT INTO a {ask};");
                let behind = format!("CREATE TABLE b AS {ask}");
                assert_eq!(bench.run(&up(), &[("1_a.sql", &text), ("2_b.sql", &behind)]).await, ["up 1", "up 2"], "{before}");
                assert_eq!(bench.query("SELECT level FROM a").await, ["SERIALIZABLE", "SERIALIZABLE"], "{before}");
                assert_eq!(bench.query("SELECT level FROM b").await, ["REPEATABLE-READ"], "{before}");
            }
            for text in ["SELECT 1;\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;", "SET TRANSACTION READ ONLY;"] {
                assert_eq!(refused(&bench, text).await, ["transaction-control"], "{text}");
            }
        }
    }
}

on_every_engine! {
    async fn a_commit_that_ends_nothing_is_passed_over_where_each_statement_is_committed(bench: Bench) {
        let outside = if bench.is_transactional() { "-- syncline: no-transaction\n" } else { "" };
        let text = format!("{outside}CREATE TABLE a (id integer);\nINSERT INTO a VALUES (1);\nCOMMIT;\nINSERT INTO a VALUES (2);\ncommit;\n");
        assert_eq!(bench.run(&up(), &[("1_a.sql", &text)]).await, ["up 1"]);
        assert_eq!(bench.query("SELECT id FROM a ORDER BY id").await, ["1", "2"]);
        let history = bench.history().await;
        assert_eq!(history.records().last().unwrap().statements_total, 3);
        let bench = bench.fresh().await;
        for wrong in ["ROLLBACK", "BEGIN;\nCOMMIT", "COMMIT AND CHAIN"] {
            assert_eq!(refused(&bench, &format!("{outside}CREATE TABLE a (id integer);\n{wrong};"))
                .await
                .iter()
                .find(|code| **code != "transaction-control"), None, "{wrong}");
        }
        if bench.is_transactional() {
            assert_eq!(refused(&bench, "CREATE TABLE a (id integer);\nCOMMIT;").await, ["transaction-control"]);
        } else {
            let many = "@a = 1, ".repeat(20);
            for manual in [
                "SET autocommit = 0",
                "SET `autocommit` = 0",
                "SET @@completion_type = 1",
                "SET SESSION completion_type = 'CHAIN'",
                "/*!40101 SET autocommit = 0 */",
                "PREPARE s FROM 'SET autocommit = 0';\nEXECUTE s",
                "CALL manual()",
                &format!("SET {many}autocommit = 0"),
            ] {
                let by_hand = format!("{manual};\nDELETE FROM a;\nCOMMIT;\nSELECT 1;");
                assert_eq!(refused(&bench, &by_hand).await, ["transaction-control"], "{manual}");
            }
        }
        assert_eq!(bench.tables().await, [""; 0]);
    }
}
