//! Opening a session: which server it is, whether it can be trusted with a migration, and whether a pooler stands in between.

use std::fmt::Write;

use futures_util::TryFutureExt;
use sqlx::postgres::{PgConnectOptions, PgConnection};

use super::address::options;
use super::dialect::literal;
use super::errors::{describe, unreachable_server};
use super::pooler;
use super::query;
use super::relay;
use super::settings::{self, Own, STRINGS, strings};
use crate::code::Code;
use crate::database::messages::SEPARATOR;
use crate::database::server::foreign;
use crate::database::sql;
use crate::database::{Access, DatabaseError, Pooler, Target};

/// The oldest server that is supported: older ones lack statements that the protocol uses.
const OLDEST: u32 = 12;

/// How statements get to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// The session is ours from its beginning to its end.
    Direct,
    /// A pooler may give each transaction to another session, so nothing of a session can be relied on.
    Pooled,
    /// There is a pooler, and it keeps the session for us.
    Kept,
}

/// A session, and what it was told when it began.
pub(super) struct Session {
    pub connection: PgConnection,
    pub route: Route,
    /// The version as the server counts it, such as 150004.
    pub version: u32,
    /// The version for people.
    pub number: String,
    pub schema: String,
    pub user: String,
    pub database: String,
    pub encoding: String,
    /// What the session is known by.
    pub name: Name,
    /// What it has of its own.
    pub own: Own,
    /// What is set at its beginning, and again whenever it was cleaned.
    pub settings: String,
}

/// What tells a session from all others. Processes' numbers come again, and other servers have the same.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// The process that serves the session.
    pub pid: String,
    /// When it began to.
    pub since: String,
    /// The server's address and port, as it sees them.
    pub server: String,
}

/// Address and port of the server of a session.
pub(super) const PLACE: &str =
    "pg_catalog.concat_ws(':', pg_catalog.inet_server_addr(), pg_catalog.inet_server_port())";

/// When a session began, in a form that no setting changes.
pub(super) const SINCE: &str = "extract(epoch FROM backend_start)::text";

/// A setting that only a session has which was opened for us: a pooler refuses it at the start, or keeps it from the server.
///
/// The process id of the start could tell the same, but the driver keeps it to itself.
pub(super) const MARK: &str = "syncline.session";

pub(super) async fn open(target: &Target, access: Access) -> Result<Session, DatabaseError> {
    let (mut connection, mark) = establish(target, options(target)?)
        .map_err(|error| unreachable_server(&error, target))
        .await?;
    let version = connection.server_version_num().unwrap_or_default();
    let wrap = |error| describe(&error);
    let schema = target
        .ledger
        .schema
        .as_deref()
        .map_or_else(|| "pg_catalog.current_schema()".to_owned(), literal);
    let about = format!(
        "SELECT {schema}, session_user, pg_catalog.current_database(), pg_catalog.pg_is_in_recovery(), \
         pg_catalog.current_setting('server_version'), pg_catalog.to_regnamespace(pg_catalog.quote_ident({schema}::text)) IS NULL, \
         pg_catalog.current_setting('server_encoding'), pg_catalog.version(), pg_catalog.pg_backend_pid(), \
         pg_catalog.current_setting('{MARK}', true), {PLACE}, pg_catalog.current_setting('transaction_read_only'), \
         (SELECT {SINCE} FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid())), {}",
        settings::expressions()
    );
    let rows = query(&mut connection, &about).await.map_err(wrap)?;
    let mut row = rows.into_iter().next().unwrap_or_default().into_iter();
    let mut next = || row.next().flatten();
    let (schema, user, database, standby, number, no_schema) = (next(), next(), next(), next(), next(), next());
    let (encoding, product, pid, found) = (next().unwrap_or_default(), next().unwrap_or_default(), next(), next());
    let (server, read_only, since) = (next().unwrap_or_default(), next(), next().unwrap_or_default());
    let pid = pid.unwrap_or_default();
    let mut own = Own::new(target, next);
    if let Some(other) = other_product(&product) {
        return Err(foreign(target, other, "PostgreSQL"));
    }
    let number = number.unwrap_or_default();
    let number = number.split(' ').next().unwrap_or_default().to_owned();
    if version / 10_000 < OLDEST {
        let message = format!("{target} is PostgreSQL {number}; syncline needs {OLDEST} or newer");
        return Err(DatabaseError::new(Code::Unsupported, message).hint("upgrade the server"));
    }
    let Some(schema) = schema.filter(|_| no_schema.as_deref() == Some("f")) else {
        let message = match &target.ledger.schema {
            Some(schema) => format!("{target} has no schema `{schema}`"),
            None => format!("{target} has no schema of those in `search_path`"),
        };
        return Err(DatabaseError::new(Code::NoDatabase, message).hint("create the schema first, or name another one"));
    };
    if access == Access::Write && standby.as_deref() == Some("t") {
        let message = format!("{target} is a standby and takes no writes");
        return Err(DatabaseError::new(Code::ReadOnly, message).hint("connect to the primary server"));
    }
    // What `target_session_attrs` asks for.
    let wants = target.parameter("target_session_attrs").unwrap_or("any");
    let is_standby = standby.as_deref() == Some("t");
    if matches!(wants, "primary" | "read-write") && is_standby
        || wants == "read-write" && read_only.as_deref() == Some("on")
    {
        let message = format!("{target} takes no writes, and `target_session_attrs={wants}` wants a server that does");
        return Err(
            DatabaseError::new(Code::ReadOnly, message).hint("name the primary server, or all of them between commas")
        );
    }
    let asks = access == Access::Write && !target.session.trim().is_empty();
    let route = match (mark.is_some() && found == mark, target.pooler) {
        (true, _) => Route::Direct,
        (false, Some(Pooler::Session)) => Route::Kept,
        // What is set for the session would be the next user's, too, unless it is ours alone.
        (false, None) if asks && pooler::probe(target, &mut connection).await.is_ok() => Route::Kept,
        (false, _) => Route::Pooled,
    };
    // A server that lost its client notices only when it next writes, unless it is told to look (PostgreSQL 14). The next user of a
    // pooled session would inherit what is set for it.
    let mut settings = String::new();
    if route != Route::Pooled {
        settings = settle(&mut connection, target, access, &mut own, version).await?;
    } else if asks {
        let message = format!(
            "{target} is behind a pooler, and `session` sets what the next user of its session would have, too"
        );
        return Err(DatabaseError::new(Code::Unsupported, message)
            .hint("give the address of the server itself as `migration-url`; `pooler = \"session\"` says that it keeps sessions"));
    }
    Ok(Session {
        connection,
        route,
        version,
        number,
        schema,
        user: user.unwrap_or_default(),
        database: database.unwrap_or_default(),
        encoding,
        name: Name { pid, since, server },
        own,
        settings,
    })
}

/// Sets what a session of ours is set to, and returns what sets it again whenever the session was cleaned.
pub(super) async fn settle(
    connection: &mut PgConnection,
    target: &Target,
    access: Access,
    own: &mut Own,
    version: u32,
) -> Result<String, DatabaseError> {
    let limit = target.lock_timeout.as_millis();
    let mut settings = format!("SET lock_timeout = {limit}; ");
    for set in own.statements("SET") {
        let _ = write!(settings, "{set}; ");
    }
    if version >= 140_000 {
        settings.push_str("SET client_connection_check_interval = '2s'; ");
    }
    let asked = access == Access::Write && !target.session.trim().is_empty();
    if asked {
        // It may end in a comment.
        let _ = writeln!(settings, "{}", target.session);
    }
    // Of all that is sent here, only that is not ours.
    let wrap = |error| match asked {
        true => describe(&error).of_session(),
        false => describe(&error),
    };
    let message = format!("{settings}{SEPARATOR}SELECT {STRINGS}");
    let mut rows = query(connection, &message).await.map_err(wrap)?;
    // Scripts are taken apart as the server takes them apart.
    own.strings = strings(sql::first_answer(rows.split_off(rows.len().saturating_sub(1))).as_deref());
    Ok(settings)
}

/// Connects with a mark of our own; without one where the other side refuses to hear of it.
async fn establish(target: &Target, options: PgConnectOptions) -> Result<(PgConnection, Option<String>), sqlx::Error> {
    let mark = uuid::Uuid::new_v4().simple().to_string();
    match relay::connect(target, options.clone().options([(MARK, &mark)])).await {
        Ok(connection) => Ok((connection, Some(mark))),
        // PgBouncer: "unsupported startup parameter: options".
        Err(sqlx::Error::Database(error)) if error.message().contains("startup parameter") => {
            Ok((relay::connect(target, options).await?, None))
        }
        Err(error) => Err(error),
    }
}

/// Servers that speak the protocol and are not what they seem say so in `version()`.
fn other_product(version: &str) -> Option<&str> {
    const KNOWN: [&str; 3] = ["Redshift", "-YB-", "Materialize"];
    let foreign = !version.starts_with("PostgreSQL ") || KNOWN.iter().any(|word| version.contains(word));
    let end = version.char_indices().nth(60).map_or(version.len(), |(end, _)| end);
    foreign.then(|| version[..end].split(" (").next().unwrap_or_default())
}
