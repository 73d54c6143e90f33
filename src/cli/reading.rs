//! How the files are read: the layout, what stands for a value in them, and how large one may be.

use std::fs;
use std::ops::Range;

use syncline::catalog::{BadPattern, Depth, Layout};
use syncline::files::{MAX_FILE, Reading};
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
    })
}

const PATTERN: &str = "it reads whole names, such as `'(?<version>[0-9]+)-(?<name>.+)[.]sql'`";
const LIST: &str = "it has the path of an up script in each line, from the directory of the migrations on";

fn layout(typed: &Global, config: Option<&Config>) -> Result<Option<Layout>> {
    if let Some(name) = &typed.layout {
        return named(name)
            .map(Some)
            .map_err(|(message, help)| Trouble::usage(message).hint(help));
    }
    let Some(config) = config else { return Ok(None) };
    let keys = &config.keys;
    let given: Vec<(&str, &Spanned<String>)> = [
        ("layout", &keys.layout),
        ("pattern", &keys.pattern),
        ("order", &keys.order),
    ]
    .into_iter()
    .filter_map(|(key, value)| value.as_ref().map(|value| (key, value)))
    .collect();
    if let [(first, _), (second, value), ..] = given.as_slice() {
        let message = format!("`{first}` and `{second}` both say how files are named");
        return Err(config.error(value.span(), message, "keep one of the two"));
    }
    let bad = |span: Range<usize>, help| move |error: BadPattern| config.error(span, error.to_string(), help);
    match given.as_slice() {
        [("layout", name)] => {
            let found = named(name.as_ref()).map_err(|(message, help)| config.error(name.span(), message, &help))?;
            Ok(Some(found))
        }
        [("pattern", pattern)] => Layout::pattern(pattern.as_ref())
            .map(Some)
            .map_err(bad(pattern.span(), PATTERN)),
        [(_, list)] => {
            let path = config.relative(list)?;
            let text = fs::read_to_string(&path).map_err(|error| {
                config.error(
                    list.span(),
                    format!("`{}` cannot be read: {error}", path.display()),
                    "it is a path from this file on",
                )
            })?;
            Layout::listed(&text).map(Some).map_err(bad(list.span(), LIST))
        }
        _ => Ok(None),
    }
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
