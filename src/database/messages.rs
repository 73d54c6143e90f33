//! Messages of several statements, and what comes back for them: what PostgreSQL and SQLite share.

use futures_util::{Stream, TryStreamExt};
use sqlx::Either;

use super::sql::{Row, Turns};

/// Between the statements of one message.
pub(super) const SEPARATOR: &str = ";\n";

/// One message of statements, behind what opens their transaction.
pub(super) fn message(opening: &[String], statements: &[&str]) -> String {
    let opening = opening.iter().map(String::as_str);
    let all: Vec<&str> = opening.chain(statements.iter().copied()).collect();
    all.join(SEPARATOR)
}

/// What came back for a message of several statements.
pub(super) struct Answers {
    /// The first row, if one of the statements that came before gave one.
    pub opened: Option<Row>,
    /// How many of the statements were answered, those that came before included.
    pub answered: usize,
    /// What ended it early.
    pub error: Option<sqlx::Error>,
}

/// Reads everything that comes back for a message that holds `count` statements behind `before` others, and says before each
/// of the former that it begins.
pub(super) async fn read_answers<D, R>(
    mut answers: impl Stream<Item = Result<Either<D, R>, sqlx::Error>> + Unpin,
    before: usize,
    count: usize,
    begins: &mut (dyn FnMut(usize) + Send),
    texts_of: fn(&R) -> Result<Row, sqlx::Error>,
) -> Answers {
    let (mut opened, mut answered, mut turns) = (None, 0, Turns::default());
    begins(0);
    let error = loop {
        turns.next().await;
        match answers.try_next().await {
            Ok(Some(Either::Right(row))) if answered < before => opened = texts_of(&row).ok(),
            Ok(Some(Either::Right(_))) => {}
            Ok(Some(Either::Left(_))) => {
                answered += 1;
                if answered > before && answered < before + count {
                    begins(answered - before);
                }
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    Answers {
        opened,
        answered,
        error,
    }
}
