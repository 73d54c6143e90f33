//! Chains that hold, and what breaks them.

use super::*;

/// A record of an atomic event, for tests of what is made of records.
pub(crate) fn record(kind: Kind, version: &str, up: Option<&str>) -> Record {
    Record {
        seq: 0,
        kind,
        version: Some(version.to_owned()),
        name: "a".to_owned(),
        outcome: Outcome::Applied,
        up_checksum: up.map(Checksum::of),
        down_checksum: None,
        protocol: Protocol::Atomic,
        statements_total: 1,
        statement_started: 1,
        statements_done: 1,
        started_at: "2026-11-22T09:30:00Z".to_owned(),
        finished_at: None,
        duration_ms: Some(1),
        applied_by: "me".to_owned(),
        host: "here".to_owned(),
        tool: "test".to_owned(),
        run_id: "run".to_owned(),
        reason: None,
        error: None,
        evidence: None,
        chain: String::new(),
    }
}

pub(crate) fn ledger(events: Vec<Record>) -> History {
    let mut head = Head::genesis();
    let mut records = vec![record(Kind::Init, "1", None)];
    records.extend(events);
    for record in &mut records {
        head.seal(record);
    }
    History::new(records).unwrap()
}

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

#[test]
fn the_last_event_of_a_migration_says_how_it_stands() {
    let history = ledger(vec![
        record(Kind::Up, "1", Some("a")),
        record(Kind::Up, "2", Some("b")),
        record(Kind::Down, "2", Some("b")),
        record(Kind::Baseline, "3", None),
    ]);
    assert_eq!(history.get(&id("1")).unwrap().state, State::Applied);
    assert_eq!(history.get(&id("2")).unwrap().state, State::Reverted);
    assert_eq!(history.get(&id("3")).unwrap().state, State::Baseline);
    assert_eq!(history.newest(), Some(&id("3")));
}

#[test]
fn an_accepted_edit_changes_the_checksum_and_nothing_else() {
    let history = ledger(vec![
        record(Kind::Up, "1", Some("a")),
        record(Kind::Accept, "1", Some("b")),
    ]);
    let current = history.get(&id("1")).unwrap();
    assert_eq!(current.up_checksum, Some(Checksum::of("b")));
    assert_eq!((current.state, current.record), (State::Applied, 1));
}

#[test]
fn a_forgotten_migration_is_not_known_any_more() {
    let history = ledger(vec![record(Kind::Up, "1", Some("a")), record(Kind::Forget, "1", None)]);
    assert_eq!(history.get(&id("1")), None);
    assert_eq!(history.records().len(), 3);
}

#[test]
fn editing_deleting_and_reordering_records_is_found() {
    let whole = ledger(vec![
        record(Kind::Up, "1", Some("a")),
        record(Kind::Up, "2", Some("b")),
        record(Kind::Up, "3", Some("c")),
    ]);
    assert_eq!(whole.broken_links(), []);

    let mut edited = whole.records().to_vec();
    edited[2].applied_by = "somebody else".to_owned();
    assert_eq!(
        History::new(edited).unwrap().broken_links(),
        [BrokenLink::Changed { seq: 2 }]
    );

    let mut deleted = whole.records().to_vec();
    deleted.remove(2);
    assert_eq!(
        History::new(deleted).unwrap().broken_links(),
        [BrokenLink::Gap { expected: 2, found: 3 }]
    );

    let mut swapped = whole.records().to_vec();
    swapped.swap(1, 2);
    assert!(!History::new(swapped).unwrap().broken_links().is_empty());
}

#[test]
fn a_newer_format_is_refused() {
    let newer = vec![record(Kind::Init, "2", None)];
    assert_eq!(
        History::new(newer),
        Err(HistoryError::NewerFormat { found: "2".to_owned() })
    );
    assert_eq!(
        History::new(vec![record(Kind::Up, "1", None)]),
        Err(HistoryError::NoInit)
    );
}

#[test]
fn the_longest_name_is_the_one_that_was_renumbered() {
    let named = |kind, name: &str, reason: Option<&str>| Record {
        version: None,
        name: name.to_owned(),
        reason: reason.map(str::to_owned),
        ..record(kind, "", Some("x"))
    };
    let history = ledger(vec![
        named(Kind::Repeat, "a", None),
        named(Kind::Repeat, "a: b", None),
        named(
            Kind::Renumber,
            "c",
            Some(&History::was(&Id::Repeatable("a: b".to_owned()), "why")),
        ),
    ]);
    let known: Vec<String> = history.current().map(|(id, _)| id.to_string()).collect();
    assert_eq!(known, ["R__a", "R__c"]);
}
