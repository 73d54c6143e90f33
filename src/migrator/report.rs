//! What a run did, and how far the database is then.

use std::collections::BTreeSet;

use crate::executor::{Done, Failure};
use crate::history::{History, Kind};
use crate::migration::Id;
use crate::plan::Finding;

/// What a run did.
#[derive(Debug, Default)]
pub struct Report {
    /// What was worth knowing before.
    pub findings: Vec<Finding>,
    /// The steps that were taken, in order. Their effects and records are durable.
    pub done: Vec<Done>,
    /// What stopped it.
    pub failure: Option<Failure>,
    /// Whether the run made the ledger.
    pub created_ledger: bool,
    /// The ledger as it was read before the steps that the run took last.
    pub history: History,
}

impl Report {
    /// The newest version that counts as done after the run.
    pub fn newest(&self) -> Option<Id> {
        let known = self
            .history
            .current()
            .filter(|(id, now)| id.version().is_some() && now.state.is_applied());
        let mut applied: BTreeSet<&Id> = known.map(|(id, _)| id).collect();
        for done in &self.done {
            let Some(id) = &done.id else { continue };
            match done.kind {
                Kind::Up | Kind::Adopt | Kind::Baseline => applied.insert(id),
                Kind::Renumber => {
                    applied.retain(|known| Some(*known) != done.was.as_ref());
                    applied.insert(id)
                }
                Kind::Down | Kind::Forget => applied.remove(id),
                Kind::Init | Kind::Repeat | Kind::Accept | Kind::Resolve | Kind::Mirror => false,
            };
        }
        applied.last().map(|id| (*id).clone())
    }
}
