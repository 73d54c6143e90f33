//! A project of one tool: its files, its database, and the program that takes it over.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::place::{Engine, Place};

pub struct Project {
    pub place: Place,
    directory: tempfile::TempDir,
}

/// The files of a project by path, each with its text.
pub type Files = Vec<(String, String)>;

impl Project {
    pub fn new(engine: Engine, name: &str, configuration: &str, files: &Files) -> Self {
        let project = Self {
            place: Place::new(engine, &format!("adopt-{name}")),
            directory: tempfile::tempdir().unwrap(),
        };
        project.write("syncline.toml", configuration);
        project.write("migrations/.keep", "");
        for (path, text) in files {
            project.write(&format!("migrations/{path}"), text);
        }
        project
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_syncline"));
        command
            .args(words)
            .args(["--format", "json"])
            .current_dir(self.directory.path())
            .env_clear()
            .env("SYNCLINE_URL", &self.place.url)
            .env("USER", "ann");
        command
    }

    /// What a command says.
    pub fn say(&self, words: &[&str]) -> Value {
        let output = self.command(words).output().unwrap();
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{words:?}: {error}: {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// The same, and it has to end well.
    #[track_caller]
    pub fn does(&self, words: &[&str]) -> Value {
        let said = self.say(words);
        assert_eq!(said["ok"], true, "{words:?}: {said:#}");
        said
    }

    /// The code that it is refused with, and what it says.
    #[track_caller]
    pub fn refuses(&self, words: &[&str]) -> (String, String) {
        let said = self.say(words);
        assert_eq!(said["ok"], false, "{words:?}: {said:#}");
        let error = &said["error"];
        let code = match error["code"].as_str() {
            Some(code) => code.to_owned(),
            None => said["findings"][0]["code"].as_str().unwrap_or_default().to_owned(),
        };
        (code, said.to_string())
    }

    /// The names of all tables.
    pub fn tables(&self) -> String {
        self.place.ask(match self.place.engine {
            Engine::MariaDb => {
                "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = database() ORDER BY 1, 2"
            }
            Engine::Postgres => {
                "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema !~ '^(pg_|information_)' ORDER BY 1, 2"
            }
            Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1",
        })
    }

    pub fn has_table(&self, name: &str) -> bool {
        self.tables()
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .any(|word| word == name)
    }
}
