//! House styles: what to say of files whose names no layout knows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syncline::files::{ByPattern, House};
use syncline::script::Syntax;

use super::config::NAME;
use super::settings::Settings;
use super::trouble::Trouble;

/// The list that is proposed where nobody names another one.
pub const LIST: &str = "migrations.order";

/// So many of the files that are passed over are named.
const NAMED: usize = 3;

/// What can be said of the files of a directory by their names.
pub struct Styles {
    house: House,
    config: PathBuf,
    /// Whether there is a configuration already.
    is_configured: bool,
}

impl Styles {
    /// Looks into the directory of the settings.
    pub fn of(settings: &Settings, syntax: Syntax) -> Self {
        Self {
            house: House::of(&settings.directory.path, syntax),
            config: settings.config.clone().unwrap_or_else(|| PathBuf::from(NAME)),
            is_configured: settings.config.is_some(),
        }
    }

    /// Whether problems of names, by their codes, are more than slips of the pen.
    pub fn are_meant(&self, problems: &[&str]) -> bool {
        let scripts = self.house.scripts.len();
        let of = |code: &str| problems.iter().filter(|problem| **problem == code).count();
        // Two files that have one version by accident are no releases.
        let are_releases = |by: &ByPattern| by.pattern.contains("(?<release") && !by.is_above;
        if self.house.by.as_ref().is_some_and(are_releases) && of("near-miss") * 2 < scripts && of("duplicate") < NAMED
        {
            return false;
        }
        let problems = problems.len();
        scripts > 1 && problems > 0 && (problems * 3 >= scripts || problems > NAMED)
    }

    /// Whether directories side by side are parts of one order.
    pub fn are_above(&self) -> bool {
        self.house.by.as_ref().is_some_and(|by| by.is_above)
    }

    /// Says what the names have in common, and the lines that read them.
    pub fn tell(&self, trouble: &mut Trouble) {
        // Nothing has a style that is alone.
        if self.house.scripts.len() < 2 {
            return;
        }
        let ours = self.house.scripts.len() - self.house.others.len();
        if ours == 0 {
            trouble.hint = Some(format!(
                "these scripts are for {} by their names, and none is for this database: `--url` names one that they are for, `--dir` another \
                 directory",
                self.others()
            ));
            return;
        }
        if let Some(by) = &self.house.by {
            trouble.hint = Some(told(by));
            trouble
                .next
                .push(format!("{}   # {}", line("pattern", &by.pattern), self.place(by)));
        } else if !self.house.others.is_empty() {
            trouble.hint = Some(format!(
                "some of these scripts are for {} by their names, and no `pattern` reads the others alone: a list gives their order",
                self.others()
            ));
        } else {
            trouble.hint = Some(
                "the names of these scripts have no version in common that a `pattern` could read: a list gives their order"
                    .to_owned(),
            );
        }
        trouble.next.push(format!(
            "syncline init --order {LIST}   # writes a list of all {}, in the order of their names, to be put in order by hand",
            scripts(ours)
        ));
    }

    /// The databases that scripts are for which are not for this one.
    fn others(&self) -> String {
        let databases: BTreeSet<&str> = self.house.others.values().copied().collect();
        databases.into_iter().collect::<Vec<_>>().join(" and ")
    }

    fn place(&self, by: &ByPattern) -> String {
        let place = match self.is_configured {
            true => format!("in {}, above its first `[`", self.config.display()),
            false => format!("as the first line of a new file {}", self.config.display()),
        };
        let made = match by.migrations {
            1 => "1 migration".to_owned(),
            many => format!("{many} migrations"),
        };
        format!("{place}: reads {}, {made} for this database", scripts(by.files))
    }
}

/// What the names have in common, and what becomes of some of them.
fn told(by: &ByPattern) -> String {
    let shown: Vec<String> = by
        .shown
        .iter()
        .map(|becomes| {
            let down = becomes
                .down
                .as_ref()
                .map_or_else(String::new, |down| format!(" with `{down}`"));
            format!("`{}`{down} would be {} {}", becomes.path, becomes.version, becomes.name)
        })
        .collect();
    let passed: Vec<String> = by.passed.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let passed = match (by.passed.len(), by.passed.len().saturating_sub(NAMED)) {
        (0, _) => String::new(),
        (1, _) => format!("; it passes over {}", passed.join(", ")),
        (many, 0) => format!("; it passes over {many} others: {}", passed.join(", ")),
        (many, _) => format!("; it passes over {many} others: {}, …", passed.join(", ")),
    };
    format!(
        "{} are named `{}`, which a `pattern` reads: {}{passed}",
        scripts(by.files),
        by.shape,
        shown.join(", ")
    )
}

fn scripts(count: usize) -> String {
    match count {
        1 => "1 script".to_owned(),
        many => format!("{many} scripts"),
    }
}

/// A line of the configuration.
pub fn line(key: &str, value: &str) -> String {
    format!("{key} = {}", toml::Value::String(value.to_owned()))
}

/// A path as a file in that directory has to write it: both are paths from the working directory.
pub fn from_config(config: &Path, path: &Path) -> PathBuf {
    let above = config.parent().unwrap_or(Path::new(""));
    match path.strip_prefix(above) {
        Ok(inner) => inner.to_owned(),
        // What is elsewhere is named from the root on.
        Err(_) => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}
