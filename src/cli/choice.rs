//! Which database is meant, and where it is.

use std::fs;
use std::ops::Range;
use std::path::Path;

use syncline::database::{Address, ENGINES, Engine, Storage, engine_of_url};
use syncline::{Code, Target};
use toml::Spanned;

use super::config::Config;
use super::environment::Environment;
use super::global::Global;
use super::keys::TargetKeys;
use super::trouble::{Result, Trouble};

/// Which database is meant.
pub enum Choice<'a> {
    Url(String),
    Named(&'a Spanned<TargetKeys>),
}

/// `--url`, `--target`, `SYNCLINE_URL`, `default-target`, the only target, `DATABASE_URL`: the first of these.
pub fn choose<'a>(typed: &Global, environment: &Environment, config: Option<&'a Config>) -> Result<Choice<'a>> {
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
pub fn said(environment: &Environment, name: &str) -> Result<Option<String>> {
    match environment.get(name) {
        Some(value) if value.trim().is_empty() => {
            let message = format!("the environment variable {name} is set and empty");
            Err(Trouble::new(Code::Config, message).hint("give it a value, or unset it"))
        }
        value => Ok(value),
    }
}

/// The database that was chosen, and what should be said of what the environment adds.
pub fn locate(
    choice: &Choice<'_>,
    environment: &Environment,
    config: Option<&Config>,
) -> Result<(Target, Vec<String>)> {
    let mut target = match (choice, config) {
        (Choice::Url(url), _) => Target::from_url(url)?,
        (Choice::Named(keys), Some(config)) => named(keys.as_ref(), environment, config)?,
        (Choice::Named(_), None) => return Err(Trouble::new(Code::Internal, "a target without a configuration")),
    };
    let said = target.surround(&|name| environment.get(name))?;
    match file_of(&mut target) {
        Some(path) if Path::new(path).components().any(|part| part.as_os_str() == "~") => {
            let message = format!("`~` is not expanded in `{path}`");
            Err(Trouble::new(Code::Config, message).hint("write the whole path of the database"))
        }
        _ => Ok((target, said)),
    }
}

/// The path of a database that is a file.
fn file_of(target: &mut Target) -> Option<&mut String> {
    let path = target.address.database.as_mut()?;
    (target.engine.storage == Storage::File && path != ":memory:").then_some(path)
}

/// A value, and the place in the configuration that says it.
type Found = (String, Range<usize>);

/// The database that a table of the configuration describes.
fn named(keys: &TargetKeys, environment: &Environment, config: &Config) -> Result<Target> {
    let mut target = match secret(config, environment, migration_urls(keys))? {
        Some(direct) => past_pooler(&direct, keys, environment, config)?,
        None => described(keys, environment, config)?,
    };
    if let Some(path) = file_of(&mut target) {
        *path = config.directory().join(&*path).to_string_lossy().into_owned();
    }
    // A name without a directory is looked for where the system keeps libraries.
    let library = |name: &String| match name.contains('/') {
        true => config.directory().join(name).to_string_lossy().into_owned(),
        false => name.clone(),
    };
    target.extensions = keys.extensions.iter().map(library).collect();
    target.expect_database = keys.expect_database.as_ref().map(|id| id.as_ref().clone());
    Ok(target)
}

fn urls(keys: &TargetKeys) -> [&Option<Spanned<String>>; 3] {
    [&keys.url, &keys.url_env, &keys.url_file]
}

fn migration_urls(keys: &TargetKeys) -> [&Option<Spanned<String>>; 3] {
    [&keys.migration_url, &keys.migration_url_env, &keys.migration_url_file]
}

fn at((url, place): &Found, config: &Config) -> Result<Target> {
    Target::from_url(url)
        .map_err(|error| config.error(place.clone(), error.message, error.hint.as_deref().unwrap_or_default()))
}

/// The database at the URL that is for syncline alone, which has to have the engine of what the application connects to.
fn past_pooler(direct: &Found, keys: &TargetKeys, environment: &Environment, config: &Config) -> Result<Target> {
    let target = at(direct, config)?;
    match engine_of_application(keys, environment, config)? {
        Some((key, engine)) if engine.id != target.engine.id => {
            let message = format!("this is {}, and `{key}` is {}", target.engine.name, engine.name);
            let help = "both have to lead to the same database: this one past the pooler";
            Err(config.error(direct.1.clone(), message, help))
        }
        _ => Ok(target),
    }
}

/// The engine of what the application connects to, with the key that says it. Nothing of it is used to connect: parameters that
/// only the application understands are not looked at, and a variable or a file that only the application has may be missing.
fn engine_of_application(
    keys: &TargetKeys,
    environment: &Environment,
    config: &Config,
) -> Result<Option<(&'static str, &'static Engine)>> {
    if let Some(engine) = &keys.engine {
        return Ok(Some(("engine", engine_named(engine, config)?)));
    }
    let Ok(Some(url)) = secret(config, environment, urls(keys)) else {
        return Ok(None);
    };
    let key = match (&keys.url, &keys.url_env) {
        (Some(_), _) => "url",
        (_, Some(_)) => "url-env",
        _ => "url-file",
    };
    match engine_of_url(&url.0) {
        Some(engine) => Ok(Some((key, engine))),
        None => at(&url, config).map(|target| Some((key, target.engine))),
    }
}

/// The database that the `url` or the parts describe.
fn described(keys: &TargetKeys, environment: &Environment, config: &Config) -> Result<Target> {
    match (secret(config, environment, urls(keys))?, &keys.engine) {
        (Some(url), _) => at(&url, config),
        (None, Some(engine)) => {
            let known = engine_named(engine, config)?;
            Target::new(known, address(keys, environment, config)?)
                .map_err(|error| config.error(engine.span(), error.message, error.hint.as_deref().unwrap_or_default()))
        }
        (None, None) => Err(Trouble::new(Code::Config, "the target says neither `url` nor `engine`")),
    }
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
        others: Vec::new(),
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
) -> Result<Option<Found>> {
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
