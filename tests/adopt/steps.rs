//! The migrations of every project here: three tables, of which the tool has made the first two.

/// One migration.
pub struct Step {
    /// From 1.
    pub number: usize,
    pub name: &'static str,
    pub up: &'static str,
    pub down: &'static str,
}

impl Step {
    /// For tools whose versions are times.
    pub fn moment(&self) -> String {
        format!("2026010{}090000", self.number)
    }

    /// When the tool applied it, as SQL writes it; half an hour apart.
    pub fn at(&self) -> String {
        format!("2026-02-0{} 10:30:15", self.number)
    }
}

const fn step(number: usize, name: &'static str, up: &'static str, down: &'static str) -> Step {
    Step { number, name, up, down }
}

pub const STEPS: [Step; 3] = [
    step(
        1,
        "people",
        "CREATE TABLE people (\n  id integer PRIMARY KEY\n);\n",
        "DROP TABLE people;\n",
    ),
    step(
        2,
        "add_pets",
        "CREATE TABLE pets (id integer, name varchar(20));\nINSERT INTO pets VALUES (1, 'Ann''s; cat');\n",
        "DROP TABLE pets;\n",
    ),
    step(
        3,
        "add_toys",
        "CREATE TABLE toys (id integer);\nCREATE INDEX toys_by_id ON toys (id);\n",
        "DROP TABLE toys;\n",
    ),
];
