//! Options that every command takes, and what can be told of a command line that makes no sense.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, ValueEnum};

use super::values::{duration, limit, retries};

/// Options of all commands.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The database, such as `sqlite:shop.db` or `postgres://me@localhost/shop`. Otherwise the environment variable
    /// SYNCLINE_URL says it, the configuration, or DATABASE_URL.
    #[arg(long, global = true, value_name = "URL", conflicts_with = "target")]
    pub url: Option<String>,
    /// The database of this name in the configuration.
    #[arg(short, long, global = true, value_name = "NAME")]
    pub target: Option<String>,
    /// The directory of the migration files; several, each with a flag of its own, are read as one [default: migrations, or what
    /// SYNCLINE_DIR or the configuration says].
    #[arg(long, global = true, value_name = "DIR")]
    pub dir: Vec<PathBuf>,
    /// How the files are named, such as `goose` or `flyway` [default: found out by looking at them].
    #[arg(long, global = true, value_name = "NAME")]
    pub layout: Option<String>,
    /// The configuration file [default: syncline.toml in the working directory, if there is one].
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Text for people, or one JSON document.
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// When to use colours. `auto` means on a terminal, unless NO_COLOR is set.
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Colour::Auto, hide_short_help = true)]
    pub color: Colour,
    /// Say nothing but results and errors.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// How long to wait while another run holds the lock, such as `5m` [default: 60s].
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration, hide_short_help = true)]
    pub lock_wait: Option<Duration>,
    /// How long a statement may wait for a table that somebody else uses [default: 5s].
    #[arg(long, global = true, value_name = "DURATION", value_parser = limit, hide_short_help = true)]
    pub lock_timeout: Option<Duration>,
    /// How long a statement may run, such as `5m` [default: no limit].
    #[arg(long, global = true, value_name = "DURATION", value_parser = limit, hide_short_help = true)]
    pub statement_timeout: Option<Duration>,
    /// How often a migration is tried again that gave way to others [default: 5].
    #[arg(long, global = true, value_name = "N", value_parser = retries, hide_short_help = true)]
    pub retries: Option<u32>,
    /// How long to wait for the connection [default: 10s].
    #[arg(long, global = true, value_name = "DURATION", value_parser = limit, hide_short_help = true)]
    pub connect_timeout: Option<Duration>,
    /// How long to wait for a server that does not listen yet or is still starting, such as `60s` [default: not at all].
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration, hide_short_help = true)]
    pub connect_wait: Option<Duration>,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal.
    Auto,
    /// Also in files and pipes.
    Always,
    /// Not at all.
    Never,
}

/// The format that a command line asks for which cannot be parsed.
pub fn format_typed(argv: &[OsString]) -> Format {
    let mut words = argv.iter().map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        let value = match word.as_ref() {
            "--" => break,
            "--format" => words.next(),
            other => other.strip_prefix("--format=").map(|value| value.to_owned().into()),
        };
        if let Some(value) = value {
            return if value == "json" { Format::Json } else { Format::Human };
        }
    }
    Format::Human
}

/// The first word that is a command, for a command line that cannot be parsed.
pub fn command_typed(argv: &[OsString]) -> Option<&'static str> {
    let words = argv.iter().skip(1).map(|word| word.to_string_lossy());
    words
        .into_iter()
        .find_map(|word| NAMES.iter().find(|known| **known == word).copied())
}

const NAMES: [&str; 15] = [
    "convert",
    "adopt",
    "init",
    "new",
    "plan",
    "up",
    "down",
    "redo",
    "status",
    "log",
    "show",
    "verify",
    "repair",
    "baseline",
    "completions",
];
