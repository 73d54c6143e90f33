//! What is shown while migrations run: a line for each that is done, and a spinner or a sign of life for the one that runs.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use syncline::database::{Blocker, Progress as Amount};
use syncline::history::Kind;
use syncline::settle;
use syncline::{Done, Event};

use super::escape::escape_line;
use super::page::{Ink, Mark, Page};
use super::{Output, Reader, Volume, human};
use crate::cli::document::{DoneView, label};
use crate::cli::global::Format;

/// How often a sign of life is given where there is no spinner.
const EVERY: Duration = Duration::from_secs(10);

/// Follows a run, and remembers what was done even when the run ends with an error.
pub struct Progress<'a> {
    output: &'a Output,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    done: Vec<Done>,
    bar: Option<ProgressBar>,
    /// What runs just now.
    running: Option<(String, Instant)>,
    /// What a second connection sees of it.
    seen: Option<Seen>,
}

/// What is seen of a statement that takes long.
struct Seen {
    /// How far it is, and how it is ended.
    words: String,
    /// Who is in its way.
    blockers: Vec<String>,
    /// When that was said last.
    said: Option<Instant>,
}

impl<'a> Progress<'a> {
    /// Shows nothing until something happens.
    pub fn new(output: &'a Output) -> Self {
        Self {
            output,
            state: Mutex::default(),
        }
    }

    /// Takes an event of the library.
    pub fn event(&self, event: Event<'_>) {
        let mut state = self.state();
        match event {
            Event::Waiting { holder } => {
                let mut page = Page::default();
                page.mark(Mark::Note)
                    .say("waiting for the lock, which is held by ")
                    .word(Ink::Plain, holder)
                    .end();
                self.talk(&page);
            }
            Event::Absent { error, waited, limit } => {
                let text = format!(
                    "waiting for the server, {} of {} s: {error}",
                    waited.as_secs(),
                    limit.as_secs()
                );
                self.note(&state, &text);
            }
            Event::Started { step } => {
                let what = match step.kind {
                    Kind::Down => "reverting",
                    Kind::Up | Kind::Repeat => "applying",
                    _ => "recording",
                };
                self.show(&mut state, format!("{what} {}", label(step.id.as_ref(), &step.name)));
            }
            Event::Statement { number, total, summary } => {
                let migration = state
                    .running
                    .as_ref()
                    .map(|(label, _)| label.clone())
                    .unwrap_or_default();
                let migration = migration.split(" · ").next().unwrap_or_default();
                state.seen = None;
                self.show(&mut state, format!("{migration} · {number}/{total} {summary}"));
            }
            Event::Finished { outcome } => {
                if let Some(bar) = state.bar.take() {
                    bar.finish_and_clear();
                }
                state.running = None;
                state.seen = None;
                state.done.push(outcome.clone());
                // What `adopt` has taken over is shown as a table behind this.
                let is_told = outcome.kind != Kind::Adopt && self.output.volume == Volume::Normal;
                if self.output.format == Format::Human && is_told {
                    let mut page = Page::default();
                    human::done(&mut page, &DoneView::from(outcome));
                    self.output.result(&page);
                }
            }
            Event::Seen {
                session,
                cancel,
                blockers,
                progress,
                ..
            } => self.seen(&mut state, session, cancel, blockers, progress),
            Event::Cancelling { session } => {
                let text = format!(
                    "asking the server to end the statement of session {session}; interrupt again to stop at once"
                );
                self.note(&state, &text);
            }
            Event::NotCancelled { error } => {
                let text = format!("the server could not be asked to end the statement: {error}");
                self.note(&state, &text);
            }
            Event::Cleared { what } => self.note(&state, what),
            Event::Settled {
                id,
                statement,
                resolution,
            } => {
                let known = settle::words(resolution);
                let text = format!("the answer to statement {statement} of {id} never came; {known}");
                self.note(&state, &text);
            }
            Event::Retrying { error, attempt } => {
                let detail = error
                    .detail
                    .as_ref()
                    .map_or_else(String::new, |detail| format!(" ({detail})"));
                self.note(&state, &format!("{error}{detail}; try {attempt} follows"));
            }
            _ => {}
        }
    }

    /// Says who is in the way, once and then now and then; and shows how far the statement is.
    fn seen(&self, state: &mut State, session: &str, cancel: &str, blockers: &[Blocker], progress: Option<&Amount>) {
        let how_far = progress.map_or_else(String::new, |progress| format!(", {progress}"));
        let words = format!("{how_far}; session {session}: `{cancel}` ends it");
        let names: Vec<String> = blockers.iter().map(|blocker| blocker.session.clone()).collect();
        let before = state.seen.take();
        let said = before
            .as_ref()
            .filter(|before| before.blockers == names)
            .and_then(|before| before.said);
        let due = said.is_none_or(|said| said.elapsed() >= EVERY);
        if due && !blockers.is_empty() {
            for blocker in blockers {
                self.note(state, &format!("waiting for {blocker}"));
            }
        }
        state.seen = Some(Seen {
            words,
            blockers: names,
            said: if due { Some(Instant::now()) } else { said },
        });
        let (Some(bar), Some((label, _))) = (&state.bar, &state.running) else {
            return;
        };
        match progress.and_then(Amount::percent) {
            Some(percent) => {
                if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {bar:20} {wide_msg}") {
                    bar.set_style(style);
                }
                bar.set_length(100);
                bar.set_position(percent.into());
            }
            None => bar.set_style(spinner()),
        }
        // The statement may be cut off at the end of the line; how far it is may not.
        let seen = progress.map_or_else(String::new, |progress| format!("{progress} · "));
        bar.set_message(escape_line(&format!("{seen}{label}")));
    }

    /// A line beside the spinner.
    fn note(&self, state: &State, text: &str) {
        let mut page = Page::default();
        page.mark(Mark::Note).word(Ink::Plain, text).end();
        match &state.bar {
            Some(bar) => bar.suspend(|| self.talk(&page)),
            None => self.talk(&page),
        }
    }

    /// Runs something, and gives a sign of life now and then.
    pub async fn follow<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        let mut clock = tokio::time::interval_at(tokio::time::Instant::now() + EVERY, EVERY);
        let result = loop {
            tokio::select! {
                result = &mut work => break result,
                _ = clock.tick() => self.alive(),
            }
        };
        if let Some(bar) = self.state().bar.take() {
            bar.finish_and_clear();
        }
        result
    }

    /// What was done so far.
    pub fn take(&self) -> Vec<Done> {
        std::mem::take(&mut self.state().done)
    }

    fn show(&self, state: &mut State, label: String) {
        if self.output.watcher() == Reader::Person {
            let bar = state.bar.get_or_insert_with(|| {
                let bar = ProgressBar::new_spinner();
                bar.set_style(spinner());
                bar.enable_steady_tick(Duration::from_millis(100));
                bar
            });
            bar.set_style(spinner());
            bar.set_message(escape_line(&label));
        }
        state.running = Some((label, Instant::now()));
    }

    fn alive(&self) {
        let state = self.state();
        if let (None, Some((label, since))) = (&state.bar, &state.running) {
            let mut page = Page::default();
            page.mark(Mark::Note);
            if !state.done.is_empty() {
                page.say(&format!("{} done, ", state.done.len()));
            }
            let seconds = since.elapsed().as_secs();
            let words = state.seen.as_ref().map_or("", |seen| &seen.words);
            page.word(Ink::Plain, label)
                .say(&format!(" ({seconds} s)"))
                .word(Ink::Plain, words)
                .end();
            self.talk(&page);
        }
    }

    fn talk(&self, page: &Page) {
        if self.output.format == Format::Human && self.output.volume == Volume::Normal {
            self.output.talk(page);
        }
    }

    /// A panic elsewhere does not make what was done less true.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn spinner() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}").unwrap_or_else(|_| ProgressStyle::default_spinner())
}
