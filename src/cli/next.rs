//! Commands to be typed next: the library's, with the flags that this run was given.

use std::path::Path;

use syncline::Target;

use super::global::Global;

/// What is added to every command that is proposed.
#[derive(Debug, Default)]
pub struct Flags {
    text: String,
    directory: Option<String>,
}

impl Flags {
    /// The flags that choose files and database, as they were typed. A URL with a password is left out.
    pub fn of(typed: &Global) -> Self {
        let mut text = String::new();
        let mut add = |flag: &str, value: &str| {
            text.push(' ');
            text.push_str(flag);
            text.push(' ');
            text.push_str(&quote(value));
        };
        if let Some(url) = typed.url.as_deref().filter(|url| is_harmless(url)) {
            add("--url", url);
        }
        if let Some(target) = &typed.target {
            add("--target", target);
        }
        if let Some(config) = &typed.config {
            add("--config", &config.display().to_string());
        }
        if let Some(dir) = &typed.dir {
            add("--dir", &dir.display().to_string());
        }
        if let Some(layout) = &typed.layout {
            add("--layout", layout);
        }
        Self { text, directory: None }
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
        format!("{command}{}{comment}", self.text)
    }
}

fn is_harmless(url: &str) -> bool {
    Target::from_url(url).is_ok_and(|target| target.address.password.is_none())
}

/// A word for a POSIX shell.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_stand_before_the_remark() {
        let flags = Flags {
            text: " --target prod".to_owned(),
            directory: Some("'my dir'".to_owned()),
        };
        assert_eq!(
            flags.add_to("syncline up   # goes on"),
            "syncline up --target prod   # goes on"
        );
        assert_eq!(
            flags.add_to("syncline show 1 --file migrations"),
            "syncline show 1 --file 'my dir' --target prod"
        );
        assert_eq!(flags.add_to("restore it from a backup"), "restore it from a backup");
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        assert_eq!(quote("a/b.toml"), "a/b.toml");
        assert_eq!(quote("it's $x"), r"'it'\''s $x'");
    }
}
