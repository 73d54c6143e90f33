//! Migrations that refinery's macro has embedded, applied through syncline's ledger.
//!
//! `cargo run --example refinery -- sqlite:people.db`

use syncline::compat::refinery::Session;
use syncline::database::Access;
use syncline::{Migrator, Target};

mod embedded {
    refinery::embed_migrations!("migrations-examples/refinery/migrations");
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite:people.db".to_owned());
    let mut migrator = Migrator::connect(&Target::from_url(&url)?, Access::Write).await?;
    let report = embedded::migrations::runner()
        .run_async(&mut Session::new(&mut migrator))
        .await?;
    for migration in report.applied_migrations() {
        println!("applied {migration}");
    }
    println!(
        "{} applied; the ledger has {} records",
        report.applied_migrations().len(),
        migrator.history().await?.records().len()
    );
    migrator.close().await?;
    Ok(())
}
