//! What the catalog shows of the objects of a statement, as digests that are compared when an answer never came.

use sha2::{Digest, Sha256};

use super::dialect::{DIALECT, literal};
use super::errors::number;
use super::{MySql, Row};
use crate::database::DatabaseError;
use crate::migration::hex;
use crate::script::{Object, ObjectKind};
use crate::settle::{self, ABSENT};

/// Errors that say that there is no such object: database, table, routine, trigger, event, sequence.
const MISSING: [u16; 7] = [1049, 1146, 1305, 1360, 1539, 4091, 1932];

/// Lines of the objects; `None` where the server does not show one of them.
pub(super) async fn of_objects(database: &mut MySql, objects: &[Object]) -> Result<Option<String>, DatabaseError> {
    let mut lines = Vec::new();
    for object in objects {
        let Some(seen) = look(database, object).await? else {
            return Ok(None);
        };
        let name = object.name.join(".").replace('\n', " ");
        lines.push((format!("{:?} {name}", object.kind), seen));
    }
    Ok(Some(settle::evidence(lines)))
}

/// One line for everything in the schema: for statements that name no object that could be asked for.
pub(super) async fn of_schema(database: &mut MySql) -> Result<Option<String>, DatabaseError> {
    const PARTS: [&str; 7] = [
        "SELECT TABLE_NAME, TABLE_TYPE, ENGINE, ROW_FORMAT, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1",
        "SELECT * FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION",
        "SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, SUB_PART, INDEX_TYPE FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1, 2, 3",
        "SELECT TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1",
        "SELECT ROUTINE_TYPE, ROUTINE_NAME, ROUTINE_DEFINITION, LAST_ALTERED FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 1, 2",
        "SELECT TRIGGER_NAME, ACTION_STATEMENT, CREATED FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1",
        "SELECT EVENT_NAME, EVENT_DEFINITION, STATUS, LAST_ALTERED FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() ORDER BY 1",
    ];
    let mut hash = Sha256::new();
    for part in PARTS {
        feed(&mut hash, &database.query(part).await?);
    }
    Ok(Some(settle::evidence([("schema".to_owned(), hex(&hash.finalize()))])))
}

/// A digest of what the server says of the object.
async fn look(database: &mut MySql, object: &Object) -> Result<Option<String>, DatabaseError> {
    let parts: Vec<String> = object.name.iter().map(|part| (DIALECT.identifier)(part)).collect();
    let name = parts.join(".");
    let ask = match object.kind {
        // Of views and sequences as well.
        ObjectKind::Table => format!("SHOW CREATE TABLE {name}"),
        ObjectKind::Procedure => format!("SHOW CREATE PROCEDURE {name}"),
        ObjectKind::Function => format!("SHOW CREATE FUNCTION {name}"),
        ObjectKind::Package => format!("SHOW CREATE PACKAGE {name}"),
        ObjectKind::PackageBody => format!("SHOW CREATE PACKAGE BODY {name}"),
        ObjectKind::Trigger => format!("SHOW CREATE TRIGGER {name}"),
        ObjectKind::Event => format!("SHOW CREATE EVENT {name}"),
        ObjectKind::Database => format!("SHOW CREATE DATABASE {name}"),
        ObjectKind::User => {
            let user = object.name.first().map(String::as_str).unwrap_or_default();
            format!(
                "SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES WHERE GRANTEE LIKE CONCAT('''', {}, '''@%') ORDER BY 1, 2",
                literal(user)
            )
        }
        _ => return Ok(None),
    };
    match database.query(&ask).await {
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
