//! `syncline.toml`: finding it, reading it, and errors that name the key, the line and what would be right.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use syncline::Code;
use syncline::database::holds_password;
use syncline::script::Position;
use toml::Spanned;

use super::keys::{Keys, TargetKeys, Words};
use super::trouble::{Place, Result, Trouble};
use super::values;

/// The name that is looked for in the working directory.
pub const NAME: &str = "syncline.toml";

/// A configuration above this size is something else.
const LARGEST: u64 = 1024 * 1024;

/// A configuration file that was read.
#[derive(Debug)]
pub struct Config {
    /// The path, as it was given.
    pub path: PathBuf,
    /// What it holds.
    pub keys: Keys,
    text: String,
}

impl Config {
    /// Reads the file that was named, or `syncline.toml` in the working directory where there is one.
    pub fn find(named: Option<&Path>) -> Result<Option<Self>> {
        match named {
            Some(path) => Self::read(path).map(Some),
            None if Path::new(NAME).exists() => Self::read(Path::new(NAME)).map(Some),
            None => Ok(None),
        }
    }

    fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let wrong = |what: String| Trouble::new(Code::Config, format!("the configuration `{shown}` {what}"));
        let file = fs::File::open(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        let mut bytes = Vec::new();
        file.take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| wrong(format!("cannot be read: {error}")))?;
        if bytes.len() as u64 > LARGEST {
            return Err(wrong("has more than 1 MiB: it is something else".to_owned()));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let line = error
                .as_bytes()
                .iter()
                .take(valid)
                .filter(|byte| **byte == b'\n')
                .count()
                + 1;
            wrong(format!("is not UTF-8: look at line {line}"))
        })?;
        let keys = toml::from_str(&text).map_err(|error| explain(path, &text, &error))?;
        let config = Self {
            path: path.to_owned(),
            keys,
            text,
        };
        config.check()?;
        Ok(config)
    }

    /// What can be said of the file without the environment.
    fn check(&self) -> Result<()> {
        let mut folded: BTreeMap<String, &str> = BTreeMap::new();
        for (name, keys) in &self.keys.target {
            if let Some(other) = folded.insert(name.to_lowercase(), name) {
                return Err(self.error(
                    keys.span(),
                    format!("the targets `{other}` and `{name}` differ only in capital letters"),
                    "rename one of the two",
                ));
            }
            self.check_target(keys)?;
        }
        if let Some(name) = &self.keys.default_target
            && !self.keys.target.contains_key(name.as_ref())
        {
            let message = format!("there is no target `{}`", name.as_ref());
            return Err(self.error(name.span(), message, &self.list()));
        }
        let tables = [&self.keys.history_table, &self.keys.script_table];
        let of_targets = self.keys.target.values().map(Spanned::as_ref);
        let of_targets: Vec<_> = of_targets
            .flat_map(|keys| [&keys.history_table, &keys.script_table])
            .collect();
        let targets = self.keys.target.values();
        let schemas = targets.map(|keys| &keys.as_ref().history_schema);
        let schemas = schemas.chain([&self.keys.history_schema]);
        for name in tables.into_iter().chain(of_targets).chain(schemas).flatten() {
            let text: &str = name.as_ref();
            let wrong = text.is_empty() || text.len() > 63 || text.chars().any(|c| c.is_control() || c == '.');
            if wrong {
                let help = "it takes 1 to 63 bytes without dots; the schema has a key of its own, `history-schema`";
                return Err(self.error(name.span(), "this is no name for a table or schema".to_owned(), help));
            }
        }
        let of_targets = self.keys.target.values().map(|keys| &keys.as_ref().adopt);
        for adopt in of_targets.chain([&self.keys.adopt]).flatten() {
            if let Some(from) = &adopt.from
                && let Err(help) = super::args::tool(from.as_ref())
            {
                let message = format!("there is no tool `{}`", from.as_ref());
                return Err(self.error(from.span(), message, &help));
            }
            if let Some(table) = adopt.table.as_ref().filter(|table| table.as_ref().is_empty()) {
                return Err(self.error(
                    table.span(),
                    "the name is empty".to_owned(),
                    "write `NAME` or `SCHEMA.NAME`",
                ));
            }
        }
        if let [Some(history), Some(script)] = tables
            && history.as_ref().eq_ignore_ascii_case(script.as_ref())
        {
            let message = "the two tables need different names".to_owned();
            return Err(self.error(script.span(), message, "change one of the two"));
        }
        Ok(())
    }

    fn check_target(&self, spanned: &Spanned<TargetKeys>) -> Result<()> {
        let keys = spanned.as_ref();
        let urls = [
            ("url", &keys.url),
            ("url-env", &keys.url_env),
            ("url-file", &keys.url_file),
        ];
        let direct = [
            ("migration-url", &keys.migration_url),
            ("migration-url-env", &keys.migration_url_env),
            ("migration-url-file", &keys.migration_url_file),
        ];
        let passwords = [
            ("password", &keys.password),
            ("password-env", &keys.password_env),
            ("password-file", &keys.password_file),
        ];
        let parts = [
            ("engine", &keys.engine),
            ("host", &keys.host),
            ("user", &keys.user),
            ("database", &keys.database),
        ];
        for group in [urls, direct, passwords] {
            let given: Vec<_> = group
                .iter()
                .filter_map(|(key, value)| value.as_ref().map(|v| (*key, v)))
                .collect();
            if let [(first, _), (second, value), ..] = given.as_slice() {
                let message = format!("`{first}` and `{second}` say the same thing");
                return Err(self.error(value.span(), message, "keep one of the two"));
            }
        }
        let given = |group: &[(&'static str, &Option<Spanned<String>>)]| {
            group
                .iter()
                .find_map(|(key, value)| value.as_ref().map(|value| (*key, value.span())))
        };
        match (given(&urls), given(&parts).or_else(|| given(&passwords))) {
            (Some((url, _)), Some((part, span))) => {
                let message = format!("`{url}` and `{part}` say the same thing");
                Err(self.error(span, message, "give the URL, or the parts"))
            }
            (None, part) if keys.engine.is_none() && (part.is_some() || given(&direct).is_none()) => {
                let message = "the target says neither `url` nor `engine`".to_owned();
                let help = "give `url`, `url-env` or `url-file`, or `engine` with `host`, `user`, `database` …";
                Err(self.error(spanned.span(), message, help))
            }
            _ => Ok(()),
        }
    }

    /// An error about the place of a value.
    pub fn error(&self, span: Range<usize>, message: String, help: &str) -> Box<Trouble> {
        place(&self.path, &self.text, span.start, message).hint(help)
    }

    /// The directory that relative paths of the file start from.
    pub fn directory(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// A path of the file, from the working directory.
    pub fn relative(&self, path: &Spanned<String>) -> Result<PathBuf> {
        let text: &str = path.as_ref();
        if text.starts_with('~') {
            let message = format!("`~` is not expanded in `{text}`");
            return Err(self.error(
                path.span(),
                message,
                "write the whole path, or one that is relative to this file",
            ));
        }
        if text.is_empty() {
            return Err(self.error(path.span(), "the path is empty".to_owned(), "write a path"));
        }
        Ok(self.directory().join(text))
    }

    /// As [`Config::relative`], one path or several.
    pub fn relatives(&self, paths: &Spanned<Words>) -> Result<Vec<PathBuf>> {
        let all = paths.as_ref().all();
        if all.is_empty() {
            return Err(self.error(
                paths.span(),
                "it names no directory".to_owned(),
                "write a path, or several",
            ));
        }
        all.iter()
            .map(|path| self.relative(&Spanned::new(paths.span(), path.clone())))
            .collect()
    }

    /// The names of the targets, in a sentence.
    pub fn list(&self) -> String {
        let names: Vec<String> = self.keys.target.keys().map(|name| format!("`{name}`")).collect();
        match names.as_slice() {
            [] => format!("{} has no targets", self.path.display()),
            names => format!("{} has {}", self.path.display(), names.join(", ")),
        }
    }

    /// A warning where others can read a password in the file.
    pub fn warning(&self) -> Option<String> {
        let secret = self.keys.target.values().any(|target| {
            let target = target.as_ref();
            let mut urls = [&target.url, &target.migration_url].into_iter().flatten();
            target.password.is_some() || urls.any(|url| holds_password(url.as_ref()))
        });
        (secret && is_shared(&self.path)).then(|| {
            format!(
                "{} holds a password and others can read it: `chmod 600` it, or use a key that ends in `-env` or `-file`",
                self.path.display()
            )
        })
    }
}

#[cfg(unix)]
fn is_shared(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_shared(_: &Path) -> bool {
    false
}

/// The parser's error in our words. Values are never repeated, since one of them may be a password in the wrong place.
fn explain(path: &Path, text: &str, error: &toml::de::Error) -> Box<Trouble> {
    let said = error.message().lines().collect::<Vec<_>>().join(", ");
    let mut quoted = said.split('`').skip(1).step_by(2);
    let at = error.span().map_or(0, |span| span.start);
    if said.starts_with("unknown field") {
        let (unknown, known): (_, Vec<&str>) = (quoted.next().unwrap_or_default(), quoted.collect());
        let help = match syncline::script::nearest(unknown, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys here are `{}`", known.join("`, `")),
        };
        return place(path, text, at, "there is no such key".to_owned()).hint(help);
    }
    if said.starts_with("unknown variant") {
        let known: Vec<&str> = quoted.skip(1).collect();
        return place(path, text, at, format!("it takes `{}`", known.join("` or `")));
    }
    let typed = said.strip_prefix("invalid type: ");
    if let Some(rest) = typed.or_else(|| said.strip_prefix("invalid value: ")) {
        let found = match rest.split([' ', ',']).next().unwrap_or_default() {
            "integer" => "an integer",
            "string" => "a string",
            "boolean" => "a boolean",
            "floating" => "a number with a fraction",
            "sequence" => "an array",
            "map" => "a table",
            _ => "something else",
        };
        let wanted = match rest.rsplit_once(", expected ").map_or("", |(_, wanted)| wanted) {
            wanted if wanted.starts_with("struct") || wanted == "a map" => "a table of keys",
            "u16" => "a number up to 65535",
            "u32" => values::RETRIES,
            wanted => wanted,
        };
        let message = match typed {
            Some(_) => format!("it takes {wanted}, and this is {found}"),
            None => format!("it takes {wanted}"),
        };
        return place(path, text, at, message);
    }
    place(path, text, at, said)
}

/// An error at a place of the file, with the whole name of the key that stands there.
fn place(path: &Path, text: &str, at: usize, message: String) -> Box<Trouble> {
    let key = key_at(text, at);
    let message = if key.is_empty() {
        message
    } else {
        format!("`{key}`: {message}")
    };
    let mut trouble = Trouble::new(Code::Config, message);
    // The line itself is not shown: it may hold a password.
    trouble.place = Some(Place {
        path: path.display().to_string(),
        position: Some(Position::of(text, at)),
        line: None,
    });
    trouble
}

/// The dotted name of the key on the line of a byte, with the tables around it.
fn key_at(text: &str, at: usize) -> String {
    let end = text
        .get(at..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |i| at + i);
    let mut table = "";
    let mut last = "";
    for line in text.get(..end).unwrap_or_default().lines() {
        last = line.trim();
        if let Some(name) = last.strip_prefix('[') {
            table = name.split(']').next().unwrap_or_default().trim_matches('[').trim();
        }
    }
    let key = match last.split_once('=') {
        Some((key, _)) if !last.starts_with(['[', '#']) => key.trim(),
        _ => "",
    };
    let plain = |name: &str| {
        name.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '"' | ' '))
    };
    let names = [table, key];
    names
        .into_iter()
        .filter(|name| !name.is_empty() && plain(name))
        .collect::<Vec<_>>()
        .join(".")
}
