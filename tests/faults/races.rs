//! Many runners at once, on one database: whatever they do to each other, every migration takes effect once.

mod crowd;
mod field;
mod load;
mod release;
mod rollback;
mod stopped;
mod work;

use field::{Field, Releases};

use crate::server::{Engine, Server};
use crate::tally::{Dice, Tally, seed};

/// Plays scenarios on one engine, each of them on a database of its own, and counts.
struct Races {
    server: Server,
    releases: Releases,
    dice: Dice,
    tally: Tally,
}

impl Races {
    fn on(engine: Engine) -> Self {
        let seed = seed();
        Self {
            server: Server::shared(engine),
            releases: Releases::of(engine),
            dice: Dice::new(seed, 0),
            tally: Tally::new(seed),
        }
    }

    async fn play(&mut self, what: &str, scenario: impl AsyncFnOnce(&mut Field<'_>, &mut Dice) -> Result<(), String>) {
        let mut field = Field::new(&mut self.server, &self.releases).await;
        let outcome = scenario(&mut field, &mut self.dice).await;
        let faults = field.faults;
        if outcome.is_ok() {
            field.end().await;
        }
        self.tally.add(what, faults, outcome.map(|()| (Vec::new(), 0)));
    }
}

async fn race(engine: Engine) {
    let mut races = Races::on(engine);
    crowd::up(&mut races).await;
    crowd::impatient(&mut races).await;
    crowd::killed(&mut races).await;
    crowd::down(&mut races).await;
    release::rolling(&mut races).await;
    stopped::stopped(&mut races).await;
    races.tally.end(&format!("races, {}", engine.name()));
}

#[tokio::test]
async fn on_sqlite_each_migration_takes_effect_once_whoever_else_is_running_killed_or_asleep() {
    race(Engine::Sqlite).await;
}

#[tokio::test]
async fn on_postgres_each_migration_takes_effect_once_whoever_else_is_running_killed_or_asleep() {
    race(Engine::Postgres).await;
}

#[tokio::test]
async fn on_mariadb_each_migration_takes_effect_once_whoever_else_is_running_killed_or_asleep() {
    race(Engine::MariaDb).await;
}

/// One scenario, for what has been wrong once.
async fn play(engine: Engine, scenario: impl AsyncFnOnce(&mut Field<'_>) -> Result<(), String>) {
    let (mut server, releases) = (Server::shared(engine), Releases::of(engine));
    let mut field = Field::new(&mut server, &releases).await;
    scenario(&mut field).await.unwrap();
    field.end().await;
}

#[tokio::test]
async fn on_mariadb_a_run_that_has_lost_its_session_does_not_claim_what_another_has_finished() {
    play(Engine::MariaDb, stopped::ended_in_the_midst).await;
}

#[tokio::test]
async fn on_postgres_a_run_that_has_lost_its_session_does_not_claim_what_another_has_finished() {
    play(Engine::Postgres, stopped::ended_in_the_midst).await;
}

#[tokio::test]
async fn on_mariadb_a_rollback_waits_for_the_run_that_is_at_a_script() {
    play(Engine::MariaDb, rollback::waits).await;
}

#[tokio::test]
async fn on_postgres_a_rollback_waits_for_the_run_that_is_at_a_script() {
    play(Engine::Postgres, rollback::waits).await;
}

#[tokio::test]
async fn on_mariadb_a_rollback_waits_for_the_run_that_comes_to_a_script_while_it_is_planned() {
    play(Engine::MariaDb, rollback::waits_for_a_late_one).await;
}

#[tokio::test]
async fn on_postgres_a_rollback_waits_for_the_run_that_comes_to_a_script_while_it_is_planned() {
    play(Engine::Postgres, rollback::waits_for_a_late_one).await;
}

#[tokio::test]
async fn on_mariadb_a_rollback_that_was_cut_off_in_a_statement_is_finished_without_a_question() {
    play(Engine::MariaDb, rollback::cut_off).await;
}
