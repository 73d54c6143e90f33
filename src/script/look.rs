//! What somebody types into the database's own client to see whether a statement took effect.

use super::objects::{Object, ObjectKind, objects};
use super::{Syntax, describe};

/// A statement that shows it, or a sentence that says what to look at.
pub fn look(statement: &str, syntax: Syntax) -> String {
    let objects = objects(statement, syntax);
    let asked: Vec<String> = objects.iter().filter_map(|object| ask(object, syntax)).collect();
    if asked.is_empty() {
        return format!("look at what `{}` changes", describe::summary(statement, syntax));
    }
    asked.join(" ")
}

fn ask(object: &Object, syntax: Syntax) -> Option<String> {
    let name = qualified(object, syntax);
    let show = |what: &str| Some(format!("SHOW CREATE {what} {name};"));
    let text = name.replace('\'', "''");
    let plain = object.name.last()?.replace('\'', "''");
    match object.kind {
        ObjectKind::Table => show("TABLE"),
        ObjectKind::Sequence => show("SEQUENCE"),
        ObjectKind::Procedure => show("PROCEDURE"),
        ObjectKind::Function => show("FUNCTION"),
        ObjectKind::Package => show("PACKAGE"),
        ObjectKind::PackageBody => show("PACKAGE BODY"),
        ObjectKind::Library => show("LIBRARY"),
        ObjectKind::Server => Some(format!("SELECT * FROM mysql.servers WHERE Server_name = '{plain}';")),
        ObjectKind::ResourceGroup => Some(format!(
            "SELECT * FROM information_schema.RESOURCE_GROUPS WHERE RESOURCE_GROUP_NAME = '{plain}';"
        )),
        ObjectKind::Tablespace if matches!(syntax, Syntax::Mysql(_)) => Some(format!(
            "SELECT * FROM information_schema.INNODB_TABLESPACES WHERE NAME = '{plain}';"
        )),
        ObjectKind::Trigger => show("TRIGGER"),
        ObjectKind::Event => show("EVENT"),
        ObjectKind::Database if matches!(syntax, Syntax::Mysql(_)) => show("DATABASE"),
        ObjectKind::User => {
            let user = object.name.first()?.replace('\'', "''");
            Some(format!("SELECT User, Host FROM mysql.user WHERE User = '{user}';"))
        }
        ObjectKind::BuiltIndex => Some(format!(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{text}');"
        )),
        ObjectKind::Indexes => Some(format!(
            "SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = to_regclass('{text}');"
        )),
        ObjectKind::Relation => Some(format!("SELECT to_regclass('{text}');")),
        ObjectKind::Partition => Some(format!(
            "SELECT inhparent::regclass, inhdetachpending FROM pg_inherits WHERE inhrelid = to_regclass('{text}');"
        )),
        ObjectKind::Database => Some(format!("SELECT datname FROM pg_database WHERE datname = '{plain}';")),
        ObjectKind::Tablespace => Some(format!("SELECT spcname FROM pg_tablespace WHERE spcname = '{plain}';")),
        ObjectKind::Subscription => Some(format!(
            "SELECT subname FROM pg_subscription WHERE subname = '{plain}';"
        )),
    }
}

fn qualified(object: &Object, syntax: Syntax) -> String {
    let quote = match syntax {
        Syntax::Mysql(_) => '`',
        _ => '"',
    };
    let part = |part: &String| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        match part.chars().all(plain) && !part.starts_with(|c: char| c.is_ascii_digit()) {
            true => part.clone(),
            false => format!("{quote}{}{quote}", part.replace(quote, &format!("{quote}{quote}"))),
        }
    };
    let parts: Vec<String> = object.name.iter().map(part).collect();
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::SqlMode;

    #[test]
    fn what_is_to_be_looked_at_can_be_typed() {
        let mysql = Syntax::Mysql(SqlMode::default());
        for (statement, syntax, wanted) in [
            (
                "ALTER TABLE `My shop`.a ADD x int",
                mysql,
                "SHOW CREATE TABLE `My shop`.a;",
            ),
            ("DROP TABLE a, b", mysql, "SHOW CREATE TABLE a; SHOW CREATE TABLE b;"),
            ("ALTER SEQUENCE s INCREMENT 2", mysql, "SHOW CREATE SEQUENCE s;"),
            ("DROP LIBRARY l", mysql, "SHOW CREATE LIBRARY l;"),
            ("CALL p()", mysql, "look at what `CALL p()` changes"),
            (
                "CREATE INDEX CONCURRENTLY i ON s.t (x)",
                Syntax::Postgres(Default::default()),
                "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('s.i');",
            ),
        ] {
            assert_eq!(look(statement, syntax), wanted);
        }
    }
}
