//! What became of a COMMIT that has failed.

use super::Sqlite;
use crate::code::Code;
use crate::database::{DatabaseError, sql};
use crate::history::Record;

impl Sqlite {
    /// Whether a COMMIT that has failed took effect all the same. It does where the journal was ended already and only the wish to
    /// have that on the disk was refused. The record tells, since it goes with its statement.
    pub(super) async fn committed(&mut self, record: &Record, error: DatabaseError) -> Result<(), DatabaseError> {
        // SQLite may have rolled back by itself, and then says that there is nothing to roll back.
        let _ = self.send("ROLLBACK").await;
        let select = format!(
            "SELECT statements_done FROM {} WHERE seq = {}",
            self.statements.history, record.seq
        );
        match self.query(&select).await.map(sql::first_column) {
            Ok(done) if done == [record.statements_done.to_string()] => Ok(()),
            Ok(_) => Err(error),
            // Nobody knows, until a fresh connection can ask.
            Err(_) => Err(DatabaseError {
                code: Code::Lost,
                ..error
            }),
        }
    }

    /// After a COMMIT that the disk has refused: what it has left in a write-ahead log would count for whoever reads the log next, and
    /// is thrown away when the connection is closed.
    pub(super) async fn discard(&mut self) {
        let _ = self.send("ROLLBACK").await;
        self.dirty = true;
        // Whatever this says, the commit has failed.
        let _ = self.refresh().await;
    }
}
