//! Opening a session: which server it is, whether it can be trusted with a migration, and what the driver set that the server
//! had not.

use std::sync::{Arc, Mutex, PoisonError};

use sqlx::ConnectOptions;
use sqlx::mysql::MySqlConnection;

use super::address::options;
use super::errors::{describe, unreachable_server};
use super::words::is_one_of;
use super::{Row, query};
use crate::code::Code;
use crate::database::server::foreign;
use crate::database::{Access, Conflict, DatabaseError, Setting, Target};
use crate::script::{self, SqlMode, Syntax};

/// A session, and what it was told when it began.
pub(super) struct Session {
    pub connection: MySqlConnection,
    pub kind: Kind,
    /// The server's version, such as `10.11.6`.
    pub number: String,
    /// The schema that is current.
    pub schema: Option<String>,
    /// Whether names of schemas and tables are the same in capitals.
    pub folds: bool,
    /// The user that the server takes us for.
    pub user: String,
    /// What the session is known by.
    pub name: Name,
    /// How it reads quotes.
    pub mode: SqlMode,
    /// How many bytes it takes at once.
    pub packet: usize,
    /// Whether locks hold on this node of a cluster only.
    pub cluster: Option<&'static str>,
}

/// What tells a session from all others. Numbers begin anew with each start of a server, and other servers have the same.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// The server's number for the session.
    pub id: u64,
    /// Our own address and port, as the server sees them.
    pub client: String,
    /// The server's host and port, as it sees them.
    pub server: String,
}

/// The name of the session that a connection has now. Whoever looks on follows it to the next one.
#[derive(Clone)]
pub(super) struct Current(Arc<Mutex<Name>>);

impl Current {
    pub fn new(name: Name) -> Self {
        Self(Arc::new(Mutex::new(name)))
    }

    pub fn get(&self) -> Name {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set(&self, name: Name) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }
}

/// Which of the two products a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    MySql,
    MariaDb,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::MySql => "MySQL",
            Kind::MariaDb => "MariaDB",
        }
    }

    /// The oldest server that is supported: from here on each DDL statement takes effect as a whole, or not at all
    /// (<https://dev.mysql.com/doc/refman/8.4/en/atomic-ddl.html>, <https://mariadb.com/kb/en/atomic-ddl/>).
    fn oldest(self) -> (u32, u32) {
        match self {
            Kind::MySql => (8, 0),
            Kind::MariaDb => (10, 6),
        }
    }
}

/// What is otherwise than in a session of the client. `tests/conformance/session.rs` compares them.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "lock_wait_timeout",
        means: "`lock-timeout`: a statement gives way to others and is tried again. Changes no rows",
    },
    Setting {
        name: "innodb_lock_wait_timeout",
        means: "likewise",
    },
    Setting {
        name: "max_statement_time",
        means: "MariaDB: `statement-timeout`, and no limit without one. Changes no rows",
    },
    Setting {
        name: "max_execution_time",
        means: "MySQL: likewise, for SELECT",
    },
    Setting {
        name: "autocommit",
        means: "on: each statement is committed with its record, or by itself",
    },
    Setting {
        name: "transaction_read_only",
        means: "off: on a server where it is on by default, migrations write all the same",
    },
    Setting {
        name: "wsrep_sync_wait",
        means: "1 in a Galera cluster: what another node has committed is read. Changes no rows",
    },
    Setting {
        name: "collation_connection",
        means: "the default collation of utf8mb4 of the server, as the server's own client has it with that character set. Literals are compared \
                by it, and columns that CREATE TABLE … AS makes of them have it",
    },
    Setting {
        name: "character_set_client",
        means: "utf8mb4, since files are read as UTF-8. Clients of old take latin1",
    },
    Setting {
        name: "character_set_connection",
        means: "likewise",
    },
    Setting {
        name: "character_set_results",
        means: "likewise",
    },
];

/// The driver says that names of functions may be followed by blanks, which makes them reserved words; the mode of the server takes
/// that back, unless `init_connect` has set another one. A transaction that is not asked for would show the history as it was, and one
/// that only reads has no DDL.
const SETUP: &str = "SET SESSION TRANSACTION READ WRITE; SET SESSION sql_mode = IF(\
     REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',IGNORE_SPACE,', ',') = REPLACE(CONCAT(',', @@GLOBAL.sql_mode, ','), ',IGNORE_SPACE,', ','), \
     @@GLOBAL.sql_mode, @@SESSION.sql_mode), SESSION autocommit = 1";

const GALERA: &str = "Galera";

/// What is asked of the server, in this order.
const ABOUT: &str = "SELECT VERSION(), @@version_comment, DATABASE(), SUBSTRING_INDEX(USER(), '@', 1), CONNECTION_ID(), @@SESSION.sql_mode, \
     @@GLOBAL.read_only + @@GLOBAL.innodb_read_only, CONCAT_WS(':', @@hostname, @@port), \
     (SELECT HOST FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID()), @@SESSION.max_allowed_packet, @@lower_case_table_names";

pub(super) async fn open(target: &Target, access: Access) -> Result<Session, DatabaseError> {
    let mut connection = options(target)?
        .connect()
        .await
        .map_err(|error| unreachable_server(&error, target))?;
    let wrap = |error| describe(&error);
    // The servers' own limit is a day or a year.
    let limit = target.lock_timeout.as_secs().max(1);
    let setup = format!("{SETUP}, SESSION lock_wait_timeout = {limit}, SESSION innodb_lock_wait_timeout = {limit}");
    query(&mut connection, &setup).await.map_err(wrap)?;
    let session = match access {
        Access::Write => target.session.trim().to_owned(),
        Access::Read => uses(&target.session),
    };
    if !session.is_empty() {
        query(&mut connection, &session)
            .await
            .map_err(|error| wrap(error).of_session())?;
    }
    let rows = query(&mut connection, ABOUT).await.map_err(wrap)?;
    let mut row = rows.into_iter().next().unwrap_or_default().into_iter();
    let mut next = || row.next().flatten();
    let (version, comment, schema, user) = (next().unwrap_or_default(), next().unwrap_or_default(), next(), next());
    let (id, mode, read_only) = (next(), next().unwrap_or_default(), next());
    let (server, client) = (next().unwrap_or_default(), next().unwrap_or_default());
    let packet = next().and_then(|bytes| bytes.parse().ok()).unwrap_or(usize::MAX);
    let folds = next().is_some_and(|folds| folds != "0");
    let id = id.and_then(|id| id.parse().ok()).unwrap_or_default();
    if let Some(other) = other_product(&version, &comment) {
        return Err(foreign(target, other, "MySQL or MariaDB"));
    }
    let kind = match version.contains("MariaDB") {
        true => Kind::MariaDb,
        false => Kind::MySql,
    };
    let number = plain_number(&version);
    let (major, minor) = kind.oldest();
    if parts(&number) < (major, minor) {
        let message = format!(
            "{target} is {} {number}; syncline needs {major}.{minor} or newer",
            kind.name()
        );
        return Err(DatabaseError::new(Code::Unsupported, message)
            .hint("in older servers a statement that changes the schema can be half done; upgrade the server"));
    }
    if access == Access::Write && read_only.is_some_and(|read_only| read_only != "0") {
        let message = format!("{target} is read-only");
        return Err(DatabaseError::new(Code::ReadOnly, message).hint("connect to the server that takes the writes"));
    }
    let cluster = cluster(&mut connection, kind).await?;
    if cluster == Some(GALERA) {
        // What another node has committed is read only when this one is told to wait for it.
        query(&mut connection, "SET SESSION wsrep_sync_wait = 1")
            .await
            .map_err(wrap)?;
    }
    Ok(Session {
        cluster,
        connection,
        kind,
        number,
        schema,
        folds,
        user: user.unwrap_or_default(),
        name: Name { id, client, server },
        mode: SqlMode::of(&mode),
        packet,
    })
}

/// What a session says of the schema that is current: whoever only reads looks for the ledger where a run has it.
fn uses(session: &str) -> String {
    let parsed = script::parse(session, Syntax::Mysql(SqlMode::default()));
    let statements = parsed.iter().flat_map(script::Parsed::sent);
    let texts = statements.filter_map(|statement| session.get(statement.body.clone()));
    let uses: Vec<&str> = texts.filter(|text| is_one_of(&["use"], text)).collect();
    uses.join("; ")
}

/// The same, given up after the target's connect timeout, for one whose first session was lost or is in use.
pub(super) async fn open_in_time(target: &Target, access: Access) -> Result<Session, DatabaseError> {
    let limit = target.connect_timeout;
    let opened = tokio::time::timeout(limit, open(target, access)).await;
    let opened =
        opened.map_err(|_| DatabaseError::new(Code::Lost, format!("{target} did not answer within {limit:?}")))?;
    // Waiting for a server to start is for whoever begins.
    opened.map_err(|error| match error.conflict {
        Some(Conflict::Absent) => DatabaseError {
            conflict: None,
            ..error
        },
        _ => error,
    })
}

/// Whether other nodes take writes too: then the lock of this one keeps nobody there out.
async fn cluster(connection: &mut MySqlConnection, kind: Kind) -> Result<Option<&'static str>, DatabaseError> {
    let on = |rows: Vec<Row>| {
        rows.into_iter()
            .flatten()
            .flatten()
            .any(|value| value == "ON" || value == "OFF_SINGLE")
    };
    let galera = "SHOW GLOBAL VARIABLES WHERE Variable_name = 'wsrep_on'";
    if on(query(connection, galera).await.map_err(|error| describe(&error))?) {
        return Ok(Some(GALERA));
    }
    if kind == Kind::MySql {
        let group = "SELECT IF(@@GLOBAL.group_replication_single_primary_mode, 'OFF', 'ON') \
             FROM performance_schema.replication_group_members HAVING COUNT(*) > 1";
        // Where the plugin is not there, neither is the variable.
        if query(connection, group).await.is_ok_and(on) {
            return Ok(Some("Group Replication with several primaries"));
        }
    }
    Ok(None)
}

/// Servers that speak the protocol and are not what they seem say so.
fn other_product(version: &str, comment: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 6] = [
        ("TiDB", "TiDB"),
        ("Vitess", "Vitess"),
        ("OceanBase", "OceanBase"),
        ("SingleStore", "SingleStore"),
        ("MemSQL", "SingleStore"),
        ("Dolt", "Dolt"),
    ];
    let said = |word: &str| version.contains(word) || comment.contains(word);
    KNOWN.iter().find(|(word, _)| said(word)).map(|(_, name)| *name)
}

/// The digits and dots that a version begins with. MariaDB may put `5.5.5-` before it, for old clients.
fn plain_number(version: &str) -> String {
    let version = version.strip_prefix("5.5.5-").unwrap_or(version);
    version
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect()
}

fn parts(number: &str) -> (u32, u32) {
    let mut parts = number.split('.').map(|part| part.parse().unwrap_or_default());
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_versions_are_told_apart() {
        assert_eq!(plain_number("5.5.5-10.11.6-MariaDB-log"), "10.11.6");
        assert_eq!(plain_number("8.4.3"), "8.4.3");
        assert!(parts("5.7.44") < Kind::MySql.oldest() && parts("10.5.9") < Kind::MariaDb.oldest());
        assert!(parts("9.7.1") > Kind::MySql.oldest());
        assert_eq!(other_product("8.0.11-TiDB-v8.5.0", "TiDB Server"), Some("TiDB"));
        assert_eq!(other_product("10.11.6-MariaDB", "Debian 12"), None);
    }
}
