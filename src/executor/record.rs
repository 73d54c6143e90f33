//! Records: what a step writes into the ledger.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use super::Stamp;
use crate::history::{Outcome, Protocol, Record};
use crate::migration::{Checksum, Id};
use crate::plan::{Original, Step};
use crate::script;

/// A record of the step that is running, before anything is known of how it went.
pub(super) fn blank(step: &Step, stamp: &Stamp, protocol: Protocol) -> Record {
    Record {
        seq: 0,
        kind: step.kind,
        version: step.id.as_ref().and_then(Id::version).map(ToString::to_string),
        name: match &step.id {
            Some(Id::Version(_)) => step.name.clone(),
            // The name is the identity here.
            Some(Id::Repeatable(name)) => name.clone(),
            None => String::new(),
        },
        outcome: Outcome::Running,
        up_checksum: step.up_checksum,
        down_checksum: step.down_checksum,
        protocol,
        statements_total: step.statements_done,
        statement_started: step.statements_done,
        statements_done: step.statements_done,
        started_at: String::new(),
        finished_at: None,
        duration_ms: None,
        applied_by: stamp.user.clone(),
        host: stamp.host.clone(),
        tool: stamp.tool.clone(),
        run_id: stamp.run_id.clone(),
        reason: step.reason.clone(),
        error: None,
        evidence: None,
        chain: String::new(),
    }
}

/// What another tool's history says takes the place of what this run knows.
pub(super) fn original(record: &mut Record, original: &Original) {
    record.statements_total = original.count;
    if let Some(at) = &original.at {
        let took = Duration::from_millis(original.took_ms.unwrap_or_default());
        record.finished_at = Some(after(at, took));
        record.started_at.clone_from(at);
    }
    record.duration_ms = original.took_ms.and_then(|took| i64::try_from(took).ok());
    if let Some(by) = &original.by {
        record.applied_by.clone_from(by);
    }
}

/// Says how the event of a record ended, and when.
pub(super) fn end(record: &mut Record, outcome: Outcome, clock: Instant) {
    let elapsed = clock.elapsed();
    record.outcome = outcome;
    record.finished_at = Some(after(&record.started_at, elapsed));
    record.duration_ms = i64::try_from(elapsed.as_millis()).ok();
}

/// The texts to be stored with a step, canonical, without those that are too large.
pub(super) fn texts(step: &Step, keep: usize) -> Vec<(Checksum, Cow<'_, str>)> {
    let kept = step.store.iter().filter(|script| script.source().len() <= keep);
    kept.map(|script| (script.checksum, script::canonical(script.source())))
        .collect()
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The server's time `elapsed` later. The server's clock is read once; how long things took is measured here.
pub(super) fn after(started_at: &str, elapsed: Duration) -> String {
    if let Ok(at) = started_at.parse::<jiff::Timestamp>() {
        return at
            .checked_add(elapsed)
            .map_or_else(|_| started_at.to_owned(), |at| format!("{at:.6}"));
    }
    // Taken over without a zone.
    let local = started_at.parse::<jiff::civil::DateTime>();
    let later = local.and_then(|at| at.checked_add(elapsed));
    later.map_or_else(|_| started_at.to_owned(), |at| format!("{at:.6}"))
}
