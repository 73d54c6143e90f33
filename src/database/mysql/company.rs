//! What else may be at work when a statement writes rows: tables that are not rolled back, triggers and functions.

use std::collections::BTreeMap;

use super::dialect::literal;
use super::words::{only_reads, runs_program, touches_no_rows};
use super::{MySql, Row};
use crate::database::{Database, DatabaseError, sql};
use crate::script::{self, Manner, StoredProgram};

/// What there is in the schemas that statements have named. Asking costs the server a look at every table of a schema, so it is
/// asked once, and again where a statement may have changed it.
#[derive(Default)]
pub(super) struct Company {
    /// All schemas, once they were asked for.
    schemas: Option<Vec<String>>,
    /// Whether a schema has tables whose rows are not rolled back, and whether it has programs.
    known: BTreeMap<String, (bool, bool)>,
    /// Whether the statement that comes next may set off triggers and functions, which set variables of the session and take
    /// locks.
    pub programs: bool,
}

impl Company {
    /// Forgets what a statement may have changed.
    pub fn changed_by(&mut self, statement: &str) {
        const WORDS: [&str; 7] = ["engine", "trigger", "function", "package", "database", "schema", "like"];
        let syntax = super::ENGINE.syntax;
        if WORDS.iter().any(|word| script::mentions(statement, word, syntax)) {
            *self = Self::default();
        }
    }
}

impl MySql {
    /// How a statement that may write rows goes together with its record: by what it runs, and by what that may meet.
    pub(super) async fn manner_of_rows(&mut self, statement: &str) -> Result<Manner, DatabaseError> {
        let meant = self.prepared.meant(statement).into_owned();
        let syntax = self.syntax();
        if touches_no_rows(&meant) {
            return Ok(Manner::Joined);
        }
        if !runs_program(&meant) {
            let (plain, programs) = self.company_of(&meant).await?;
            let writes = !only_reads(&meant) || programs;
            return Ok(if plain && writes { Manner::Alone } else { Manner::Joined });
        }
        let (current, programs) = (self.current_schema().await?, self.stored_programs().await?);
        let Some(whole) = script::with_programs(&meant, &current, &programs, syntax) else {
            return Ok(Manner::Alone);
        };
        let (plain, _) = self.company_of(&whole).await?;
        Ok(match plain {
            true => Manner::Alone,
            false if script::survives_rollback(&whole, syntax) => Manner::Guarded,
            // Where all is rolled back it ends, and the announcement is gone with the rest.
            false => Manner::Joined,
        })
    }

    /// The procedures of all schemas, and what packages consist of.
    async fn stored_programs(&mut self) -> Result<Vec<StoredProgram>, DatabaseError> {
        let ask = "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_DEFINITION FROM information_schema.ROUTINES \
                   WHERE ROUTINE_TYPE IN ('PROCEDURE', 'PACKAGE BODY') AND ROUTINE_SCHEMA NOT IN ('mysql', 'sys')";
        let program = |row: Row| match <[Option<String>; 3]>::try_from(row) {
            Ok([Some(schema), Some(name), text]) => Some(StoredProgram { schema, name, text }),
            _ => None,
        };
        Ok(self.query(ask).await?.into_iter().filter_map(program).collect())
    }

    /// Whether a text may change tables whose rows are not rolled back, and whether triggers or functions may be at work.
    async fn company_of(&mut self, text: &str) -> Result<(bool, bool), DatabaseError> {
        if self.company.schemas.is_none() {
            let ask = "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA \
                       WHERE SCHEMA_NAME NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')";
            self.company.schemas = Some(sql::first_column(self.query(ask).await?));
        }
        let current = self.current_schema().await?;
        let syntax = self.syntax();
        let schemas = self.company.schemas.clone().unwrap_or_default();
        let meant = schemas
            .into_iter()
            .filter(|schema| *schema == current || script::mentions(text, schema, syntax));
        let (mut plain, mut programs) = (false, false);
        for schema in meant {
            let (tables, others) = self.company_in(schema).await?;
            plain |= tables;
            programs |= others;
        }
        self.company.programs = programs;
        Ok((plain, programs))
    }

    async fn company_in(&mut self, schema: String) -> Result<(bool, bool), DatabaseError> {
        if let Some(known) = self.company.known.get(&schema) {
            return Ok(*known);
        }
        let name = literal(&schema);
        // A trigger is in the schema of its table, and by that name the server need not look into all schemas
        // (<https://dev.mysql.com/doc/refman/8.4/en/information-schema-triggers-table.html>).
        let ask = format!(
            "SELECT EXISTS (SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {name} AND TABLE_TYPE <> 'VIEW' \
             AND ENGINE NOT IN (SELECT ENGINE FROM information_schema.ENGINES WHERE TRANSACTIONS = 'YES')) \
             OR @@default_storage_engine NOT IN (SELECT ENGINE FROM information_schema.ENGINES WHERE TRANSACTIONS = 'YES'), \
             EXISTS (SELECT 1 FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = {name}) \
             OR EXISTS (SELECT 1 FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = {name} AND ROUTINE_TYPE = 'FUNCTION')"
        );
        let row = self.query(&ask).await?.pop().unwrap_or_default();
        let said = |index: usize| row.get(index).cloned().flatten().is_none_or(|value| value != "0");
        let known = (said(0), said(1));
        self.company.known.insert(schema, known);
        Ok(known)
    }
}
