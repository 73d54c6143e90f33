//! What records add up to: the only place that says what an event means.

use std::collections::BTreeMap;

use super::{Current, Kind, Outcome, Record, State};
use crate::migration::{Direction, Id};

/// What stands before the old identity in the reason of a record that renumbers, and behind it.
pub(super) const WAS: &str = "was ";
pub(super) const BEHIND: &str = ": ";

/// Adds one record to what was known of its migration.
pub(super) fn step(current: &mut BTreeMap<Id, Current>, id: Id, record: &Record, index: usize) {
    let Record {
        up_checksum,
        down_checksum,
        statements_done: done,
        statement_started: started,
        ..
    } = *record;
    let set = |state, direction| Current {
        state,
        direction,
        up_checksum,
        down_checksum,
        record: index,
        named: index,
    };
    // A script that stopped half-way leaves neither the one state nor the other.
    let reached = |whole| match record.outcome {
        Outcome::Applied => whole,
        Outcome::Running => State::Running { done, started },
        Outcome::Failed => State::Partial { done },
        Outcome::Unknown => State::Unknown { statement: started },
    };
    match record.kind {
        // Another function: two migrations are concerned.
        Kind::Init | Kind::Mirror | Kind::Renumber => {}
        Kind::Up | Kind::Repeat => drop(current.insert(id, set(reached(State::Applied), Direction::Up))),
        // The server has refused its first statement: what was applied still is.
        Kind::Down
            if record.outcome == Outcome::Failed
                && done == 0
                && current.get(&id).is_some_and(|known| known.state.is_applied()) => {}
        Kind::Down => drop(current.insert(id, set(reached(State::Reverted), Direction::Down))),
        Kind::Adopt => drop(current.insert(id, set(State::Applied, Direction::Up))),
        Kind::Baseline => drop(current.insert(id, set(State::Baseline, Direction::Up))),
        Kind::Forget => drop(current.remove(&id)),
        Kind::Accept => {
            if let Some(known) = current.get_mut(&id) {
                known.up_checksum = up_checksum;
                known.down_checksum = down_checksum;
            }
        }
        Kind::Resolve => {
            if let Some(known) = current.get_mut(&id) {
                known.state = State::Partial { done };
            }
        }
    }
}

/// What a migration was before this reason was given for renumbering it. A repeatable one may have any name, so it is one that is known,
/// and the longest where the name of one begins with that of another.
pub(super) fn was(reason: &str, is_known: impl Fn(&Id) -> bool) -> Option<Id> {
    let rest = reason.strip_prefix(WAS)?;
    let mut ends = rest.rmatch_indices(BEHIND).map(|(end, _)| end);
    ends.find_map(|end| rest.get(..end)?.parse().ok().filter(&is_known))
}

/// What is known of a migration goes with it to its new identity; which script counts is what the record says.
pub(super) fn renumber(current: &mut BTreeMap<Id, Current>, old: &Id, new: Id, record: &Record, index: usize) {
    let Some(known) = current.remove(old) else { return };
    let known = Current {
        up_checksum: record.up_checksum,
        down_checksum: record.down_checksum,
        named: index,
        ..known
    };
    current.insert(new, known);
}
