//! A wish to end a run early, which whoever runs it looks for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use tokio::sync::Notify;

use crate::code::Code;
use crate::database::DatabaseError;

/// Ends a run early and in order: the statement is cancelled at the server, what can be rolled back is, the journal is sealed and
/// the lock given back. Clones stand for the same wish. Dropping the future of a run cancels nothing at the server.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    requested: AtomicBool,
    notify: Notify,
    runs: AtomicUsize,
}

/// While it lives, somebody looks for the wish.
pub(crate) struct Listening(Interrupt);

impl Interrupt {
    /// One that nobody has asked for yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks every run that listens to end. False where none does, so that nothing will come of it.
    pub fn request(&self) -> bool {
        self.0.requested.store(true, SeqCst);
        self.0.notify.notify_waiters();
        self.0.runs.load(SeqCst) > 0
    }

    pub(crate) fn listen(&self) -> Listening {
        self.0.runs.fetch_add(1, SeqCst);
        Listening(self.clone())
    }

    pub(crate) fn is_requested(&self) -> bool {
        self.0.requested.load(SeqCst)
    }

    /// Comes back when it was asked for.
    pub(crate) async fn requested(&self) {
        let notified = self.0.notify.notified();
        if !self.is_requested() {
            notified.await;
        }
    }

    /// An error where it was asked for.
    pub(crate) fn check(&self) -> Result<(), DatabaseError> {
        if self.is_requested() {
            return Err(DatabaseError::new(Code::Interrupted, "the run was interrupted"));
        }
        Ok(())
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.0.runs.fetch_sub(1, SeqCst);
    }
}
