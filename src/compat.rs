//! Other tools: their migrations through syncline's ledger, or over the same driver with their own history.

pub mod adopt;
#[cfg(feature = "refinery")]
pub mod refinery;
