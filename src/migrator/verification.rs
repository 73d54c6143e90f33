//! What `verify` reads.

use super::Migrator;
use crate::catalog::Catalog;
use crate::error::Error;
use crate::migration::Checksum;
use crate::plan::Policy;
use crate::status::Known;
use crate::verify::{self, Verification};

impl Migrator {
    /// Checks the chain of the ledger, all stored texts, and the files against them. Writes nothing.
    ///
    /// # Errors
    /// When the ledger cannot be read. What is wrong with it is in the result.
    pub async fn verify(&mut self, catalog: Option<&Catalog>) -> Result<Verification, Error> {
        self.verify_by(catalog, &Policy::default()).await
    }

    /// As [`Migrator::verify`]; what the policy lets through is a note.
    ///
    /// # Errors
    /// The same.
    pub async fn verify_by(&mut self, catalog: Option<&Catalog>, policy: &Policy) -> Result<Verification, Error> {
        let history = self.history().await?;
        let mut verification = Verification::of(&history);
        if history.is_absent() {
            return Ok(verification);
        }
        let stored = match self.database.stored().await {
            Ok(stored) => stored,
            Err(mut error) => {
                self.name_lost_scripts(&mut error).await;
                return Err(error.into());
            }
        };
        // A few at a time: all texts of a long ledger need not be in memory at once.
        for some in stored.chunks(64) {
            verification.check_texts(&self.database.texts(some).await?);
        }
        verification.check_stored(&history, &stored);
        if let Some(catalog) = catalog {
            let catalog = &*self.read_here(catalog);
            let catalog = &*catalog.for_history(&history);
            let wanted: Vec<Checksum> = verify::wanted(catalog, &history).into_iter().collect();
            // Those that are not what they were have been told above.
            let texts = match wanted.as_slice() {
                [] => Default::default(),
                wanted => self.database.texts(wanted).await?,
            };
            let beside = self.beside(catalog, &history).await?;
            verification.check_files(
                catalog,
                policy,
                &Known {
                    beside,
                    history,
                    texts,
                    ..Known::default()
                },
            );
        }
        Ok(verification)
    }
}
