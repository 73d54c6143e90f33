//! Properties of plans: what was planned and applied needs no planning any more.

use proptest::prelude::*;
use syncline::catalog::Catalog;
use syncline::database::Access;
use syncline::database::memory::Memory;
use syncline::plan::{Goal, Policy, Rule, Until};
use syncline::script::Syntax;
use syncline::{Migrator, Report};

fn files(versions: &[u8]) -> Vec<(String, String)> {
    let file = |n: &u8| {
        (
            format!("{n}_m.sql"),
            format!("add t{n}\n;\n-- syncline: down\ndrop t{n}"),
        )
    };
    versions.iter().map(file).collect()
}

fn run(database: &Memory, goal: &Goal, versions: &[u8]) -> Report {
    let catalog = Catalog::parse(files(versions), Syntax::Postgres(Default::default())).unwrap();
    let policy = Policy {
        out_of_order: Rule::Allow,
        missing: Rule::Allow,
        latest_stamp: None,
    };
    let mut migrator = Migrator::over(&Memory::target(), Box::new(database.clone()), Access::Write);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime
        .block_on(migrator.run(goal, &catalog, &policy, &mut |_| {}))
        .unwrap()
}

/// What somebody does to a project, one thing after the other.
#[derive(Debug, Clone)]
enum Doing {
    Add(u8),
    Up,
    UpSteps(usize),
    Down(usize),
    Redo,
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        (1..60u8).prop_map(Doing::Add),
        Just(Doing::Up),
        (1..3usize).prop_map(Doing::UpSteps),
        (1..4usize).prop_map(Doing::Down),
        Just(Doing::Redo),
    ]
}

proptest! {
    #[test]
    fn the_database_always_holds_what_the_ledger_says_and_up_twice_is_up_once(doings in prop::collection::vec(doing(), 1..20)) {
        let database = Memory::new();
        let mut versions: Vec<u8> = Vec::new();
        let mut model: Vec<u8> = Vec::new();
        for doing in doings {
            match doing {
                Doing::Add(version) => if !versions.contains(&version) { versions.push(version) },
                Doing::Up | Doing::UpSteps(_) => {
                    let mut pending: Vec<u8> = versions.iter().copied().filter(|v| !model.contains(v)).collect();
                    pending.sort_unstable();
                    let until = match doing {
                        Doing::UpSteps(steps) => { pending.truncate(steps); Until::Steps(steps) }
                        _ => Until::End,
                    };
                    let report = run(&database, &Goal::Up(until), &versions);
                    prop_assert!(report.failure.is_none());
                    prop_assert_eq!(report.done.len(), pending.len());
                    model.extend(pending);
                }
                Doing::Down(steps) => {
                    let report = run(&database, &Goal::Down(Until::Steps(steps), None), &[]);
                    prop_assert_eq!(report.done.len(), steps.min(model.len()));
                    model.truncate(model.len().saturating_sub(steps));
                }
                Doing::Redo => {
                    let report = run(&database, &Goal::Redo(None), &versions);
                    prop_assert_eq!(report.done.len(), if model.is_empty() { 0 } else { 2 });
                }
            }
            let mut expected: Vec<String> = model.iter().map(|version| format!("t{version}")).collect();
            expected.sort();
            prop_assert_eq!(database.names(), expected);
        }
        run(&database, &Goal::Up(Until::End), &versions);
        prop_assert_eq!(run(&database, &Goal::Up(Until::End), &versions).done.len(), 0);
    }
}
