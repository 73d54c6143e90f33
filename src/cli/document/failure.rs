//! A failed migration: what it left behind, and what to do next.

use syncline::database::Conflict;
use syncline::executor::StateAfter;
use syncline::migration::Direction;
use syncline::plan::look_and_answer;
use syncline::{Code, Failure};

use super::views::FailureView;
use crate::cli::next::Flags;

impl FailureView {
    /// Everything that is known of it.
    pub fn new(failure: &Failure, flags: &Flags) -> Self {
        let error = &failure.error;
        Self {
            code: failure.code(),
            version: failure.id.clone(),
            name: failure.name.clone(),
            direction: failure.direction,
            path: failure.path.clone(),
            line: failure.position.map(|position| position.line),
            column: failure.position.map(|position| position.column),
            source: failure.line.clone(),
            statement: failure.statement.map(|(number, _)| number),
            statements: failure.statement.map(|(_, of)| of),
            message: error.message.clone(),
            detail: error.detail.clone(),
            hint: error.hint.clone(),
            native: error.native.clone(),
            state: match failure.state {
                StateAfter::Unchanged => "unchanged",
                StateAfter::Stopped { .. } => "stopped",
                StateAfter::Unknown { .. } => "unknown",
                StateAfter::Left => "left",
                StateAfter::CommitUnknown => "commit-unknown",
                StateAfter::Unasked => "unasked",
            },
            next: next_after(failure).iter().map(|next| flags.add_to(next)).collect(),
        }
    }
}

/// What the database holds after a failure, in a sentence.
pub fn state_after(failure: &Failure, done: usize) -> String {
    let before = match (failure.direction, done) {
        (_, 0) => String::new(),
        (Some(Direction::Down), 1) => "; 1 migration before it was taken back".to_owned(),
        (Some(Direction::Down), many) => format!("; {many} migrations before it were taken back"),
        (_, 1) => "; 1 migration before it was applied".to_owned(),
        (_, many) => format!("; {many} migrations before it were applied"),
    };
    let this = match failure.state {
        StateAfter::Unchanged => "nothing of this migration was kept".to_owned(),
        StateAfter::Stopped { done: 0 } => "no statement of this migration was completed".to_owned(),
        StateAfter::Stopped { done: 1 } => {
            "statement 1 of this migration is in the database, the rest is not".to_owned()
        }
        StateAfter::Stopped { done } => {
            format!("statements 1 to {done} of this migration are in the database, the rest is not")
        }
        StateAfter::Unknown { statement } => {
            format!("whether statement {statement} took effect is not known; those before it did")
        }
        StateAfter::Left => {
            "the script ended its transaction: what it did may be in the database, and nothing of it is recorded"
                .to_owned()
        }
        StateAfter::CommitUnknown => {
            "the connection was lost during the commit: either all of this migration is in the database, or nothing"
                .to_owned()
        }
        StateAfter::Unasked => {
            "the connection was lost, and the database could not be asked how far the migration came; the next run asks it"
                .to_owned()
        }
    };
    format!("{this}{before}")
}

/// What to do after a failure.
fn next_after(failure: &Failure) -> Vec<String> {
    // What only writes a record has no script that could be mended.
    let (Some(id), Some(_)) = (&failure.id, failure.direction) else {
        return vec!["syncline status".to_owned()];
    };
    let again = match failure.direction {
        Some(Direction::Down) => "syncline down --use file",
        _ => "syncline up",
    };
    match (failure.state, failure.code()) {
        (_, Code::Interrupted) => vec![
            "syncline status".to_owned(),
            format!("{again}   # goes on where it was interrupted"),
        ],
        (StateAfter::Unknown { .. }, _) => look_and_answer(failure.look.as_deref(), id),
        (StateAfter::CommitUnknown | StateAfter::Left | StateAfter::Unasked, _) | (_, Code::Lost) => {
            vec!["syncline status".to_owned()]
        }
        (StateAfter::Stopped { done }, _) => {
            vec![format!("{again}   # goes on after statement {done}, {}", when(failure))]
        }
        (StateAfter::Unchanged, _) => vec![format!("{again}   # {}", when(failure))],
    }
}

/// When another try makes sense.
fn when(failure: &Failure) -> &'static str {
    match failure.error.conflict {
        Some(Conflict::Contended) => "when nobody is in the way any more",
        _ if failure.code() == Code::Ledger => "when that is mended",
        _ => "when the file is mended",
    }
}
