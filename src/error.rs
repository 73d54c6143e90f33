//! The union of what the library can fail with.

use crate::catalog::{CatalogError, CatalogProblem};
use crate::code::Code;
use crate::database::DatabaseError;
use crate::history::HistoryError;
use crate::plan::{Finding, PlanError};

/// Everything that a [`crate::Migrator`] can fail with, except a failing migration: that is a [`crate::Failure`] in a report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The files do not make a catalog.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// Scripts that would have to be run have problems.
    #[error("the scripts that would be run have problems")]
    Scripts(Vec<CatalogProblem>),
    /// What was asked for makes no sense.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Files and ledger disagree, and nothing was done.
    #[error("files and ledger disagree")]
    Refused(Vec<Finding>),
    /// The ledger cannot be understood.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The database refused, or could not be reached.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Error {
    /// The code of what went wrong first.
    pub fn code(&self) -> Code {
        match self {
            Error::Catalog(_) | Error::Scripts(_) => Code::Files,
            Error::Plan(error) => error.code,
            Error::Refused(findings) => findings.first().map_or(Code::Internal, |finding| finding.code),
            Error::History(_) => Code::Ledger,
            Error::Database(error) => error.code,
        }
    }
}
