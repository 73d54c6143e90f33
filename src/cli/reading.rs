//! How the files are read: the layout, what stands for a value in them, and how large one may be.

use std::fs;
use std::ops::Range;

use syncline::catalog::{BadPattern, Depth, Layout};
use syncline::files::{Given, MAX_FILE, Reading};
use syncline::script::{self, Placeholders};
use toml::Spanned;

use super::config::Config;
use super::environment::Environment;
use super::global::Global;
use super::keys::PlaceholderKey;
use super::trouble::{Result, Trouble};

/// What command line, environment and configuration say about the files.
pub fn reading(typed: &Global, environment: &Environment, config: Option<&Config>) -> Result<Reading> {
    let keys = config.map(|config| &config.keys);
    Ok(Reading {
        layout: layout(typed, config)?,
        depth: match keys.and_then(|keys| keys.recursive) {
            Some(true) => Depth::Recursive,
            _ => Depth::Flat,
        },
        max_file: keys.and_then(|keys| keys.max_file_size).map_or(MAX_FILE, |size| size.0),
        placeholders: config.map_or_else(
            || Ok(Placeholders::default()),
            |config| placeholders(config, environment),
        )?,
        given: config.map(given).transpose()?.unwrap_or_default(),
    })
}

const PATTERN: &str = "it reads whole names, such as `'(?<version>[0-9]+)-(?<name>.+)[.]sql'`";
const LIQUIBASE: &str = "liquibase";
const LIST: &str = "it has the path of an up script in each line, from the directory of the migrations on";

fn layout(typed: &Global, config: Option<&Config>) -> Result<Option<Layout>> {
    let found = match &typed.layout {
        Some(name) => Some(named(name).map_err(|(message, help)| Trouble::usage(message).hint(help))?),
        None => config.map(configured).transpose()?.flatten(),
    };
    let liquibase = config.and_then(|config| config.keys.liquibase.as_ref());
    Ok(match liquibase.map(Spanned::as_ref) {
        Some(keys) if found.as_ref().is_none_or(|layout| layout.name() == LIQUIBASE) => {
            Some(Layout::liquibase(keys.changelog.clone(), keys.not_run.clone()))
        }
        _ => found,
    })
}

/// The layout that the configuration chooses, by one key or another but `liquibase`.
fn configured(config: &Config) -> Result<Option<Layout>> {
    let keys = &config.keys;
    let own = keys.liquibase.as_ref();
    // Both may be there, and say the same.
    let layout = keys
        .layout
        .as_ref()
        .filter(|name| own.is_none() || name.as_ref() != LIQUIBASE);
    let given: Vec<(&str, Range<usize>)> = [
        ("layout", layout.map(Spanned::span)),
        ("pattern", keys.pattern.as_ref().map(Spanned::span)),
        ("order", keys.order.as_ref().map(Spanned::span)),
        (LIQUIBASE, own.map(Spanned::span)),
    ]
    .into_iter()
    .filter_map(|(key, span)| Some((key, span?)))
    .collect();
    if let [(first, _), (second, span), ..] = given.as_slice() {
        let message = format!("`{first}` and `{second}` both say how files are named");
        return Err(config.error(span.clone(), message, "keep one of the two"));
    }
    let bad = |span: Range<usize>, help| move |error: BadPattern| config.error(span, error.to_string(), help);
    if let Some(name) = layout {
        let found = named(name.as_ref()).map_err(|(message, help)| config.error(name.span(), message, &help))?;
        return Ok(Some(found));
    }
    if let Some(pattern) = &keys.pattern {
        let made = Layout::pattern(pattern.as_ref()).map_err(bad(pattern.span(), PATTERN))?;
        return Ok(Some(made));
    }
    let Some(list) = &keys.order else { return Ok(None) };
    let path = config.relative(list)?;
    let text = fs::read_to_string(&path).map_err(|error| {
        let message = format!("`{}` cannot be read: {error}", path.display());
        config.error(list.span(), message, "it is a path from this file on")
    })?;
    Layout::listed(&text).map(Some).map_err(bad(list.span(), LIST))
}

/// A layout, or what to say of a name that none has.
fn named(name: &str) -> std::result::Result<Layout, (String, String)> {
    Layout::named(name).ok_or_else(|| {
        let help = match script::nearest(name, Layout::names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the layouts are {}", Layout::names().collect::<Vec<_>>().join(", ")),
        };
        (format!("there is no layout `{name}`"), help)
    })
}

/// What is said of files that are not to be edited.
fn given(config: &Config) -> Result<Vec<Given>> {
    let mut all = Vec::new();
    for files in &config.keys.files {
        let glob: &String = files.glob.as_ref();
        if glob.is_empty() || glob.contains(['[', ']', '{', '}', '\\']) {
            let message = "this matches no file".to_owned();
            let help = "`*` and `?` stand for anything but `/`, `**` for that as well; without a `/` it is matched with the file's name";
            return Err(config.error(files.glob.span(), message, help));
        }
        let directives = files.directives.as_ref().all().iter().map(|text| script::said(text));
        let directives = directives.collect::<std::result::Result<Vec<_>, _>>();
        all.push(Given {
            glob: glob.clone(),
            directives: directives.map_err(|(message, help)| config.error(files.directives.span(), message, &help))?,
        });
    }
    Ok(all)
}

fn placeholders(config: &Config, environment: &Environment) -> Result<Placeholders> {
    let mut declared = Vec::new();
    for (key, value) in &config.keys.placeholders {
        let text = match value.as_ref() {
            PlaceholderKey::Text(text) => text.clone(),
            PlaceholderKey::Variable(variable) => environment.get(&variable.env).ok_or_else(|| {
                let message = format!("the variable {} for the placeholder `{key}` is not set", variable.env);
                config.error(
                    value.span(),
                    message,
                    "set it, or write the value into the configuration",
                )
            })?,
            PlaceholderKey::File(file) => {
                let path = config.directory().join(&file.file);
                let text = fs::read_to_string(&path).map_err(|error| {
                    let message = format!(
                        "`{}` for the placeholder `{key}` cannot be read: {error}",
                        path.display()
                    );
                    config.error(value.span(), message, "it is a path from this file on")
                })?;
                // As with passwords: editors end the last line, and nobody means that.
                text.trim_end_matches(['\r', '\n']).to_owned()
            }
        };
        declared.push((key.clone(), text));
    }
    Placeholders::new(declared).map_err(|error| {
        let span = config.keys.placeholders.get(&error.key).map_or(0..0, Spanned::span);
        config.error(
            span,
            error.to_string(),
            "write it as it stands in the scripts, such as `${name}`",
        )
    })
}
