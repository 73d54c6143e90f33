//! What the command line means: flags before environment before file before default.

use std::path::{Path, PathBuf};
use std::time::Duration;

use syncline::compat::adopt::Wanted;
use syncline::database::holds_password;
use syncline::files::Reading;
use syncline::plan::{Policy, Rule};
use syncline::{Code, KEEP, Target};
use toml::Spanned;

use super::args::Adopt;
use super::choice::{Choice, choose, locate, said};
use super::config::Config;
use super::environment::Environment;
use super::global::Global;
use super::keys::{PolicyKeys, TargetKeys};
use super::reading::reading;
use super::trouble::{Result, Trouble};

const DIRECTORY: &str = "migrations";

/// Everything that a command has to know.
#[derive(Debug)]
pub struct Settings {
    /// Where the migrations are.
    pub directory: Directory,
    /// How they are read.
    pub reading: Reading,
    /// The database; `None` for commands that need none.
    pub target: Option<Target>,
    /// Which disagreements are let through.
    pub policy: Policy,
    /// What to do about a directory without migrations.
    pub empty: Rule,
    /// The history of another tool that is meant, as the configuration says it.
    pub adopt: Wanted,
    /// Texts above so many bytes are not stored.
    pub keep: usize,
    /// Who runs this.
    pub user: String,
    /// The configuration file that was used.
    pub config: Option<PathBuf>,
    /// What should be said before anything else.
    pub warnings: Vec<String>,
}

/// Where the migrations are, and who said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// The path, from the working directory. New files are made in it.
    pub path: PathBuf,
    /// Others whose files are read with it, as one.
    pub more: Vec<PathBuf>,
    /// Who said so.
    pub origin: Origin,
}

/// Who named the directory. One that was named for this run has to exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `--dir` or `SYNCLINE_DIR`.
    Named,
    /// The configuration, whoever else did.
    Configured,
    /// Nobody.
    Standing,
}

/// What a command works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Only files: no database has to be named.
    Files,
    /// A database.
    Database,
}

impl Directory {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Path> {
        std::iter::once(&self.path).chain(&self.more).map(PathBuf::as_path)
    }
}

impl Settings {
    /// Lays the layers over each other.
    pub fn resolve(typed: &Global, environment: &Environment, scope: Scope) -> Result<Self> {
        let config = Config::find(typed.config.as_deref())?;
        let mut warnings: Vec<String> = config.as_ref().and_then(Config::warning).into_iter().collect();
        let choice = match (choose(typed, environment, config.as_ref()), scope) {
            (Err(_), Scope::Files) if typed.target.is_none() => None,
            (choice, _) => Some(choice?),
        };
        let keys = match &choice {
            Some(Choice::Named(keys)) => Some(keys.as_ref()),
            _ => None,
        };
        let file = config.as_ref();
        let mut target = match (&choice, scope) {
            (Some(choice), Scope::Database) => {
                let (target, said) = locate(choice, environment, file)?;
                warnings.extend(said);
                Some(target)
            }
            _ => None,
        };
        if let Some(target) = &mut target {
            if typed.url.as_deref().is_some_and(holds_password) {
                warnings.push(
                    "the password in `--url` can be seen by everybody on this machine: use SYNCLINE_URL, or \
                     `password-env` or `password-file` in the configuration"
                        .to_owned(),
                );
            }
            limits(target, typed, keys, file);
        }
        let top = file.map(|config| &config.keys);
        let rule = |pick: fn(&PolicyKeys) -> Option<Rule>| {
            let layers = [keys.map(|keys| &keys.policy), top.map(|keys| &keys.policy)];
            layers.into_iter().flatten().find_map(pick).unwrap_or_default()
        };
        let bytes = |size: Option<u64>, otherwise: u64| size.unwrap_or(otherwise);
        Ok(Self {
            directory: directory(typed, environment, keys, file)?,
            reading: reading(typed, environment, file)?,
            target,
            policy: Policy {
                out_of_order: rule(|keys| keys.out_of_order.map(Rule::from)),
                missing: rule(|keys| keys.missing.map(Rule::from)),
                latest_stamp: tomorrow(),
            },
            empty: rule(|keys| keys.empty.map(Rule::from)),
            keep: usize::try_from(bytes(
                top.and_then(|keys| keys.keep_scripts).map(|size| size.0),
                KEEP as u64,
            ))
            .unwrap_or(usize::MAX),
            adopt: keys
                .and_then(|keys| keys.adopt.as_ref())
                .or(top.and_then(|top| top.adopt.as_ref()))
                .map_or_else(Wanted::default, |adopt| Wanted {
                    tool: adopt.from.as_ref().map(|from| from.as_ref().clone()),
                    table: adopt.table.as_ref().map(|table| table.as_ref().clone()),
                }),
            user: environment.user(),
            config: file.map(|config| config.path.clone()),
            warnings,
        })
    }
}

impl Settings {
    /// The history of another tool that is meant: what is typed is the whole answer.
    pub fn wanted(&self, typed: &Adopt) -> Wanted {
        match (&typed.from, &typed.table) {
            (None, None) => self.adopt.clone(),
            (from, table) => Wanted {
                tool: from.clone(),
                table: table.clone(),
            },
        }
    }
}

/// Time limits, retries and the names of the tables.
fn limits(target: &mut Target, typed: &Global, keys: Option<&TargetKeys>, config: Option<&Config>) {
    let top = config.map(|config| &config.keys);
    let lock_wait = keys
        .and_then(|keys| keys.lock_wait)
        .or(top.and_then(|top| top.lock_wait))
        .map(|time| time.0);
    let lock_timeout = keys
        .and_then(|keys| keys.lock_timeout)
        .or(top.and_then(|top| top.lock_timeout))
        .map(|limit| limit.0);
    let connect_timeout = keys
        .and_then(|keys| keys.connect_timeout)
        .or(top.and_then(|top| top.connect_timeout))
        .map(|limit| limit.0);
    let connect_wait = keys
        .and_then(|keys| keys.connect_wait)
        .or(top.and_then(|top| top.connect_wait))
        .map(|time| time.0);
    let pooler = keys.and_then(|keys| keys.pooler).or(top.and_then(|top| top.pooler));
    target.pooler = pooler.map(Into::into).or(target.pooler);
    let statement_timeout = keys
        .and_then(|keys| keys.statement_timeout)
        .or(top.and_then(|top| top.statement_timeout))
        .map(|limit| limit.0);
    let retries = keys.and_then(|keys| keys.retries).or(top.and_then(|top| top.retries));
    let set = |place: &mut Duration, typed: Option<Duration>, file: Option<Duration>| {
        *place = typed.or(file).unwrap_or(*place);
    };
    set(&mut target.lock_wait, typed.lock_wait, lock_wait);
    set(&mut target.lock_timeout, typed.lock_timeout, lock_timeout);
    set(&mut target.connect_wait, typed.connect_wait, connect_wait);
    set(&mut target.connect_timeout, typed.connect_timeout, connect_timeout);
    target.statement_timeout = typed.statement_timeout.or(statement_timeout);
    target.session = keys
        .and_then(|keys| keys.session.clone())
        .or_else(|| top.and_then(|top| top.session.clone()))
        .unwrap_or_default();
    target.retries = typed.retries.or(retries).unwrap_or(target.retries);
    let name = |key: Option<&Option<Spanned<String>>>| key.and_then(Option::as_ref).map(|name| name.as_ref().clone());
    let ledger = &mut target.ledger;
    ledger.schema = name(keys.map(|keys| &keys.history_schema)).or(name(top.map(|top| &top.history_schema)));
    let history = name(keys.map(|keys| &keys.history_table)).or(name(top.map(|top| &top.history_table)));
    let script = name(keys.map(|keys| &keys.script_table)).or(name(top.map(|top| &top.script_table)));
    ledger.history = history.unwrap_or_else(|| ledger.history.clone());
    ledger.script = script.unwrap_or_else(|| ledger.script.clone());
}

/// Where the migrations are.
pub fn directory(
    typed: &Global,
    environment: &Environment,
    keys: Option<&TargetKeys>,
    config: Option<&Config>,
) -> Result<Directory> {
    let mut named = typed.dir.clone();
    if named.is_empty() {
        named.extend(said(environment, "SYNCLINE_DIR")?.map(PathBuf::from));
    }
    let configured = match config {
        None => Vec::new(),
        Some(config) => match keys.and_then(|keys| keys.dir.as_ref()).or(config.keys.dir.as_ref()) {
            Some(paths) => config.relatives(paths)?,
            None => vec![config.directory().join(Path::new(DIRECTORY))],
        },
    };
    if let Some(path) = named.iter().find(|path| path.starts_with("~")) {
        let message = format!("`~` is not expanded in `{}`", path.display());
        return Err(Trouble::new(Code::Config, message).hint("write the whole path"));
    }
    let (paths, origin) = match (named.is_empty(), configured.is_empty()) {
        (false, _) if named == configured => (named, Origin::Configured),
        (false, _) => (named, Origin::Named),
        (true, false) => (configured, Origin::Configured),
        (true, true) => (Vec::new(), Origin::Standing),
    };
    let mut paths = paths.into_iter();
    Ok(Directory {
        path: paths.next().unwrap_or_else(|| PathBuf::from(DIRECTORY)),
        more: paths.collect(),
        origin,
    })
}

/// A day from now, as a version: clocks of developers may differ by hours.
fn tomorrow() -> Option<u64> {
    let tomorrow = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    tomorrow.strftime("%Y%m%d%H%M%S").to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn resolve(flags: &[&str], variables: &'static [(&'static str, &'static str)]) -> Result<Settings> {
        let argv = ["syncline", "up"].iter().chain(flags);
        let args = crate::cli::args::Args::try_parse_from(argv).unwrap();
        Settings::resolve(&args.global, &Environment::of(variables), Scope::Database)
    }

    fn database(flags: &[&str], variables: &'static [(&'static str, &'static str)]) -> String {
        resolve(flags, variables).unwrap().target.unwrap().to_string()
    }

    #[test]
    fn a_flag_comes_before_the_environment_and_the_general_variable_comes_last() {
        const BOTH: &[(&str, &str)] = &[("SYNCLINE_URL", "sqlite:a.db"), ("DATABASE_URL", "sqlite:b.db")];
        assert_eq!(database(&["--url", "sqlite:c.db"], BOTH), "sqlite:c.db");
        assert_eq!(database(&[], BOTH), "sqlite:a.db");
        assert_eq!(database(&[], &[("DATABASE_URL", "sqlite:b.db")]), "sqlite:b.db");
    }

    #[test]
    fn a_limit_is_the_flags_or_the_targets_or_the_files() {
        let directory = tempfile::tempdir().unwrap();
        let limits = |flags: &[&str], top: &str, target: &str| {
            let path = directory.path().join("syncline.toml");
            let text = format!("{top}\n[target.dev]\nurl = \"sqlite:a.db\"\n{target}\n");
            std::fs::write(&path, text).unwrap();
            let flags: Vec<&str> = ["--config", path.to_str().unwrap()]
                .iter()
                .chain(flags)
                .copied()
                .collect();
            let target = resolve(&flags, &[]).unwrap().target.unwrap();
            (target.retries, target.statement_timeout.map(|limit| limit.as_secs()))
        };
        let (top, target) = (
            "retries = 1\nstatement-timeout = \"1s\"",
            "retries = 2\nstatement-timeout = \"2s\"",
        );
        let flags = ["--retries", "0", "--statement-timeout", "3s"];
        assert_eq!(limits(&[], "", ""), (5, None));
        assert_eq!(limits(&[], top, ""), (1, Some(1)));
        assert_eq!(limits(&[], top, target), (2, Some(2)));
        assert_eq!(limits(&flags, top, target), (0, Some(3)));
    }

    #[test]
    fn the_directory_may_be_named_by_flag_or_environment() {
        const URL: &[(&str, &str)] = &[("SYNCLINE_URL", "sqlite:a.db"), ("SYNCLINE_DIR", "from_env")];
        assert_eq!(
            resolve(&["--dir", "typed"], URL).unwrap().directory.path,
            Path::new("typed")
        );
        assert_eq!(resolve(&[], URL).unwrap().directory.path, Path::new("from_env"));
        let standing = resolve(&[], &[("SYNCLINE_URL", "sqlite:a.db")]).unwrap().directory;
        assert_eq!(
            (standing.path.as_path(), standing.origin),
            (Path::new("migrations"), Origin::Standing)
        );
    }

    #[test]
    fn a_variable_that_is_set_and_empty_is_not_passed_over() {
        let trouble = resolve(&[], &[("SYNCLINE_URL", ""), ("DATABASE_URL", "sqlite:b.db")]).unwrap_err();
        assert!(trouble.message.contains("SYNCLINE_URL"), "{}", trouble.message);
    }
}
