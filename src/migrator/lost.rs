//! A ledger of which one table is left: a database that had one is not new.

use super::Migrator;
use crate::catalog::Catalog;
use crate::code::Code;
use crate::database::DatabaseError;
use crate::error::Error;
use crate::history::History;
use crate::migration::Checksum;
use crate::status::Module;

impl Migrator {
    /// Looks at the other table where there is no history. It costs a message, and only there. Another run may have made the history
    /// in between, and so it is read again, which is what is returned.
    pub(super) async fn refuse_a_lost_history(
        &mut self,
        catalog: &Catalog,
        history: History,
    ) -> Result<History, Error> {
        if !history.is_absent() {
            return Ok(history);
        }
        let mut texts = match self.database.stored().await {
            Err(error) if error.code == Code::Lost || error.conflict.is_some() => return Err(error.into()),
            // There is no such table.
            Err(_) => Vec::new(),
            Ok(texts) => texts,
        };
        if texts.is_empty() {
            return Ok(history);
        }
        // What another module has recorded is its own, and nothing of it is lost.
        let (stored, modules) = (texts.len(), self.modules().await?);
        texts.retain(|text| {
            let is_its = |module: &Module| module.checksums.contains(text) || module.downs.contains(text);
            !modules.iter().any(is_its)
        });
        // These migrations have their history under another name, and to say so is better.
        let is_of_these = |module: &Module| {
            let mut files = catalog.migrations();
            files.any(|migration| module.checksums.contains(&migration.up.checksum))
        };
        if texts.is_empty() && modules.iter().any(is_of_these) {
            return Ok(history);
        }
        let history = self.history().await?;
        if !history.is_absent() {
            return Ok(history);
        }
        let ledger = &self.target.ledger;
        if texts.is_empty() {
            let others: Vec<String> = modules.iter().map(|module| format!("`{}`", module.table)).collect();
            let message = format!(
                "there is no history `{}`, and the scripts in `{}` are those of another one: {}",
                ledger.history,
                ledger.script,
                others.join(", ")
            );
            let hint = format!(
                "script-table = \"{}_script\"   # in the configuration: a history of its own has scripts of its own",
                ledger.history
            );
            return Err(DatabaseError::new(Code::Ledger, message).hint(hint).into());
        }
        let message = format!(
            "the history of this database is lost: `{}` is gone, and `{}` still holds {} of its scripts",
            ledger.history,
            ledger.script,
            texts.len()
        );
        let hint = match texts.len() < stored {
            // Others need the rest of it.
            true => format!(
                "restore `{}` from a backup; or, where that was another module's, give this one a `script-table` of its own in the configuration",
                ledger.history
            ),
            false => format!(
                "restore `{}` from a backup; or drop `{}` as well, and say what is in the database: `syncline adopt`, `syncline baseline VERSION`",
                ledger.history, ledger.script
            ),
        };
        Err(DatabaseError::new(Code::Ledger, message).hint(hint).into())
    }

    /// Says of an error that the scripts are gone, where it is that: the history is there, and the other table is not.
    pub(super) async fn name_lost_scripts(&mut self, error: &mut DatabaseError) {
        if error.conflict.is_some() || !matches!(error.code, Code::LedgerTouched | Code::SqlFailed | Code::Ledger) {
            return;
        }
        let is_there = |of: &DatabaseError| of.code == Code::Lost || of.conflict.is_some();
        let looked = self.database.texts(&[Checksum::of("")]).await;
        if looked.as_ref().err().is_none_or(is_there) || !self.history().await.is_ok_and(|known| !known.is_absent()) {
            return;
        }
        let ledger = &self.target.ledger;
        let (script, history) = (&ledger.script, &ledger.history);
        let message = format!("the scripts of this history are lost: `{script}` is gone, and `{history}` is there");
        let hint = format!(
            "restore `{script}` from a backup; without one, make it anew, empty, as it is in a database of its own after `syncline up`: then `syncline verify` names the texts that are missing"
        );
        *error = DatabaseError::new(Code::Ledger, message).hint(hint);
    }

    /// A history of its own cannot be begun where the table of its scripts is there and another history has it.
    pub(super) async fn refuse_scripts_of_others(&mut self) -> Result<(), Error> {
        let is_there = self.database.stored().await.is_ok_and(|stored| !stored.is_empty());
        if !is_there || !self.history().await?.is_absent() {
            return Ok(());
        }
        let modules = self.modules().await?;
        let ledger = &self.target.ledger;
        let Some(module) = modules.iter().find(|module| module.table != ledger.history) else {
            return Ok(());
        };
        let message = format!(
            "there is no history `{}`, and the scripts in `{}` are those of another one: `{}`",
            ledger.history, ledger.script, module.table
        );
        let hint = format!(
            "`history-table = {:?}` in the configuration goes on with that one; `script-table = \"{}_script\"` gives this one scripts of its own",
            module.table, ledger.history
        );
        Err(DatabaseError::new(Code::Ledger, message).hint(hint).into())
    }
}
