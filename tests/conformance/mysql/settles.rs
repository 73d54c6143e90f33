//! Statements whose answer never came: the catalog tells what became of them, and where it cannot, somebody is asked.

use std::time::Duration;

use super::super::fixture::*;
use super::client::Client;
use super::killed::killed_at;
use crate::on_both;
use syncline::executor::{Event, StateAfter};
use syncline::plan::Resolution::{Applied, NotApplied};
use syncline::plan::{Goal, Resolution};

/// What there is before, a statement, and what takes it back so that the catalog looks as before. `{}` stands for the name of the
/// database.
type Case = (&'static str, &'static str, &'static str);

const T: &str = "CREATE TABLE t (a int, b int)";
const U: &str = "CREATE TABLE u (a int)";
const I: &str = "CREATE INDEX i ON t (b)";
const V: &str = "CREATE VIEW v AS SELECT a FROM t";
const P: &str = "CREATE PROCEDURE p() SELECT 1";
const E: &str = "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DO SELECT 1";
const D: &str = "CREATE DATABASE d_{}";
const NOTHING: &str = "SELECT 1";

#[rustfmt::skip]
const TOLD: [Case; 29] = [
    (NOTHING, "CREATE TABLE n (a int)", "DROP TABLE n"),
    (NOTHING, "CREATE TABLE n LIKE t", "DROP TABLE n"),
    (NOTHING, "CREATE TABLE n SELECT 1 AS a", "DROP TABLE n"),
    (NOTHING, "DROP TABLE t", T),
    (U, "DROP TABLE t, u", "CREATE TABLE t (a int, b int); CREATE TABLE u (a int)"),
    (NOTHING, "ALTER TABLE t ADD COLUMN c int", "ALTER TABLE t DROP COLUMN c"),
    (NOTHING, "ALTER TABLE t DROP COLUMN b", "ALTER TABLE t ADD COLUMN b int"),
    (NOTHING, "ALTER TABLE t MODIFY b bigint NOT NULL", "ALTER TABLE t MODIFY b int"),
    (NOTHING, "ALTER TABLE t COMMENT = 'é; it''s'", "ALTER TABLE t COMMENT = ''"),
    (NOTHING, "ALTER TABLE t RENAME TO n", "RENAME TABLE n TO t"),
    (NOTHING, "RENAME TABLE t TO n", "RENAME TABLE n TO t"),
    (U, "RENAME TABLE t TO n, u TO m", "RENAME TABLE n TO t, m TO u"),
    (NOTHING, I, "DROP INDEX i ON t"),
    (I, "DROP INDEX i ON t", I),
    (NOTHING, V, "DROP VIEW v"),
    (V, "CREATE OR REPLACE VIEW v AS SELECT b FROM t", "CREATE OR REPLACE VIEW v AS SELECT a FROM t"),
    (V, "DROP VIEW v", V),
    (NOTHING, "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 1", "DROP TRIGGER r"),
    (NOTHING, P, "DROP PROCEDURE p"),
    (P, "DROP PROCEDURE p", P),
    (NOTHING, "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1", "DROP FUNCTION f"),
    (NOTHING, E, "DROP EVENT e"),
    (E, "ALTER EVENT e DISABLE", "ALTER EVENT e ENABLE"),
    (E, "DROP EVENT e", E),
    (NOTHING, D, "DROP DATABASE d_{}"),
    ("CREATE DATABASE d_{} CHARACTER SET utf8mb4", "ALTER DATABASE d_{} CHARACTER SET ascii", "ALTER DATABASE d_{} CHARACTER SET utf8mb4"),
    (D, "DROP DATABASE d_{}", D),
    // With names in other schemas, and in the words of a dump.
    (D, "CREATE TABLE d_{}.`n ``;` (a int)", "DROP TABLE d_{}.`n ``;`"),
    (
        NOTHING,
        "/*!50003 CREATE*/ /*!50017 DEFINER=CURRENT_USER*/ /*!50003 TRIGGER r AFTER INSERT ON t FOR EACH ROW SET @a = 1 */",
        "DROP TRIGGER r",
    ),
];

/// The same of what one product has alone, behind a setting that it needs.
struct Own {
    /// Whether a server has it, by what it calls itself.
    has: fn(&str) -> bool,
    setting: &'static str,
    case: Case,
}

const fn of_mariadb(case: Case) -> Own {
    Own {
        has: |version| version.contains("MariaDB"),
        setting: "SET @a = 1",
        case,
    }
}

const fn of_oracle(case: Case) -> Own {
    Own {
        setting: "SET sql_mode = 'ORACLE'",
        ..of_mariadb(case)
    }
}

const fn of_mysql(case: Case) -> Own {
    Own {
        has: |version| !version.contains("MariaDB"),
        ..of_mariadb(case)
    }
}

const fn of_mysql_9(case: Case) -> Own {
    Own {
        has: |version| version.starts_with("9."),
        ..of_mariadb(case)
    }
}

const S: &str = "CREATE SEQUENCE s START WITH 5";
const K: &str = "SET sql_mode = 'ORACLE'; CREATE PACKAGE k AS PROCEDURE p; END; SET sql_mode = DEFAULT";
const KB: &str = "SET sql_mode = 'ORACLE'; CREATE PACKAGE k AS PROCEDURE p; END; \
     CREATE PACKAGE BODY k AS PROCEDURE p AS BEGIN NULL; END; END; SET sql_mode = DEFAULT";
const NO_K: &str = "SET sql_mode = 'ORACLE'; DROP PACKAGE k; SET sql_mode = DEFAULT";
const NO_KB: &str = "SET sql_mode = 'ORACLE'; DROP PACKAGE BODY k; SET sql_mode = DEFAULT";
const R: &str = "CREATE SERVER r_{} FOREIGN DATA WRAPPER mysql OPTIONS (USER 'x', HOST '127.0.0.1')";
const L: &str = "CREATE LIBRARY l COMMENT 'a' LANGUAGE JAVASCRIPT AS $$ export function f(n) { return n; } // ' ; $$";
const J: &str = "CREATE JSON RELATIONAL DUALITY VIEW j AS SELECT JSON_DUALITY_OBJECT('_id': a, 'b': b) FROM keyed";
const KEYED: &str = "CREATE TABLE keyed (a int PRIMARY KEY, b int)";
const M: &str = "CREATE MATERIALIZED VIEW m AS SELECT a FROM t";
const G: &str = "CREATE RESOURCE GROUP g_{} TYPE = USER";
const X: &str = "CREATE TABLESPACE x_{} ADD DATAFILE 'x_{}.ibd'";

/// What is of no schema is dropped at the end of each.
#[rustfmt::skip]
const TOLD_OF_ONE: [Own; 31] = [
    of_mariadb((NOTHING, S, "DROP SEQUENCE s")),
    of_mariadb((S, "ALTER SEQUENCE s INCREMENT BY 7", "ALTER SEQUENCE s INCREMENT BY 1")),
    of_mariadb((S, "ALTER SEQUENCE s MAXVALUE 99 CYCLE", "ALTER SEQUENCE s NOMAXVALUE NOCYCLE")),
    of_mariadb((S, "DROP SEQUENCE s", S)),
    of_mariadb((S, "RENAME TABLE s TO n", "RENAME TABLE n TO s")),
    of_oracle((NOTHING, "CREATE PACKAGE k AS PROCEDURE p; END", NO_K)),
    of_oracle((K, "CREATE OR REPLACE PACKAGE k AS PROCEDURE q; END", "SET sql_mode = 'ORACLE'; CREATE OR REPLACE PACKAGE k AS PROCEDURE p; END; SET sql_mode = DEFAULT")),
    of_oracle((K, "CREATE PACKAGE BODY k AS PROCEDURE p AS BEGIN NULL; END; END", NO_KB)),
    of_oracle((KB, "DROP PACKAGE BODY k", "SET sql_mode = 'ORACLE'; CREATE PACKAGE BODY k AS PROCEDURE p AS BEGIN NULL; END; END; SET sql_mode = DEFAULT")),
    of_oracle((K, "DROP PACKAGE k", K)),
    of_oracle((NOTHING, "CREATE PROCEDURE p AS y int; BEGIN NULL; END", "DROP PROCEDURE p")),
    of_mariadb((NOTHING, R, "DROP SERVER r_{}")),
    of_mysql((NOTHING, R, "DROP SERVER r_{}")),
    of_mysql((R, "ALTER SERVER r_{} OPTIONS (USER 'y')", "DROP SERVER r_{}; CREATE SERVER r_{} FOREIGN DATA WRAPPER mysql OPTIONS (USER 'x', HOST '127.0.0.1')")),
    of_mariadb((R, "ALTER SERVER r_{} OPTIONS (USER 'y')", "DROP SERVER r_{}; CREATE SERVER r_{} FOREIGN DATA WRAPPER mysql OPTIONS (USER 'x', HOST '127.0.0.1')")),
    of_mysql((R, "DROP SERVER r_{}", R)),
    of_mysql((NOTHING, G, "DROP RESOURCE GROUP g_{}")),
    of_mysql((G, "ALTER RESOURCE GROUP g_{} VCPU = 0", "ALTER RESOURCE GROUP g_{} VCPU = 0-1")),
    of_mysql((G, "DROP RESOURCE GROUP g_{}", G)),
    of_mysql((NOTHING, X, "DROP TABLESPACE x_{}")),
    of_mysql((X, "ALTER TABLESPACE x_{} AUTOEXTEND_SIZE = 4M", "ALTER TABLESPACE x_{} AUTOEXTEND_SIZE = 0")),
    of_mysql((X, "DROP TABLESPACE x_{}", X)),
    of_mysql_9((NOTHING, L, "DROP LIBRARY l")),
    of_mysql_9((L, "ALTER LIBRARY l COMMENT 'é; it''s'", "ALTER LIBRARY l COMMENT 'a'")),
    of_mysql_9((L, "DROP LIBRARY l", L)),
    of_mysql_9((L, "CREATE FUNCTION f() RETURNS int LANGUAGE JAVASCRIPT USING (l AS x) AS $$ return 'it''s;'; // \" $$", "DROP FUNCTION f")),
    of_mysql_9((KEYED, J, "DROP VIEW j")),
    of_mysql_9((KEYED, "CREATE OR REPLACE JSON DUALITY VIEW j AS SELECT JSON_DUALITY_OBJECT('_id': a) FROM keyed", "DROP VIEW j")),
    of_mysql_9((NOTHING, M, "DROP VIEW m")),
    of_mysql_9((NOTHING, "CREATE VIEW IF NOT EXISTS n AS SELECT 1", "DROP VIEW n")),
    of_mysql_9((NOTHING, "CREATE TABLE n (a int, v vector(3))", "DROP TABLE n")),
];

const OF_NO_SCHEMA: &str = "DROP SERVER IF EXISTS r_{}; DROP DATABASE IF EXISTS d_{}";

/// A database with what a run has left behind that was killed at the second statement of three.
struct Left<'a> {
    bench: &'a Bench,
    client: Client,
    start: String,
    text: String,
}

impl<'a> Left<'a> {
    async fn new(bench: &'a Bench) -> Self {
        Self {
            bench,
            client: Client::of(bench).await,
            start: String::new(),
            text: String::new(),
        }
    }

    /// The statement has taken effect, and the run is killed at the next one. Returns what the record says: for what the catalog
    /// tells of, that it is done goes with the next one.
    async fn at(&mut self, before: &str, statement: &str) -> String {
        self.behind("", before, statement).await
    }

    /// The same behind a setting.
    async fn behind(&mut self, setting: &str, before: &str, statement: &str) -> String {
        self.client.empty().await;
        self.start = self
            .client
            .text(&format!("CREATE TABLE probe (n int);\n{T};\n{before}"));
        let text = |last: &str| format!("{setting}INSERT INTO probe VALUES (1);\n{statement};\n{last}");
        let slow = self.client.text(&text("DO SLEEP(60)"));
        self.text = self.client.text(&text("INSERT INTO probe VALUES (3)"));
        let catalog = self.bench.catalog(&[("1_start.sql", &self.start), ("2_a.sql", &slow)]);
        let mut migrator = self.bench.migrator().await;
        let run = tokio::spawn(async move { migrator.run(&up(), &catalog, &STRICT, &mut |_| {}).await.map(drop) });
        let asleep = "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO = 'DO SLEEP(60)' AND DB = '{}'";
        let session = loop {
            if let [session] = self.client.query(asleep).await.as_slice() {
                break session.clone();
            }
            assert!(!run.is_finished(), "{statement}: {:?}", run.await);
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        run.abort();
        assert!(run.await.unwrap_err().is_cancelled());
        self.client.execute(&format!("KILL CONNECTION {session}")).await;
        let newest = "SELECT CONCAT_WS(' ', state, statement_started, statements_done) FROM syncline_history ORDER BY seq DESC LIMIT 1";
        self.client.query(newest).await.remove(0)
    }

    fn files(&self) -> [File<'_>; 2] {
        [("1_start.sql", &self.start), ("2_a.sql", &self.text)]
    }

    /// Completes the migration, which nobody has to be asked for. Returns what the catalog has told.
    async fn complete(&mut self) -> Vec<Resolution> {
        let told = complete(self.bench, &self.files()).await;
        let rows = self.client.query("SELECT n FROM probe ORDER BY n").await;
        assert_eq!(rows, ["1", "3"], "{}", self.text);
        told
    }

    /// Somebody is asked, and says this.
    async fn is_asked_for(&self, answer: Resolution) {
        let refused = self.bench.refusals(&up(), &self.files()).await;
        assert_eq!(codes(&refused), ["unknown-outcome"], "{}", self.text);
        let resolve = Goal::Resolve("2".parse().unwrap(), answer, "I looked".to_owned());
        assert_eq!(self.bench.run(&resolve, &self.files()).await, ["resolve 2"]);
    }
}

/// Runs to the end. Returns what the catalog has told.
async fn complete(bench: &Bench, files: &[File<'_>]) -> Vec<Resolution> {
    let mut told = Vec::new();
    let mut listen = |event: Event<'_>| {
        if let Event::Settled { resolution, .. } = event {
            told.push(resolution);
        }
    };
    let mut migrator = bench.migrator().await;
    let report = migrator.run(&up(), &bench.catalog(files), &STRICT, &mut listen).await;
    let report = report.unwrap_or_else(|error| panic!("{files:?}: {error:?}"));
    assert!(report.failure.is_none(), "{files:?}: {:?}", report.failure);
    assert!(migrator.verify(None).await.unwrap().is_clean(), "{files:?}");
    migrator.close().await.unwrap();
    told
}

on_both! {
    async fn the_catalog_tells_of_a_change_of_the_schema_whether_it_was_done(bench: Bench) {
        let mut left = Left::new(&bench).await;
        for (before, statement, undo) in TOLD {
            for outcome in [Applied, NotApplied] {
                assert_eq!(left.at(before, statement).await, "running 2 1", "{statement}");
                if outcome == NotApplied {
                    left.client.execute(undo).await;
                }
                assert_eq!(left.complete().await, [outcome], "{statement}");
                // It is there, once.
                left.client.execute(undo).await;
                left.client.execute("DROP DATABASE IF EXISTS d_{}").await;
            }
        }
    }

    async fn the_catalog_tells_of_what_one_product_has_alone_as_well(bench: Bench) {
        let version = bench.query("SELECT VERSION()").await.remove(0);
        let mut left = Left::new(&bench).await;
        for own in TOLD_OF_ONE.iter().filter(|own| (own.has)(&version)) {
            let (before, statement, undo) = own.case;
            for outcome in [Applied, NotApplied] {
                let setting = format!("{};\n", own.setting);
                assert_eq!(left.behind(&setting, before, statement).await, "running 3 2", "{statement}");
                if outcome == NotApplied {
                    left.client.execute(undo).await;
                }
                assert_eq!(left.complete().await, [outcome], "{statement}");
                // It is there, once.
                left.client.execute(undo).await;
                left.client.execute(OF_NO_SCHEMA).await;
                if version.contains("MariaDB") {
                    continue;
                }
                for (list, drop) in [
                    ("SELECT NAME FROM information_schema.INNODB_TABLESPACES WHERE NAME = 'x_{}'", "DROP TABLESPACE x_{}"),
                    ("SELECT RESOURCE_GROUP_NAME FROM information_schema.RESOURCE_GROUPS WHERE RESOURCE_GROUP_NAME = 'g_{}'", "DROP RESOURCE GROUP g_{}"),
                ] {
                    if !left.client.query(list).await.is_empty() {
                        left.client.execute(drop).await;
                    }
                }
            }
        }
    }

    async fn what_the_catalog_does_not_tell_is_asked_for(bench: Bench) {
        let mut left = Left::new(&bench).await;
        let swap = "RENAME TABLE t TO m, u TO t, m TO u";
        for (before, statement, undo) in [
            ("INSERT INTO t VALUES (1, 1)", "TRUNCATE TABLE t", "INSERT INTO t VALUES (1, 1)"),
            ("CREATE PROCEDURE p() INSERT INTO t VALUES (1, 1)", "CALL p()", "DELETE FROM t"),
            // The one looks like the other.
            ("CREATE TABLE u LIKE t", swap, swap),
        ] {
            for outcome in [Applied, NotApplied] {
                left.at(before, statement).await;
                // As if the run had been killed before it could record that.
                left.client.execute("UPDATE syncline_history SET statements_done = 1 WHERE state = 'running'").await;
                if outcome == NotApplied {
                    left.client.execute(undo).await;
                }
                left.is_asked_for(outcome).await;
                assert_eq!(left.complete().await, [], "{statement}");
            }
        }
    }

    async fn a_drop_that_came_half_way_is_asked_for(bench: Bench) {
        let mut left = Left::new(&bench).await;
        left.at(U, "DROP TABLE t, u").await;
        left.client.execute(U).await;
        assert_eq!(codes(&bench.refusals(&up(), &left.files()).await), ["unknown-outcome"]);
        // Somebody does the rest.
        left.client.execute("DROP TABLE u").await;
        assert_eq!(left.complete().await, [Applied]);
    }

    async fn a_drop_of_what_is_not_there_is_told_as_what_the_server_makes_of_it(bench: Bench) {
        let start = ("1_start.sql", "CREATE TABLE a (n int)");
        let failure = bench.failure(&up(), &[start, ("2_a.sql", "SELECT 1;\nDROP TABLE a, b")]).await;
        match bench.tables().await.is_empty() {
            // MariaDB has dropped the one that there was.
            true => assert_eq!(failure.state, StateAfter::Unknown { statement: 2 }),
            false => assert_eq!(failure.state, StateAfter::Stopped { done: 1 }),
        }
        assert_eq!(failure.code().exit(), 5);
    }

    async fn the_catalog_is_read_where_the_script_looked_and_whatever_it_has_set(bench: Bench) {
        let mut client = Client::of(&bench).await;
        for (session, statement) in [
            ("USE d_{}", "DROP TABLE t"),
            ("USE d_{}", "ALTER TABLE t ADD c int"),
            ("SET sql_mode = 'ANSI'", "ALTER TABLE t ADD c int"),
            ("SET NAMES latin1", "ALTER TABLE t ADD c int"),
            ("SET sql_quote_show_create = 0", "ALTER TABLE t ADD c int"),
            ("SET time_zone = '+05:30'", "DROP TRIGGER r"),
        ] {
            client.empty().await;
            // What has the name where the session begins, if anything has, is another thing.
            let start = match statement {
                "DROP TABLE t" => "CREATE TABLE probe (n int)",
                _ => "CREATE TABLE probe (n int);\nCREATE TABLE t (`a b` int COMMENT 'é');\n\
                      CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET @a = 1",
            };
            client.execute("DROP DATABASE IF EXISTS d_{}; CREATE DATABASE d_{}; CREATE TABLE d_{}.t (x int)").await;
            let text = client.text(session);
            let text = client.text(&format!("{text};\n{statement};\nINSERT INTO `{{}}`.probe VALUES (1)"));
            let files = [("1_start.sql", start), ("2_a.sql", text.as_str())];
            bench.run(&up(), &files[..1]).await;
            // The statement waits for this, and is killed.
            let held = if session.starts_with("USE") { "d_{}.t" } else { "t" };
            client.execute(&format!("START TRANSACTION; SELECT * FROM {held}")).await;
            let (failure, _) = killed_at(&bench, &files, statement).await;
            let failure = failure.unwrap_or_else(|| panic!("{session}; {statement} was passed over"));
            assert_eq!(failure.state, StateAfter::Stopped { done: 1 }, "{session}; {statement}: {failure:?}");
            client.execute("ROLLBACK").await;
            assert_eq!(complete(&bench, &files).await, [], "{session}");
            assert_eq!(client.query("SELECT n FROM probe").await, ["1"], "{session}");
        }
    }

    async fn locks_that_ended_with_their_statement_are_not_taken_again_where_a_script_goes_on(bench: Bench) {
        let text = |last: &str| format!("LOCK TABLES t WRITE;\nINSERT INTO t VALUES (1, 1);\nUNLOCK TABLES;\nDROP TABLE t;\nSELECT {last}");
        let (broken, mended) = (text("a FROM t"), text("1"));
        let start = ("1_start.sql", T);
        bench.failure(&up(), &[start, ("2_a.sql", &broken)]).await;
        assert_eq!(bench.run(&up(), &[start, ("2_a.sql", &mended)]).await, ["up 2"]);
    }
}
