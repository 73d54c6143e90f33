//! Programs that end transactions inside: `CALL`, prepared texts, and MariaDB's compound statements. What of them was kept is known, or
//! asked for; nothing of it is done twice.

use std::time::Duration;

use super::super::fixture::*;
use super::killed::killed_at;
use crate::on_both;
use futures_util::future::join_all;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, raw_sql};
use syncline::executor::StateAfter;
use syncline::plan::{Goal, Resolution};
use syncline::{Code, Target};

/// One way to run a body. `{}` stands for it.
struct Way {
    /// What there is before, where it is a stored program.
    stored: &'static str,
    /// What is said in the session before.
    within: &'static str,
    statement: &'static str,
    mariadb_only: bool,
}

const fn compound(statement: &'static str) -> Way {
    Way {
        stored: "",
        within: "",
        statement,
        mariadb_only: true,
    }
}

const fn stored(within: &'static str, statement: &'static str) -> Way {
    Way {
        stored: "CREATE PROCEDURE inside() BEGIN {} END",
        within,
        statement,
        mariadb_only: false,
    }
}

const fn only_mariadb(way: Way) -> Way {
    Way {
        mariadb_only: true,
        ..way
    }
}

/// <https://mariadb.com/kb/en/using-compound-statements-outside-of-stored-programs/> and whatever else runs a body.
const WAYS: &[Way] = &[
    stored("", "CALL inside()"),
    stored("", "/*!50003 CALL inside() */"),
    stored("PREPARE s FROM 'CALL inside()'", "EXECUTE s"),
    Way {
        stored: "CREATE PROCEDURE inside() BEGIN {} END; CREATE PROCEDURE outside() CALL inside()",
        within: "",
        statement: "CALL outside()",
        mariadb_only: false,
    },
    only_mariadb(stored("", "EXECUTE IMMEDIATE 'CALL inside()'")),
    only_mariadb(stored("", "SET STATEMENT max_statement_time = 60 FOR CALL inside()")),
    only_mariadb(stored(
        "PREPARE s FROM 'CALL inside()'",
        "SET STATEMENT max_statement_time = 60 FOR EXECUTE s",
    )),
    compound("IF (1 = 1) THEN {} END IF"),
    compound("IF 0 THEN DO 0; ELSE {} END IF"),
    compound("CASE 1 WHEN 1 THEN {} ELSE DO 0; END CASE"),
    compound("CASE WHEN 1 = 1 THEN {} END CASE"),
    compound("FOR i IN 1..1 DO {} END FOR"),
    compound("FOR i IN (SELECT 1 AS x) DO {} END FOR"),
    compound("WHILE (SELECT COUNT(*) FROM log) = 0 DO {} END WHILE"),
    compound("REPEAT {} UNTIL 1 END REPEAT"),
    compound("LOOP {} SIGNAL SQLSTATE '45000'; END LOOP"),
    compound("BEGIN NOT ATOMIC {} END"),
    compound("BEGIN NOT ATOMIC IF 1 THEN BEGIN {} END; END IF; END"),
    compound("/*M!100100 BEGIN NOT ATOMIC {} END */"),
    compound("SET STATEMENT max_statement_time = 60 FOR BEGIN NOT ATOMIC {} END"),
    Way {
        stored: "",
        within: "SET sql_mode = ORACLE",
        statement: "BEGIN {} END",
        mariadb_only: true,
    },
    Way {
        stored: "",
        within: "SET sql_mode = ORACLE",
        statement: "DECLARE x int; BEGIN {} END",
        mariadb_only: true,
    },
];

impl Way {
    fn with(&self, body: &str) -> (String, String) {
        let within = match self.within {
            "" => String::new(),
            within => format!("{within}//\n"),
        };
        let setup = format!(
            "CREATE TABLE account (id int PRIMARY KEY, balance int)//\nINSERT INTO account VALUES (1, 0), (2, 0)//\nCREATE TABLE log (n int)//\n{}",
            self.stored.replace("; CREATE", "//\nCREATE").replace("{}", body)
        );
        let statement = self.statement.replace("{}", body);
        (
            format!("DELIMITER //\n{setup}//\n"),
            format!("DELIMITER //\n{within}{statement}//\n"),
        )
    }

    /// The number of the statement in its script.
    fn place(&self) -> u32 {
        if self.within.is_empty() { 1 } else { 2 }
    }
}

/// A database in which a body is to be run.
struct Trial {
    bench: Bench,
    way: &'static Way,
    setup: String,
    script: String,
}

impl Trial {
    async fn new(bench: Bench, way: &'static Way, body: &str) -> Self {
        let (setup, script) = way.with(body);
        let trial = Self {
            bench,
            way,
            setup,
            script,
        };
        trial.bench.run(&up(), &trial.files()[..1]).await;
        trial
    }

    fn files(&self) -> [File<'_>; 2] {
        [("1_a.sql", &self.setup), ("2_b.sql", &self.script)]
    }

    /// Gives way after a second, and is not tried again.
    async fn hasty(&self) -> syncline::Failure {
        let target = Target {
            lock_timeout: Duration::from_secs(1),
            retries: 0,
            ..self.bench.target.clone()
        };
        let report = told(&target, &self.bench.catalog(&self.files()), |_| None::<()>).await;
        let failure = report.0.unwrap().failure;
        failure.unwrap_or_else(|| panic!("{} should have failed", self.script))
    }

    async fn log(&self) -> Vec<String> {
        self.bench.query("SELECT CAST(n AS char) FROM log ORDER BY n").await
    }

    async fn balances(&self) -> Vec<String> {
        let balances = "SELECT CAST(balance AS char) FROM account ORDER BY id";
        self.bench.query(balances).await
    }

    async fn holder(&self) -> MySqlConnection {
        holder(&self.bench, "SELECT * FROM account WHERE id = 1 FOR UPDATE").await
    }

    /// Somebody has to look, whoever runs it next, and it was done once so far.
    async fn is_asked_about(&self, log: &[&str]) {
        let refused = self.bench.refusals(&up(), &self.files()).await;
        assert_eq!(codes(&refused), ["unknown-outcome"], "{}", self.script);
        assert_eq!(self.log().await, log, "{}", self.script);
    }
}

async fn holder(bench: &Bench, statement: &str) -> MySqlConnection {
    let mut holder = MySqlConnection::connect(bench.url()).await.unwrap();
    let text = format!("START TRANSACTION; {statement}");
    raw_sql(AssertSqlSafe(text)).execute(&mut holder).await.unwrap();
    holder
}

/// The ways of a server, each with a database of its own.
async fn trials(bench: &Bench, body: &str) -> Vec<Trial> {
    let mariadb = bench.query("SELECT VERSION()").await[0].contains("MariaDB");
    let ways = WAYS.iter().filter(|way| mariadb || !way.mariadb_only);
    join_all(ways.map(|way| async { Trial::new(bench.fresh().await, way, body).await })).await
}

/// Sessions of the database that stand at a SLEEP.
const ASLEEP: &str = "SELECT ID FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep' AND DB = DATABASE()";

const UPDATE: &str = "UPDATE account SET balance = balance + 1 WHERE id = 1;";

on_both! {
    async fn a_program_that_commits_inside_and_fails_behind_that_is_asked_about_and_not_run_again(bench: Bench) {
        for commits in ["COMMIT;", "CREATE TABLE IF NOT EXISTS made (x int);", "START TRANSACTION;", "CREATE TABLE made (x int); DROP TABLE made;"] {
            let body = format!("INSERT INTO log VALUES (7); {commits} {UPDATE}");
            join_all(trials(&bench, &body).await.into_iter().map(|trial| async move {
                let mut holder = trial.holder().await;
                let failure = trial.hasty().await;
                let unknown = StateAfter::Unknown { statement: trial.way.place() };
                assert_eq!((failure.code(), failure.code().exit(), failure.state), (Code::Partial, 5, unknown), "{}: {failure:?}", trial.script);
                raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
                trial.is_asked_about(&["7"]).await;
                // Somebody puts back what is there and says so.
                trial.bench.execute("DELETE FROM log; DROP TABLE IF EXISTS made").await;
                let resolve = Goal::Resolve("2".parse().unwrap(), Resolution::NotApplied, "I have put it back".to_owned());
                trial.bench.run(&resolve, &trial.files()).await;
                if !trial.way.statement.starts_with("LOOP") {
                    assert_eq!(trial.bench.run(&up(), &trial.files()).await, ["up 2"], "{}", trial.script);
                    assert_eq!((trial.log().await, trial.balances().await), (vec!["7".to_owned()], vec!["1".to_owned(), "0".to_owned()]));
                }
            }))
            .await;
        }
    }

    async fn a_program_that_commits_nothing_is_taken_back_and_tried_again(bench: Bench) {
        let body = format!("INSERT INTO log VALUES (7); {UPDATE}");
        join_all(trials(&bench, &body).await.into_iter().map(|trial| async move {
            let mut holder = trial.holder().await;
            let failure = trial.hasty().await;
            assert_eq!(failure.state, StateAfter::Stopped { done: trial.way.place() - 1 }, "{}: {failure:?}", trial.script);
            assert_eq!(trial.log().await, [""; 0], "{}", trial.script);
            if trial.way.statement.starts_with("LOOP") {
                return;
            }
            let target = Target { lock_timeout: Duration::from_secs(1), ..trial.bench.target.clone() };
            let catalog = trial.bench.catalog(&trial.files());
            let run = tokio::spawn(async move { told(&target, &catalog, |_| None::<()>).await.0 });
            tokio::time::sleep(Duration::from_millis(1500)).await;
            raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
            let report = run.await.unwrap().unwrap();
            assert!(report.failure.is_none(), "{}: {:?}", trial.script, report.failure);
            assert_eq!((trial.log().await, trial.balances().await), (vec!["7".to_owned()], vec!["1".to_owned(), "0".to_owned()]), "{}", trial.script);
        }))
        .await;
    }

    async fn a_program_that_is_chosen_to_end_a_deadlock_is_taken_back_and_tried_again(bench: Bench) {
        let body = "INSERT INTO log VALUES (7); UPDATE account SET balance = balance + 1 WHERE id = 1; DO SLEEP(2); UPDATE account SET balance = balance + 1 WHERE id = 2;";
        join_all(trials(&bench, body).await.into_iter().filter(|trial| !trial.way.statement.starts_with("LOOP")).map(|trial| async move {
            // It has changed more rows, so it is the other one that the server chooses.
            let many = "CREATE TABLE more (id int); START TRANSACTION; INSERT INTO more VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9); UPDATE account SET balance = balance + 10 WHERE id = 2";
            let mut other = holder(&trial.bench, many).await;
            let (target, catalog) = (trial.bench.target.clone(), trial.bench.catalog(&trial.files()));
            let run = tokio::spawn(async move { told(&target, &catalog, |event| matches!(event, syncline::executor::Event::Retrying { .. }).then_some(())).await });
            while trial.bench.query(ASLEEP).await.is_empty() {
                assert!(!run.is_finished(), "{}: {:?}", trial.script, run.await);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            raw_sql("UPDATE account SET balance = balance + 10 WHERE id = 1; COMMIT").execute(&mut other).await.unwrap();
            let (report, retried) = run.await.unwrap();
            let report = report.unwrap();
            assert!(report.failure.is_none(), "{}: {:?}", trial.script, report.failure);
            assert_eq!((trial.log().await, trial.balances().await), (vec!["7".to_owned()], vec!["11".to_owned(), "11".to_owned()]), "{}", trial.script);
            assert!(!retried.is_empty(), "{}: there was no deadlock", trial.script);
        }))
        .await;
    }

    async fn a_program_that_goes_on_behind_a_rollback_is_asked_about_when_it_is_cut_off(bench: Bench) {
        for ends in [
            "INSERT INTO log VALUES (1); ROLLBACK; INSERT INTO log VALUES (2);",
            "INSERT INTO log VALUES (1); EXECUTE back; INSERT INTO log VALUES (2);",
        ] {
            let setup = format!("CREATE TABLE log (n int)//\nCREATE PROCEDURE inside() BEGIN {ends} DO SLEEP(3); END");
            let setup = format!("DELIMITER //\n{setup}//");
            let files = [("1_a.sql", setup.as_str()), ("2_b.sql", "PREPARE back FROM 'ROLLBACK'; CALL inside();")];
            let bench = bench.fresh().await;
            bench.run(&up(), &files[..1]).await;
            let (failure, record) = killed_at(&bench, &files, "DO SLEEP(3)").await;
            assert_eq!(record, "running 2 1", "{ends}");
            assert_eq!(failure.unwrap().state, StateAfter::Unknown { statement: 2 }, "{ends}");
            assert_eq!(codes(&bench.refusals(&up(), &files).await), ["unknown-outcome"], "{ends}");
            assert_eq!(bench.query("SELECT CAST(n AS char) FROM log").await, ["2"], "{ends}");
        }
    }

    async fn a_program_that_catches_the_error_which_ended_its_transaction_is_asked_about(bench: Bench) {
        let body = "DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; INSERT INTO log VALUES (9); COMMIT; RESIGNAL; END; INSERT INTO log VALUES (7); UPDATE account SET balance = balance + 1 WHERE id = 1;";
        let way = &WAYS[0];
        let trial = Trial::new(bench.fresh().await, way, body).await;
        let mut holder = trial.holder().await;
        let failure = trial.hasty().await;
        assert_eq!(failure.state, StateAfter::Unknown { statement: 1 }, "{failure:?}");
        raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
        trial.is_asked_about(&["9"]).await;
    }

    async fn a_program_with_a_cursor_is_run_again_after_it_was_cut_off(bench: Bench) {
        let setup = "DELIMITER //\nCREATE TABLE log (n int) ENGINE = InnoDB//\nCREATE PROCEDURE inside() BEGIN DECLARE done, x int DEFAULT 0; DECLARE c CURSOR FOR SELECT 1; \
                     DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1; OPEN c; FETCH c INTO x; FETCH c INTO x; CLOSE c; INSERT INTO log VALUES (done); DO SLEEP(2); END//";
        let files = [("1_a.sql", setup), ("2_b.sql", "INSERT INTO log VALUES (7); CALL inside();")];
        bench.run(&up(), &files[..1]).await;
        let (failure, record) = killed_at(&bench, &files, "DO SLEEP(2)").await;
        assert_eq!(record, "running 1 1");
        assert_eq!(failure.unwrap().state, StateAfter::Stopped { done: 1 });
        assert_eq!(bench.run(&up(), &files).await, ["up 2"]);
        assert_eq!(bench.query("SELECT CAST(n AS char) FROM log ORDER BY n").await, ["1", "7"]);
    }

    async fn rows_that_stay_are_found_out_where_a_statement_fails_behind_them(bench: Bench) {
        let setup = "DELIMITER //\nCREATE TABLE OTHER.stays (n int) ENGINE = MyISAM//\nCREATE TABLE stays (n int) ENGINE = MyISAM//\n\
             CREATE TABLE a (n int PRIMARY KEY) ENGINE = InnoDB//\nINSERT INTO a VALUES (1)//\nCREATE TABLE b (n int PRIMARY KEY) ENGINE = InnoDB//\nINSERT INTO b VALUES (1)//\n\
             CREATE TRIGGER r BEFORE INSERT ON b FOR EACH ROW INSERT INTO OTHER.stays VALUES (NEW.n)//\n\
             CREATE FUNCTION f() RETURNS int MODIFIES SQL DATA BEGIN INSERT INTO stays VALUES (5); UPDATE a SET n = n + 1; RETURN 1; END//";
        let mariadb = bench.query("SELECT VERSION()").await[0].contains("MariaDB");
        let both = [
            "INSERT INTO b VALUES (2), (1)",
            "INSERT INTO a SELECT f()",
            "SET @x = f()",
            "SET @x = (SELECT f())",
            "SELECT f()",
            "CREATE TABLE c AS SELECT f() AS z",
        ];
        let only = ["SET STATEMENT max_statement_time = 60 FOR SET @x = f()", "IF f() THEN DO 0; END IF"];
        let statements = both.into_iter().chain(only.into_iter().filter(|_| mariadb));
        join_all(statements.map(|statement| {
            let bench = bench.fresh();
            async move {
                let bench = bench.await;
                let other = format!("d_{}", bench.url().rsplit_once('/').unwrap().1);
                bench.execute(&format!("CREATE DATABASE {other}")).await;
                let setup = setup.replace("OTHER", &other);
                let files = [("1_a.sql", setup.as_str()), ("2_b.sql", statement)];
                bench.run(&up(), &files[..1]).await;
                let mut holder = holder(&bench, "SELECT * FROM a FOR UPDATE").await;
                let target = Target { lock_timeout: Duration::from_secs(1), retries: 3, ..bench.target.clone() };
                let report = told(&target, &bench.catalog(&files), |_| None::<()>).await.0.unwrap();
                let failure = report.failure.unwrap_or_else(|| panic!("{statement} should have failed"));
                assert_eq!(failure.state, StateAfter::Unknown { statement: 1 }, "{statement}: {failure:?}");
                raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
                assert_eq!(codes(&bench.refusals(&up(), &files).await), ["unknown-outcome"], "{statement}");
                bench.execute(&format!("DROP DATABASE {other}")).await;
            }
        }))
        .await;
    }

    async fn rows_that_stay_are_announced_wherever_they_are(bench: Bench) {
        for (setup, script) in [
            ("CREATE VIEW v AS SELECT * FROM OTHER.stays", "INSERT INTO v SELECT SLEEP(2)"),
            ("CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW INSERT INTO OTHER.stays VALUES (NEW.n)", "INSERT INTO t SELECT SLEEP(2)"),
            ("CREATE PROCEDURE p() INSERT INTO OTHER.stays SELECT SLEEP(2)", "CALL p()"),
            ("DO 0", "INSERT INTO t VALUES (1); RENAME TABLE OTHER.stays TO here; INSERT INTO here SELECT SLEEP(2)"),
            ("DO 0", "/*!40000 USE OTHER */; INSERT INTO stays SELECT SLEEP(2)"),
            ("DO 0", "INSERT INTO t VALUES (1); /*!50003 SET default_storage_engine = MyISAM */; CREATE TABLE m (n int); INSERT INTO m SELECT SLEEP(2)"),
        ] {
            let bench = bench.fresh().await;
            let other = format!("d_{}", bench.url().rsplit_once('/').unwrap().1);
            bench.execute(&format!("CREATE DATABASE {other}")).await;
            let setup = format!("DELIMITER //\nCREATE TABLE {other}.stays (n int) ENGINE = MyISAM//\nCREATE TABLE t (n int) ENGINE = InnoDB//\n{setup}//").replace("OTHER", &other);
            let script = script.replace("OTHER", &other);
            let last = u32::try_from(script.split("; ").count()).unwrap();
            let files = [("1_a.sql", setup.as_str()), ("2_b.sql", script.as_str())];
            bench.run(&up(), &files[..1]).await;
            let at = match script.rsplit("; ").next() {
                Some(statement) if statement.starts_with("INSERT") => statement.to_owned(),
                _ => format!("INSERT INTO {other}.stays SELECT"),
            };
            let (failure, record) = killed_at(&bench, &files, &at).await;
            assert_eq!(record, format!("running {last} {}", last - 1), "{script}");
            assert_eq!(failure.unwrap().state, StateAfter::Unknown { statement: last }, "{script}");
            bench.execute(&format!("DROP DATABASE {other}")).await;
        }
    }

    async fn a_program_is_read_by_the_mode_that_it_was_made_in(bench: Bench) {
        let setup = "CREATE TABLE log (n int) ENGINE = InnoDB; SET sql_mode = 'NO_BACKSLASH_ESCAPES';\nDELIMITER //\n\
                     CREATE PROCEDURE r() BEGIN SET @x = '\\'; INSERT INTO log VALUES (7); ROLLBACK; INSERT INTO log VALUES (8); DO SLEEP(3); SET @y = '\\'; END//";
        let files = [("1_a.sql", setup), ("2_b.sql", "CALL r();")];
        bench.run(&up(), &files[..1]).await;
        let (failure, record) = killed_at(&bench, &files, "DO SLEEP(3)").await;
        assert_eq!(record, "running 1 0");
        assert_eq!(failure.unwrap().state, StateAfter::Unknown { statement: 1 });
    }

    async fn a_prepared_text_that_was_replaced_is_not_judged_by_the_first(bench: Bench) {
        let setup = "DELIMITER //\nCREATE TABLE log (n int) ENGINE = InnoDB//\nCREATE PROCEDURE r() BEGIN ROLLBACK; INSERT INTO log VALUES (8); DO SLEEP(3); END//";
        let script = "PREPARE s FROM 'INSERT INTO log VALUES (1)';\n/*!50003 PREPARE s FROM 'CALL r()' */;\nEXECUTE s;";
        let files = [("1_a.sql", setup), ("2_b.sql", script)];
        bench.run(&up(), &files[..1]).await;
        let (failure, record) = killed_at(&bench, &files, "DO SLEEP(3)").await;
        assert_eq!(record, "running 3 2");
        assert_eq!(failure.unwrap().state, StateAfter::Unknown { statement: 3 });
    }

    async fn rows_that_stay_are_announced_whatever_the_statement_begins_with(bench: Bench) {
        let setup = "DELIMITER //\nCREATE TABLE stays (n int) ENGINE = MyISAM//\n\
                     CREATE FUNCTION f() RETURNS int MODIFIES SQL DATA BEGIN INSERT INTO stays VALUES (5); RETURN SLEEP(2); END//\n\
                     CREATE PROCEDURE p() INSERT INTO stays SELECT SLEEP(2)//";
        let mariadb = bench.query("SELECT VERSION()").await[0].contains("MariaDB");
        let both = [("SELECT f()", "SELECT f"), ("DO f()", "DO f"), ("SET @x = f()", "SET @x"), ("CALL p()", "INSERT INTO stays")];
        let only = [("SET STATEMENT sort_buffer_size = 100000 FOR INSERT INTO stays SELECT SLEEP(2)", "SET STATEMENT"), ("IF 1 THEN INSERT INTO stays SELECT SLEEP(2); END IF", "INSERT INTO stays")];
        for (statement, shown) in both.iter().chain(only.iter().filter(|_| mariadb)) {
            let bench = bench.fresh().await;
            let files = [("1_a.sql", setup), ("2_b.sql", statement)];
            bench.run(&up(), &files[..1]).await;
            let (failure, record) = killed_at(&bench, &files, shown).await;
            assert_eq!(record, "running 1 0", "{statement}");
            assert_eq!(failure.unwrap().state, StateAfter::Unknown { statement: 1 }, "{statement}");
        }
    }
}

#[tokio::test]
async fn on_mariadb_a_row_that_has_changed_since_it_was_read_is_read_again() {
    let bench = Bench::mariadb().await;
    // What MariaDB 11.8 does unless told otherwise (https://mariadb.com/kb/en/innodb-system-variables/#innodb_snapshot_isolation).
    let isolation = "SET innodb_snapshot_isolation = ON;";
    let body = "INSERT INTO log VALUES (7); SELECT SUM(balance) INTO @sum FROM account; DO SLEEP(2); UPDATE account SET balance = balance + 1 WHERE id = 1;";
    for statement in ["CALL inside()", "BEGIN NOT ATOMIC {} END"] {
        let setup = format!(
            "DELIMITER //\nCREATE TABLE account (id int PRIMARY KEY, balance int)//\nINSERT INTO account VALUES (1, 0)//\nCREATE TABLE log (n int)//\nCREATE PROCEDURE inside() BEGIN {body} END//"
        );
        let script = format!("DELIMITER //\n{isolation}//\n{}//", statement.replace("{}", body));
        let files = [("1_a.sql", setup.as_str()), ("2_b.sql", script.as_str())];
        let bench = bench.fresh().await;
        bench.run(&up(), &files[..1]).await;
        let (target, catalog) = (bench.target.clone(), bench.catalog(&files));
        let run = tokio::spawn(async move {
            let is_retry = |event: &syncline::executor::Event<'_>| match event {
                syncline::executor::Event::Retrying { error, .. } => error.native.clone(),
                _ => None,
            };
            told(&target, &catalog, is_retry).await
        });
        while bench.query(ASLEEP).await.is_empty() {
            assert!(!run.is_finished(), "{statement}: {:?}", run.await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bench.execute("UPDATE account SET balance = 10").await;
        let (report, retried) = run.await.unwrap();
        let report = report.unwrap();
        assert!(report.failure.is_none(), "{statement}: {:?}", report.failure);
        assert_eq!(retried, ["1020"], "{statement}");
        let seen = "SELECT CONCAT_WS(' ', COUNT(*), (SELECT balance FROM account)) FROM log";
        assert_eq!(bench.query(seen).await, ["1 11"], "{statement}");
    }
}
