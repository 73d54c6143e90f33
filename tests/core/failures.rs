//! The connection is lost at the n-th write, for every n until a run meets none.

use syncline::catalog::Catalog;
use syncline::database::memory::{self, Memory};
use syncline::database::{Access, Database, DatabaseError, Engine};
use syncline::executor::StateAfter;
use syncline::history::{History, Outcome};
use syncline::plan::{Goal, Policy, Resolution, Until};
use syncline::script::{Manner, Syntax};
use syncline::{Code, Error, Migrator};

const ATOMIC: &[(&str, &str)] = &[
    ("1_a.sql", "add a; add b"),
    ("2_b.sql", "add c; drop a"),
    ("3_c.sql", "add d"),
];
const JOURNALLED: &[(&str, &str)] = &[
    ("1_a.sql", "-- syncline: no-transaction\nadd a; add b; drop a"),
    ("2_b.sql", "add c"),
];

fn catalog(files: &[(&str, &str)]) -> Catalog {
    Catalog::parse(files.iter().copied(), Syntax::Postgres(Default::default())).unwrap()
}

async fn run(database: Memory, goal: &Goal, files: &[(&str, &str)]) -> Result<syncline::Report, Error> {
    let mut migrator = Migrator::over(&Memory::target(), Box::new(database), Access::Write);
    migrator
        .run(goal, &catalog(files), &Policy::default(), &mut |_| {})
        .await
}

async fn history(database: &Memory) -> History {
    History::new(database.clone().records().await.unwrap()).unwrap()
}

fn failing(database: &Memory, at: usize) -> Memory {
    let mut connection = database.clone();
    connection.fail_at = Some(at);
    connection
}

#[tokio::test]
async fn whatever_write_fails_effects_and_records_of_atomic_migrations_agree_and_the_next_run_completes() {
    for at in 1.. {
        let database = Memory::new();
        let outcome = run(failing(&database, at), &Goal::Up(Until::End), ATOMIC).await;
        let applied = history(&database)
            .await
            .current()
            .filter(|(_, current)| current.state.is_applied())
            .count();
        let expected: &[&str] = [&[][..], &["a", "b"], &["b", "c"], &["b", "c", "d"]][applied];
        assert_eq!(database.names(), expected, "write {at}");
        let clean = outcome.as_ref().is_ok_and(|report| report.failure.is_none());
        assert!(
            run(database.clone(), &Goal::Up(Until::End), ATOMIC)
                .await
                .unwrap()
                .failure
                .is_none(),
            "write {at}"
        );
        assert_eq!(database.names(), ["b", "c", "d"], "write {at}");
        assert_eq!(history(&database).await.broken_links(), [], "write {at}");
        if clean {
            assert!(at > 10, "only {at} writes");
            return;
        }
    }
}

#[tokio::test]
async fn whatever_write_fails_a_journal_knows_what_was_done_or_asks_and_then_completes() {
    assert!(journalled(Some(Manner::Alone)).await >= 3);
}

#[tokio::test]
async fn whatever_write_fails_a_journal_that_shares_transactions_with_its_statements_never_asks() {
    assert_eq!(journalled(Some(Manner::Joined)).await, 0);
}

/// How often somebody had to be asked.
async fn journalled(manner: Option<Manner>) -> usize {
    let mut asked = 0;
    for at in 1.. {
        let database = Memory::new();
        let mut connection = failing(&database, at);
        connection.manner = manner;
        let outcome = run(connection, &Goal::Up(Until::End), JOURNALLED).await;
        let clean = outcome.as_ref().is_ok_and(|report| report.failure.is_none());
        let mut again = run(database.clone(), &Goal::Up(Until::End), JOURNALLED).await;
        if let Err(Error::Refused(findings)) = &again {
            assert_eq!(findings[0].code, Code::UnknownOutcome, "write {at}");
            asked += 1;
            // Somebody looks: the effect of the statement in question is there, or not.
            let history = history(&database).await;
            let record = history
                .records()
                .iter()
                .rfind(|record| record.outcome == Outcome::Running)
                .unwrap();
            let there = match record.statement_started {
                1 => database.names().contains(&"a".to_owned()),
                2 => database.names().contains(&"b".to_owned()),
                _ => !database.names().contains(&"a".to_owned()),
            };
            let resolution = if there {
                Resolution::Applied
            } else {
                Resolution::NotApplied
            };
            let resolve = Goal::Resolve("1".parse().unwrap(), resolution, "looked".to_owned());
            assert!(
                run(database.clone(), &resolve, JOURNALLED)
                    .await
                    .unwrap()
                    .failure
                    .is_none(),
                "write {at}"
            );
            again = run(database.clone(), &Goal::Up(Until::End), JOURNALLED).await;
        }
        assert!(again.unwrap().failure.is_none(), "write {at}");
        assert_eq!(database.names(), ["b", "c"], "write {at}");
        assert_eq!(history(&database).await.broken_links(), [], "write {at}");
        if clean {
            return asked;
        }
    }
    unreachable!("a run without a fault comes to its end")
}

#[tokio::test]
async fn a_run_whose_database_cannot_be_reached_again_still_says_what_was_done_and_where_it_stopped() {
    static GONE: Engine = Engine {
        connect: |_, _| Box::pin(async { Err(DatabaseError::new(Code::Connect, "nobody is there")) }),
        ..memory::ENGINE
    };
    for (files, state) in [(ATOMIC, StateAfter::CommitUnknown), (JOURNALLED, StateAfter::Unasked)] {
        let mut states = Vec::new();
        // The first write is that of the ledger.
        for at in 2.. {
            let connection = failing(&Memory::new(), at);
            let mut target = Memory::target();
            target.engine = &GONE;
            let mut migrator = Migrator::over(&target, Box::new(connection), Access::Write);
            let report = migrator
                .run(&Goal::Up(Until::End), &catalog(files), &Policy::default(), &mut |_| {})
                .await
                .unwrap_or_else(|error| panic!("write {at}: {error}"));
            let Some(failure) = report.failure else {
                assert_eq!(report.done.len(), files.len());
                break;
            };
            assert_eq!(failure.label(), (report.done.len() + 1).to_string(), "write {at}");
            states.push(failure.state);
        }
        assert!(states.contains(&state), "{states:?}");
    }
}

#[tokio::test]
async fn a_failing_statement_stops_the_run_and_is_told_with_its_place() {
    let database = Memory::new();
    let report = run(
        database.clone(),
        &Goal::Up(Until::End),
        &[("1_a.sql", "add a"), ("2_b.sql", "add b;\n  fail")],
    )
    .await
    .unwrap();
    let failure = report.failure.unwrap();
    assert_eq!(
        (report.done.len(), failure.label(), failure.statement),
        (1, "2".to_owned(), Some((2, 2)))
    );
    assert_eq!(failure.position.map(|p| (p.line, p.column)), Some((2, 3)));
    assert_eq!(failure.to_string(), "migration 2 b failed: cannot `fail`");
    assert_eq!(database.names(), ["a"]);
}
