//! Ledgers in other schemas than the current one, and what the catalog shows of them to whoever may not read them.

use super::Postgres;
use super::dialect::literal;
use super::errors::{MOVED, refused_transaction, with_rights};
use super::guard::{lock_key, stop};
use crate::code::Code;
use crate::database::sql::Row;
use crate::database::{DatabaseError, Ledger};
use crate::history::Record;
use crate::places::{Chosen, Owner, Place, Places, Rights};

/// As the connection was when it was opened, whatever `session` has set since.
const AS_OPENED: &str = "BEGIN READ ONLY; RESET SESSION AUTHORIZATION; RESET ROLE; RESET search_path";

impl Postgres {
    /// Tables that have the names and the columns of a history, outside the schema of ours.
    fn ledgers(&self) -> String {
        let names = [&self.target.ledger.history, &Ledger::default().history].map(|name| literal(name));
        format!(
            "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relname IN ({}) AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname <> {} \
             AND (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('seq', 'run_id', 'chain')) = 3",
            names.join(", "),
            literal(&self.server.schema)
        )
    }

    /// All of them in one text; none is NULL.
    fn all_ledgers(&self) -> String {
        format!(
            "(SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.relname), ' ' ORDER BY n.nspname, c.relname) {})",
            self.ledgers()
        )
    }

    pub(super) async fn look_elsewhere(&mut self) -> Result<Places, DatabaseError> {
        // A superuser is a member of every role, and that says nothing.
        let ours = "c.relowner = u.oid OR NOT u.rolsuper AND pg_catalog.pg_has_role(u.oid, c.relowner, 'MEMBER')";
        let read =
            "pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')";
        let ask = format!(
            "{AS_OPENED}; \
             SELECT 'chosen', source FROM pg_catalog.pg_settings WHERE name = 'search_path'; \
             SELECT 'path', pg_catalog.unnest(pg_catalog.current_schemas(false)); \
             SELECT 'all', {}; \
             SELECT 'ledger', n.nspname, c.relname, CASE WHEN {ours} THEN NULL ELSE pg_catalog.pg_get_userbyid(c.relowner) END, {read} \
             {} AND u.rolname = session_user ORDER BY n.nspname, c.relname; ROLLBACK",
            self.all_ledgers(),
            self.ledgers()
                .replacen("WHERE", "CROSS JOIN pg_catalog.pg_roles u WHERE", 1),
        );
        let rows = match self.query(&ask).await {
            Ok(rows) => rows,
            Err(error) => {
                let _ = self.send("ROLLBACK").await;
                return Err(error);
            }
        };
        let mut places = Places::default();
        for row in rows {
            self.take_in(row, &mut places);
        }
        Ok(places)
    }

    fn take_in(&mut self, row: Row, places: &mut Places) {
        let mut row = row.into_iter();
        let what = row.next().flatten().unwrap_or_default();
        let mut next = || row.next().flatten();
        match what.as_str() {
            "chosen" if next().as_deref() != Some("client") => places.chosen = Chosen::Standing,
            "path" => places.path.extend(next()),
            "all" => self.seen = next(),
            "ledger" => places.found.push(Place {
                schema: next().unwrap_or_default(),
                history: next().unwrap_or_default(),
                owner: next().map_or(Owner::Ours, Owner::Other),
                rights: match next().as_deref() {
                    Some("t") => Rights::Granted,
                    _ => Rights::Denied,
                },
            }),
            _ => {}
        }
    }

    /// Makes the ledger, in one message.
    pub(super) async fn begin_ledger(&mut self, init: &Record) -> Result<(), DatabaseError> {
        let [history, script] = self.statements.create();
        let insert = self.statements.insert(init, &self.statements.are_empty());
        for make in [format!("{history}; {script}; "), String::new()] {
            let message = format!("{}; {make}{insert}; COMMIT", self.taking_turn());
            let Err(error) = self.send(&message).await else {
                return Ok(());
            };
            if error.code != Code::Lost {
                let _ = self.send("ROLLBACK").await;
            }
            match error.native.as_deref() {
                // The tables are there: whoever was quicker has made the same, or they were emptied.
                Some("42P07") if !make.is_empty() => {}
                Some("23505") => return Ok(()),
                _ => return Err(with_rights(refused_transaction(error))),
            }
        }
        Ok(())
    }

    /// What opens the transaction in which a ledger is made: it fails where another one was made since somebody looked. All that make
    /// one in this database take turns, whatever their schema is, and the lock is taken in a statement of its own: what comes behind
    /// it sees what was committed meanwhile.
    fn taking_turn(&self) -> String {
        let turn = lock_key(&self.database, "");
        let seen = self.seen.as_deref().map_or_else(|| "NULL".to_owned(), literal);
        format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_catalog.pg_advisory_xact_lock({turn}); \
             SELECT CASE WHEN {} IS NOT DISTINCT FROM {seen} THEN '' ELSE {}::text END",
            self.all_ledgers(),
            stop(MOVED)
        )
    }

    pub(super) fn keep_ledger_in(&mut self, schema: &str) {
        self.target.ledger.schema = Some(schema.to_owned());
        schema.clone_into(&mut self.server.schema);
        self.bind();
    }
}
