//! The files of migrations: small scripts, how they are edited, and their texts.

use super::step::{Edit, Kind, Version};

/// A statement of a migration. All are about the table of its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statement {
    Create,
    Insert(i32),
    /// Adds 100 to all rows, so one sees how often it ran.
    Add,
    /// The same in a program that commits inside.
    Program,
    /// The same, and the program is refused behind its commit: somebody has to look, and finds it done.
    Half,
    /// Is refused by the server.
    Fail,
    /// Takes all rows away; the number only makes it another statement.
    Clear(i32),
    Drop,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) statements: Vec<Statement>,
    /// The number in its comment.
    pub(crate) comment: u32,
    /// Whether it asks to run statement by statement.
    pub(crate) outside: bool,
}

impl Script {
    /// Whether both do the same, and differ at most in what people read.
    pub(crate) fn does_what(&self, other: &Self) -> bool {
        self.statements == other.statements && self.outside == other.outside
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) up: Script,
    pub(crate) down: Option<Script>,
}

impl Script {
    fn of(kind: Kind, statements: &[Statement]) -> Self {
        Self {
            statements: statements.to_vec(),
            comment: 0,
            outside: matches!(kind, Kind::Outside | Kind::OutsideFails),
        }
    }

    pub(crate) fn text(&self, version: Version) -> String {
        let mut text = format!("-- comment {}\n", self.comment);
        if self.outside {
            text.push_str("-- syncline: no-transaction\n");
        }
        for statement in &self.statements {
            text.push_str(&match statement {
                Statement::Create => format!("CREATE TABLE t{version} (amount integer);\n"),
                Statement::Insert(row) => format!("INSERT INTO t{version} VALUES ({row});\n"),
                Statement::Add => format!("UPDATE t{version} SET amount = amount + 100;\n"),
                Statement::Program => {
                    format!("IF 1 = 1 THEN UPDATE t{version} SET amount = amount + 100; COMMIT; END IF;\n")
                }
                Statement::Half => format!(
                    "BEGIN NOT ATOMIC UPDATE t{version} SET amount = amount + 100; COMMIT; UPDATE nowhere SET amount = 1; END;\n"
                ),
                Statement::Fail => "UPDATE nowhere SET amount = 1;\n".to_owned(),
                Statement::Clear(number) => format!("DELETE FROM t{version} WHERE amount > -{number};\n"),
                Statement::Drop => format!("DROP TABLE t{version};\n"),
            });
        }
        text
    }
}

impl File {
    pub(crate) fn new(kind: Kind) -> Self {
        let last = match kind {
            Kind::Fails | Kind::OutsideFails => Statement::Fail,
            Kind::Plain | Kind::NoDown | Kind::Outside => Statement::Add,
            Kind::Program => Statement::Program,
            Kind::Half => Statement::Half,
        };
        let down = (kind != Kind::NoDown).then(|| Script::of(kind, &[Statement::Clear(1), Statement::Drop]));
        Self {
            up: Script::of(kind, &[Statement::Create, Statement::Insert(1), last]),
            down,
        }
    }

    pub(crate) fn edit(&mut self, edit: Edit) {
        let statements = &mut self.up.statements;
        match edit {
            Edit::Comment => {
                self.up.comment += 1;
                self.down.iter_mut().for_each(|down| down.comment += 1);
            }
            Edit::Row => {
                if let Statement::Insert(row) = &mut statements[1] {
                    *row += 1;
                }
            }
            Edit::Shorten => statements.truncate(2),
            Edit::Break | Edit::Mend => {
                statements.truncate(2);
                let broken = matches!(edit, Edit::Break);
                statements.push(if broken { Statement::Fail } else { Statement::Add });
            }
            Edit::Down => match &mut self.down {
                Some(down) => {
                    if let Statement::Clear(number) = &mut down.statements[0] {
                        *number += 1;
                    }
                }
                None => {
                    let mut down = Self::new(Kind::Plain).down;
                    down.iter_mut().for_each(|down| down.outside = self.up.outside);
                    self.down = down;
                }
            },
            Edit::NoDown => self.down = None,
            // The ledger knows how it was.
            Edit::Undo => {}
        }
    }
}
