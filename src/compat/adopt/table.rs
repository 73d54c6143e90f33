//! Tables of other tools: what is known of them, how their rows are read, and how they are changed.

use std::fmt;

use super::shape::Kind;

/// A table, as far as it matters whose history it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its schema; empty for the current one, and where the engine knows none.
    pub schema: String,
    /// Its schema, the current one as well.
    pub home: String,
    /// Its name.
    pub name: String,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as the engine writes it.
    pub type_name: String,
    /// Whether it belongs to the primary key.
    pub is_key: bool,
}

impl Table {
    /// Schema and name as they are shown; the current schema is left out.
    pub(crate) fn full(&self) -> String {
        match self.schema.as_str() {
            "" => self.name.clone(),
            schema => format!("{schema}.{}", self.name),
        }
    }

    /// The column of that name; [`KEY`] is that of the primary key where it has one alone.
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        if name == KEY {
            let mut keys = self.columns.iter().filter(|column| column.is_key);
            return keys.next().filter(|_| keys.next().is_none());
        }
        self.columns
            .iter()
            .find(|column| column.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn has_key(&self) -> bool {
        self.columns.iter().any(|column| column.is_key)
    }

    /// Whether there is a table of that name in the same schema.
    pub(super) fn is_beside(&self, name: &str, all: &[Table]) -> bool {
        let is_it = |other: &Table| other.home == self.home && other.name.eq_ignore_ascii_case(name);
        all.iter().any(is_it)
    }
}

impl Column {
    pub(super) fn kind(&self) -> Kind {
        Kind::of(&self.type_name)
    }
}

/// Columns that are read, each in its form.
pub type Columns = [(&'static str, Form)];

/// Stands for the one column of the primary key, where its name is up to whoever has set the tool up.
pub(crate) const KEY: &str = "(key)";

/// How a column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As the engine writes it as text.
    Text,
    /// Bytes, as hexadecimal digits.
    Hex,
}

/// A row of another tool's table, by column.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    columns: &'a [(&'static str, Form)],
    values: Vec<Option<String>>,
}

impl<'a> Row<'a> {
    /// A row with the values of these columns, in their order.
    pub(crate) fn new(columns: &'a [(&'static str, Form)], values: Vec<Option<String>>) -> Self {
        Self { columns, values }
    }

    pub(super) fn get(&self, column: &str) -> Option<&str> {
        let index = self.columns.iter().position(|(name, _)| *name == column)?;
        self.values.get(index)?.as_deref()
    }

    pub(super) fn text(&self, column: &str) -> &str {
        self.get(column).unwrap_or_default()
    }

    pub(super) fn number<T: std::str::FromStr>(&self, column: &str) -> Option<T> {
        self.get(column)?.parse().ok()
    }

    /// Whether a truth value holds, however the engine writes it.
    pub(super) fn holds(&self, column: &str) -> bool {
        matches!(self.text(column), "1" | "t" | "true" | "TRUE")
    }
}

impl fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |((name, _), value): (&(&str, Form), &Option<String>)| match value {
            Some(value) => format!("{name} = {value}"),
            None => format!("{name} = NULL"),
        };
        let all: Vec<String> = self.columns.iter().zip(&self.values).map(told).collect();
        f.write_str(&all.join(", "))
    }
}

/// What a column of another tool's table is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, or what the engine makes of one.
    Text(String),
    /// A number.
    Number(i64),
    /// True.
    True,
    /// False.
    False,
    /// Bytes.
    Bytes(Vec<u8>),
    /// Nothing.
    Null,
}

/// A change of another tool's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A row more.
    Insert(Vec<(&'static str, Value)>),
    /// Rows fewer: those in which columns hold this.
    Delete(Vec<(&'static str, Value)>),
    /// No rows at all.
    Clear,
}
