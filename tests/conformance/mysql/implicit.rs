//! Statements that commit the transaction which they are sent in: the record of each is right, whatever the server does.

mod row;
mod table;

use super::super::fixture::*;
use crate::on_both;
use row::{Commits, Row};
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, Row as _, raw_sql};
use std::collections::BTreeSet;
use syncline::Code;
use syncline::executor::StateAfter;
use syncline::plan::{Goal, Resolution};
use syncline::script::{self, Manner, SqlMode, Syntax};
use table::{ROWS, T};

/// The rows of the table one after the other in one database.
struct Trial {
    bench: Bench,
    connection: MySqlConnection,
    mariadb: bool,
    /// The scripts of the rows so far.
    files: Vec<(String, String)>,
}

impl Trial {
    async fn new(bench: Bench) -> Self {
        bench.run(&Goal::Baseline("none".parse().unwrap()), &[]).await;
        let mut trial = Self {
            connection: MySqlConnection::connect(bench.url()).await.unwrap(),
            bench,
            mariadb: false,
            files: Vec::new(),
        };
        trial.execute("CREATE TABLE probe (n int)").await;
        trial.mariadb = trial.query("SELECT VERSION()").await[0].contains("MariaDB");
        trial
    }

    /// The rows that the server has and that may be sent to it.
    fn rows(&self) -> Vec<&'static Row> {
        let has = |row: &&Row| if self.mariadb { row.mariadb } else { row.mysql };
        ROWS.iter().filter(has).filter(|row| row.unsent.is_none()).collect()
    }

    fn text(&self, template: &str) -> String {
        let name = self.bench.url().rsplit_once('/').unwrap().1;
        let digits: String = name.chars().filter(char::is_ascii_digit).collect();
        // None that is somebody's: https://dev.mysql.com/doc/refman/8.4/en/create-spatial-reference-system.html
        let number = 100_000_000 + digits.parse::<u64>().unwrap() % 1_000_000_000;
        template.replace("{}", name).replace("{#}", &number.to_string())
    }

    /// Runs statements as somebody else would, in the session of the server's own settings.
    async fn execute(&mut self, template: &str) {
        let text = self.text(template);
        if text.is_empty() {
            return;
        }
        let text = format!("{text}; SET sql_mode = DEFAULT");
        if let Err(error) = raw_sql(AssertSqlSafe(text.clone())).execute(&mut self.connection).await {
            panic!("`{text}`: {error}");
        }
    }

    async fn query(&mut self, sql: &'static str) -> Vec<String> {
        let rows = raw_sql(sql).fetch_all(&mut self.connection).await.unwrap();
        rows.iter().map(|row| row.get_unchecked(0)).collect()
    }

    async fn set_up(&mut self, row: &Row) {
        self.execute("DELETE FROM probe").await;
        self.execute(T).await;
        self.execute(row.before).await;
    }

    async fn clean_up(&mut self, row: &Row) {
        self.execute(row.after).await;
        self.execute("DROP TABLE t").await;
    }

    /// What the statement does to a savepoint of the transaction that it is sent in: whether the server forgets it. None where it
    /// does not take the statement there.
    async fn forgets(&mut self, row: &Row) -> Option<bool> {
        let mut session = MySqlConnection::connect(self.bench.url()).await.unwrap();
        let opening = ["START TRANSACTION", "SAVEPOINT s"].map(str::to_owned);
        let texts = [
            vec![self.text(row.within)],
            opening.to_vec(),
            vec![self.text(row.statement)],
        ]
        .concat();
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            match raw_sql(AssertSqlSafe(text.clone())).execute(&mut session).await {
                Ok(_) => {}
                Err(error) if error.to_string().contains("an active transaction") => return None,
                Err(error) => panic!("`{text}`: {error}"),
            }
        }
        let released = raw_sql("RELEASE SAVEPOINT s").execute(&mut session).await;
        raw_sql("COMMIT").execute(&mut session).await.unwrap();
        session.close().await.unwrap();
        match released {
            Ok(_) => Some(false),
            Err(error) if error.to_string().contains("SAVEPOINT s does not exist") => Some(true),
            Err(error) => panic!("{error}"),
        }
    }

    /// What the server has counted of the statement.
    async fn counters(&mut self, row: &Row) -> BTreeSet<String> {
        let mut session = MySqlConnection::connect(self.bench.url()).await.unwrap();
        let texts = [
            self.text(row.within),
            "FLUSH STATUS".to_owned(),
            self.text(row.statement),
        ];
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            raw_sql(AssertSqlSafe(text)).execute(&mut session).await.unwrap();
        }
        let counters = raw_sql("SHOW SESSION STATUS LIKE 'Com\\_%'")
            .fetch_all(&mut session)
            .await
            .unwrap();
        session.close().await.unwrap();
        let counted = counters.iter().filter(|row| row.get_unchecked::<String, _>(1) != "0");
        counted.map(|row| row.get_unchecked(0)).collect()
    }

    /// A migration with the statement between two others.
    fn write(&mut self, row: &Row) {
        let within = match row.within {
            "" => String::new(),
            within => format!("{within}//\n"),
        };
        let script = format!(
            "DELIMITER //\n{within}INSERT INTO probe VALUES (1)//\n{}//\nINSERT INTO probe VALUES (2)//\n",
            row.statement
        );
        let script = self.text(&script);
        self.files.push((format!("{}_m.sql", self.files.len() + 1), script));
    }

    async fn up(&self) -> syncline::Report {
        let files = self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let files: Vec<File<'_>> = files.collect();
        self.bench.try_run(&up(), &files, &STRICT).await.unwrap()
    }

    /// Says that the statement in question of the newest migration had no effect.
    async fn resolve(&mut self) {
        let version = self
            .query("SELECT version FROM syncline_history ORDER BY seq DESC LIMIT 1")
            .await
            .remove(0);
        let id = version.parse().unwrap();
        let resolve = Goal::Resolve(id, Resolution::NotApplied, "somebody looked".to_owned());
        self.bench.run(&resolve, &[]).await;
    }

    /// State and counts of the newest record.
    async fn record(&mut self) -> String {
        let newest = "SELECT CONCAT_WS(' ', state, statement_started, statements_done, statements_total) \
             FROM syncline_history ORDER BY seq DESC LIMIT 1";
        self.query(newest).await.remove(0)
    }

    /// Applies the newest migration, and looks at its record.
    async fn apply(&mut self, row: &Row) {
        let report = self.up().await;
        assert!(report.failure.is_none(), "{row}: {:?}", report.failure);
        assert_eq!(report.done.len(), 1, "{row}");
        let total = row.place() + 1;
        assert_eq!(self.record().await, format!("applied {total} {total} {total}"), "{row}");
        assert_eq!(
            self.query("SELECT CAST(n AS char) FROM probe ORDER BY n").await,
            ["1", "2"],
            "{row}"
        );
    }
}

/// What the text says of the statement.
fn manner(row: &Row) -> Manner {
    let syntax = Syntax::Mysql(SqlMode::default());
    let parsed = script::parse(&format!("DELIMITER //\n{row}//"), syntax).unwrap();
    script::manner(row.statement, &parsed.sent().next().unwrap().kind, syntax)
}

#[test]
fn the_text_of_a_statement_says_whether_it_commits_where_that_can_be_known() {
    for row in ROWS {
        let fits = match row.commits {
            Commits::Known | Commits::Claimed | Commits::Refused => manner(row) == Manner::Committing,
            Commits::Unseen => matches!(manner(row), Manner::Guarded | Manner::Unrecorded),
            Commits::Spared => manner(row) == Manner::Guarded,
            Commits::Never => matches!(manner(row), Manner::Joined | Manner::Unrecorded),
        };
        assert!(fits, "{row}: {:?}", manner(row));
    }
}

#[test]
fn the_table_has_more_statements_than_the_92_that_were_tried_by_hand() {
    let sent = |row: &&Row| row.unsent.is_none() && row.commits != Commits::Never;
    assert!(ROWS.iter().filter(sent).count() > 92);
}

/// What the server counts and no row shows: a counter, or how some begin, and why.
const NOT_SENT: &[(&str, &str)] = &[
    ("Com_show_", "it writes nothing"),
    ("Com_stmt_", "the protocol's own"),
    ("Com_xa_", "it is refused beforehand"),
    ("Com_begin", "it is refused beforehand"),
    ("Com_commit", "it is refused beforehand"),
    ("Com_rollback", "it is refused beforehand"),
    ("Com_savepoint", "it is refused beforehand"),
    ("Com_release_savepoint", "it is refused beforehand"),
    ("Com_rollback_to_savepoint", "it is refused beforehand"),
    ("Com_backup", "it is refused beforehand"),
    ("Com_backup_lock", "it is refused beforehand"),
    ("Com_admin_commands", "no statement"),
    ("Com_empty_query", "no statement"),
    ("Com_get_diagnostics", "it only sets a variable"),
    ("Com_signal", "it only fails"),
    ("Com_resignal", "it only fails"),
    ("Com_kill", "it ends a session or its statement"),
    ("Com_explain_other", "it reads of another session"),
    ("Com_purge", "it needs a binary log"),
    ("Com_binlog", "it needs a binary log"),
    ("Com_load", "it needs a file at the server"),
    ("Com_import", "it needs a file at the server"),
    ("Com_clone", "it needs another server"),
    ("Com_create_udf", "it needs a library at the server"),
    ("Com_install_", "it needs a library at the server"),
    ("Com_uninstall_", "it needs a library at the server"),
    ("Com_create_masking_policy", "it needs a library at the server"),
    ("Com_drop_masking_policy", "it needs a library at the server"),
    ("Com_alter_db_upgrade", "it needs a database of MySQL 5.0"),
    ("Com_shutdown", "it would end the tests"),
    ("Com_restart", "it would end the tests"),
    ("Com_lock_instance", "it stops every other test"),
    ("Com_unlock_instance", "it stops every other test"),
    ("Com_start_all_slaves", "it is about all that the server replicates"),
    ("Com_stop_all_slaves", "it is about all that the server replicates"),
    ("Com_change_repl_filter", "it is about all that the server replicates"),
    (
        "Com_change_replication_source",
        "it is about all that the server replicates",
    ),
    ("Com_replica_", "it is about all that the server replicates"),
    ("Com_group_replication_", "it is about all that the server replicates"),
];

on_both! {
    async fn every_kind_of_statement_that_the_server_counts_has_a_row(bench: Bench) {
        let mut trial = Trial::new(bench).await;
        let mut counted = BTreeSet::new();
        for row in trial.rows() {
            trial.set_up(row).await;
            counted.append(&mut trial.counters(row).await);
            trial.clean_up(row).await;
        }
        let all = trial.query("SHOW GLOBAL STATUS LIKE 'Com\\_%'").await;
        let excused = |name: &String| {
            NOT_SENT.iter().any(|(known, _)| name == known || known.ends_with('_') && name.starts_with(known))
        };
        let missing: Vec<_> = all.into_iter().filter(|name| !counted.contains(name) && !excused(name)).collect();
        assert_eq!(missing, [""; 0]);
    }

    async fn the_server_forgets_a_savepoint_where_a_statement_commits(bench: Bench) {
        let mut trial = Trial::new(bench).await;
        let mut wrong = Vec::new();
        for row in trial.rows() {
            trial.set_up(row).await;
            let found = trial.forgets(row).await;
            trial.clean_up(row).await;
            let wanted = match row.commits {
                Commits::Known | Commits::Unseen => Some(true),
                Commits::Claimed | Commits::Never | Commits::Spared => Some(false),
                Commits::Refused => None,
            };
            if found != wanted {
                wrong.push(format!("{row}: {found:?}"));
            }
        }
        assert_eq!(wrong, [""; 0]);
    }

    async fn every_statement_is_done_once_and_recorded(bench: Bench) {
        let mut trial = Trial::new(bench).await;
        for row in trial.rows() {
            trial.set_up(row).await;
            trial.write(row);
            trial.apply(row).await;
            trial.clean_up(row).await;
        }
        assert_eq!(trial.bench.history().await.broken_links(), []);
    }

    async fn every_statement_that_fails_is_recorded_and_done_when_the_cause_is_gone(bench: Bench) {
        let mut trial = Trial::new(bench).await;
        for row in trial.rows() {
            let Some((hindrance, cure)) = row.hindered else { continue };
            trial.set_up(row).await;
            trial.execute(hindrance).await;
            trial.write(row);
            let failure = trial.up().await.failure.unwrap_or_else(|| panic!("{row} should have failed"));
            let done = row.place() - 1;
            // What commits unseen may have come half-way, unless it failed before that; then somebody has to look.
            let unknown = StateAfter::Unknown { statement: done + 1 };
            let asked = row.commits == Commits::Unseen && failure.state == unknown;
            let (state, word) = match asked {
                true => (unknown, "unknown"),
                false => (StateAfter::Stopped { done }, "failed"),
            };
            assert_eq!((failure.code(), failure.state), (Code::Partial, state), "{row}: {:?}", failure.error);
            assert_eq!(trial.record().await, format!("{word} {} {done} {}", done + 1, done + 2), "{row}");
            trial.execute(cure).await;
            if asked {
                trial.resolve().await;
            }
            trial.apply(row).await;
            trial.clean_up(row).await;
        }
        assert_eq!(trial.bench.history().await.broken_links(), []);
    }
}
