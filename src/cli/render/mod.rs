//! Rendering: the only place that knows words and colours. stdout is the result, stderr is the talk.

mod errors;
pub mod escape;
mod human;
mod json;
mod lists;
mod page;
mod progress;
mod snippet;
mod table;
mod words;

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use anstream::{AutoStream, ColorChoice};
use syncline::Code;

use super::document::Document;
use super::environment::Environment;
use super::global::{Colour, Format, Global};

pub use human::plan_lines;
pub use page::{Ink, Page};
pub use progress::Progress;

/// Where output goes, and how it looks there.
#[derive(Debug)]
pub struct Output {
    format: Format,
    colour: Colour,
    signs: Signs,
    volume: Volume,
    /// What kept the result from being written, other than a reader who went away.
    failed: OnceLock<io::Error>,
}

/// Which signs the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signs {
    Unicode,
    Ascii,
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    Normal,
    Quiet,
}

/// Who is at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Somebody who can be asked, and who sees a spinner.
    Person,
    /// A file, a pipe or a program.
    Program,
}

impl Output {
    /// The output that the command line and the environment ask for.
    pub fn new(typed: &Global, environment: &Environment) -> Self {
        Self {
            format: typed.format,
            colour: typed.color,
            signs: if environment.is_utf8() {
                Signs::Unicode
            } else {
                Signs::Ascii
            },
            volume: if typed.quiet { Volume::Quiet } else { Volume::Normal },
            failed: OnceLock::new(),
        }
    }

    /// The output for a command line that could not be parsed.
    pub fn plain(format: Format, environment: &Environment) -> Self {
        Self {
            format,
            colour: Colour::Auto,
            signs: if environment.is_utf8() {
                Signs::Unicode
            } else {
                Signs::Ascii
            },
            volume: Volume::Normal,
            failed: OnceLock::new(),
        }
    }

    /// Whether somebody who can be asked sits there.
    pub fn asker(&self) -> Reader {
        let terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        if terminal && self.format == Format::Human {
            Reader::Person
        } else {
            Reader::Program
        }
    }

    /// Whether somebody watches while it runs.
    fn watcher(&self) -> Reader {
        let terminal = io::stderr().is_terminal() && self.volume == Volume::Normal;
        if terminal && self.format == Format::Human {
            Reader::Person
        } else {
            Reader::Program
        }
    }

    /// Whether the result goes straight to a terminal.
    fn shower(&self) -> Reader {
        if io::stdout().is_terminal() {
            Reader::Person
        } else {
            Reader::Program
        }
    }

    /// Writes to stdout. A reader who has gone away is no reason to stop the work.
    pub fn result(&self, page: &Page) {
        let mut stream = AutoStream::new(io::stdout(), self.choice(&io::stdout()));
        self.keep(write(&mut stream, &self.signs(page.text())));
    }

    /// Writes bytes to stdout as they are.
    pub fn raw(&self, text: &str) {
        let mut stdout = io::stdout();
        self.keep(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()));
    }

    /// Writes to stderr.
    pub fn talk(&self, page: &Page) {
        let mut stream = AutoStream::new(io::stderr(), self.choice(&io::stderr()));
        let _ = write(&mut stream, &self.signs(page.text()));
    }

    /// Warns a person; a program finds the warning in its document.
    pub fn warn(&self, warning: &str) {
        if self.format == Format::Human {
            let mut page = Page::default();
            page.put(Ink::Careful, "warning")
                .say(": ")
                .word(Ink::Plain, warning)
                .end();
            self.talk(&page);
        }
    }

    /// Tells a person something; a program finds it in its document.
    pub fn note(&self, note: &str) {
        if self.format == Format::Human && self.volume == Volume::Normal {
            let mut page = Page::default();
            page.put(Ink::Dim, "note").say(": ").word(Ink::Plain, note).end();
            self.talk(&page);
        }
    }

    /// Writes everything that is left to say.
    pub fn finish(&self, document: &mut Document) {
        match self.format {
            Format::Human => human::render(document, self),
            Format::Json => json::render(document, self),
        }
        if self.format == Format::Json && self.failed.get().is_some() {
            // The document that says it did not arrive.
            errors::error(document, self);
        }
        self.settle(document);
    }

    /// Says on stderr that the result did not arrive, where it did not. The exit code goes on to tell what was done: one of an error
    /// stays, and a run that went well has one of its own.
    pub fn settle(&self, document: &mut Document) {
        let Some(error) = self.failed.get() else { return };
        errors::untold(document, error, self);
        if document.exit_code == 0 {
            document.exit_code = Code::Untold.exit();
        }
    }

    fn keep(&self, written: io::Result<()>) {
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            let _ = self.failed.set(error);
        }
    }

    fn signs<'a>(&self, text: &'a str) -> std::borrow::Cow<'a, str> {
        match self.signs {
            Signs::Unicode => text.into(),
            Signs::Ascii => page::in_ascii(text).into(),
        }
    }

    fn choice(&self, stream: &impl anstream::stream::RawStream) -> ColorChoice {
        match self.colour {
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
            Colour::Auto => AutoStream::choice(stream),
        }
    }
}

fn write(stream: &mut impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}
