//! What came of the trials of a test.

use std::collections::BTreeMap;

/// Counts, and everything that was wrong.
#[derive(Default)]
pub(crate) struct Tally {
    trials: usize,
    questions: usize,
    /// What the program said when its server was killed, and how often.
    said: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, what: &str, outcome: Result<usize, String>) {
        self.trials += 1;
        match outcome {
            Ok(questions) => self.questions += questions,
            Err(wrong) => self.wrong.push(format!("{what}\n    {wrong}")),
        }
    }

    pub(crate) fn said(&mut self, said: String) {
        *self.said.entry(said).or_default() += 1;
    }

    /// Fails with all that was wrong. Returns how many questions were asked.
    pub(crate) fn end(self, name: &str) -> usize {
        println!(
            "{name}: {} trials, {} questions {:?}",
            self.trials, self.questions, self.said
        );
        let wrong = self.wrong.len();
        assert!(
            wrong == 0,
            "{wrong} of {} trials:\n{}",
            self.trials,
            self.wrong.join("\n")
        );
        self.questions
    }
}
