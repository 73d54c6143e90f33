//! The tools, each with the test that proves it.

pub mod changelog;
pub mod checked;
pub mod own;
pub mod plain;
pub mod programs;

use crate::place::Engine;
use crate::project::Project;
use crate::steps::Step;

pub const ALL: &[Engine] = &[Engine::Sqlite, Engine::Postgres, Engine::MariaDb];

/// What the tool has left behind: its table, what the steps made, and a row of each.
pub fn apply(project: &Project, steps: &[Step], from: usize, create: &str, insert: &dyn Fn(&Step) -> String) {
    if from == 0 {
        project.place.run(create);
    }
    for step in &steps[from..] {
        project.place.run(step.up);
        project.place.run(&insert(step));
    }
}

/// A word of each engine.
pub fn word(engine: Engine, [sqlite, postgres, mariadb]: [&'static str; 3]) -> &'static str {
    match engine {
        Engine::Sqlite => sqlite,
        Engine::Postgres => postgres,
        Engine::MariaDb => mariadb,
    }
}

/// A file, of its path and its text.
pub fn file(path: String, text: impl Into<String>) -> (String, String) {
    (path, text.into())
}
