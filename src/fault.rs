//! Fault points: where a test build fails, stands still or ends when it is told to. In every other build they do nothing.
//!
//! Every call of a connection passes two of them, in `database/guarded.rs`, and so does every file that is read: what is added there
//! is tested without a point of its own.

#[cfg(feature = "fault-points")]
mod armed;

/// What an error says that was asked for.
pub(crate) const ASKED: &str = "a fault was asked for";

/// What happens at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "fault-points"),
    expect(dead_code, reason = "only an armed point fails")
)]
pub(crate) enum Verdict {
    /// Nothing.
    Pass,
    /// What is behind it fails.
    Fail,
    /// The connection is gone.
    Drop,
}

/// The process comes by.
#[cfg(feature = "fault-points")]
pub(crate) fn point(name: &str, moment: &str) -> Verdict {
    armed::point(name, moment)
}

/// The process comes by.
#[cfg(not(feature = "fault-points"))]
pub(crate) fn point(_name: &str, _moment: &str) -> Verdict {
    Verdict::Pass
}

/// The same before something is asked of the operating system.
pub(crate) fn io(name: &str) -> std::io::Result<()> {
    match point(name, "before") {
        Verdict::Pass => Ok(()),
        Verdict::Fail | Verdict::Drop => Err(std::io::Error::other(ASKED)),
    }
}
