//! What came of the trials of a test.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::time::Duration;

/// What `tests/run` says.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::vars()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
}

/// Whether there is time for thousands of trials: `tests/run --long`.
pub(crate) fn is_long() -> bool {
    variable("SYNCLINE_TEST_LONG").is_some()
}

/// What the random part of a test begins with: another one each time, unless a failure is to be seen again.
pub(crate) fn seed() -> u64 {
    match variable("SYNCLINE_TEST_SEED") {
        Some(seed) => seed.parse().expect("SYNCLINE_TEST_SEED is a number"),
        None => uuid::Uuid::new_v4().as_u64_pair().0,
    }
}

/// Adds a line to what `tests/run` shows at its end.
pub(crate) fn tell(line: &str) {
    println!("{line}");
    if let Some(path) = variable("SYNCLINE_TEST_TALLY") {
        let mut file = File::options().create(true).append(true).open(path).unwrap();
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

/// Numbers that look random, the same ones for the same seed and place.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64, place: usize) -> Self {
        Self(seed ^ (place as u64).rotate_left(32))
    }

    /// One of so many, from 0.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        // SplitMix64, https://prng.di.unimi.it/splitmix64.c
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z >> 33) as usize % count
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
    /// What the trial was begun with, where it was chosen at random.
    seed: Option<u64>,
    /// What the program said, and how often.
    said: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

impl Tally {
    /// One that begins with a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed: Some(seed),
            ..Self::default()
        }
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
        let seed = self.seed.map(|seed| format!(" (seed {seed})")).unwrap_or_default();
        tell(&format!(
            "{name}: {} scenarios, {} faults, {} questions, {wrong} violations{seed}",
            self.scenarios, self.faults, self.questions
        ));
        assert!(
            wrong == 0,
            "{wrong} of {} scenarios{seed}:\n{}",
            self.scenarios,
            self.wrong.join("\n")
        );
        self.questions
    }
}
