//! Schema migrations: plans before changes, a checksummed history in every database, rollbacks from what it remembers.
//!
//! ```text
//!  files ──▶ Catalog ─┐
//!                     ├─▶ plan(goal, catalog, known, policy) ──▶ Plan ──▶ executor ──▶ Database
//!  ledger ─▶ History ─┘        a pure function                              │
//!                                                           events, report ▼
//! ```
//!
//! [`Migrator`] is the front door. The library returns values and events and prints nothing.

#![forbid(clippy::print_stdout, clippy::print_stderr)]
#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod catalog;
mod code;
pub mod compat;
pub mod database;
pub mod diff;
mod error;
pub mod executor;
mod fault;
pub mod files;
pub mod history;
pub mod migration;
mod migrator;
pub mod places;
pub mod plan;
pub mod renumbered;
pub mod script;
pub mod settle;
pub mod shell;
pub mod status;
mod verify;
pub mod version;

pub use catalog::Catalog;
pub use code::Code;
pub use database::Target;
pub use error::Error;
pub use executor::{Done, Event, Failure, Interrupt};
pub use migrator::{KEEP, Migrator, Report};
pub use plan::Adoption;
pub use verify::Verification;

/// The README, so that its example is compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
