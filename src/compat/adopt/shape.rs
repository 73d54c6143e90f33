//! How the table of a tool looks: its names, its columns, and what else shows whose a table is that several could have.

use super::table::{KEY, Table};

/// What a column that may have any name is called by default.
const USUAL: &str = "name";

/// The table of a tool.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// What it is called, unless somebody has given it another name.
    pub(super) names: &'static [&'static str],
    columns: &'static [&'static str],
    has_others: bool,
    perhaps: &'static [&'static str],
    kinds: &'static [(&'static str, Kind)],
    pub(super) shown_by: ShownBy,
}

/// What it takes that a table is taken for this tool's where nobody has said it.
#[derive(Clone, Copy)]
pub(super) enum ShownBy {
    /// The columns: no other table has them, whatever its name is.
    Columns,
    /// The name as well: a table of an application could have such columns.
    Name,
    /// And something that only this tool leaves.
    Mark(fn(&Table, &[Table]) -> bool),
}

/// What values a column holds, as far as its type says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whole numbers.
    Number,
    /// Texts.
    Text,
    /// Points in time.
    Time,
    /// Something else, or nobody knows.
    Other,
}

impl Kind {
    /// By the name of a type on any engine.
    pub(super) fn of(type_name: &str) -> Self {
        let lower = type_name.to_ascii_lowercase();
        let word: String = lower
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        match word.as_str() {
            "int" | "integer" | "bigint" | "smallint" | "tinyint" | "mediumint" | "int2" | "int4" | "int8"
            | "uint64" | "numeric" | "decimal" | "serial" | "bigserial" => Kind::Number,
            "char" | "character" | "varchar" | "nvarchar" | "text" | "tinytext" | "mediumtext" | "longtext"
            | "clob" | "bpchar" => Kind::Text,
            "timestamp" | "timestamptz" | "datetime" | "date" => Kind::Time,
            _ => Kind::Other,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Kind::Number => "numbers",
            Kind::Text => "texts",
            Kind::Time => "times",
            Kind::Other => "something else",
        }
    }
}

impl Shape {
    /// A table of these columns and no others, which no other tool or application has.
    pub(super) const fn of(names: &'static [&'static str], columns: &'static [&'static str]) -> Self {
        Self {
            names,
            columns,
            has_others: false,
            perhaps: &[],
            kinds: &[],
            shown_by: ShownBy::Columns,
        }
    }

    /// It has further columns, which may not be the same in every release.
    pub(super) const fn and_others(mut self) -> Self {
        self.has_others = true;
        self
    }

    /// It may have these columns besides.
    pub(super) const fn and_perhaps(mut self, columns: &'static [&'static str]) -> Self {
        self.perhaps = columns;
        self
    }

    /// Columns hold values of these kinds.
    pub(super) const fn kinds(mut self, kinds: &'static [(&'static str, Kind)]) -> Self {
        self.kinds = kinds;
        self
    }

    /// Others could have such columns.
    pub(super) const fn by_name(mut self) -> Self {
        self.shown_by = ShownBy::Name;
        self
    }

    /// Other tools have such a table under the same name.
    pub(super) const fn by_mark(mut self, mark: fn(&Table, &[Table]) -> bool) -> Self {
        self.shown_by = ShownBy::Mark(mark);
        self
    }

    pub(super) fn is_named(&self, name: &str) -> bool {
        self.names.iter().any(|own| own.eq_ignore_ascii_case(name))
    }

    pub(super) fn fits(&self, table: &Table) -> bool {
        self.lacks(table).is_none()
    }

    /// Whether its column may have any name, so that many a table of an application fits.
    pub(super) fn takes_any_name(&self) -> bool {
        self.columns.contains(&KEY)
    }

    /// Whether a table is worth a word where nobody has said whose it is.
    pub(super) fn suggests(&self, table: &Table) -> bool {
        let has_usual_name = || table.column(KEY).is_some_and(|column| column.name == USUAL);
        self.fits(table) && (!self.takes_any_name() || self.is_named(&table.name) || has_usual_name())
    }

    /// Why the columns of a table cannot be those of this tool, behind the name of the table; `None` where they can.
    pub(super) fn lacks(&self, table: &Table) -> Option<String> {
        let list = |names: Vec<&str>| match names.as_slice() {
            [only] => format!("column `{only}`"),
            names => format!("columns `{}`", names.join("`, `")),
        };
        let is_absent = |name: &&str| table.column(name).is_none();
        let absent: Vec<&str> = self.columns.iter().copied().filter(is_absent).collect();
        if absent.contains(&KEY) {
            return Some("has no primary key of one column".to_owned());
        }
        if !absent.is_empty() {
            return Some(format!("has no {}", list(absent)));
        }
        let known = self.columns.iter().chain(self.perhaps);
        let known: Vec<&str> = known
            .filter_map(|name| Some(table.column(name)?.name.as_str()))
            .collect();
        let names = table.columns.iter().map(|column| column.name.as_str());
        let others: Vec<&str> = names.filter(|name| !known.contains(name)).collect();
        if !self.has_others && !others.is_empty() {
            return Some(format!("has the {} besides", list(others)));
        }
        self.kinds.iter().find_map(|(name, wanted)| {
            let found = table.column(name)?.kind();
            let is_fine = found == *wanted || found == Kind::Other;
            let name = &table.column(name)?.name;
            (!is_fine).then(|| format!("holds {} in `{name}`, and not {}", found.words(), wanted.words()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_column_is_the_one_that_its_type_says_on_any_engine() {
        for (type_name, kind) in [
            ("INTEGER", Kind::Number),
            ("bigint(20)", Kind::Number),
            ("uint64", Kind::Number),
            ("varchar(128)", Kind::Text),
            ("character varying(255)", Kind::Text),
            ("timestamp without time zone", Kind::Time),
            ("interval", Kind::Other),
            ("point", Kind::Other),
            ("", Kind::Other),
        ] {
            assert_eq!(Kind::of(type_name), kind, "{type_name}");
        }
    }
}
