//! How a statement of SQLite is cancelled: its progress handler is told, since it runs in this process.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use async_trait::async_trait;

use super::guard::Guard;
use crate::database::{DatabaseError, Sight, Watch};

pub(super) struct Onlooker(pub Arc<Guard>);

#[async_trait]
impl Watch for Onlooker {
    fn session(&self) -> String {
        "of this process".to_owned()
    }

    fn cancel_command(&self) -> String {
        format!("kill -INT {}", std::process::id())
    }

    async fn look(&mut self) -> Result<Sight, DatabaseError> {
        Ok(Sight::default())
    }

    async fn cancel(&mut self) -> Result<(), DatabaseError> {
        self.0.interrupted.store(true, SeqCst);
        Ok(())
    }

    fn forget(&mut self) {}
}
