//! Migrations that are compiled into the program, applied when it starts.
//!
//! `cargo run --example embedded -- sqlite:shop.db`

use syncline::database::Access;
use syncline::plan::{Goal, Policy, Until};
use syncline::{Catalog, Event, Migrator, Target};

const FILES: &[(&str, &str)] = &[
    (
        "1_customers.sql",
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);",
    ),
    (
        "2_orders.sql",
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customers (id));",
    ),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite:shop.db".to_owned());
    let target = Target::from_url(&url)?;
    let catalog = Catalog::parse(FILES.iter().copied(), target.engine.syntax)?;
    let mut migrator = Migrator::connect(&target, Access::Write).await?;
    let mut observer = |event: Event<'_>| {
        if let Event::Finished { outcome } = event {
            println!(
                "applied {} {} ({} statements)",
                outcome.label(),
                outcome.name,
                outcome.statements
            );
        }
    };
    let report = migrator
        .run(&Goal::Up(Until::End), &catalog, &Policy::default(), &mut observer)
        .await?;
    if let Some(failure) = report.failure {
        return Err(failure.into());
    }
    println!("{} applied", report.done.len());
    migrator.close().await?;
    Ok(())
}
