//! A statement with what it needs before it and what shows behind it that it took effect once.

/// What a statement does to the transaction that it is sent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Commits {
    /// Its text says so, and so it does.
    Known,
    /// Only the server knows.
    Unseen,
    /// Only the server knows, and it does not.
    Spared,
    /// Its text says so, as the manuals do, and the server leaves the transaction alone.
    Claimed,
    /// Its text says so, and the server does not take it in a transaction at all.
    Refused,
    /// Neither.
    Never,
}

/// `{}` stands in all texts for the name of the database, for what is known to all of a server, and `{#}` for its number.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub statement: &'static str,
    pub commits: Commits,
    /// What there is before the script.
    pub before: &'static str,
    /// What the script does in its session before.
    pub within: &'static str,
    /// Works only where the statement took effect once, and takes back what it did.
    pub after: &'static str,
    /// What makes the statement fail, and what takes that back.
    pub hindered: Option<(&'static str, &'static str)>,
    /// Which products have it.
    pub mariadb: bool,
    pub mysql: bool,
    /// Why no test may send it.
    pub unsent: Option<&'static str>,
}

const fn row(statement: &'static str, commits: Commits) -> Row {
    Row {
        statement,
        commits,
        before: "",
        within: "",
        after: "",
        hindered: None,
        mariadb: true,
        mysql: true,
        unsent: None,
    }
}

pub(super) const fn commits(statement: &'static str) -> Row {
    row(statement, Commits::Known)
}

pub(super) const fn unseen(statement: &'static str) -> Row {
    row(statement, Commits::Unseen)
}

pub(super) const fn spared(statement: &'static str) -> Row {
    row(statement, Commits::Spared)
}

pub(super) const fn claimed(statement: &'static str) -> Row {
    row(statement, Commits::Claimed)
}

pub(super) const fn refused(statement: &'static str) -> Row {
    row(statement, Commits::Refused)
}

pub(super) const fn never(statement: &'static str) -> Row {
    row(statement, Commits::Never)
}

impl Row {
    pub(super) const fn before(self, before: &'static str) -> Self {
        Self { before, ..self }
    }

    pub(super) const fn within(self, within: &'static str) -> Self {
        Self { within, ..self }
    }

    pub(super) const fn after(self, after: &'static str) -> Self {
        Self { after, ..self }
    }

    pub(super) const fn hindered(self, by: &'static str, until: &'static str) -> Self {
        Self {
            hindered: Some((by, until)),
            ..self
        }
    }

    pub(super) const fn mariadb(self) -> Self {
        Self { mysql: false, ..self }
    }

    pub(super) const fn mysql(self) -> Self {
        Self { mariadb: false, ..self }
    }

    pub(super) const fn unsent(self, why: &'static str) -> Self {
        Self {
            unsent: Some(why),
            ..self
        }
    }
}

impl Row {
    /// The number of the statement in the script of the row.
    pub(super) fn place(&self) -> u32 {
        if self.within.is_empty() { 2 } else { 3 }
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.statement)
    }
}
