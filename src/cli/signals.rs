//! Signals: the first one ends a run in order, the second at once.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use syncline::{Code, Interrupt};

use super::document::Document;
use super::trouble::Trouble;

/// A signal that asks the process to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Signal {
    name: &'static str,
    exit: u8,
}

/// So long everything may take to stop at once.
const PATIENCE: Duration = Duration::from_secs(1);

/// What came of signals so far.
#[derive(Default)]
pub struct Signals {
    interrupt: Interrupt,
    first: Mutex<Option<Signal>>,
    /// The last words are being said.
    ended: Arc<AtomicBool>,
}

impl Signals {
    /// What runs look at.
    pub fn interrupt(&self) -> Interrupt {
        self.interrupt.clone()
    }

    /// Comes back when everything has to stop at once: at the second signal, or at the first where no run would notice it.
    pub async fn watch(&self) -> Box<Trouble> {
        let note = |first| *self.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(first);
        last(&self.interrupt, note).await
    }

    /// Does something when everything should have stopped for a while: a driver that always finds something to read gives nobody
    /// else a turn, so that this needs a thread of its own.
    pub fn when_overdue(&self, end: impl FnOnce(&Trouble) + Send + 'static) {
        let (interrupt, ended) = (self.interrupt(), Arc::clone(&self.ended));
        std::thread::spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                let trouble = runtime.block_on(last(&interrupt, |_| ()));
                std::thread::sleep(PATIENCE);
                if !ended.load(SeqCst) {
                    end(&trouble);
                }
            }
        });
    }

    /// Ends an interrupted run with the signal's own exit code.
    pub fn settle(&self, document: &mut Document) {
        self.ended.store(true, SeqCst);
        let first = *self.first.lock().unwrap_or_else(PoisonError::into_inner);
        let interrupted = document
            .error
            .as_ref()
            .is_some_and(|error| error.code == Code::Interrupted);
        if let (Some(signal), true) = (first, interrupted) {
            document.exit_code = signal.exit;
        }
    }
}

/// Waits for the signal that stops everything, and passes the first one on.
async fn last(interrupt: &Interrupt, note: impl Fn(Signal)) -> Box<Trouble> {
    let Some(mut source) = Source::new() else {
        return std::future::pending().await;
    };
    let first = source.next().await;
    note(first);
    let last = match interrupt.request() {
        true => source.next().await,
        false => first,
    };
    let message = format!("the run was interrupted by {}", last.name);
    let mut trouble = Trouble::new(Code::Interrupted, message).next("syncline status".to_owned());
    trouble.exit = last.exit;
    trouble
}

#[cfg(unix)]
struct Source {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Source {
    fn new() -> Option<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Some(Self {
            interrupt: signal(SignalKind::interrupt()).ok()?,
            terminate: signal(SignalKind::terminate()).ok()?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal { name: "SIGINT", exit: 130 },
            _ = self.terminate.recv() => Signal { name: "SIGTERM", exit: 143 },
        }
    }
}

#[cfg(not(unix))]
struct Source;

#[cfg(not(unix))]
impl Source {
    fn new() -> Option<Self> {
        Some(Self)
    }

    async fn next(&mut self) -> Signal {
        if tokio::signal::ctrl_c().await.is_err() {
            return std::future::pending().await;
        }
        Signal {
            name: "Ctrl-C",
            exit: 130,
        }
    }
}
