//! What the catalog shows of the objects of a statement, as digests that are compared when an answer never came.

use sha2::{Digest, Sha256};
use sqlx::mysql::MySqlConnection;

use super::dialect::{DIALECT, literal};
use super::errors::{describe, number};
use super::{MySql, Row, query, session};
use crate::database::server::qualified;
use crate::database::{Access, DatabaseError};
use crate::migration::hex;
use crate::script::{Object, ObjectKind};
use crate::settle::{self, ABSENT};

/// Errors that say that there is no such object: database, table, routine or library, trigger, event, sequence.
const MISSING: [u16; 7] = [1049, 1146, 1305, 1360, 1539, 4091, 1932];

impl MySql {
    /// What the catalog shows of objects, asked where nothing that a script has set changes the answer.
    pub(super) async fn shown(
        &mut self,
        objects: Vec<Object>,
        within: Option<&str>,
    ) -> Result<Option<String>, DatabaseError> {
        let place = match within {
            Some(place) => place.to_owned(),
            None => self.current_schema().await?,
        };
        if !self.dirty {
            return of_objects(&mut self.connection, &place, objects).await;
        }
        let clean = match &mut self.clean {
            Some(clean) => clean,
            None => {
                let Ok(session) = session::open_in_time(&self.target, Access::Read).await else {
                    return Ok(None);
                };
                self.clean.insert(session.connection)
            }
        };
        let shown = of_objects(clean, &place, objects).await;
        if shown.is_err() {
            self.clean = None;
        }
        shown
    }
}

/// What the server shows of the objects, with those that name no schema looked for in `place`; `None` where it does not show one.
async fn of_objects(
    connection: &mut MySqlConnection,
    place: &str,
    objects: Vec<Object>,
) -> Result<Option<String>, DatabaseError> {
    let mut lines = Vec::new();
    for mut object in objects {
        let in_schema = !matches!(
            object.kind,
            ObjectKind::Database
                | ObjectKind::User
                | ObjectKind::Server
                | ObjectKind::ResourceGroup
                | ObjectKind::Tablespace
        );
        if in_schema && object.name.len() == 1 && !place.is_empty() {
            object.name.insert(0, place.to_owned());
        }
        let Some(seen) = look(connection, &object).await? else {
            return Ok(None);
        };
        lines.push((format!("{:?} {}", object.kind, object.name.join(".")), seen));
    }
    Ok((!lines.is_empty()).then(|| settle::evidence(place, lines)))
}

/// A digest of what the server says of the object.
async fn look(connection: &mut MySqlConnection, object: &Object) -> Result<Option<String>, DatabaseError> {
    let name = qualified(&object.name, &DIALECT);
    let alone = literal(object.name.first().map(String::as_str).unwrap_or_default());
    let ask = match object.kind {
        // Of views as well.
        ObjectKind::Table => format!("SHOW CREATE TABLE {name}"),
        // As a table it looks like all others.
        ObjectKind::Sequence => format!("SHOW CREATE SEQUENCE {name}"),
        ObjectKind::Procedure => format!("SHOW CREATE PROCEDURE {name}"),
        ObjectKind::Function => format!("SHOW CREATE FUNCTION {name}"),
        ObjectKind::Package => format!("SHOW CREATE PACKAGE {name}"),
        ObjectKind::PackageBody => format!("SHOW CREATE PACKAGE BODY {name}"),
        ObjectKind::Trigger => format!("SHOW CREATE TRIGGER {name}"),
        ObjectKind::Event => format!("SHOW CREATE EVENT {name}"),
        ObjectKind::Database => format!("SHOW CREATE DATABASE {name}"),
        ObjectKind::Library => format!("SHOW CREATE LIBRARY {name}"),
        ObjectKind::User => format!(
            "SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES WHERE GRANTEE LIKE CONCAT('''', {alone}, '''@%') ORDER BY 1, 2"
        ),
        // Not everybody may read these two; then nothing is told.
        ObjectKind::Server => format!("SELECT * FROM mysql.servers WHERE Server_name = {alone}"),
        ObjectKind::Tablespace => format!(
            "SELECT NAME, SPACE_TYPE, ENCRYPTION, AUTOEXTEND_SIZE, STATE FROM information_schema.INNODB_TABLESPACES WHERE NAME = {alone}"
        ),
        ObjectKind::ResourceGroup => {
            format!("SELECT * FROM information_schema.RESOURCE_GROUPS WHERE RESOURCE_GROUP_NAME = {alone}")
        }
        _ => return Ok(None),
    };
    match query(connection, &ask).await.map_err(|error| describe(&error)) {
        Ok(rows) if rows.is_empty() => Ok(Some(ABSENT.to_owned())),
        Ok(mut rows) => {
            if object.kind == ObjectKind::Table {
                for field in rows.iter_mut().flatten().flatten() {
                    *field = without_counter(field);
                }
            }
            let mut hash = Sha256::new();
            feed(&mut hash, &rows);
            Ok(Some(hex(&hash.finalize())))
        }
        Err(error) if MISSING.contains(&number(&error)) => Ok(Some(ABSENT.to_owned())),
        Err(error) if error.code == crate::code::Code::Lost || error.conflict.is_some() => Err(error),
        Err(_) => Ok(None),
    }
}

/// The table's definition without the next value of its key, which every row that an application inserts moves on.
fn without_counter(definition: &str) -> String {
    const COUNTER: &str = " AUTO_INCREMENT=";
    let Some((before, after)) = definition.rsplit_once(COUNTER) else {
        return definition.to_owned();
    };
    format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
}

fn feed(hash: &mut Sha256, rows: &[Row]) {
    for field in rows.iter().flatten() {
        match field {
            Some(text) => {
                hash.update(text.len().to_string());
                hash.update(b":");
                hash.update(text);
            }
            None => hash.update(b"-"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_of_a_table_is_no_evidence() {
        let table =
            |counter: &str| format!("CREATE TABLE `t` (\n  `id` int\n) ENGINE=InnoDB{counter} DEFAULT CHARSET=utf8mb4");
        assert_eq!(without_counter(&table(" AUTO_INCREMENT=7")), table(""));
        assert_eq!(without_counter(&table("")), table(""));
    }
}
