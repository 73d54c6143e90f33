//! A scenario that is tried with one fault after another, each time on a database of its own.

use crate::counted::is_long;
use crate::proxy::{MOMENTS, Moment};
use crate::scenario::Scenario;
use crate::server::Server;
use crate::tally::{Dice, Tally, seed};
use crate::trial::{Fault, Files, Talk, Told, Trial};

pub(crate) struct Campaign {
    pub(crate) server: Server,
    scenario: &'static Scenario,
    files: Files,
    seed: u64,
    tally: Tally,
}

impl Campaign {
    pub(crate) fn on(server: Server, scenario: &'static Scenario) -> Self {
        let seed = seed();
        Self {
            server,
            scenario,
            files: Files::of(scenario),
            seed,
            tally: Tally::new(seed),
        }
    }

    /// What the program says to the server when nothing happens.
    pub(crate) async fn listen(&mut self) -> Talk {
        Talk::listen(&mut self.server, self.scenario, &self.files).await
    }

    /// What is chosen at random at this place.
    pub(crate) fn dice(&self, place: usize) -> Dice {
        Dice::new(self.seed, place)
    }

    /// Every moment of every message from this one on, each with dice of its own.
    pub(crate) fn moments(&self, talk: &Talk, first: usize) -> Vec<(usize, Moment, Dice)> {
        let messages = first..=talk.messages.len();
        let moments =
            messages.flat_map(|message| (0..).zip(MOMENTS).map(move |(index, moment)| (message, index, moment)));
        let with_dice = moments.map(|(message, index, moment)| (message, moment, self.dice(message * 3 + index)));
        with_dice.collect()
    }

    /// Lets this happen at a message and then, where there is more, to the run that is to finish it.
    pub(crate) async fn at(&mut self, talk: &Talk, message: usize, faults: &[Fault]) {
        let verifies = self.verifies();
        let told = Trial::of(&mut self.server, self.scenario, &self.files, faults, verifies).await;
        self.tell(&format!("{faults:?} {}", talk.messages[message - 1]), faults, told);
    }

    /// Whether the chain of the history is looked at after the next scenario. The checker sees each time that no record has changed.
    fn verifies(&self) -> bool {
        self.tally.scenarios().is_multiple_of(4) || is_long()
    }

    fn tell(&mut self, what: &str, faults: &[Fault], told: Result<Told, String>) {
        let count = told.as_ref().map_or(faults.len(), |told| told.faults);
        self.tally
            .add(what, count, told.map(|told| (told.said, told.questions)));
    }

    /// The same at a place that has a number. False where a run ends before it comes there. What is said may be wrong for more
    /// reasons than the checker knows.
    pub(crate) async fn reaches(&mut self, faults: &[Fault], is_right: fn(&[String]) -> Result<(), String>) -> bool {
        let verifies = self.verifies();
        let told = Trial::until_none(&mut self.server, self.scenario, &self.files, faults, verifies).await;
        let Some(told) = told.transpose() else {
            return false;
        };
        let told = told.and_then(|told| is_right(&told.said).map(|()| told));
        self.tell(&format!("{faults:?}"), faults, told);
        true
    }

    /// Fails with all that was wrong. Returns how many questions were asked.
    pub(crate) fn end(self, what: &str) -> usize {
        self.tally.end(&format!("{what}, {}", self.scenario.name))
    }
}
