//! Sending: statements to the server, each in the way that its kind asks for, and as many in one message as fit.

use std::sync::{Mutex, PoisonError};

use super::{Event, Executor};
use crate::database::DatabaseError;
use crate::migration::Script;
use crate::script;

/// The most bytes of statements that are handed over at once.
const BATCH: usize = 64 * 1024;

/// The statements of a script that go to the server.
pub(super) fn sent(script: &Script) -> impl Iterator<Item = &script::Statement> {
    script.parsed.iter().flat_map(script::Parsed::sent)
}

/// What is left to be sent, numbered from 0, when so many statements were executed by an earlier run: the rest, and before it
/// what only set the session of that run, since the rest was written to run behind it.
pub(super) fn left(script: &Script, skipped: usize) -> impl Iterator<Item = (usize, &script::Statement)> {
    let again = move |statement: &script::Statement| script::sets_session(text_of(script, statement), script.syntax);
    let all = sent(script).enumerate();
    all.filter(move |(number, statement)| *number >= skipped || again(statement))
}

/// Statements that are handed over together: as many plain ones as fit, or one that brings data. The server takes a message apart
/// before it runs any of it, so one that says how it is to do that is the last.
pub(super) fn batches(script: &Script, skipped: usize) -> Vec<Vec<(usize, &script::Statement)>> {
    let mut batches: Vec<Vec<(usize, &script::Statement)>> = Vec::new();
    let mut size = BATCH;
    for (number, statement) in left(script, skipped) {
        let alone = matches!(statement.kind, script::Kind::CopyIn { .. });
        size += statement.body.len();
        match batches.last_mut() {
            Some(batch) if !alone && size <= BATCH => batch.push((number, statement)),
            _ => {
                size = if alone { BATCH } else { statement.body.len() };
                batches.push(vec![(number, statement)]);
            }
        }
        if matches!(statement.kind, script::Kind::StringRule(_)) {
            size = BATCH;
        }
    }
    batches
}

impl Executor<'_, '_> {
    /// Sends the statements of a batch; the number of the one that failed comes with its error.
    pub(super) async fn send_all(
        &mut self,
        script: &Script,
        batch: Vec<(usize, &script::Statement)>,
        total: usize,
    ) -> Result<(), (usize, DatabaseError)> {
        if let [(number, statement)] = batch.as_slice() {
            let sent = self.send(script, *number, total, statement).await;
            return sent.map_err(|error| (*number, error));
        }
        let texts: Vec<&str> = batch.iter().map(|(_, statement)| text_of(script, statement)).collect();
        let watch = self.database.watch();
        let observer = Mutex::new(&mut *self.observer);
        let tell = |event: Event<'_>| (observer.lock().unwrap_or_else(PoisonError::into_inner))(event);
        let mut begins = |index: usize| {
            if let Some((number, statement)) = batch.get(index) {
                announce(script, *number, total, statement, &tell);
            }
        };
        let work = self.database.execute_all(&texts, &mut begins);
        let sent = self.watching.follow(watch, self.interrupt, &tell, work).await;
        sent.map_err(|(index, error)| {
            let number = batch.get(index).map_or(0, |(number, _)| *number);
            (number, without_values(script, error))
        })
    }

    /// Sends one statement in the way that its kind asks for.
    pub(super) async fn send(
        &mut self,
        script: &Script,
        number: usize,
        total: usize,
        statement: &script::Statement,
    ) -> Result<(), DatabaseError> {
        let text = text_of(script, statement);
        let watch = self.database.watch();
        let observer = Mutex::new(&mut *self.observer);
        let tell = |event: Event<'_>| (observer.lock().unwrap_or_else(PoisonError::into_inner))(event);
        announce(script, number, total, statement, &tell);
        let database = &mut *self.database;
        let work = async {
            let sent = match &statement.kind {
                script::Kind::CopyIn { data } => {
                    let data = script.text.get(data.clone()).unwrap_or_default();
                    database.copy_in(text, data).await
                }
                _ => database.execute(text).await,
            };
            sent.map_err(|error| (number, error))
        };
        let sent = self.watching.follow(watch, self.interrupt, &tell, work).await;
        sent.map_err(|(_, error)| without_values(script, error))
    }
}

/// A server repeats what it was sent, and a value of a placeholder may be secret.
fn without_values(script: &Script, mut error: DatabaseError) -> DatabaseError {
    error.message = script.without_values(&error.message);
    for words in [&mut error.detail, &mut error.hint].into_iter().flatten() {
        *words = script.without_values(words);
    }
    error
}

/// What is sent of a statement.
pub(super) fn text_of<'t>(script: &'t Script, statement: &script::Statement) -> &'t str {
    script.text.get(statement.body.clone()).unwrap_or_default()
}

fn announce(
    script: &Script,
    number: usize,
    total: usize,
    statement: &script::Statement,
    tell: &(dyn Fn(Event<'_>) + Sync),
) {
    let summary = script.without_values(&script::describe(&script.text, statement, script.syntax));
    tell(Event::Statement {
        number: number + 1,
        total,
        summary: &summary,
    });
}
