//! The core, on the engine in memory: every failure point, and properties of plans.

mod failures;
mod plans;
mod renumbered;
mod structure;
