//! `down` beside a script that runs statement by statement, and after one that was cut off.

use std::time::Duration;

use super::field::{Field, deeds};
use crate::proxy::{Deed, Moment, Proxy, Stop};

/// It waits for the run that is at the script, and does not take it for one that has stopped. Nor does who only looks.
pub(super) async fn waits(field: &mut Field<'_>) -> Result<(), String> {
    field.run("new", "up --steps 2", 0).await?;
    let mut up = field.held_at_the_third("up --steps 1").await;
    for (command, exit) in [("plan", 0), ("down --dry-run", 3)] {
        let document = field.run("new", command, exit).await?;
        let message = document["findings"][0]["message"].as_str().unwrap_or_default();
        if !message.starts_with("3 m is being run, or that was cut off") {
            return Err(format!("{command} while another run is at it: {document}"));
        }
    }
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

/// The same where that run comes to the script while the rollback is being planned, whatever has been read by then.
pub(super) async fn waits_for_a_late_one(field: &mut Field<'_>) -> Result<(), String> {
    field.run("new", "up --steps 2", 0).await?;
    let proxy = Proxy::new(field.server.engine, field.server.port, None).await;
    field.hear(&field.start_through(&proxy, "new", "down --yes").end().await?)?;
    field.run("new", "up --steps 1", 0).await?;
    let seen = proxy.seen();
    let takes_the_lock = |message: &String| message.to_lowercase().contains("_lock(");
    let before = seen.iter().position(takes_the_lock);
    for message in 1..=before.ok_or_else(|| format!("no lock is taken: {seen:?}"))? {
        // Nobody waits for the answer to a goodbye.
        if matches!(&*seen[message - 1], "" | "X") {
            continue;
        }
        let (moment, deed) = (Moment::Before, Deed::Hold);
        let stop = Stop { message, moment, deed };
        let mut proxy = Proxy::new(field.server.engine, field.server.port, Some(stop)).await;
        let mut down = field.start_through(&proxy, "new", "down --yes");
        proxy.reached().await;
        let mut up = field.held_at_the_third("up --steps 1").await;
        proxy.go_on();
        tokio::time::sleep(Duration::from_millis(100)).await;
        field.let_go().await;
        for run in [&mut up, &mut down] {
            let said = run.end().await?;
            let document = field.hear(&said)?;
            // What was planned before the script began is not what there is to be taken back.
            if said.exit != Some(0) && document["error"]["code"] != "moved" {
                return Err(format!("after {message} messages: {document}"));
            }
        }
        field.run("new", "down --yes --to 2", 0).await?;
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
