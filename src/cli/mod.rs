//! The command line, layer by layer: args → settings → commands → document → render.

mod args;
mod choice;
mod commands;
mod config;
mod context;
mod document;
mod environment;
mod fresh;
mod global;
mod keys;
mod next;
mod nothing;
mod reading;
mod render;
mod settings;
mod signals;
mod styles;
mod surprise;
mod trouble;
mod typed;
mod values;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::ArgMatches;
use syncline::Code;

use args::Args;
use context::Context;
use document::{Body, Document};
use environment::Environment;
use global::Format;
use next::Flags;
use render::{Output, Page, Progress};
use signals::Signals;
use trouble::Trouble;

/// Does what the command line asks for.
pub fn run(argv: &[OsString]) -> ExitCode {
    let environment = Environment::of_process();
    let (args, matches) = match Args::read(argv) {
        Ok(read) => read,
        Err(error) => return usage(&error, argv, &environment),
    };
    let output = Output::new(&args.global, &environment);
    let progress = Progress::new(&output);
    let signals = Signals::default();
    let mut document = blank(&args, &matches);
    let (ours, then) = (Output::new(&args.global, &environment), blank(&args, &matches));
    signals.when_overdue(move |trouble| abandon(trouble, &ours, then));
    let outcome = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let context = Context {
                typed: &args.global,
                environment: &environment,
                output: &output,
                progress: &progress,
                document: &mut document,
                interrupt: signals.interrupt(),
            };
            let outcome = surprise::caught(|| {
                runtime.block_on(async {
                    tokio::select! {
                        outcome = progress.follow(commands::run(&args.command, context)) => outcome,
                        signal = signals.watch() => Err(signal),
                    }
                })
            });
            // A thread may wait for an answer on the terminal that nobody gives any more.
            runtime.shutdown_background();
            outcome
        }
        Err(error) => Err(Trouble::new(
            Code::Internal,
            format!("the runtime does not start: {error}"),
        )),
    };
    let done = progress.take();
    if let Err(trouble) = &outcome {
        document.flags.typed.done(done.len());
        let state = match (&document.body, done.len()) {
            (Body::Run(_), 0) if !matches!(trouble.code, Code::Interrupted | Code::Internal) => {
                Some("nothing was changed".to_owned())
            }
            (Body::Run(_), 0) => Some("the migration that ran, if any, was not recorded as done".to_owned()),
            (Body::Run(_) | Body::Adopt(_), 1) => Some("1 migration was done before".to_owned()),
            (Body::Run(_) | Body::Adopt(_), many) if many > 1 => Some(format!("{many} migrations were done before")),
            _ => None,
        };
        document.fail(trouble, state);
        document.exit_code = behind(done.len(), document.exit_code);
    }
    document.done(done);
    signals.settle(&mut document);
    output.finish(&mut document);
    ExitCode::from(document.exit_code)
}

/// The exit code of a run that was refused after so many migrations: not one that says that nothing was touched.
fn behind(done: usize, exit: u8) -> u8 {
    let untouched = [Code::Usage.exit(), Code::Changed.exit()].contains(&exit);
    if done > 0 && untouched {
        Code::Partial.exit()
    } else {
        exit
    }
}

/// A document of this command that says nothing yet.
fn blank(args: &Args, matches: &ArgMatches) -> Document {
    let mut document = Document::new(Some(args.command.name()), commands::body(&args.command));
    document.flags = Flags::of(&args.global, matches);
    document
}

/// Ends a process whose main thread does not come back.
#[expect(
    clippy::disallowed_methods,
    reason = "the main thread, to which the exit code would be returned, is stuck in a driver; the connection ends with the process"
)]
fn abandon(trouble: &Trouble, output: &Output, mut document: Document) {
    let state = matches!(document.body, Body::Run(_)).then(|| "what was done before is in the history".to_owned());
    document.fail(trouble, state);
    output.finish(&mut document);
    std::process::exit(document.exit_code.into());
}

/// What is said to a command line that cannot be parsed, or that asks for help.
fn usage(error: &clap::Error, argv: &[OsString], environment: &Environment) -> ExitCode {
    let output = Output::plain(global::format_typed(argv), environment);
    // Somebody may have typed a URL where none belongs.
    let text = render::escape::mask_urls(&error.render().to_string());
    let mut document = Document::new(global::command_typed(argv), Body::Nothing {});
    if !error.use_stderr() {
        output.raw(&text);
        output.settle(&mut document);
        return ExitCode::from(document.exit_code);
    }
    if global::format_typed(argv) == Format::Json {
        let message = text
            .trim_start_matches("error: ")
            .split("\n\n")
            .next()
            .unwrap_or_default()
            .replace("\n ", "");
        let tip = text.lines().find_map(|line| line.trim_start().strip_prefix("tip: "));
        let trouble = Trouble::usage(message).hint(tip.unwrap_or_default());
        document.fail(&trouble.next("syncline --help"), None);
        output.finish(&mut document);
    } else {
        let mut page = Page::default();
        page.say(&text.replacen("error: ", &format!("error[{}]: ", Code::Usage), 1));
        output.talk(&page);
    }
    ExitCode::from(Code::Usage.exit())
}

/// Follows what is proposed. It runs command lines by the thousand, so in this process.
#[cfg(test)]
#[path = "../../tests/advice/mod.rs"]
mod advice;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_migrations_that_were_done_no_exit_code_says_that_nothing_was_touched() {
        for code in Code::ALL {
            assert_eq!(behind(0, code.exit()), code.exit(), "{code}");
            assert!(!matches!(behind(1, code.exit()), 0 | 2 | 3), "{code}");
        }
        assert_eq!(behind(1, Code::OutOfOrder.exit()), Code::Partial.exit());
        assert_eq!(behind(1, Code::Locked.exit()), Code::Locked.exit());
    }
}
