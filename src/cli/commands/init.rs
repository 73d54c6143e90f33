//! `init`: writes a configuration and makes the directory of the migrations. What is there already stays as it is.

use std::path::{Path, PathBuf};

use syncline::Code;
use syncline::files::House;

use crate::cli::args::Init;
use crate::cli::config::{Config, NAME};
use crate::cli::context::Context;
use crate::cli::document::Body;
use crate::cli::fresh::{Fresh, make};
use crate::cli::settings::{Scope, Settings, directory};
use crate::cli::styles::{from_config, line};
use crate::cli::trouble::{Result, Trouble};

const TEMPLATE: &str = r#"# syncline: where the migrations are, and which databases there are. All keys: docs/configuration.md

dir = "migrations"
default-target = "dev"

[target.dev]
url = "sqlite:dev.db"

# [target.prod]
# engine = "postgres"
# host = "db.example.org"
# user = "shop"
# password-env = "SHOP_PASSWORD"   # or password-file = "/run/secrets/shop"
# database = "shop"
"#;

pub fn run(args: &Init, context: Context<'_>) -> Result<()> {
    let config = context.typed.config.clone().unwrap_or_else(|| PathBuf::from(NAME));
    let typed = context.typed.dir.as_slice();
    if typed.len() > 1 {
        return Err(
            Trouble::usage("`init` makes one directory").hint("write the others into `dir` of the configuration")
        );
    }
    if let Some(list) = &args.order {
        return order(list, &config, context);
    }
    let directory = match typed.first() {
        Some(dir) => dir.clone(),
        None => config.parent().unwrap_or(Path::new("")).join("migrations"),
    };
    let text = template(typed.first().map(PathBuf::as_path), None);
    let mut made = Vec::new();
    make(|fresh| {
        begun(fresh, &config, &text, &mut made)?;
        if !directory.is_dir() {
            fresh.directory(&directory)?;
            made.push(directory.display().to_string());
        }
        Ok(())
    })?;
    if made.is_empty() {
        let message = format!("`{}` and `{}` are there already", config.display(), directory.display());
        return Err(Trouble::new(Code::FileExists, message).next("syncline new NAME"));
    }
    context.document.body = Body::Created { created: made };
    Ok(())
}

/// Writes a list of the scripts that are there, and a configuration that reads it, unless there is one.
fn order(list: &Path, path: &Path, context: Context<'_>) -> Result<()> {
    let config = match path.exists() {
        true => Config::find(Some(path))?,
        false => None,
    };
    let directory = directory(context.typed, context.environment, None, config.as_ref())?;
    // Without a database the files of all of them are listed.
    let settings = Settings::resolve(context.typed, context.environment, Scope::Database).ok();
    let syntax = settings
        .and_then(|settings| settings.target)
        .map(|target| target.engine.syntax);
    let Some((scripts, text)) = House::listing(&directory.path, syntax) else {
        let message = format!(
            "there are no scripts in `{}`, or too many to be listed",
            directory.path.display()
        );
        return Err(Trouble::new(Code::NoMigrations, message).hint("`--dir DIR` names another directory"));
    };
    let text = format!(
        "# The up scripts in their order, as paths from the directory on: see to it that it is the right one.\n{text}"
    );
    let value = from_config(path, list);
    let keys = template(context.typed.dir.first().map(PathBuf::as_path), Some(&value));
    let mut made = Vec::new();
    make(|fresh| {
        fresh.file(list, &text)?;
        made.push(list.display().to_string());
        begun(fresh, path, &keys, &mut made)
    })?;
    let says_so = |config: &Config| {
        config
            .keys
            .order
            .as_ref()
            .is_some_and(|order| Path::new(order.as_ref()) == value)
    };
    context.document.body = Body::Created { created: made };
    if let Some(config) = config.filter(|config| !says_so(config)) {
        let line = line("order", &value.display().to_string());
        let note = format!(
            "the list names {scripts} scripts; write `{line}` into {}, above its first `[`, and see to it that the order is right",
            config.path.display()
        );
        context.output.warn(&note);
        context.document.warnings.push(note);
    }
    Ok(())
}

/// Writes the configuration, unless there is one.
fn begun(fresh: &mut Fresh, config: &Path, text: &str, made: &mut Vec<String>) -> Result<()> {
    match fresh.file(config, text) {
        Ok(()) => made.push(config.display().to_string()),
        Err(trouble) if trouble.code == Code::FileExists => {}
        Err(trouble) => return Err(trouble),
    }
    Ok(())
}

/// The configuration to begin with.
fn template(directory: Option<&Path>, order: Option<&Path>) -> String {
    let mut text = TEMPLATE.to_owned();
    let key = "dir = \"migrations\"\n";
    let directory = directory.map_or_else(
        || key.to_owned(),
        |dir| format!("{}\n", line("dir", &dir.display().to_string())),
    );
    let order = order.map_or_else(String::new, |list| {
        format!("{}\n", line("order", &list.display().to_string()))
    });
    text = text.replace(key, &format!("{directory}{order}"));
    text
}
