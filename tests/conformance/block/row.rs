//! One statement, and what a transaction block says to it.

/// What becomes of a statement in a transaction block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inside {
    Taken,
    Refused,
    /// It is refused for such an object alone, which the text does not tell.
    RefusedForSome,
    /// It is taken there, and fails for another reason, with this code.
    Fails(&'static str),
    /// It begins or ends the transaction.
    Ends,
}

/// `active_sql_transaction`
pub(super) const ACTIVE_TRANSACTION: &str = "25001";

impl Inside {
    /// The code that the server answers with, empty where it takes the statement.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Taken | Self::Ends => "",
            Self::Refused | Self::RefusedForSome => ACTIVE_TRANSACTION,
            Self::Fails(with) => with,
        }
    }
}

pub(super) struct Row {
    /// As `psql` lists it under `\h`.
    pub command: &'static str,
    /// What is run in the same block before it.
    pub before: &'static str,
    /// `{}` is the name of the database.
    pub statement: &'static str,
    pub inside: Inside,
    /// The version that brought it; one before that knows no such statement.
    pub since: u32,
}

const fn row(command: &'static str, before: &'static str, statement: &'static str, inside: Inside) -> Row {
    Row {
        command,
        before,
        statement,
        inside,
        since: 0,
    }
}

pub(super) const fn taken(command: &'static str, before: &'static str, statement: &'static str) -> Row {
    row(command, before, statement, Inside::Taken)
}

pub(super) const fn refused(command: &'static str, before: &'static str, statement: &'static str) -> Row {
    row(command, before, statement, Inside::Refused)
}

pub(super) const fn refused_for_some(command: &'static str, before: &'static str, statement: &'static str) -> Row {
    row(command, before, statement, Inside::RefusedForSome)
}

pub(super) const fn fails(
    command: &'static str,
    before: &'static str,
    statement: &'static str,
    with: &'static str,
) -> Row {
    row(command, before, statement, Inside::Fails(with))
}

pub(super) const fn ends(command: &'static str, statement: &'static str) -> Row {
    row(command, "", statement, Inside::Ends)
}

impl Row {
    pub(super) const fn since(mut self, version: u32) -> Self {
        self.since = version;
        self
    }
}
