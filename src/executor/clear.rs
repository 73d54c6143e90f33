//! What a failed try has left behind goes before the next.

use std::sync::{Mutex, PoisonError};

use super::{Event, Executor};
use crate::database::{Conflict, DatabaseError};

impl Executor<'_, '_> {
    /// Removes what an earlier try of a statement has left behind, looked at like a statement of a script and tried again where it gave
    /// way to others.
    pub(super) async fn remove_what_is_left(&mut self, statement: &str, retries: u32) -> Result<(), DatabaseError> {
        let mut attempt = 1;
        loop {
            let watch = self.database.watch();
            let observer = Mutex::new(&mut *self.observer);
            let tell = |event: Event<'_>| (observer.lock().unwrap_or_else(PoisonError::into_inner))(event);
            let database = &mut *self.database;
            let work = async { database.clear(statement).await.map_err(|error| (0, error)) };
            match self.watching.follow(watch, self.interrupt, &tell, work).await {
                Ok(None) => return Ok(()),
                Ok(Some(what)) => {
                    (self.observer)(Event::Cleared { what: &what });
                    return Ok(());
                }
                Err((_, error)) => {
                    let again = error.conflict == Some(Conflict::Contended) && attempt <= retries;
                    if !again || self.interrupt.is_requested() {
                        return Err(error);
                    }
                    attempt += 1;
                    self.retry(&error, attempt).await;
                }
            }
        }
    }
}
