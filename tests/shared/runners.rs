//! The migrators of sqlx and of refinery, run on a database as their users run them.

use std::path::Path;

use refinery::{Migration, Runner};
use sqlx::migrate::Migrator;
use sqlx::{Connection, MySqlConnection, PgConnection, SqliteConnection};
use syncline::compat::refinery::Sqlx;

use crate::place::{Engine, Place};

/// Runs a future to its end.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future)
}

/// Runs something with a connection.
macro_rules! connected {
    ($place:expr, $connection:ident => $body:expr) => {{
        let url = &$place.url;
        match $place.engine {
            Engine::Sqlite => {
                let mut $connection = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
                $body
            }
            Engine::Postgres => {
                let mut $connection = PgConnection::connect(url).await.unwrap();
                $body
            }
            Engine::MariaDb => {
                let mut $connection = MySqlConnection::connect(url).await.unwrap();
                $body
            }
        }
    }};
}

/// Runs sqlx's migrator on the files of a directory.
pub fn sqlx(place: &Place, directory: &Path) {
    wait(async {
        let migrator = Migrator::new(directory).await.unwrap();
        connected!(place, connection => migrator.run(&mut connection).await.unwrap());
    });
}

/// Runs refinery's runner on migrations of these names and texts.
pub fn refinery(place: &Place, migrations: &[(String, String)]) {
    let migration = |(name, text): &(String, String)| Migration::unapplied(name, text).unwrap();
    let runner = Runner::new(&migrations.iter().map(migration).collect::<Vec<_>>());
    wait(async {
        connected!(place, connection => runner.run_async(&mut Sqlx::new(&mut connection)).await.map(drop).unwrap());
    });
}
