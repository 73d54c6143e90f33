//! `down` beside a script that runs statement by statement, and after one that was cut off.

use std::time::Duration;

use super::field::{Field, deeds};
use crate::proxy::{Deed, Moment, Proxy, Stop};

/// It waits for the run that is at the script, and does not take it for one that has stopped.
pub(super) async fn waits(field: &mut Field<'_>) -> Result<(), String> {
    field.run("new", "up --steps 2", 0).await?;
    let mut up = field.held_at_the_third("up --steps 1").await;
    let mut down = field.start("new", "down --yes");
    tokio::time::sleep(Duration::from_millis(300)).await;
    field.let_go().await;
    for (run, deed) in [(&mut up, "up 3"), (&mut down, "down 3")] {
        let said = run.end().await?;
        let document = field.hear(&said)?;
        if said.exit != Some(0) || deeds(&document) != [deed] {
            return Err(format!("not {deed}: {document}"));
        }
    }
    field.check(None).await
}

/// Where it is cut off in the midst of a statement of which the catalog tells, it goes on by itself.
pub(super) async fn cut_off(field: &mut Field<'_>) -> Result<(), String> {
    field.run("new", "up", 0).await?;
    let engine = field.server.engine;
    let proxy = Proxy::new(engine, field.server.port, None).await;
    field.start_through(&proxy, "new", "down --yes").end().await?;
    let seen = proxy.seen();
    field.run("new", "up", 0).await?;
    let drop_table = seen.iter().rposition(|message| message.contains("DROP TABLE t7"));
    // The plan takes a connection of its own, which is the first.
    let stop = Stop {
        message: 1 + drop_table.ok_or_else(|| format!("no table is dropped: {seen:?}"))?,
        moment: Moment::Sent,
        deed: Deed::Hold,
    };
    let mut proxy = Proxy::new(engine, field.server.port, Some(stop)).await;
    let mut down = field.start_through(&proxy, "new", "down --yes");
    proxy.reached().await;
    down.kill();
    drop(proxy);
    field.faults += 1;
    field.run("new", "down --yes", 0).await.map(drop)
}
