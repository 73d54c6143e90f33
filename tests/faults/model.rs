//! Chance decides what people do to files and database; a small model says what has to come of it.

mod commands;
mod expected;
mod files;
mod step;
mod world;

use std::cell::{Cell, RefCell};

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use tokio::runtime::{Builder, Runtime};

use crate::counted::{is_long, tell};
use crate::server::{Engine, Server};
use crate::tally::seed;
use step::{Allow, Kind, Reach, Step, Use, Way, steps};
use world::{Said, World};

#[test]
fn on_sqlite_whatever_people_do_files_ledger_and_tables_are_as_the_model_says() {
    any_sequence(Engine::Sqlite, if is_long() { 3000 } else { 20 });
}

#[test]
fn on_postgres_whatever_people_do_files_ledger_and_tables_are_as_the_model_says() {
    any_sequence(Engine::Postgres, if is_long() { 300 } else { 10 });
}

#[test]
fn on_mariadb_whatever_people_do_files_ledger_and_tables_are_as_the_model_says() {
    any_sequence(Engine::MariaDb, if is_long() { 300 } else { 10 });
}

#[test]
fn on_mariadb_a_rollback_that_was_killed_is_finished_by_the_next() {
    for moment in (0..1000).step_by(100) {
        kept(
            Engine::MariaDb,
            &[
                Step::New(Kind::Plain),
                Step::Up(Reach::All, Allow::Nothing),
                Step::Killed(Way::Down, moment),
                Step::Up(Reach::All, Allow::Nothing),
            ],
        );
    }
}

#[test]
fn on_mariadb_a_program_that_commits_inside_counts_once_wherever_it_was_killed() {
    for moment in (0..1000).step_by(50) {
        kept(
            Engine::MariaDb,
            &[
                Step::New(Kind::Program),
                Step::New(Kind::Half),
                Step::Killed(Way::Up, moment),
                Step::Up(Reach::All, Allow::Nothing),
            ],
        );
    }
}

#[test]
fn on_postgres_a_schema_of_the_user_hides_no_history() {
    kept(
        Engine::Postgres,
        &[
            Step::New(Kind::Plain),
            Step::Up(Reach::All, Allow::Nothing),
            Step::OwnSchema,
            Step::New(Kind::Plain),
            Step::TwoUps,
            Step::Down(Reach::All, Use::Unsaid),
            Step::Killed(Way::Up, 500),
            Step::Redo(Use::Unsaid),
        ],
    );
}

#[test]
fn on_sqlite_another_wish_is_another_meaning() {
    kept(
        Engine::Sqlite,
        &[
            Step::New(Kind::Outside),
            Step::Up(Reach::All, Allow::Nothing),
            Step::Delete(0),
            Step::Write(0, Kind::Plain),
            Step::WriteBack(0),
        ],
    );
}

/// A sequence that has gone wrong once.
fn kept(engine: Engine, steps: &[Step]) {
    let (mut server, mut said) = (Server::shared(engine), Said::new());
    let played = runtime().block_on(World::play(&mut server, steps, &mut said));
    played.unwrap_or_else(|wrong| panic!("{steps:?}\n{wrong}"));
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn any_sequence(engine: Engine, sequences: u32) {
    let runtime = runtime();
    let server = RefCell::new(Server::shared(engine));
    let config = Config {
        cases: sequences,
        failure_persistence: None,
        // What is killed is killed elsewhere the next time, so shrinking ends some time.
        max_shrink_iters: 300,
        ..Config::default()
    };
    let seed = seed();
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let (taken, said) = (Cell::new(0), RefCell::default());
    let outcome = TestRunner::new_with_rng(config, rng).run(&steps(engine == Engine::MariaDb), |steps| {
        taken.set(taken.get() + steps.len());
        let played = runtime.block_on(World::play(&mut server.borrow_mut(), &steps, &mut said.borrow_mut()));
        played.map_err(TestCaseError::fail)
    });
    if let Err(TestError::Fail(wrong, steps)) = &outcome {
        let lines: String = steps.iter().map(|step| format!("    {step:?},\n")).collect();
        panic!("seed {seed}\n{wrong}\n[\n{lines}]");
    }
    outcome.unwrap();
    println!("{}: {:?}", engine.name(), said.borrow());
    let (name, steps) = (engine.name(), taken.get());
    tell(&format!(
        "model, {name}: {sequences} sequences, {steps} steps, 0 violations (seed {seed})"
    ));
}
