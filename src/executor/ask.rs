//! What a script asks before it is run: where the answer is another one, a record says so, and nothing runs.

use super::{Executor, Stop, before, failure, is_stale};
use crate::history::Kind;
use crate::migration::Direction;
use crate::plan::{Run, Step};
use crate::script::Question;

/// Whether a step has to ask before it is taken.
pub(super) fn asks(step: &Step) -> bool {
    !questions(step).is_empty()
}

/// What is begun is not asked again: its own statements may have changed the answer.
fn questions(step: &Step) -> &[Question] {
    let fresh = |run: &&Run| run.direction == Direction::Up && run.from == 0;
    step.run
        .as_ref()
        .filter(fresh)
        .map_or(&[], |run| run.script.questions())
}

impl Executor<'_, '_> {
    /// The step that only records a migration, where the database gives another answer than its script wants.
    ///
    /// Asked before the transaction: the lock keeps other runs out, and where the lock is the transaction, its beginning fails when
    /// another run has written meanwhile.
    pub(super) async fn declined(&mut self, step: &Step) -> Result<Option<Step>, Stop> {
        for Question { answer, query } in questions(step) {
            let found = match self.database.answer(query).await {
                Ok(found) => found,
                Err(error) if is_stale(&error) => return Err(Stop::Again(error)),
                Err(mut error) => {
                    let run = step.run.as_ref();
                    error.message = format!("the question of `only-if` was not answered: {}", error.message);
                    return Err(Stop::Failed(Box::new(failure(step, run, None, before(run), error))));
                }
            };
            if found.as_ref() == Some(answer) {
                continue;
            }
            let found = found.unwrap_or_else(|| "nothing".to_owned());
            return Ok(Some(Step {
                kind: Kind::Baseline,
                run: None,
                reason: Some(format!(
                    "not run, since the answer is {found} and not {answer}: {query}"
                )),
                ..step.clone()
            }));
        }
        Ok(None)
    }
}
