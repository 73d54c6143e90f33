//! A ledger of which one table is left: a database that had one is not new.

use super::Migrator;
use crate::code::Code;
use crate::database::DatabaseError;
use crate::error::Error;
use crate::history::History;

impl Migrator {
    /// Looks at the other table where there is no history. It costs a message, and only there. Another run may have made the history
    /// in between, and so it is read again, which is what is returned.
    pub(super) async fn refuse_a_lost_history(&mut self, history: History) -> Result<History, Error> {
        if !history.is_absent() {
            return Ok(history);
        }
        let texts = match self.database.stored().await {
            Err(error) if error.code == Code::Lost || error.conflict.is_some() => return Err(error.into()),
            // There is no such table.
            Err(_) => 0,
            Ok(texts) => texts.len(),
        };
        if texts == 0 {
            return Ok(history);
        }
        let history = self.history().await?;
        if !history.is_absent() {
            return Ok(history);
        }
        let ledger = &self.target.ledger;
        let message = format!(
            "the history of this database is lost: `{}` is gone, and `{}` still holds {texts} of its scripts",
            ledger.history, ledger.script
        );
        let hint = format!(
            "restore `{}` from a backup; or drop `{}` as well, and say what is in the database: `syncline adopt`, `syncline baseline VERSION`",
            ledger.history, ledger.script
        );
        Err(DatabaseError::new(Code::Ledger, message).hint(hint).into())
    }
}
