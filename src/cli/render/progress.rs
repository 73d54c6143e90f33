//! What is shown while migrations run: a line for each that is done, and a spinner or a sign of life for the one that runs.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use syncline::history::Kind;
use syncline::{Done, Event};

use super::escape::escape_line;
use super::page::{Ink, Mark, Page};
use super::{Output, Reader, Volume, human};
use crate::cli::document::DoneView;
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
            Event::Started { step } => {
                let what = match step.kind {
                    Kind::Down => "reverting",
                    Kind::Up | Kind::Repeat => "applying",
                    _ => "recording",
                };
                self.show(&mut state, format!("{what} {} {}", step.id, step.name));
            }
            Event::Statement { number, total, summary } => {
                let migration = state
                    .running
                    .as_ref()
                    .map(|(label, _)| label.clone())
                    .unwrap_or_default();
                let migration = migration.split(" · ").next().unwrap_or_default();
                self.show(&mut state, format!("{migration} · {number}/{total} {summary}"));
            }
            Event::Finished { outcome } => {
                if let Some(bar) = state.bar.take() {
                    bar.finish_and_clear();
                }
                state.running = None;
                state.done.push(outcome.clone());
                if self.output.format == Format::Human && self.output.volume == Volume::Normal {
                    let mut page = Page::default();
                    human::done(&mut page, &DoneView::from(outcome));
                    self.output.result(&page);
                }
            }
            _ => {}
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
                if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
                    bar.set_style(style);
                }
                bar.enable_steady_tick(Duration::from_millis(100));
                bar
            });
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
            page.word(Ink::Plain, label).say(&format!(" ({seconds} s)")).end();
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
