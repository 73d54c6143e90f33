//! The command line exactly as it was typed. What it means is decided in `settings.rs`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{ArgMatches, Args as ClapArgs, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use syncline::database::ENGINES;
use syncline::migration::Id;
use syncline::version::Point;

use super::global::Global;
use super::values::count;

/// What `--version` says: the program, and the engines that are libraries of it.
static VERSIONS: LazyLock<String> = LazyLock::new(|| {
    let engines = ENGINES
        .iter()
        .filter_map(|engine| Some(format!("\n{}", engine.library?())));
    std::iter::once(env!("CARGO_PKG_VERSION").to_owned())
        .chain(engines)
        .collect()
});

/// Schema migrations: plans before changes, a checksummed history in every database, rollbacks from what it remembers.
#[derive(Debug, Parser)]
#[command(
    name = "syncline",
    version,
    long_version = VERSIONS.as_str(),
    disable_help_subcommand = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = "Examples:
  syncline init                              begin a project
  syncline new add_users                     make the files of a migration
  syncline plan --url sqlite:shop.db         see what would be done
  syncline up --url sqlite:shop.db           do it
  syncline down --url sqlite:shop.db         take the newest migration back

Every error has a code, and each code is explained in docs/errors.md."
)]
pub struct Args {
    /// What all commands take.
    #[command(flatten)]
    pub global: Global,
    /// What is to be done.
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// A command line, and what the parser saw of it.
    pub fn read(argv: &[OsString]) -> Result<(Self, ArgMatches), clap::Error> {
        let matches = Self::command().try_get_matches_from(argv)?;
        let args = Self::from_arg_matches(&matches).map_err(|error| error.format(&mut Self::command()))?;
        Ok((args, matches))
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Begin a project: write syncline.toml and make the directory of the migrations.
    Init(Init),
    /// Make the files of a new migration, with a version that comes after all others.
    New(New),
    /// Show what `up` or `down` would do, and why. Nothing is written.
    Plan(Plan),
    /// Apply the pending migrations.
    Up(Up),
    /// Take applied migrations back, the newest first.
    Down(Down),
    /// Take the newest migration back and apply it again.
    Redo(Redo),
    /// List all migrations and how they stand.
    Status(Status),
    /// Show the history, the newest record first.
    Log(Log),
    /// Print the script of a migration as the database remembers it.
    Show(Show),
    /// Check the history, the stored scripts and the files against each other.
    Verify,
    /// Mend the history of one migration, and leave a record of it.
    Repair(Repair),
    /// Record everything up to a version as applied, without running it.
    Baseline(Baseline),
    /// Take over the history that another tool keeps in the database, without running anything.
    Adopt(Adopt),
    /// Write the migrations of another tool's layout in syncline's own, in a new directory.
    Convert(Convert),
    /// Print a completion script for a shell.
    Completions(Completions),
}

impl Command {
    /// The word that was typed for it.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Init(_) => "init",
            Command::New(_) => "new",
            Command::Plan(_) => "plan",
            Command::Up(_) => "up",
            Command::Down(_) => "down",
            Command::Redo(_) => "redo",
            Command::Status(_) => "status",
            Command::Log(_) => "log",
            Command::Show(_) => "show",
            Command::Verify => "verify",
            Command::Repair(_) => "repair",
            Command::Baseline(_) => "baseline",
            Command::Adopt(_) => "adopt",
            Command::Convert(_) => "convert",
            Command::Completions(_) => "completions",
        }
    }
}

/// `init`
#[derive(Debug, ClapArgs)]
pub struct Init {
    /// Write the paths of all scripts in the directory into a new file, in the order of their names, to be put in order by hand: what
    /// `order` in the configuration reads, where names have no version that a layout or a `pattern` could read.
    #[arg(long, value_name = "FILE")]
    pub order: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline new add_users            makes <now>_add_users.up.sql and <now>_add_users.down.sql
  syncline new \"Add users\"          the same
  syncline new add_users --single   makes one file with both scripts in it
  syncline new active_users --repeatable
                                    makes R__active_users.sql, which runs again whenever it changes")]
pub struct New {
    /// What the migration does, in a few words.
    pub name: String,
    /// Make one file; a line `-- syncline: down` begins its down script.
    #[arg(long, conflicts_with = "repeatable")]
    pub single: bool,
    /// Make a migration that runs again whenever its file changes.
    #[arg(long)]
    pub repeatable: bool,
}

/// Up to where.
#[derive(Debug, ClapArgs)]
pub struct Reach {
    /// Stop at this version. For `up` it is applied; for `down` it stays, and `none` takes everything back.
    #[arg(long, value_name = "VERSION", conflicts_with = "steps")]
    pub to: Option<Point>,
    /// Stop after so many migrations.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    pub steps: Option<usize>,
}

/// Which disagreements of files and history are let through.
#[derive(Debug, ClapArgs)]
pub struct Allow {
    /// Also apply migrations that are older than the newest applied one.
    #[arg(long)]
    pub allow_out_of_order: bool,
    /// Go on although files of applied migrations are missing.
    #[arg(long)]
    pub allow_missing: bool,
    /// Go on although the directory holds no migrations.
    #[arg(long)]
    pub allow_empty: bool,
}

/// Which text of a down script.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Use {
    /// What the file says now.
    File,
    /// What the database has stored.
    Stored,
}

/// Which way to plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// What `up` would do.
    Up,
    /// What `down` would do.
    Down,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline plan                    what `up` would do
  syncline plan --sql              the same, with the statements
  syncline plan down --steps 2     what `down --steps 2` would do, with the statements

Exit codes: 0 the plan can be carried out; 2 scripts have problems; 3 it would be refused.")]
pub struct Plan {
    /// Which way.
    #[arg(value_enum, default_value_t = Way::Up)]
    pub way: Way,
    #[command(flatten)]
    pub reach: Reach,
    #[command(flatten)]
    pub allow: Allow,
    /// For `down`: which text of the down scripts is meant, where file and database differ.
    #[arg(long = "use", value_name = "SOURCE", value_enum)]
    pub using: Option<Use>,
    /// Show the statements, too.
    #[arg(long)]
    pub sql: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline up                      apply everything that is pending
  syncline up --steps 1            apply the next migration
  syncline up --to 20261122093000  apply up to that version
  syncline up --dry-run --sql      only show what would be done

Each migration and its record in the history are committed together, or not at all.")]
pub struct Up {
    #[command(flatten)]
    pub reach: Reach,
    #[command(flatten)]
    pub allow: Allow,
    /// Only show what would be done, as `plan` does.
    #[arg(long)]
    pub dry_run: bool,
    /// With --dry-run: show the statements, too.
    #[arg(long, requires = "dry_run")]
    pub sql: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline down                    take the newest migration back
  syncline down --steps 2          take the two newest back
  syncline down --to 3             take back all that came after version 3
  syncline down --to none          take everything back
  syncline down --dry-run          only show what would be run

The down scripts that are stored in the database are run, so no file is needed.")]
pub struct Down {
    #[command(flatten)]
    pub reach: Reach,
    /// Which text of the down scripts to run, where file and database differ.
    #[arg(long = "use", value_name = "SOURCE", value_enum)]
    pub using: Option<Use>,
    /// Do not ask.
    #[arg(short, long)]
    pub yes: bool,
    /// Only show what would be done.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline redo                    try the newest migration once more
  syncline redo --use file         with the down script of the file")]
pub struct Redo {
    /// Which text of the down script to run, where file and database differ.
    #[arg(long = "use", value_name = "SOURCE", value_enum)]
    pub using: Option<Use>,
    /// Do not ask.
    #[arg(short, long)]
    pub yes: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline status
  syncline status --exit-code      for scripts: 10 when migrations are pending, 3 when files and history disagree")]
pub struct Status {
    /// End with 10 when something is pending and with 3 when files and history disagree.
    #[arg(long)]
    pub exit_code: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline log
  syncline log --limit 5           the five newest records")]
pub struct Log {
    /// Show so many records.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = count)]
    pub limit: Option<usize>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline show 3                  print the up script of version 3
  syncline show 3 --down           print its down script
  syncline show 3 --file DIR       write both back as files; nothing is overwritten")]
pub struct Show {
    /// The version, or `R__<name>` for a repeatable migration.
    #[arg(value_name = "VERSION")]
    pub id: Id,
    /// The down script.
    #[arg(long, conflicts_with = "file")]
    pub down: bool,
    /// Write the scripts as files into this directory instead of printing one.
    #[arg(long, value_name = "DIR")]
    pub file: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline repair accept 3 --reason \"index was renamed by hand\"
  syncline repair renumber --reason \"12 became 13 in a merge\"
  syncline repair resolve 4 --applied --reason \"the index is there\"
  syncline repair forget 5 --reason \"was restored from a backup\"")]
pub struct Repair {
    #[command(subcommand)]
    pub what: RepairWhat,
}

/// The repairs.
#[derive(Debug, Subcommand)]
pub enum RepairWhat {
    /// Take the edited file of a migration as the new truth. Nothing is run.
    Accept(Accept),
    /// Record that what ran is in the files under another version or name. Nothing is run.
    Renumber(Renumber),
    /// Say how a statement of unknown outcome ended.
    Resolve(Resolve),
    /// Drop a migration from the current state, as if it had not been applied.
    Forget(Repaired),
}

/// Which migration, and why.
#[derive(Debug, ClapArgs)]
pub struct Repaired {
    /// The version, or `R__<name>` for a repeatable migration.
    #[arg(value_name = "VERSION")]
    pub id: Id,
    /// Why. It stays in the history.
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub reason: String,
}

#[derive(Debug, ClapArgs)]
pub struct Accept {
    #[command(flatten)]
    pub repaired: Repaired,
    /// Also a file that shares nothing with what ran, such as one that was put in the place of several.
    #[arg(long)]
    pub unrelated: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline repair renumber --reason \"12 became 13 in a merge\"
                                   each text that ran and is in a file of another version
  syncline repair renumber 12 13 --reason \"renamed and edited\"
                                   what ran as 12 is 13 now, though the texts differ")]
pub struct Renumber {
    /// What it was, and what it is now; without them all that were found.
    #[arg(value_name = "VERSION", num_args = 2, value_names = ["OLD", "NEW"])]
    pub ids: Option<Vec<Id>>,
    /// Why. It stays in the history.
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub reason: String,
}

#[derive(Debug, ClapArgs)]
pub struct Resolve {
    #[command(flatten)]
    pub repaired: Repaired,
    /// The statement took effect: the next run goes on after it.
    #[arg(long, conflicts_with = "not_applied", required_unless_present = "not_applied")]
    pub applied: bool,
    /// The statement did not take effect: the next run sends it again.
    #[arg(long)]
    pub not_applied: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline baseline 20261122093000  the database holds everything up to this version already
  syncline baseline none            it holds none of the migrations, only other tables")]
pub struct Baseline {
    /// The newest version that is in the database already; `none` when none is.
    #[arg(value_name = "VERSION")]
    pub point: Point,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline adopt --dry-run         what the other tool has applied, and whether the files are still what it ran
  syncline adopt                   records it; the other tool's table stays as it is
  syncline adopt --from flyway     where tables do not show whose they are
  syncline adopt --table app.orders_history
                                   where there is more than one history
  syncline adopt --mirror          after each `up`, while the other tool still looks at its table")]
pub struct Adopt {
    /// The tool, such as `flyway` or `alembic`, where it is not found out by its table.
    #[arg(long, value_name = "TOOL", value_parser = tool)]
    pub from: Option<String>,
    /// The table that holds its history, where there is more than one, or it has a name of its own.
    #[arg(long, value_name = "[SCHEMA.]NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub table: Option<String>,
    /// Only show what would be recorded.
    #[arg(long)]
    pub dry_run: bool,
    /// Record migrations by name although there are files for none of them, or for only a few.
    #[arg(long, conflicts_with = "mirror")]
    pub allow_missing: bool,
    /// Bring the other tool's table up to what syncline has done since, while both are used.
    #[arg(long, conflicts_with = "dry_run")]
    pub mirror: bool,
}

/// A tool whose history can be taken over.
pub fn tool(name: &str) -> Result<String, String> {
    let known: Vec<&str> = syncline::compat::adopt::names().collect();
    match known.contains(&name) {
        true => Ok(name.to_owned()),
        false => Err(format!("the tools are {}", known.join(", "))),
    }
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline convert --to native migrations-new
                                   then let `dir` name the new directory, and take `layout` out")]
pub struct Convert {
    /// The layout that is written.
    #[arg(long, value_name = "LAYOUT", value_parser = ["native"])]
    pub to: String,
    /// The directory that is made; it has to be empty where it is there.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  syncline completions bash > /etc/bash_completion.d/syncline
  syncline completions fish > ~/.config/fish/completions/syncline.fish")]
pub struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub shell: Shell,
}
