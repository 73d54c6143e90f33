//! Where the ledger is when the current schema has none, and what is there instead.

use std::collections::BTreeSet;

use super::{Migrator, moved_on};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::history::History;
use crate::migration::Checksum;
use crate::places::{self, Whereabouts};
use crate::plan::Finding;
use crate::status::Known;

impl Migrator {
    /// What is worth knowing of where the ledger is: that it is not in the current schema, or that there are others where there is none
    /// in it. Known when the ledger was read.
    pub fn elsewhere(&self) -> Option<&Finding> {
        self.elsewhere.as_ref()
    }

    /// Whether the ledger was found in another schema than the current one. From here on that is where it is.
    pub(super) async fn look_elsewhere(&mut self) -> Result<bool, Error> {
        let places = self.database.places().await?;
        self.path.clone_from(&places.path);
        let ledger = &self.target.ledger;
        let question = places::Question {
            here: &self.database.server().schema,
            configured: ledger.schema.as_deref(),
            history: &ledger.history,
        };
        match places::find(&question, &places) {
            Whereabouts::Here(note) => {
                self.elsewhere = note;
                Ok(false)
            }
            Whereabouts::There(schema, note) => {
                self.database.keep_in(&schema);
                self.target.ledger.schema = Some(schema);
                self.elsewhere = Some(note);
                Ok(true)
            }
            Whereabouts::Unknown(finding) => Err(Error::Refused(vec![finding])),
        }
    }

    /// The ledger with the texts that are wanted of it; where there is nothing in it, also what else is in the database.
    pub(super) async fn known(
        &mut self,
        catalog: &Catalog,
        wanted: impl FnOnce(&History) -> BTreeSet<Checksum>,
    ) -> Result<Known, Error> {
        let history = self.history().await?;
        let mut history = self.refuse_a_lost_history(catalog, history).await?;
        let (mut objects, mut foreign, mut modules) = (Vec::new(), Vec::new(), Vec::new());
        if history.is_blank() {
            let ours = [&self.target.ledger.history, &self.target.ledger.script];
            objects = self.database.objects().await?;
            objects.retain(|name| !ours.contains(&name));
            let others = self.foreign_histories(!objects.is_empty()).await?;
            foreign = others.iter().map(|found| found.told.clone()).collect();
            if objects.is_empty() {
                objects = others
                    .into_iter()
                    .filter(|found| found.is_on_path)
                    .map(|found| found.table)
                    .collect();
            }
            // What was found may be the work of a run that has made the ledger in between.
            if !objects.is_empty() {
                modules = self.modules().await?;
                history = self.history().await?;
            }
        }
        let wanted: Vec<Checksum> = wanted(&history).into_iter().collect();
        let texts = self.texts(&wanted).await?;
        let beside = self.beside(catalog, &history).await?;
        Ok(Known {
            beside,
            history,
            texts,
            objects,
            foreign,
            modules,
            elsewhere: self.elsewhere.clone(),
            is_alone: false,
        })
    }

    /// The same as [`Migrator::known`] for whoever holds the lock. It is another one where the ledger turns out to be in another schema,
    /// and so it is taken again before anything is made of what was read.
    pub(super) async fn known_alone(
        &mut self,
        catalog: &Catalog,
        wanted: impl FnOnce(&History) -> BTreeSet<Checksum>,
    ) -> Result<Known, Error> {
        let here = self.database.server().schema.clone();
        let known = self.known(catalog, wanted).await?;
        match self.database.server().schema == here {
            // Behind a pooler the lock comes with a migration, and a script that the ledger calls running is not touched.
            true => Ok(Known {
                is_alone: true,
                ..known
            }),
            false => Err(moved_on("the history is in another schema").into()),
        }
    }
}
