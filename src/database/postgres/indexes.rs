//! Statements that work CONCURRENTLY: what they leave behind when they fail, and what the catalog shows of them.

use super::dialect::{DIALECT, literal};
use super::{Postgres, sql};
use crate::code::Code;
use crate::database::{Conflict, DatabaseError, server};
use crate::script::{self, Object, ObjectKind};
use crate::settle::{self, ABSENT};

/// An index by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Index {
    Missing,
    Valid,
    /// It slows down every write and answers no query.
    Invalid,
}

/// What becomes of an index that is not valid.
fn advice(name: &str) -> String {
    format!("the next run drops it and builds it again; or do it yourself: DROP INDEX CONCURRENTLY {name}")
}

pub(super) fn qualified(object: &Object) -> String {
    server::qualified(&object.name, &DIALECT)
}

impl Postgres {
    /// The index that a statement makes CONCURRENTLY, where it names it.
    fn built(statement: &str) -> Option<Object> {
        let objects = script::objects(statement, super::ENGINE.syntax);
        objects.into_iter().find(|object| object.kind == ObjectKind::BuiltIndex)
    }

    async fn index(&mut self, object: &Object) -> Result<Index, DatabaseError> {
        let ask = format!(
            "SELECT i.indisvalid FROM pg_catalog.pg_index i WHERE i.indexrelid = pg_catalog.to_regclass({})",
            literal(&qualified(object))
        );
        Ok(
            match sql::first_column(self.query(&ask).await?).first().map(String::as_str) {
                Some("t") => Index::Valid,
                Some(_) => Index::Invalid,
                None => Index::Missing,
            },
        )
    }

    /// After `CREATE INDEX CONCURRENTLY`: with IF NOT EXISTS it takes an invalid index for a success.
    pub(super) async fn check_built(&mut self, statement: &str) -> Result<(), DatabaseError> {
        let Some(object) = Self::built(statement) else {
            return Ok(());
        };
        if self.index(&object).await? != Index::Invalid {
            return Ok(());
        }
        let name = qualified(&object);
        let message = format!("the index {name} is there and is not valid: it was left by a build that failed");
        Err(DatabaseError::new(Code::SqlFailed, message).hint(advice(&name)))
    }

    /// Says with the error of a statement outside a transaction what it has left behind, and what becomes of that.
    pub(super) async fn add_what_is_left(
        &mut self,
        statement: &str,
        error: &mut DatabaseError,
    ) -> Result<(), DatabaseError> {
        let left = match Self::built(statement) {
            Some(object) if self.index(&object).await? == Index::Invalid => {
                let name = qualified(&object);
                Some(format!("the index {name} is there and is not valid; {}", advice(&name)))
            }
            Some(_) => None,
            None if Self::reindexes(statement) => {
                let names = self.left_by_reindex(statement).await?.join(", ");
                (!names.is_empty()).then(|| format!("it has left {names}, not valid, which the next run drops"))
            }
            None => self.half_detached(statement).await?.map(|half| half.advice()),
        };
        if let Some(left) = left {
            error.hint = Some(match error.hint.take() {
                Some(hint) => format!("{hint}; {left}"),
                None => left,
            });
        }
        Ok(())
    }

    /// Drops what an earlier try of the statement has left behind. Not while somebody else works on it: an index that is being
    /// built is not valid yet, either.
    pub(super) async fn clear_invalid(&mut self, statement: &str) -> Result<Option<String>, DatabaseError> {
        let mut dropped = Vec::new();
        if let Some(object) = Self::built(statement) {
            if self.index(&object).await? == Index::Invalid {
                dropped.push(qualified(&object));
            }
        } else if Self::reindexes(statement) {
            dropped = self.left_by_reindex(statement).await?;
        }
        for name in &dropped {
            // Between its transactions a build has a lock of the table alone. Who reads or writes the table locks the index, too.
            let busy = format!(
                "SELECT l.pid FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_index i ON l.relation IN (i.indexrelid, i.indrelid) \
                 LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
                 WHERE i.indexrelid = pg_catalog.to_regclass({}) AND l.granted AND l.pid <> pg_catalog.pg_backend_pid() \
                 AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
                 AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock') AND a.backend_type IS DISTINCT FROM 'autovacuum worker'",
                literal(name)
            );
            if let Some(pid) = sql::first_column(self.query(&busy).await?).first() {
                let message = format!("the index {name} is not valid, and process {pid} works on it or on its table");
                return Err(DatabaseError::new(Code::SqlFailed, message).conflict(Conflict::Contended));
            }
            let drop = format!("DROP INDEX CONCURRENTLY IF EXISTS {name}");
            if let Err(mut error) = self.send(&drop).await {
                error.message = format!(
                    "`{drop}`, for the index that an earlier try has left and that is not valid: {}",
                    error.message
                );
                return Err(error);
            }
        }
        Ok(match dropped.as_slice() {
            [] => None,
            [name] => Some(format!("dropped the invalid index {name} that an earlier try has left")),
            names => Some(format!(
                "dropped the invalid indexes {} that an earlier try has left",
                names.join(", ")
            )),
        })
    }

    fn reindexes(statement: &str) -> bool {
        let syntax = super::ENGINE.syntax;
        script::keeps_nobody_waiting(statement, syntax) && script::mentions(statement, "reindex", syntax)
    }

    /// `REINDEX CONCURRENTLY` builds under a name with this ending
    /// (<https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY>).
    async fn left_by_reindex(&mut self, statement: &str) -> Result<Vec<String>, DatabaseError> {
        let ask = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), t.relname, \
                   pg_catalog.regexp_replace(c.relname, '_cc(new|old)[0-9]*$', '') \
                   FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class t ON t.oid = i.indrelid \
                   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'";
        let rows = self.query(ask).await?;
        let named = |name: Option<&Option<String>>| {
            name.and_then(Option::as_deref)
                .is_some_and(|name| script::mentions(statement, name, super::ENGINE.syntax))
        };
        let ours = rows.iter().filter(|row| named(row.get(1)) || named(row.get(2)));
        Ok(ours.filter_map(|row| row.first().cloned().flatten()).collect())
    }

    /// What the catalog shows of an object; `None` where that cannot be told.
    async fn look(&mut self, object: &Object) -> Result<Option<String>, DatabaseError> {
        let name = literal(&qualified(object));
        let plain = literal(object.name.last().map(String::as_str).unwrap_or_default());
        let ask = match object.kind {
            ObjectKind::BuiltIndex => {
                // One that is not valid is as good as none: it is dropped before the statement is sent again.
                return Ok(Some(match self.index(object).await? {
                    Index::Valid => "valid".to_owned(),
                    Index::Missing | Index::Invalid => ABSENT.to_owned(),
                }));
            }
            ObjectKind::Indexes => format!(
                "SELECT pg_catalog.md5(pg_catalog.string_agg(indexrelid::text, ' ' ORDER BY indexrelid)) FROM pg_catalog.pg_index \
                 WHERE indisvalid AND indrelid = pg_catalog.to_regclass({name})"
            ),
            ObjectKind::Relation => format!("SELECT pg_catalog.to_regclass({name})::oid"),
            ObjectKind::Partition => {
                // One whose detaching was cut off is still there.
                format!("SELECT inhparent FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass({name})")
            }
            ObjectKind::Database => format!("SELECT oid FROM pg_catalog.pg_database WHERE datname = {plain}"),
            ObjectKind::Tablespace => format!("SELECT oid FROM pg_catalog.pg_tablespace WHERE spcname = {plain}"),
            ObjectKind::Subscription => {
                format!(
                    "SELECT oid FROM pg_catalog.pg_subscription WHERE subname = {plain} AND subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
                )
            }
            _ => return Ok(None),
        };
        match self.query(&ask).await {
            Ok(rows) => Ok(Some(sql::first_column(rows).pop().unwrap_or_else(|| ABSENT.to_owned()))),
            Err(error) if error.code == Code::Lost => Err(error),
            // No right to look there.
            Err(_) => Ok(None),
        }
    }

    /// What the catalog shows of all objects of a statement, looked for where the session that ran it looked.
    pub(super) async fn shown(
        &mut self,
        statement: &str,
        within: Option<&str>,
    ) -> Result<Option<String>, DatabaseError> {
        let objects = script::objects(statement, super::ENGINE.syntax);
        if objects.is_empty() {
            return Ok(None);
        }
        let place = match within {
            Some(place) => place.to_owned(),
            None => {
                let path = "SELECT pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.quote_ident(s) FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) s), ', ')";
                sql::first_column(self.query(path).await?).pop().unwrap_or_default()
            }
        };
        // In a transaction, so that what is set for the question ends with it.
        let set = format!(
            "BEGIN READ ONLY; SELECT pg_catalog.set_config('search_path', {}, true)",
            literal(&place)
        );
        self.send(&set).await?;
        let seen = self.look_at_all(&objects).await;
        self.send("ROLLBACK").await?;
        Ok(seen?.map(|lines| settle::evidence(&place, lines)))
    }

    async fn look_at_all(&mut self, objects: &[Object]) -> Result<Option<Vec<(String, String)>>, DatabaseError> {
        let mut lines = Vec::new();
        for object in objects {
            let Some(seen) = self.look(object).await? else {
                return Ok(None);
            };
            lines.push((format!("{:?} {}", object.kind, qualified(object)), seen));
        }
        Ok(Some(lines))
    }
}
