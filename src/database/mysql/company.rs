//! What else may be at work when a statement writes rows: tables that are not rolled back, triggers and functions.

use std::collections::BTreeMap;

use super::dialect::literal;
use super::words::{is_one_of, only_reads, runs_program, touches_no_rows};
use super::{ENGINE, MySql, Row};
use crate::database::{Database, DatabaseError, sql};
use crate::script::{self, Kind, Manner, SqlMode, StoredProgram, Syntax};

/// What there is in the schemas that statements have named. Asking costs the server a look at every table of a schema, so it is
/// asked once, and again where a statement may have changed it.
#[derive(Default)]
pub(super) struct Company {
    /// All schemas, once they were asked for.
    schemas: Option<Vec<String>>,
    known: BTreeMap<String, Found>,
    /// Whether the statement that comes next may set off triggers and functions, which set variables of the session and take
    /// locks.
    pub programs: bool,
}

/// What there is in one schema.
#[derive(Clone)]
struct Found {
    /// Tables whose rows are not rolled back.
    plain: bool,
    /// Triggers or functions.
    programs: bool,
    /// The other schemas that triggers, functions and views name, where that may be seen.
    named: Vec<String>,
}

impl Company {
    /// Forgets what a statement may have changed.
    pub fn changed_by(&mut self, statement: &str) {
        // Without these the engine of a new table is the one that is known, and no table comes from another schema.
        const WORDS: [&str; 10] = [
            "engine", "trigger", "function", "package", "view", "database", "schema", "like", "rename", "import",
        ];
        let syntax = super::ENGINE.syntax;
        if WORDS.iter().any(|word| script::mentions(statement, word, syntax)) {
            *self = Self::default();
        }
    }
}

impl MySql {
    /// How a statement that may write rows goes together with its record: by what it runs, and by what that may meet.
    pub(super) async fn manner_of_rows(&mut self, statement: &str) -> Result<Manner, DatabaseError> {
        // Not copied: a dump has statements of megabytes.
        let meant = self.prepared.meant(statement);
        let syntax = self.syntax();
        if touches_no_rows(&meant) {
            return Ok(Manner::Joined);
        }
        if !runs_program(&meant) {
            let (plain, programs) = self.company_of(&[(&meant, syntax)]).await?;
            let writes = !only_reads(&meant) || programs;
            // What was prepared and commits is not known by the text that is sent.
            let commits = script::manner(&meant, &Kind::Plain, syntax) == Manner::Committing;
            return Ok(if plain && writes || commits {
                Manner::Alone
            } else {
                Manner::Joined
            });
        }
        let (current, programs) = (self.current_schema().await?, self.stored_programs().await?);
        let Some(whole) = script::with_programs(&meant, &current, &programs, syntax) else {
            return Ok(Manner::Alone);
        };
        let (plain, _) = self.company_of(&whole).await?;
        let survives = |(text, syntax): &(&str, Syntax)| script::survives_rollback(text, *syntax);
        Ok(match plain {
            true => Manner::Alone,
            false if whole.iter().any(survives) => Manner::Guarded,
            // Where all is rolled back it ends, and the announcement is gone with the rest.
            false => Manner::Joined,
        })
    }

    /// Whether a statement that makes an object fills it by functions which write rows that no transaction takes back.
    pub(super) async fn computes_rows_that_stay(&mut self, statement: &str) -> Result<bool, DatabaseError> {
        let syntax = self.syntax();
        if !is_one_of(&["create"], statement) || !script::mentions(statement, "SELECT", syntax) {
            return Ok(false);
        }
        let (plain, programs) = self.company_of(&[(statement, syntax)]).await?;
        Ok(plain && programs)
    }

    /// The procedures of all schemas, and what packages consist of.
    async fn stored_programs(&mut self) -> Result<Vec<StoredProgram>, DatabaseError> {
        let ask = "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_DEFINITION, SQL_MODE FROM information_schema.ROUTINES \
                   WHERE ROUTINE_TYPE IN ('PROCEDURE', 'PACKAGE BODY') AND ROUTINE_SCHEMA NOT IN ('mysql', 'sys')";
        let program = |row: Row| match <[Option<String>; 4]>::try_from(row) {
            Ok([Some(schema), Some(name), text, mode]) => Some(StoredProgram {
                schema,
                name,
                text,
                syntax: Syntax::Mysql(SqlMode::of(&mode.unwrap_or_default())),
            }),
            _ => None,
        };
        Ok(self.query(ask).await?.into_iter().filter_map(program).collect())
    }

    /// Whether texts may change tables whose rows are not rolled back, and whether triggers or functions may be at work. What triggers,
    /// functions and views of a schema name counts as well.
    async fn company_of(&mut self, texts: &[(&str, Syntax)]) -> Result<(bool, bool), DatabaseError> {
        if self.company.schemas.is_none() {
            let ask = "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA \
                       WHERE SCHEMA_NAME NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')";
            self.company.schemas = Some(sql::first_column(self.query(ask).await?));
        }
        let current = self.current_schema().await?;
        let schemas = self.company.schemas.clone().unwrap_or_default();
        let is_named = |schema: &String| {
            texts
                .iter()
                .any(|(text, syntax)| script::mentions(text, schema, *syntax))
        };
        let (mut meant, mut left): (Vec<_>, Vec<_>) = schemas
            .into_iter()
            .partition(|schema| *schema == current || is_named(schema));
        let (mut plain, mut programs) = (false, false);
        while let Some(schema) = meant.pop() {
            let found = self.company_in(schema).await?;
            plain |= found.plain;
            programs |= found.programs;
            let (mut more, others) = left.into_iter().partition(|schema| found.named.contains(schema));
            meant.append(&mut more);
            left = others;
        }
        self.company.programs = programs;
        Ok((plain, programs))
    }

    async fn company_in(&mut self, schema: String) -> Result<Found, DatabaseError> {
        if let Some(known) = self.company.known.get(&schema) {
            return Ok(known.clone());
        }
        let name = literal(&schema);
        let ask = format!(
            "SELECT EXISTS (SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {name} AND TABLE_TYPE <> 'VIEW' \
             AND ENGINE NOT IN (SELECT ENGINE FROM information_schema.ENGINES WHERE TRANSACTIONS = 'YES')) \
             OR @@default_storage_engine NOT IN (SELECT ENGINE FROM information_schema.ENGINES WHERE TRANSACTIONS = 'YES')"
        );
        let plain = sql::first_column(self.query(&ask).await?) != ["0"];
        // A trigger is in the schema of its table, and by that name the server need not look into all schemas
        // (<https://dev.mysql.com/doc/refman/8.4/en/information-schema-triggers-table.html>).
        let ask = format!(
            "SELECT 'program', ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = {name} \
             UNION ALL SELECT 'program', ROUTINE_DEFINITION FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = {name} AND ROUTINE_TYPE = 'FUNCTION' \
             UNION ALL SELECT 'view', VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA = {name}"
        );
        let mut found = Found {
            plain,
            programs: false,
            named: Vec::new(),
        };
        let mut texts = Vec::new();
        for row in self.query(&ask).await? {
            let mut row = row.into_iter().flatten();
            found.programs |= row.next().is_none_or(|kind| kind == "program");
            texts.extend(row);
        }
        let is_named = |schema: &&String| texts.iter().any(|text| script::mentions(text, schema, ENGINE.syntax));
        found.named = self
            .company
            .schemas
            .iter()
            .flatten()
            .filter(is_named)
            .cloned()
            .collect();
        self.company.known.insert(schema, found.clone());
        Ok(found)
    }
}
