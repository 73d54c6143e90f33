//! Writing what a record says behind the lock: with a statement, before one, or with the COMMIT.

use super::answers::Answer;
use super::errors::{describe, number, refused_record};
use super::{FORGOTTEN, GUARD, LOCKED, MySql, Row, sql};
use crate::database::server::{lock_lost, out_of_step};
use crate::database::sql::ledger_touched;
use crate::database::{Database, DatabaseError};
use crate::history::Record;

/// "Some non-transactional changed tables couldn't be rolled back", a warning.
const NOT_ROLLED_BACK: &str = "1196";

impl MySql {
    /// Notes whether the lock is still ours; it is taken again where a script has given it up and nobody was quicker. What is
    /// written behind it is written only then: a variable means the same to replicas, which the lock's own functions do not.
    pub(super) fn note_lock(&self) -> String {
        let lock = &self.lock;
        format!("SET {LOCKED} = IF(IS_USED_LOCK({lock}) <=> CONNECTION_ID(), 1, GET_LOCK({lock}, 0))")
    }

    /// Whether a record was written, by the answer to its statement. Where it was not found the lock is gone, or somebody has changed
    /// the table.
    pub(super) async fn written(&mut self, answer: Option<&Answer>) -> Result<(), DatabaseError> {
        match answer {
            Some(answer) if answer.found == 1 => return Ok(()),
            Some(_) => {}
            None => return Err(describe(&out_of_step())),
        }
        let locked = self.query(&format!("ROLLBACK; SELECT {LOCKED}")).await;
        Err(match locked.map(sql::first_column) {
            Ok(locked) if locked == ["1"] => ledger_touched(),
            Ok(_) => lock_lost(),
            Err(error) => error,
        })
    }

    /// Writes what a running record says now, in a transaction that it begins, and what comes behind it. What finds no row has
    /// changed nothing, and so may be committed with the same message.
    pub(super) async fn write_running(&mut self, record: &Record, closing: &str) -> Result<(), DatabaseError> {
        let (lock, update) = (self.note_lock(), self.statements.update(record));
        // A transaction ends what LOCK TABLES has locked, but not that nobody may write, which a procedure can bring about unseen.
        let message =
            format!("UNLOCK TABLES; {lock}; START TRANSACTION READ WRITE; {update} AND {LOCKED} = 1; {closing}");
        let answers = self.send(&message).await.map_err(refused_record)?;
        self.written(answers.get(3)).await?;
        complete(&answers, 5)
    }

    /// Whether the database has what was announced last, and so has committed it.
    pub(super) async fn is_announced(&mut self) -> Result<bool, DatabaseError> {
        let Some((seq, statement)) = self.announced else {
            return Ok(true);
        };
        let ask = format!(
            "SELECT COUNT(*) FROM {} WHERE seq = {seq} AND statement_started = {statement}",
            self.statements.history
        );
        Ok(sql::first_column(self.query(&ask).await?) != ["0"])
    }

    /// Whether the server says of the statement that was sent last that rows of tables that know no transactions stay.
    pub(super) async fn left_rows(&mut self) -> Result<bool, DatabaseError> {
        let warnings = self.query("SHOW WARNINGS").await?;
        let is = |row: &Row| {
            row.get(1)
                .is_some_and(|number| number.as_deref() == Some(NOT_ROLLED_BACK))
        };
        Ok(warnings.iter().any(is))
    }

    /// Commits a statement together with its record.
    pub(super) async fn conclude_joined(&mut self, record: &Record) -> Result<(), DatabaseError> {
        let (lock, update) = (self.note_lock(), self.statements.update(record));
        let message = format!("RELEASE SAVEPOINT {GUARD}; {lock}; {update} AND {LOCKED} = 1");
        let answers = match self.send(&message).await {
            Ok(answers) => answers,
            // What the text did not show: the statement has committed, and with it that it was announced.
            Err(error) if number(&error) == FORGOTTEN => return self.update(record).await,
            Err(error) => return Err(refused_record(error)),
        };
        self.written(answers.get(2)).await?;
        self.send("COMMIT").await.map(drop)
    }
}

/// Each statement has its answer, that of the COMMIT behind a record included.
pub(super) fn complete(answers: &[Answer], statements: usize) -> Result<(), DatabaseError> {
    match answers.len() == statements {
        true => Ok(()),
        false => Err(describe(&out_of_step())),
    }
}
