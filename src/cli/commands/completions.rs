//! `completions`: a completion script for a shell.

use clap::CommandFactory;

use crate::cli::args::{Args, Completions};
use crate::cli::context::Context;
use crate::cli::document::Body;
use crate::cli::trouble::Result;

pub fn run(args: &Completions, context: Context<'_>) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "syncline", &mut script);
    context.document.body = Body::Completions {
        shell: args.shell.to_string(),
        text: String::from_utf8_lossy(&script).into_owned(),
    };
    Ok(())
}
