//! `init`: writes a configuration and makes the directory of the migrations. What is there already stays as it is.

use std::path::{Path, PathBuf};

use syncline::Code;

use crate::cli::config::NAME;
use crate::cli::context::Context;
use crate::cli::document::Body;
use crate::cli::fresh::make;
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

pub fn run(context: Context<'_>) -> Result<()> {
    let config = context.typed.config.clone().unwrap_or_else(|| PathBuf::from(NAME));
    let directory = match &context.typed.dir {
        Some(dir) => dir.clone(),
        None => config.parent().unwrap_or(Path::new("")).join("migrations"),
    };
    let mut made = Vec::new();
    let text = match &context.typed.dir {
        Some(dir) => TEMPLATE.replace("dir = \"migrations\"", &format!("dir = {}", quoted(dir))),
        None => TEMPLATE.to_owned(),
    };
    make(|fresh| {
        match fresh.file(&config, &text) {
            Ok(()) => made.push(config.display().to_string()),
            Err(trouble) if trouble.code == Code::FileExists => {}
            Err(trouble) => return Err(trouble),
        }
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

/// A TOML string.
fn quoted(path: &Path) -> String {
    toml::Value::String(path.display().to_string()).to_string()
}
