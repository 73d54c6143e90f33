//! Suites that try many cases, some of them at random: how many, with which seed, and what is told of them.

use std::fs::File;
use std::io::Write;

use crate::settings::variable;

/// Whether there is time for thousands of cases: `tests/run --long`.
pub(crate) fn is_long() -> bool {
    variable("SYNCLINE_TEST_LONG").is_some_and(|value| !value.is_empty())
}

/// The seed that is to be taken, so that a failure is seen again.
pub(crate) fn given_seed() -> Option<u64> {
    variable("SYNCLINE_TEST_SEED").map(|seed| seed.parse().expect("SYNCLINE_TEST_SEED is a number"))
}

/// Adds a line to what `tests/run` shows at its end.
pub(crate) fn tell(line: &str) {
    println!("{line}");
    if let Some(path) = variable("SYNCLINE_TEST_TALLY") {
        let mut file = File::options().create(true).append(true).open(path).unwrap();
        // One write, since other tests write as well.
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}
