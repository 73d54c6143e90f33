//! What came of the trials of a test.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::counted::{given_seed, is_long, tell};
use crate::random::Random;

/// What the random part of a test begins with: another one each time, unless a failure is to be seen again.
pub(crate) fn seed() -> u64 {
    given_seed().unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0)
}

/// What is chosen at random, the same for the same seed and place.
pub(crate) struct Dice(Random);

impl Dice {
    pub(crate) fn new(seed: u64, place: usize) -> Self {
        Self(Random(seed ^ (place as u64).rotate_left(32)))
    }

    /// One of so many, from 0.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0.below(count)
    }

    /// One of these.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A time that is shorter than this one, where it is not zero.
    pub(crate) fn within(&mut self, limit: Duration) -> Duration {
        limit.mul_f64(self.below(1000) as f64 / 1000.0)
    }

    /// True once in so many times; always where there is time for everything.
    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0 || is_long()
    }
}

/// Counts, and everything that was wrong.
#[derive(Default)]
pub(crate) struct Tally {
    scenarios: usize,
    faults: usize,
    questions: usize,
    /// What the random choices were begun with.
    seed: u64,
    /// What the program said, and how often.
    said: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

impl Tally {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// How many there were.
    pub(crate) fn scenarios(&self) -> usize {
        self.scenarios
    }

    /// A scenario with so many faults in it: what was said meanwhile, and how often somebody was asked.
    pub(crate) fn add(&mut self, what: &str, faults: usize, outcome: Result<(Vec<String>, usize), String>) {
        self.scenarios += 1;
        self.faults += faults;
        match outcome {
            Ok((said, questions)) => {
                self.questions += questions;
                for said in said {
                    *self.said.entry(said).or_default() += 1;
                }
            }
            Err(wrong) => self.wrong.push(format!("{what}\n    {wrong}")),
        }
    }

    /// Fails with all that was wrong. Returns how many questions were asked.
    pub(crate) fn end(self, name: &str) -> usize {
        println!("{name}: {:?}", self.said);
        let wrong = self.wrong.len();
        let (scenarios, seed) = (self.scenarios, self.seed);
        tell(&format!(
            "{name}: {scenarios} scenarios, {} faults, {} questions, {wrong} violations (seed {seed})",
            self.faults, self.questions
        ));
        assert!(
            wrong == 0,
            "{wrong} of {scenarios} scenarios (seed {seed}):\n{}",
            self.wrong.join("\n")
        );
        self.questions
    }
}
