//! Where in what was sent an error lies.

use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use super::Postgres;
use super::errors::postgres_error;
use super::guard::stop;
use crate::code::Code;
use crate::database::DatabaseError;
use crate::database::messages::{SEPARATOR, message};
use crate::script;

/// The byte of the text at which the server saw the error. It counts characters, and means the end by one behind the last.
pub(super) fn in_text(error: &sqlx::Error, text: &str) -> Option<usize> {
    let Some(PgErrorPosition::Original(character)) = postgres_error(error).and_then(PgDatabaseError::position) else {
        return None;
    };
    let places = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
    places.into_iter().nth(character.saturating_sub(1))
}

/// Which statement of a message holds a byte, and at which of its own.
pub(super) fn in_statement(at: usize, opening: &[String], statements: &[&str]) -> Option<(usize, usize)> {
    let mut start: usize = opening.iter().map(|opening| opening.len() + SEPARATOR.len()).sum();
    for (number, statement) in statements.iter().enumerate() {
        let end = start + statement.len();
        if (start..=end).contains(&at) {
            return Some((number, at - start));
        }
        start = end + SEPARATOR.len();
    }
    None
}

/// The place in a `DO` block whose body failed while it ran: the server tells the line, in its own words.
pub(super) fn in_block(error: &sqlx::Error, statement: &str) -> Option<usize> {
    let context = postgres_error(error)?.r#where()?;
    let line = context
        .lines()
        .last()?
        .strip_prefix("PL/pgSQL function inline_code_block line ")?;
    let line = line.split(' ').next()?.parse().ok()?;
    script::line_of_block(statement, line, super::ENGINE.syntax)
}

/// Whether the server may not have read a message to its end. It reads all of it before it executes the first statement.
pub(super) fn may_be_unread(answered: usize, error: &DatabaseError) -> bool {
    // query_canceled: somebody has ended it, or a limit of time.
    let ended = error.native.as_deref() == Some("57014");
    answered == 0 && error.code != Code::Lost && error.conflict.is_none() && !ended
}

impl Postgres {
    /// The first of the statements that the server cannot read, in a transaction that is lost anyway. Nothing is executed: in one that
    /// has failed the server reads what comes, and refuses all of it.
    pub(super) async fn unread(&mut self, statements: &[&str]) -> Option<usize> {
        for fails in ["BEGIN".to_owned(), format!("SELECT {}", stop("syncline: place"))] {
            let _ = self.send(&fails).await;
        }
        if !self.is_read(&[]).await || self.is_read(statements).await {
            return None;
        }
        let (mut read, mut unread) = (0, statements.len());
        while unread - read > 1 {
            let half = read.midpoint(unread);
            match self.is_read(statements.get(..half)?).await {
                true => read = half,
                false => unread = half,
            }
        }
        Some(read)
    }

    /// Whether a failed transaction, which is what we have, refuses the statements for no other reason.
    async fn is_read(&mut self, statements: &[&str]) -> bool {
        // It takes ROLLBACK TO, so something else goes before.
        let refused = self.send(&message(&["SELECT 1".to_owned()], statements)).await;
        // in_failed_sql_transaction
        refused.is_err_and(|error| error.native.as_deref() == Some("25P02"))
    }
}
