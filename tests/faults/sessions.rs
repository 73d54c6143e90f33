//! Who is connected to a database, as its server sees it.

use std::time::{Duration, Instant};

use crate::server::{Engine, Server};

impl Server {
    /// The numbers of all sessions but our own. Files have none.
    pub(crate) async fn sessions(&mut self, database: &str) -> Vec<String> {
        self.others(database, "CAST(ID AS char)", "pid::text").await
    }

    /// What the server shows of them.
    async fn others(&mut self, database: &str, mariadb: &str, postgres: &str) -> Vec<String> {
        let ask = match self.engine {
            Engine::MariaDb => {
                format!(
                    "SELECT {mariadb} FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()"
                )
            }
            Engine::Postgres => format!(
                "SELECT {postgres} FROM pg_stat_activity \
                 WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()"
            ),
            Engine::Sqlite => return Vec::new(),
        };
        self.session(database).await.query(&ask).await
    }

    /// Ends all of them, whatever they are doing.
    pub(crate) async fn end_sessions(&mut self, database: &str) {
        for number in self.sessions(database).await {
            let end = match self.engine {
                // It may have ended by itself, and that is no error.
                Engine::MariaDb => {
                    format!("BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR 1094 DO 0; KILL CONNECTION {number}; END")
                }
                Engine::Postgres => format!("SELECT pg_terminate_backend({number})::text"),
                Engine::Sqlite => continue,
            };
            self.session(database).await.query(&end).await;
        }
    }

    /// Waits until nobody is connected any more, so that there is no lock and no transaction, either.
    pub(crate) async fn nobody_is_connected(&mut self, database: &str) -> Result<(), String> {
        let since = Instant::now();
        loop {
            let (mariadb, postgres) = (
                "CONCAT_WS(' ', ID, COMMAND, STATE, INFO)",
                "concat_ws(' ', pid, state, query)",
            );
            let left = self.others(database, mariadb, postgres).await;
            if left.is_empty() {
                return Ok(());
            }
            if since.elapsed() > Duration::from_secs(10) {
                return Err(format!("somebody is still connected: {left:?}"));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
