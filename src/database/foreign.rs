//! Tables that other tools keep: how they are read, and how they are kept up while both are used.

use super::sql::{Dialect, Row};
use crate::compat::adopt::{Change, Column, Columns, Form, Table, Value};

impl Dialect {
    /// Asks for the columns of all tables, those of further schemas as well where the engine would not look there.
    pub(super) fn tables(&self, also: &[String]) -> String {
        let also: String = also
            .iter()
            .map(|schema| format!(", {}", (self.literal)(schema)))
            .collect();
        self.tables.replace("{also}", &also)
    }

    /// Asks for columns of a table, ordered by one of them. What it is known not to have holds nothing.
    pub(super) fn select(&self, table: &Table, columns: &Columns, order: &str) -> String {
        let quoted = |name: &str| self.column(table, name);
        let is_there = |name: &str| table.columns.is_empty() || table.column(name).is_some();
        let columns = columns.iter().map(|(name, form)| match form {
            _ if !is_there(name) => "NULL".to_owned(),
            Form::Text => {
                let type_name = table.column(name).map_or("", |column| column.type_name.as_str());
                (self.as_text)(&quoted(name), type_name)
            }
            Form::Hex => (self.as_hex)(&quoted(name)),
        });
        let columns: Vec<String> = columns.collect();
        // Without the name of the table, PostgreSQL would take the column that is returned, and texts have another order than numbers.
        format!(
            "SELECT {} FROM {} AS kept ORDER BY kept.{}",
            columns.join(", "),
            self.qualified(table),
            quoted(order)
        )
    }

    /// What changes a table in one transaction, statement by statement.
    pub(super) fn changes(&self, table: &Table, changes: &[Change]) -> Vec<String> {
        let (quoted, table) = (|name: &str| self.column(table, name), self.qualified(table));
        let statement = |change: &Change| match change {
            Change::Insert(row) => {
                let columns: Vec<String> = row.iter().map(|(column, _)| quoted(column)).collect();
                let values: Vec<String> = row.iter().map(|(_, value)| self.value(value)).collect();
                format!(
                    "INSERT INTO {table} ({}) VALUES ({})",
                    columns.join(", "),
                    values.join(", ")
                )
            }
            Change::Delete(key) => {
                let equal = key
                    .iter()
                    .map(|(column, value)| format!("{} = {}", quoted(column), self.value(value)));
                format!("DELETE FROM {table} WHERE {}", equal.collect::<Vec<_>>().join(" AND "))
            }
            Change::Clear => format!("DELETE FROM {table}"),
        };
        let changes = changes.iter().map(statement);
        let [begin, commit] = ["BEGIN", "COMMIT"].map(|word| std::iter::once(word.to_owned()));
        begin.chain(changes).chain(commit).collect()
    }

    /// A column as the table has it: some tools write theirs in capitals on some engines.
    fn column(&self, table: &Table, name: &str) -> String {
        (self.identifier)(table.column(name).map_or(name, |column| column.name.as_str()))
    }

    fn qualified(&self, table: &Table) -> String {
        let name = (self.identifier)(&table.name);
        match table.schema.as_str() {
            "" => name,
            schema => format!("{}.{name}", (self.identifier)(schema)),
        }
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => (self.literal)(text),
            Value::Number(number) => number.to_string(),
            Value::True => self.truth[0].to_owned(),
            Value::False => self.truth[1].to_owned(),
            Value::Null => "NULL".to_owned(),
            Value::Bytes(bytes) => (self.bytes)(&crate::migration::hex(bytes)),
        }
    }
}

/// The tables of such an answer: the schema as others see it and as it is, table, column, its type, and whether it is of the key.
pub(super) fn tables_of(rows: Vec<Row>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for row in rows {
        let mut values = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || values.next().unwrap_or_default();
        let (schema, home, name) = (next(), next(), next());
        let column = Column {
            name: next(),
            type_name: next(),
            is_key: !matches!(next().as_str(), "" | "0" | "f" | "false"),
        };
        match tables.last_mut().filter(|last| last.home == home && last.name == name) {
            Some(last) => last.columns.push(column),
            None => tables.push(Table {
                schema,
                home,
                name,
                columns: vec![column],
            }),
        }
    }
    tables
}
