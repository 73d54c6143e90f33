//! Waiting for a server that is not there yet, as in compose and CI: it does not listen, or says that it is starting or ending.

use std::time::{Duration, Instant};

use super::Migrator;
use crate::database::{self, Access, Conflict, Target};
use crate::error::Error;
use crate::executor::{Event, Observer};

/// How often the server is tried.
const PAUSE: Duration = Duration::from_millis(250);

/// How often it is said that it is waited for.
const SAID: Duration = Duration::from_secs(5);

impl Migrator {
    /// Opens a connection, and waits for a server that is not there yet as long as [`Target::connect_wait`] says. A password that is
    /// wrong, or a database that is not there, is no reason to wait.
    ///
    /// # Errors
    /// As [`Migrator::connect`]: the last reason, when the time is up.
    pub async fn connect_patiently(
        target: &Target,
        access: Access,
        observer: &mut Observer<'_>,
    ) -> Result<Self, Error> {
        let began = Instant::now();
        let mut said: Option<Instant> = None;
        loop {
            let mut error = match database::connect(target, access).await {
                Ok(database) => return Ok(Self::over(target, database, access)),
                Err(error) => error,
            };
            let waited = began.elapsed();
            if !matches!(error.conflict, Some(Conflict::Absent | Conflict::Busy)) || target.connect_wait.is_zero() {
                return Err(error.into());
            }
            if waited >= target.connect_wait {
                error.message = format!("{}; waited {} s for it", error.message, waited.as_secs());
                return Err(error.into());
            }
            if said.is_none_or(|said| said.elapsed() >= SAID) {
                said = Some(Instant::now());
                observer(Event::Absent {
                    error: &error,
                    waited,
                    limit: target.connect_wait,
                });
            }
            tokio::time::sleep(PAUSE.min(target.connect_wait - waited)).await;
        }
    }
}
