//! Commands to be typed next: the library's, with the flags that this run was given.

use std::path::Path;

use clap::ArgMatches;
use syncline::Target;
use syncline::shell::quote;

use super::global::Global;
use super::typed::Typed;

/// What is added to every command that is proposed.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// Each with its value, as a shell reads it.
    flags: Vec<(&'static str, String)>,
    directory: Option<String>,
    /// The command itself, for those that repeat it.
    pub typed: Typed,
}

impl Flags {
    /// The flags that choose files and database, as they were typed, and what the parser saw of the command. A URL with a
    /// password is left out.
    pub fn of(typed: &Global, matches: &ArgMatches) -> Self {
        let path = |path: &std::path::PathBuf| path.display().to_string();
        let flags = [
            ("--url", typed.url.clone().filter(|url| is_harmless(url))),
            ("--target", typed.target.clone()),
            ("--config", typed.config.as_ref().map(path)),
        ];
        let directories = typed.dir.iter().map(|dir| ("--dir", Some(path(dir))));
        let flags = flags
            .into_iter()
            .chain(directories)
            .chain([("--layout", typed.layout.clone())])
            .filter_map(|(flag, value)| Some((flag, quote(&value?))));
        Self {
            flags: flags.collect(),
            directory: None,
            typed: Typed::of(matches),
        }
    }

    /// Names the directory of the migrations, for commands that write files into it.
    pub fn directory(&mut self, path: &Path) {
        self.directory = Some(quote(&path.display().to_string()));
    }

    /// A command of ours with the flags; any other text stays as it is. What follows `   #` says what the command is for.
    pub fn add_to(&self, text: &str) -> String {
        if !text.starts_with("syncline ") {
            return text.to_owned();
        }
        let (command, comment) = text
            .split_once("   #")
            .map_or((text, None), |(command, comment)| (command, Some(comment)));
        let command = match &self.directory {
            Some(directory) => command.replace("--file migrations", &format!("--file {directory}")),
            None => command.to_owned(),
        };
        let comment = comment.map_or_else(String::new, |comment| format!("   #{comment}"));
        // A command that names another directory means that one.
        let says = |flag: &str| command.split(' ').any(|word| word == flag);
        let flags: String = (self.flags.iter())
            .filter(|(flag, _)| !says(flag))
            .map(|(flag, value)| format!(" {flag} {value}"))
            .collect();
        let own = self.typed.carried(&command);
        format!("{command}{own}{flags}{comment}")
    }
}

fn is_harmless(url: &str) -> bool {
    Target::from_url(url).is_ok_and(|target| target.address.password.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_stand_before_the_remark() {
        let flags = Flags {
            flags: vec![("--target", "prod".to_owned()), ("--dir", "a".to_owned())],
            directory: Some("'my dir'".to_owned()),
            typed: Typed::default(),
        };
        assert_eq!(
            flags.add_to("syncline up   # goes on"),
            "syncline up --target prod --dir a   # goes on"
        );
        assert_eq!(
            flags.add_to("syncline show 1 --file migrations"),
            "syncline show 1 --file 'my dir' --target prod --dir a"
        );
        assert_eq!(flags.add_to("syncline up --dir b"), "syncline up --dir b --target prod");
        assert_eq!(flags.add_to("restore it from a backup"), "restore it from a backup");
    }
}
