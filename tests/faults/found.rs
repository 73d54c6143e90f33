//! What the matrix has found, each with the smallest scenario that shows it.

use crate::scenario::{MARIADB, POSTGRES, Scenario};
use crate::server::Server;
use crate::trial::{Fault, Files, Trial};

#[tokio::test]
async fn nothing_runs_in_a_session_that_could_not_be_restored() {
    shows(&POSTGRES, &[Fault::Named("before release", "error")]).await;
}

#[tokio::test]
async fn a_run_that_loses_its_connection_before_it_goes_on_tells_what_an_earlier_one_has_left() {
    let faults = [
        Fault::Named("after conclude#2", "abort"),
        Fault::Named("before begin", "drop"),
    ];
    shows(&POSTGRES, &faults).await;
}

#[tokio::test]
async fn a_run_that_cannot_begin_to_go_on_tells_what_an_earlier_one_has_left() {
    let faults = [
        Fault::Named("after conclude#2", "abort"),
        Fault::Named("before begin", "error"),
    ];
    shows(&POSTGRES, &faults).await;
}

#[tokio::test]
async fn nobody_is_asked_of_a_statement_that_was_executed_and_whose_record_was_refused() {
    shows(&MARIADB, &[Fault::Named("before conclude#3", "error")]).await;
}

async fn shows(scenario: &'static Scenario, faults: &[Fault]) {
    let mut server = Server::shared(scenario.engine);
    let files = Files::of(scenario);
    let told = Trial::of(&mut server, scenario, &files, faults, true).await;
    let told = told.unwrap_or_else(|wrong| panic!("{faults:?}: {wrong}"));
    assert_eq!((told.faults, told.questions), (faults.len(), 0), "{:?}", told.said);
}
