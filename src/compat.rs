//! Other tools: their migrations through syncline's ledger.

#[cfg(feature = "refinery")]
pub mod refinery;
