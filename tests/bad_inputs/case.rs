//! One line of a table: what is handed to the program, and what it has to answer.

use std::path::Path;

use crate::live::Live;

/// A script that works everywhere.
pub(crate) const GOOD: &str = "CREATE TABLE a (id integer);\n";

/// Which databases a line is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
    MariaDb,
}

/// Whether the database may be reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Refused before connecting: there is no server, and the file of SQLite is not made.
    Never,
    /// There is a database.
    Live,
    /// The line names its database, or needs none.
    Own,
}

/// What the database holds afterwards.
pub(crate) enum After {
    /// What it held before.
    Unchanged,
    /// Something else; the check says what.
    Changed,
}

type Prepare = Box<dyn Fn(&Path)>;
type Then = Box<dyn Fn(&Live, &Path)>;

/// A line of a table.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) engines: &'static [Engine],
    pub(crate) reach: Reach,
    pub(crate) applied: Vec<(String, Vec<u8>)>,
    pub(crate) sql: Vec<String>,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) prepare: Option<Prepare>,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) unprivileged: bool,
    pub(crate) exit: i32,
    pub(crate) says: Vec<String>,
    pub(crate) hides: Vec<String>,
    pub(crate) place: Option<(String, u32, u32)>,
    pub(crate) after: After,
    pub(crate) makes: Vec<String>,
    pub(crate) then: Option<Then>,
}

/// A line that is about both engines, with an empty directory, and runs `up` without a server.
pub(crate) fn case(name: &'static str) -> Case {
    Case {
        name,
        engines: &[Engine::Sqlite, Engine::Postgres],
        reach: Reach::Never,
        applied: Vec::new(),
        sql: Vec::new(),
        files: Vec::new(),
        prepare: None,
        arguments: vec!["up".to_owned()],
        environment: Vec::new(),
        unprivileged: false,
        exit: 2,
        says: Vec::new(),
        hides: Vec::new(),
        place: None,
        after: After::Unchanged,
        makes: Vec::new(),
        then: None,
    }
}

impl Case {
    pub(crate) fn sqlite(mut self) -> Self {
        self.engines = &[Engine::Sqlite];
        self
    }

    pub(crate) fn postgres(mut self) -> Self {
        self.engines = &[Engine::Postgres];
        self
    }

    pub(crate) fn mariadb(mut self) -> Self {
        self.engines = &[Engine::MariaDb];
        self
    }

    /// The answer is the same with MariaDB.
    pub(crate) fn everywhere(mut self) -> Self {
        self.engines = &[Engine::Sqlite, Engine::Postgres, Engine::MariaDb];
        self
    }

    /// There is a database.
    pub(crate) fn live(mut self) -> Self {
        self.reach = Reach::Live;
        self
    }

    /// Neither a file nor a server: the line says itself where the database is, if anywhere. Run once, not for each engine.
    pub(crate) fn own(mut self) -> Self {
        self.reach = Reach::Own;
        self.engines = &[Engine::Sqlite];
        self
    }

    /// A file of the migrations.
    pub(crate) fn file(mut self, name: impl Into<String>, text: impl AsRef<[u8]>) -> Self {
        self.files.push((name.into(), text.as_ref().to_vec()));
        self
    }

    /// A migration that was applied before; its file is gone unless it is said again.
    pub(crate) fn applied(mut self, name: impl Into<String>, text: impl AsRef<[u8]>) -> Self {
        self.applied.push((name.into(), text.as_ref().to_vec()));
        self.live()
    }

    /// What somebody else has done to the database before.
    pub(crate) fn sql(mut self, statement: impl Into<String>) -> Self {
        self.sql.push(statement.into());
        self.live()
    }

    /// Anything else that has to be there: gets the directory of the project.
    pub(crate) fn prepare(mut self, prepare: impl Fn(&Path) + 'static) -> Self {
        self.prepare = Some(Box::new(prepare));
        self
    }

    /// The configuration.
    pub(crate) fn config(self, text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref().to_vec();
        self.own()
            .prepare(move |project| std::fs::write(project.join("syncline.toml"), &text).unwrap())
    }

    /// What is typed.
    pub(crate) fn types(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|&word| word.to_owned()).collect();
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Runs as a user who is nobody.
    pub(crate) fn unprivileged(mut self) -> Self {
        self.unprivileged = true;
        self
    }

    pub(crate) fn exits(mut self, code: i32) -> Self {
        self.exit = code;
        self
    }

    /// Words that both the text and the document hold.
    pub(crate) fn says(mut self, words: &[&str]) -> Self {
        self.says.extend(words.iter().map(|&word| word.to_owned()));
        self
    }

    /// Words that may appear nowhere.
    pub(crate) fn hides(mut self, words: &[&str]) -> Self {
        self.hides.extend(words.iter().map(|&word| word.to_owned()));
        self
    }

    /// The place in a file of the migrations.
    pub(crate) fn at(mut self, file: &str, line: u32, column: u32) -> Self {
        self.place = Some((file.to_owned(), line, column));
        self
    }

    /// Something is done; what, the next check says.
    pub(crate) fn done(mut self) -> Self {
        self.after = After::Changed;
        self.exit = 0;
        if self.reach == Reach::Never {
            self.reach = Reach::Live;
        }
        self
    }

    /// The database may be another one afterwards although the exit code is not 0.
    pub(crate) fn changes(mut self) -> Self {
        self.after = After::Changed;
        self
    }

    /// Tables that are there afterwards, and no others.
    pub(crate) fn tables(self, names: &'static [&'static str]) -> Self {
        self.then(move |live, _| assert_eq!(live.tables(), names))
    }

    /// Files that are made in the project, by the ends of their names.
    pub(crate) fn makes(mut self, ends: &[&str]) -> Self {
        self.makes.extend(ends.iter().map(|&end| end.to_owned()));
        self
    }

    /// Looks at the database and at the project afterwards.
    pub(crate) fn then(mut self, check: impl Fn(&Live, &Path) + 'static) -> Self {
        self.then = Some(Box::new(check));
        self
    }
}
