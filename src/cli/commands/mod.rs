//! The commands, one file each: settings, then the library, then the document.

mod adopt;
mod baseline;
mod completions;
mod convert;
mod down;
mod init;
mod log;
mod new;
mod plan;
mod redo;
mod repair;
mod show;
mod status;
mod up;
mod verify;

use super::args::Command;
use super::context::Context;
use super::document::{AdoptView, Body, RunView};
use super::trouble::Result;

/// Runs a command.
pub async fn run(command: &Command, context: Context<'_>) -> Result<()> {
    match command {
        Command::Init(args) => init::run(args, context),
        Command::New(args) => new::run(args, context),
        Command::Plan(args) => plan::run(args, context).await,
        Command::Up(args) => up::run(args, context).await,
        Command::Down(args) => down::run(args, context).await,
        Command::Redo(args) => redo::run(args, context).await,
        Command::Status(args) => status::run(args, context).await,
        Command::Log(args) => log::run(args, context).await,
        Command::Show(args) => show::run(args, context).await,
        Command::Verify => verify::run(context).await,
        Command::Repair(args) => repair::run(args, context).await,
        Command::Baseline(args) => baseline::run(args, context).await,
        Command::Adopt(args) => adopt::run(args, context).await,
        Command::Convert(args) => convert::run(args, context),
        Command::Completions(args) => completions::run(args, context),
    }
}

/// What a command adds to the document, before anything is known: the keys are there also when it fails.
pub fn body(command: &Command) -> Body {
    match command {
        Command::Init(_) | Command::New(_) | Command::Convert(_) => Body::Created { created: Vec::new() },
        Command::Plan(_) => Body::Plan { steps: Vec::new() },
        Command::Up(args) if args.dry_run => Body::Plan { steps: Vec::new() },
        Command::Down(args) if args.dry_run => Body::Plan { steps: Vec::new() },
        Command::Up(_) | Command::Down(_) | Command::Redo(_) | Command::Repair(_) | Command::Baseline(_) => {
            Body::Run(Box::<RunView>::default())
        }
        Command::Status(_) => Body::Status {
            migrations: Vec::new(),
            pending: 0,
            verdict: String::new(),
            next: Vec::new(),
        },
        Command::Log(_) => Body::Log { records: Vec::new() },
        Command::Show(_) => Body::Show {
            script: None,
            written: Vec::new(),
        },
        Command::Verify => Body::Verify {
            records: 0,
            texts: 0,
            files: 0,
            chain_head: None,
        },
        Command::Adopt(args) => Body::Adopt(Box::new(AdoptView::new(args.dry_run))),
        Command::Completions(args) => Body::Completions {
            shell: args.shell.to_string(),
            text: String::new(),
        },
    }
}
