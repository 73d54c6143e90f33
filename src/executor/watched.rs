//! A statement that takes long, looked at from a second connection: who is in its way, how far it is; and how it is cancelled.

use std::future::Future;
use std::pin::{Pin, pin};
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval_at, timeout};

use super::{Event, Interrupt};
use crate::code::Code;
use crate::database::{Blocker, DatabaseError, Watch};

/// A statement that is done by then is not looked at.
const FIRST_LOOK: Duration = Duration::from_millis(250);

/// Between two looks.
const EVERY: Duration = Duration::from_secs(1);

/// A look that takes longer is given up, and with it the connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is known of a statement from outside.
#[derive(Default)]
pub(crate) struct Watching {
    watch: Option<Box<dyn Watch>>,
    /// Who was in its way when it was looked at last.
    pub blockers: Vec<Blocker>,
}

impl Watching {
    /// Waits for something that a statement does, and looks at it meanwhile. When it fails, the error says who was in its way.
    pub async fn follow<T>(
        &mut self,
        watch: Option<Box<dyn Watch>>,
        interrupt: &Interrupt,
        tell: &(dyn Fn(Event<'_>) + Sync),
        work: impl Future<Output = Result<T, (usize, DatabaseError)>>,
    ) -> Result<T, (usize, DatabaseError)> {
        let session = |watch: &Option<Box<dyn Watch>>| watch.as_ref().map(|watch| watch.session());
        if session(&watch) != session(&self.watch) {
            self.watch = watch;
        }
        self.blockers.clear();
        let ended = self.until(interrupt, tell, work).await;
        ended.map_err(|(index, mut error)| {
            if interrupt.is_requested() && matches!(error.code, Code::SqlFailed | Code::LeftTransaction) {
                error.code = Code::Interrupted;
                error.conflict = None;
            }
            if error.conflict.is_some() && !self.blockers.is_empty() {
                error.detail = Some(Blocker::in_words(&self.blockers));
            }
            (index, error)
        })
    }

    async fn until<T>(
        &mut self,
        interrupt: &Interrupt,
        tell: &(dyn Fn(Event<'_>) + Sync),
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = pin!(work);
        let since = Instant::now();
        let mut clock = interval_at(tokio::time::Instant::now() + FIRST_LOOK, EVERY);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut cancelled = false;
        loop {
            let Some(watch) = &mut self.watch else {
                return unwatched(work, interrupt, tell).await;
            };
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = interrupt.requested(), if !cancelled => {
                    cancelled = true;
                    tell(Event::Cancelling { session: &watch.session() });
                    // A connection that has gone silent meanwhile is not the last word.
                    for is_last in [false, true] {
                        let asked = tokio::select! {
                            done = &mut work => return done,
                            asked = timeout(PATIENCE, watch.cancel()) => asked,
                        };
                        match asked {
                            Ok(Ok(())) => break,
                            Ok(Err(error)) if is_last || error.code != Code::Lost => {
                                tell(Event::NotCancelled { error: &error });
                                break;
                            }
                            Err(_) if is_last => {
                                let error = DatabaseError::new(Code::Lost, "the server does not answer");
                                tell(Event::NotCancelled { error: &error });
                            }
                            _ => watch.forget(),
                        }
                    }
                }
                _ = clock.tick() => {
                    let looked = tokio::select! {
                        done = &mut work => return done,
                        looked = timeout(PATIENCE, watch.look()) => looked,
                    };
                    match looked {
                        Ok(Ok(sight)) => {
                            self.blockers = sight.blockers;
                            tell(Event::Seen {
                                session: &watch.session(),
                                cancel: &watch.cancel_command(),
                                blockers: &self.blockers,
                                progress: sight.progress.as_ref(),
                                elapsed: since.elapsed(),
                            });
                        }
                        // It is only for those who look on. What the server refuses to show it will refuse the next time.
                        Ok(Err(error)) if error.code != Code::Lost => {}
                        _ => watch.forget(),
                    }
                }
            }
        }
    }
}

/// Waits for a statement that nobody can look at. When the run is asked to end, it can only be said that it ends later.
async fn unwatched<T>(
    mut work: Pin<&mut impl Future<Output = T>>,
    interrupt: &Interrupt,
    tell: &(dyn Fn(Event<'_>) + Sync),
) -> T {
    tokio::select! {
        biased;
        done = &mut work => return done,
        () = interrupt.requested() => {}
    }
    let error = DatabaseError::new(
        Code::Interrupted,
        "from here it cannot be cancelled; the run ends with it",
    );
    tell(Event::NotCancelled { error: &error });
    work.await
}
