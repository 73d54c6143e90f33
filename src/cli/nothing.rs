//! A directory without migrations: what to say of it, and whether a command goes on.

use std::path::Path;

use syncline::catalog::CatalogError;
use syncline::files::{Below, Depth, Instead};
use syncline::plan::Rule;
use syncline::script::Syntax;
use syncline::shell::quote;
use syncline::{Catalog, Code, Migrator};

use super::context::Context;
use super::settings::{Origin, Settings};
use super::styles::Styles;
use super::trouble::{Result, Trouble};
use super::typed::Typed;

/// How many directories are proposed.
const PROPOSED: usize = 3;

/// What is known of a directory without migrations.
pub struct Nothing {
    message: String,
    /// What else there is to say.
    hint: Option<String>,
    below: Below,
    /// The arguments that name other directories, each with a remark.
    instead: Vec<(String, String)>,
    /// How the files may be read all the same, where no directory and no layout does.
    styles: Option<Styles>,
    /// Whether the project's configuration names the directory.
    is_the_projects: bool,
}

impl Nothing {
    /// Looks into the directory of the settings.
    pub fn of(settings: &Settings, syntax: Syntax) -> Self {
        let directory = &settings.directory;
        let below = Below::of(&directory.path, syntax, &settings.reading);
        let plain = |instead: &&Instead| instead.depth == settings.reading.depth;
        let mut fitting: Vec<&Instead> = below.instead.iter().filter(plain).collect();
        // Directories side by side are often those of several databases.
        let is_named = |instead: &&Instead| is_named_for(settings, &instead.directory);
        if fitting.iter().any(is_named) {
            fitting.retain(is_named);
        }
        let instead = fitting
            .iter()
            .take(PROPOSED)
            .map(|instead| (words(instead), counted(instead.migrations, "migration")));
        let is_asked = settings.reading.layout.is_some() || below.files == 0 || fitting.len() == 1;
        let styles = (!is_asked).then(|| Styles::of(settings, syntax));
        // Directories that can be read as they are need no pattern, unless they are parts of one order.
        let is_one = read_as_one(settings, &below).is_some();
        let styles = styles.filter(|styles| below.instead.is_empty() || styles.are_above() && !is_one);
        Self {
            styles,
            message: format!(
                "there are no migrations in `{}`{}",
                directory.path.display(),
                told(&below)
            ),
            hint: several(settings, &fitting, &below).or_else(|| deeper(settings, &below)),
            instead: instead.collect(),
            is_the_projects: directory.origin == Origin::Configured,
            below,
        }
    }

    /// Whether something lies there that may have been meant.
    pub fn is_suspicious(&self) -> bool {
        !self.below.is_nothing()
    }

    /// Whether a project begins like this, as `init` leaves it: nothing in the directory that it names, and nothing in the history.
    pub fn is_a_beginning(&self, is_blank: bool) -> bool {
        is_blank && self.is_the_projects && !self.is_suspicious()
    }

    /// The command with another directory, where there is one choice.
    fn way(&self, typed: &Typed) -> Option<String> {
        match self.instead.as_slice() {
            [(words, remark)] => Some(format!("{} {words}   # {remark}", typed.again())),
            _ => None,
        }
    }

    /// As an error of a command, which could be typed again with another directory.
    pub fn trouble(&self, typed: &Typed) -> Box<Trouble> {
        let mut trouble = Trouble::new(Code::NoMigrations, self.message.clone());
        trouble.next.extend(self.way(typed));
        if let Some(hint) = &self.hint {
            trouble = trouble.hint(hint.clone());
        }
        if let Some(styles) = &self.styles {
            styles.tell(&mut trouble);
        }
        if !self.is_suspicious() {
            trouble = trouble.next("syncline new NAME   # makes one");
        }
        // Who names a version does not mean nothing.
        match typed.takes("--allow-empty") && !typed.says("--to") {
            true => trouble.next(format!(
                "{} --allow-empty   # there is nothing to apply, and that is meant",
                typed.again()
            )),
            false => trouble,
        }
    }
}

impl Context<'_> {
    /// The problems of files, with other directories where none of the problems is one of a file in this one.
    pub fn elsewhere(&self, settings: &Settings, syntax: Syntax, error: CatalogError) -> Box<Trouble> {
        let is_of_none = error.problems.iter().all(|problem| problem.code == "unreadable");
        let is_name = |code: &str| matches!(code, "near-miss" | "duplicate" | "orphan-down" | "unreadable");
        let names: Vec<&str> = error
            .problems
            .iter()
            .map(|problem| problem.code)
            .filter(|code| is_name(code))
            .collect();
        let mut trouble = Trouble::files(error.problems);
        if is_of_none {
            let nothing = Nothing::of(settings, syntax);
            trouble.next.extend(nothing.way(&self.document.flags.typed));
            trouble.hint = nothing.hint.filter(|_| !nothing.below.instead.is_empty());
            if let Some(styles) = nothing.styles {
                styles.tell(&mut trouble);
            }
        } else if settings.reading.layout.is_none() {
            let styles = Styles::of(settings, syntax);
            if styles.are_meant(&names) {
                styles.tell(&mut trouble);
            }
        }
        trouble
    }

    /// Ends a command that would apply nothing, where something lies there that may have been meant.
    pub fn stop_at_what_lies_there(&self, settings: &Settings, nothing: &Nothing) -> Result<()> {
        match nothing.is_suspicious() && settings.empty == Rule::Refuse {
            true => Err(nothing.trouble(&self.document.flags.typed)),
            false => Ok(()),
        }
    }

    /// Ends a command that would apply nothing, unless that is meant or a project begins like this.
    pub async fn stop_at_nothing(
        &mut self,
        settings: &Settings,
        nothing: &Nothing,
        migrator: &mut Migrator,
    ) -> Result<()> {
        let is_blank = migrator.history().await?.is_blank();
        if settings.empty == Rule::Refuse && !nothing.is_a_beginning(is_blank) {
            return Err(nothing.trouble(&self.document.flags.typed));
        }
        self.warn_of_nothing(nothing);
        Ok(())
    }

    /// Warns where there are no migrations, and something lies there that may have been meant.
    pub fn warn_of_what_lies_there(&mut self, settings: &Settings, catalog: &Catalog) {
        if !catalog.is_empty() || !settings.directory.path.is_dir() {
            return;
        }
        let nothing = Nothing::of(settings, catalog.syntax());
        if nothing.is_suspicious() {
            self.warn_of_nothing(&nothing);
        }
    }

    /// Warns that there are no migrations, and says what lies there.
    pub fn warn_of_nothing(&mut self, nothing: &Nothing) {
        let ways: Vec<&str> = nothing.instead.iter().map(|(words, _)| words.as_str()).collect();
        let warning = match (ways.as_slice(), &nothing.hint) {
            ([], None) if !nothing.is_suspicious() => {
                format!("{}; `syncline new NAME` makes one", nothing.message)
            }
            ([], None) => nothing.message.clone(),
            ([], Some(hint)) => format!("{}; {hint}", nothing.message),
            (ways, _) => format!("{}; did you mean `{}`?", nothing.message, ways.join("` or `")),
        };
        self.output.warn(&warning);
        self.document.warnings.push(warning);
    }
}

/// Directories of the project that hold migrations and are not the one of the settings, each with the arguments that name it.
pub fn proposed(settings: &Settings, syntax: Syntax) -> Vec<(Instead, String)> {
    const TRIED: usize = 8;
    let own = &settings.directory.path;
    let config = settings.config.as_deref().and_then(Path::parent);
    let root = config
        .filter(|root| !root.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut found: Vec<Instead> = Vec::new();
    for root in [own.as_path(), root] {
        let instead = Below::of(root, syntax, &settings.reading).instead.into_iter();
        found.extend(instead.filter(|instead| instead.depth == settings.reading.depth));
    }
    for instead in &mut found {
        if let Ok(inner) = instead.directory.strip_prefix(".") {
            instead.directory = inner.to_owned();
        }
    }
    found.retain(|instead| instead.directory != *own && !instead.directory.as_os_str().is_empty());
    found.sort_by(|a, b| a.directory.cmp(&b.directory));
    found.dedup_by(|a, b| a.directory == b.directory);
    found.sort_by_key(|instead| std::cmp::Reverse(instead.migrations));
    found.truncate(TRIED);
    found
        .into_iter()
        .map(|instead| (instead.clone(), words(&instead)))
        .collect()
}

/// The arguments that name a directory.
fn words(instead: &Instead) -> String {
    let layout = instead
        .layout
        .map_or_else(String::new, |name| format!(" --layout {name}"));
    format!("--dir {}{layout}", quote(&instead.directory.display().to_string()))
}

/// What lies there, behind the sentence that none of it is a migration.
fn told(below: &Below) -> String {
    let mut text = String::new();
    if below.files > 0 {
        let more = if below.is_cut { "at least " } else { "" };
        let names: Vec<String> = below.first.iter().map(|name| format!("`{name}`")).collect();
        let rest = if below.files > below.first.len() { ", …" } else { "" };
        text.push_str(&format!(
            ", but {more}{} in it or below it could be some: {}{rest}",
            counted(below.files, "file"),
            names.join(", ")
        ));
    }
    if let Some(first) = below.unread.first() {
        let more = match below.unread.len() {
            1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        text.push_str(&format!("; the directory `{first}`{more} cannot be read"));
    }
    text
}

/// Whether a directory is named like the engine of the database.
fn is_named_for(settings: &Settings, directory: &Path) -> bool {
    let Some(target) = &settings.target else { return false };
    let inner = directory.strip_prefix(&settings.directory.path).unwrap_or(directory);
    let names = |part: &str| {
        let part = part.trim_end_matches(|c: char| c.is_ascii_digit()).to_ascii_lowercase();
        part == target.engine.id || target.engine.schemes.contains(&part.as_str())
    };
    let inner = inner.to_string_lossy();
    inner.split(|c: char| !c.is_alphanumeric()).any(names)
}

/// What can be said where several directories fit: that somebody has to choose.
fn several(settings: &Settings, fitting: &[&Instead], below: &Below) -> Option<String> {
    if fitting.len() < 2 {
        return None;
    }
    let named = fitting.iter().take(PROPOSED).map(|instead| {
        let directory = instead.directory.display();
        format!("`{directory}` ({})", counted(instead.migrations, "migration"))
    });
    let named: Vec<String> = named.collect();
    let more = match fitting.len() - named.len() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let all = read_as_one(settings, below).map_or_else(String::new, |all| format!("; {all}"));
    Some(format!(
        "`--dir` can name one of several directories, and which is meant only you can say: {}{more}{all}",
        named.join(", ")
    ))
}

/// How everything in and below a directory is read.
fn read_as_one(settings: &Settings, below: &Below) -> Option<String> {
    let deeper = |instead: &&Instead| instead.depth == Depth::Recursive && instead.depth != settings.reading.depth;
    let deep = below.instead.iter().find(deeper)?;
    Some(format!(
        "`recursive = true` in the configuration reads {} in and below `{}`",
        counted(deep.migrations, "migration"),
        deep.directory.display()
    ))
}

/// What helps where no other `dir` alone does.
fn deeper(settings: &Settings, below: &Below) -> Option<String> {
    if below
        .instead
        .iter()
        .any(|instead| instead.depth == settings.reading.depth)
        || below.files == 0
    {
        return None;
    }
    Some(read_as_one(settings, below).unwrap_or_else(|| {
        "none of these files is named as a layout names its migrations: a `pattern` or a list (`order`) in the \
         configuration reads other names"
            .to_owned()
    }))
}

fn counted(n: usize, noun: &str) -> String {
    match n {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}
