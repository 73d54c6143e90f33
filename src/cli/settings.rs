//! What the command line means: flags before environment before file before default.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use syncline::database::{Address, ENGINES, Engine, Storage};
use syncline::files::{Depth, MAX_FILE, Reading};
use syncline::plan::{Policy, Rule};
use syncline::{Code, KEEP, Target};
use toml::Spanned;

use super::args::Global;
use super::config::{Config, PolicyKeys, TargetKeys};
use super::environment::Environment;
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
    /// The path, from the working directory.
    pub path: PathBuf,
    /// Who said so.
    pub origin: Origin,
}

/// Who named the directory. One that was named for this run has to exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `--dir` or `SYNCLINE_DIR`.
    Named,
    /// The configuration, or nobody.
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

/// Which database is meant.
enum Choice<'a> {
    Url(String),
    Named(&'a Spanned<TargetKeys>),
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
            (Some(choice), Scope::Database) => Some(locate(choice, environment, file)?),
            _ => None,
        };
        if let Some(target) = &mut target {
            if typed.url.is_some() && target.address.password.is_some() {
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
            reading: Reading {
                depth: match top.and_then(|keys| keys.recursive) {
                    Some(true) => Depth::Recursive,
                    _ => Depth::Flat,
                },
                max_file: bytes(top.and_then(|keys| keys.max_file_size).map(|size| size.0), MAX_FILE),
            },
            target,
            policy: Policy {
                out_of_order: rule(|keys| keys.out_of_order.map(Rule::from)),
                missing: rule(|keys| keys.missing.map(Rule::from)),
            },
            keep: usize::try_from(bytes(
                top.and_then(|keys| keys.keep_scripts).map(|size| size.0),
                KEEP as u64,
            ))
            .unwrap_or(usize::MAX),
            user: environment.user(),
            config: file.map(|config| config.path.clone()),
            warnings,
        })
    }
}

/// `--url`, `--target`, `SYNCLINE_URL`, `default-target`, the only target, `DATABASE_URL`: the first of these.
fn choose<'a>(typed: &Global, environment: &Environment, config: Option<&'a Config>) -> Result<Choice<'a>> {
    if let Some(url) = &typed.url {
        return Ok(Choice::Url(url.clone()));
    }
    if let Some(name) = &typed.target {
        let Some(config) = config else {
            let message = format!("there is no configuration that could have a target `{name}`");
            return Err(
                Trouble::new(Code::Config, message).hint("`syncline init` writes one; `--config FILE` names one")
            );
        };
        let targets = &config.keys.target;
        let Some(keys) = targets.get(name) else {
            let near = syncline::script::nearest(name, targets.keys().map(String::as_str));
            let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
            let trouble = Trouble::new(Code::Config, format!("there is no target `{name}`"));
            return Err(trouble.hint(format!("{near}{}", config.list())));
        };
        return Ok(Choice::Named(keys));
    }
    if let Some(url) = said(environment, "SYNCLINE_URL")? {
        return Ok(Choice::Url(url));
    }
    if let Some(config) = config {
        let targets = &config.keys.target;
        let named = config
            .keys
            .default_target
            .as_ref()
            .and_then(|name| targets.get(name.as_ref()));
        let only = targets.values().next().filter(|_| targets.len() == 1);
        if let Some(keys) = named.or(only) {
            return Ok(Choice::Named(keys));
        }
    }
    if let Some(url) = said(environment, "DATABASE_URL")? {
        return Ok(Choice::Url(url));
    }
    let message = match config.filter(|config| !config.keys.target.is_empty()) {
        Some(config) => format!("no database was chosen: {}", config.list()),
        None => "no database was named".to_owned(),
    };
    Err(Trouble::new(Code::Config, message).hint(
        "give `--url sqlite:shop.db`, set SYNCLINE_URL, or write a `[target.NAME]` into syncline.toml and choose it \
         with `--target NAME` or `default-target`",
    ))
}

/// A variable that is set has to say something.
fn said(environment: &Environment, name: &str) -> Result<Option<String>> {
    match environment.get(name) {
        Some(value) if value.trim().is_empty() => {
            let message = format!("the environment variable {name} is set and empty");
            Err(Trouble::new(Code::Config, message).hint("give it a value, or unset it"))
        }
        value => Ok(value),
    }
}

fn locate(choice: &Choice<'_>, environment: &Environment, config: Option<&Config>) -> Result<Target> {
    let mut target = match (choice, config) {
        (Choice::Url(url), _) => Target::from_url(url)?,
        (Choice::Named(keys), Some(config)) => named(keys.as_ref(), environment, config)?,
        (Choice::Named(_), None) => return Err(Trouble::new(Code::Internal, "a target without a configuration")),
    };
    match file_of(&mut target) {
        Some(path) if Path::new(path).components().any(|part| part.as_os_str() == "~") => {
            let message = format!("`~` is not expanded in `{path}`");
            Err(Trouble::new(Code::Config, message).hint("write the whole path of the database"))
        }
        _ => Ok(target),
    }
}

/// The path of a database that is a file.
fn file_of(target: &mut Target) -> Option<&mut String> {
    let path = target.address.database.as_mut()?;
    (target.engine.storage == Storage::File && path != ":memory:").then_some(path)
}

/// The database that a table of the configuration describes.
fn named(keys: &TargetKeys, environment: &Environment, config: &Config) -> Result<Target> {
    let url = secret(config, environment, [&keys.url, &keys.url_env, &keys.url_file])?;
    let mut target = match (&url, &keys.engine) {
        (Some((url, place)), _) => Target::from_url(url)
            .map_err(|error| config.error(place.clone(), error.message, error.hint.as_deref().unwrap_or_default()))?,
        (None, Some(engine)) => {
            let known = engine_named(engine, config)?;
            Target::new(known, address(keys, environment, config)?).map_err(|error| {
                config.error(engine.span(), error.message, error.hint.as_deref().unwrap_or_default())
            })?
        }
        (None, None) => return Err(Trouble::new(Code::Config, "the target says neither `url` nor `engine`")),
    };
    if let Some(path) = file_of(&mut target) {
        *path = config.directory().join(&*path).to_string_lossy().into_owned();
    }
    target.expect_database = keys.expect_database.as_ref().map(|id| id.as_ref().clone());
    Ok(target)
}

fn engine_named(engine: &Spanned<String>, config: &Config) -> Result<&'static Engine> {
    let word: &str = engine.as_ref();
    let found = ENGINES
        .iter()
        .find(|known| known.id == word || known.schemes.contains(&word));
    found.copied().ok_or_else(|| {
        let known: Vec<&str> = ENGINES.iter().map(|known| known.id).collect();
        config.error(
            engine.span(),
            format!("there is no engine `{word}`"),
            &format!("known are `{}`", known.join("`, `")),
        )
    })
}

fn address(keys: &TargetKeys, environment: &Environment, config: &Config) -> Result<Address> {
    let text = |key: &Option<Spanned<String>>| key.as_ref().map(|value| value.as_ref().clone());
    let password = secret(
        config,
        environment,
        [&keys.password, &keys.password_env, &keys.password_file],
    )?;
    Ok(Address {
        host: text(&keys.host),
        port: keys.port,
        user: text(&keys.user),
        password: password.map(|(password, _)| password.into()),
        database: text(&keys.database),
        parameters: keys
            .parameters
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    })
}

/// A value that stands in the file, in an environment variable or in a file of its own, with the place that says so.
fn secret(
    config: &Config,
    environment: &Environment,
    [plain, variable, file]: [&Option<Spanned<String>>; 3],
) -> Result<Option<(String, std::ops::Range<usize>)>> {
    if let Some(value) = plain {
        return Ok(Some((value.as_ref().clone(), value.span())));
    }
    if let Some(name) = variable {
        let value = environment.get(name.as_ref()).unwrap_or_default();
        if value.is_empty() {
            let message = format!("the environment variable {} is not set, or empty", name.as_ref());
            return Err(config.error(name.span(), message, "set it for this run"));
        }
        return Ok(Some((value, name.span())));
    }
    let Some(named) = file else { return Ok(None) };
    let path = config.relative(named)?;
    let unreadable = |what: String| config.error(named.span(), format!("`{}` {what}", path.display()), "");
    let text = fs::read_to_string(&path).map_err(|error| unreadable(format!("cannot be read: {error}")))?;
    let value = text.trim_end_matches(['\r', '\n']);
    if value.is_empty() {
        return Err(unreadable("is empty".to_owned()));
    }
    Ok(Some((value.to_owned(), named.span())))
}

/// Time limits and the names of the tables.
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
    let set = |place: &mut Duration, typed: Option<Duration>, file: Option<Duration>| {
        *place = typed.or(file).unwrap_or(*place);
    };
    set(&mut target.lock_wait, typed.lock_wait, lock_wait);
    set(&mut target.lock_timeout, typed.lock_timeout, lock_timeout);
    set(&mut target.connect_timeout, typed.connect_timeout, connect_timeout);
    let name = |key: Option<&Option<Spanned<String>>>| key.and_then(Option::as_ref).map(|name| name.as_ref().clone());
    let ledger = &mut target.ledger;
    ledger.schema = name(top.map(|top| &top.history_schema));
    ledger.history = name(top.map(|top| &top.history_table)).unwrap_or_else(|| ledger.history.clone());
    ledger.script = name(top.map(|top| &top.script_table)).unwrap_or_else(|| ledger.script.clone());
}

fn directory(
    typed: &Global,
    environment: &Environment,
    keys: Option<&TargetKeys>,
    config: Option<&Config>,
) -> Result<Directory> {
    let named = match &typed.dir {
        Some(path) => Some(path.clone()),
        None => said(environment, "SYNCLINE_DIR")?.map(PathBuf::from),
    };
    if let Some(path) = named {
        if path.starts_with("~") {
            let message = format!("`~` is not expanded in `{}`", path.display());
            return Err(Trouble::new(Code::Config, message).hint("write the whole path"));
        }
        return Ok(Directory {
            path,
            origin: Origin::Named,
        });
    }
    let path = match config {
        None => PathBuf::from(DIRECTORY),
        Some(config) => match keys.and_then(|keys| keys.dir.as_ref()).or(config.keys.dir.as_ref()) {
            Some(path) => config.relative(path)?,
            None => config.directory().join(Path::new(DIRECTORY)),
        },
    };
    Ok(Directory {
        path,
        origin: Origin::Standing,
    })
}

/// A duration with its unit.
pub fn duration(text: &str) -> std::result::Result<Duration, String> {
    humantime::parse_duration(text.trim())
        .map_err(|_| "it takes a number with a unit (ms, s, m, h), such as \"5s\"".to_owned())
}

/// A duration that is more than zero.
pub fn limit(text: &str) -> std::result::Result<Duration, String> {
    let limit = duration(text)?;
    if limit.is_zero() {
        Err("it takes more than zero".to_owned())
    } else {
        Ok(limit)
    }
}

/// A number from 1 up.
pub fn count(text: &str) -> std::result::Result<usize, String> {
    text.parse::<usize>()
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| "it takes a number from 1 up".to_owned())
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

    #[test]
    fn a_duration_needs_its_unit() {
        assert_eq!(duration("1m 5s"), Ok(Duration::from_secs(65)));
        for text in ["5", "-5s", "", "soon", "5 parsecs"] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert!(duration("0s").is_ok() && limit("0s").is_err());
    }
}
