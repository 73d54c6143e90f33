//! How other drivers and tools write where a database is, and the URL that says it here. The password is never repeated: `***` stands for it.

use super::foreign_words::{self, Foreign};
use super::url::{self, encode};
use super::{Address, bad, file_address, words};
use crate::database::{DatabaseError, ENGINES, Engine, Storage};

/// Schemes that mean one of our engines elsewhere: the scheme, our engine, and who writes it so.
const SCHEMES: &[(&str, &str, &str)] = &[
    ("postgis", "postgres", "Django"),
    ("timescale", "postgres", "Django"),
    ("timescalegis", "postgres", "Django"),
    ("psql", "postgres", "django-environ"),
    ("pgsql", "postgres", "PHP"),
    ("pdo-pgsql", "postgres", "Doctrine"),
    ("pdo_pgsql", "postgres", "Doctrine"),
    ("postgres2", "postgres", "older tools"),
    ("postgresql2", "postgres", "older tools"),
    ("pgx", "postgres", "golang-migrate"),
    ("pgx4", "postgres", "golang-migrate"),
    ("pgx5", "postgres", "golang-migrate"),
    ("mysql2", "mysql", "Rails"),
    ("trilogy", "mysql", "Rails"),
    ("mysqlgis", "mysql", "Django"),
    ("mysql-connector", "mysql", "Django"),
    ("pdo-mysql", "mysql", "Doctrine"),
    ("pdo_mysql", "mysql", "Doctrine"),
    ("mysqli", "mysql", "PHP"),
    ("sqlite3", "sqlite", "Rails and golang-migrate"),
    ("spatialite", "sqlite", "Django"),
    ("pdo-sqlite", "sqlite", "Doctrine"),
    ("pdo_sqlite", "sqlite", "Doctrine"),
    ("file", "sqlite", "Prisma and SQLite itself"),
];

/// Schemes of databases that are none of ours.
const ELSEWHERE: &[(&str, &str)] = &[
    ("cockroach", "CockroachDB"),
    ("cockroachdb", "CockroachDB"),
    ("crdb", "CockroachDB"),
    ("crdb-postgres", "CockroachDB"),
    ("redshift", "Amazon Redshift"),
    ("yugabytedb", "YugabyteDB"),
    ("mssql", "SQL Server"),
    ("sqlserver", "SQL Server"),
    ("oracle", "Oracle"),
    ("mongodb", "MongoDB"),
    ("mongodb+srv", "MongoDB"),
    ("clickhouse", "ClickHouse"),
    ("snowflake", "Snowflake"),
    ("bigquery", "BigQuery"),
    ("spanner", "Spanner"),
    ("cassandra", "Cassandra"),
    ("duckdb", "DuckDB"),
    ("redis", "Redis"),
    ("h2", "H2"),
    ("hsqldb", "HSQLDB"),
    ("db2", "Db2"),
    ("libsql", "libSQL"),
    ("firebird", "Firebird"),
    ("prisma", "Prisma's own service, and no database"),
    ("prisma+postgres", "Prisma's own service, and no database"),
    ("mysqlx", "MySQL's X protocol, which is not spoken"),
];

/// What may stand before a scheme of JDBC's, or in its place.
const WRAPPERS: [&str; 8] = [
    "jdbc",
    "r2dbc",
    "p6spy",
    "otel",
    "tracing",
    "tc",
    "aws-wrapper",
    "log4jdbc",
];

/// The engine of a scheme as anybody writes it.
fn engine(scheme: &str) -> Option<&'static Engine> {
    let own = |word: &str| ENGINES.iter().find(|engine| engine.schemes.contains(&word)).copied();
    let word = scheme.to_ascii_lowercase();
    let word = word.split_once('+').map_or(word.as_str(), |(dialect, _)| dialect);
    own(word).or_else(|| {
        let (_, id, _) = SCHEMES.iter().find(|(known, ..)| *known == word)?;
        ENGINES.iter().find(|engine| engine.id == *id).copied()
    })
}

/// Whether it is a scheme that somebody has.
pub(super) fn is_scheme(word: &str) -> bool {
    engine(word).is_some() || WRAPPERS.contains(&word) || ELSEWHERE.iter().any(|(known, _)| *known == word)
}

/// The word of another driver for this engine.
pub(super) fn word(engine: &Engine, name: &str) -> Option<&'static Foreign> {
    words_of(engine).iter().find(|foreign| foreign.name == name)
}

/// The words of other drivers for an engine.
pub fn words_of(engine: &Engine) -> &'static [Foreign] {
    match engine.id {
        "postgres" => foreign_words::POSTGRES,
        "mysql" => foreign_words::MYSQL,
        _ => foreign_words::SQLITE,
    }
}

/// The engine that a URL is for, also one that only the application understands.
pub fn engine_of(url: &str) -> Option<&'static Engine> {
    let url = url.trim().trim_matches(['"', '\'']);
    let mut rest = url;
    while let Some((scheme, behind)) = rest.split_once(':') {
        if let Some(engine) = engine(scheme) {
            return Some(engine);
        }
        if !WRAPPERS.contains(&scheme) {
            return None;
        }
        rest = behind;
    }
    None
}

/// Why a text that is a URL or the like to others is none here, with the URL that says it here.
pub(super) fn told(text: &str) -> Option<DatabaseError> {
    let scheme = text.split(':').next().unwrap_or_default();
    if engine(scheme).is_some_and(|engine| engine.schemes.contains(&scheme)) {
        return wrapped_go(text).or_else(|| pdo(text));
    }
    // Schemes are the same in capitals, and drivers differ in whether they know.
    if let Some(error) = key_values(text).or_else(|| go(text)).or_else(|| pdo(text)) {
        return Some(error);
    }
    if !text.contains(':') {
        return None;
    }
    let (mut rest, mut form) = (text, String::new());
    loop {
        let (word, behind) = rest.split_once(':')?;
        if WRAPPERS.contains(&word) {
            form.push_str(word);
            form.push(':');
            rest = behind;
            continue;
        }
        if let Some(engine) = engine(word) {
            let whose = match SCHEMES.iter().find(|(known, ..)| *known == word) {
                _ if !form.is_empty() => " of Java's".to_owned(),
                Some((_, _, whose)) => format!(" of {whose}"),
                None if word.contains('+') => " of SQLAlchemy's".to_owned(),
                None => String::new(),
            };
            let message = format!("`{form}{word}:` is a scheme{whose}");
            return Some(bad(&message, &format!("here it is {}", here(engine, word, behind))));
        }
        let product = ELSEWHERE.iter().find(|(known, _)| *known == word)?.1;
        let engines: Vec<&str> = ENGINES.iter().map(|engine| engine.name).collect();
        return Some(bad(
            &format!("`{form}{word}:` is {product}"),
            &format!("syncline works with {} and MariaDB", engines.join(", ")),
        ));
    }
}

/// The URL here of one with another scheme.
fn here(engine: &'static Engine, scheme: &str, behind: &str) -> String {
    if engine.storage == Storage::File {
        // SQLAlchemy counts one slash more: three begin a relative path.
        let relative = scheme.contains('+') || scheme == "spatialite";
        let behind = match (relative, behind.strip_prefix("///")) {
            (true, Some(path)) => path,
            _ => behind,
        };
        return ready(engine, &file_address(behind));
    }
    // JDBC has `postgresql:database`, and `mysql:loadbalance://`.
    let behind = match behind.find("//") {
        Some(at) => behind.get(at..).unwrap_or_default().to_owned(),
        // A database has none of them, and a password may.
        None if behind
            .split('?')
            .next()
            .is_some_and(|name| name.contains([':', '@', '/'])) =>
        {
            return template(engine);
        }
        None => format!("///{behind}"),
    };
    match url::server(&behind) {
        Ok(address) => {
            let mut address = address;
            let taken = |address: &mut Address, name: &str| {
                let at = address.parameters.iter().position(|(known, _)| known == name)?;
                Some(address.parameters.remove(at).1)
            };
            // JDBC has login and password behind the `?`.
            if let Some(user) = taken(&mut address, "user") {
                address.user = Some(user);
            }
            if let Some(password) = taken(&mut address, "password") {
                address.password = Some(password.into());
            }
            ready(engine, &address)
        }
        Err(_) => template(engine),
    }
}

/// What a URL looks like, where nothing of the one that was given can be shown.
fn template(engine: &Engine) -> String {
    match engine.storage {
        Storage::File => format!("`{}:FILE`", engine.id),
        _ => format!("`{}://USER:***@HOST/DATABASE`", engine.id),
    }
}

/// The URL of an address, with `***` for the password, and with those parameters that are known here. It is shown, so it has to look like
/// one: what may be a piece of a password is left out.
pub(super) fn ready(engine: &'static Engine, address: &Address) -> String {
    use std::fmt::Write;
    let mut url = format!("`{}:", engine.id);
    let database = address.database.as_deref().unwrap_or_default();
    if engine.storage == Storage::File {
        if database.contains(['@', '=', ';']) {
            return template(engine);
        }
        url.push_str(database);
    } else {
        let tame = |text: &str, more: &str| {
            let plain = |c: char| c.is_alphanumeric() || "-._~%+ ".contains(c) || more.contains(c);
            text.chars().all(plain)
        };
        let parts = [address.user.as_deref(), address.database.as_deref()];
        let others = address.others.iter().map(|place| place.host.as_deref());
        let mut hosts = others.chain([address.host.as_deref()]).flatten();
        let are_hosts = hosts.all(|host| tame(host, "/:,") && url::check_host(host).is_ok());
        if !are_hosts || !parts.into_iter().flatten().all(|part| tame(part, "")) {
            return template(engine);
        }
        url.push_str("//");
        if let Some(user) = &address.user {
            url.push_str(&encode(user));
            if address.password.is_some() {
                url.push_str(":***");
            }
            url.push('@');
        }
        let first = (address.host.as_deref(), address.port);
        let others = address.others.iter().map(|place| (place.host.as_deref(), place.port));
        for (number, (host, port)) in std::iter::once(first).chain(others).enumerate() {
            if number > 0 {
                url.push(',');
            }
            match host {
                Some(host) if host.contains(':') => {
                    let _ = write!(url, "[{}]", host.replace('%', "%25"));
                }
                Some(host) => url.push_str(&encode(host)),
                None => {}
            }
            if let Some(port) = port {
                let _ = write!(url, ":{port}");
            }
        }
        let _ = write!(url, "/{}", encode(database));
    }
    let mut first = true;
    for (name, value) in &address.parameters {
        let known = words::word(engine, name).is_some_and(|word| words::judge(word, value).is_ok());
        let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || "-._/".contains(c));
        if known && plain && !name.contains("password") {
            let _ = write!(url, "{}{name}={value}", if first { '?' } else { '&' });
            first = false;
        }
    }
    url.push('`');
    if address.password.is_some() {
        url.push_str(" with the password in place of `***`");
    }
    url
}

/// `mysql://user:password@tcp(host:3306)/database`, as golang-migrate has it.
fn wrapped_go(text: &str) -> Option<DatabaseError> {
    let (_, rest) = text.split_once("://")?;
    rest.contains("@tcp(").then(|| go(rest)).flatten()
}

/// `user:password@tcp(host:3306)/database?parseTime=true`, as Go's driver for MySQL has it.
fn go(text: &str) -> Option<DatabaseError> {
    let place = text.find(")/").map(|at| text.split_at(at + 1));
    let (before, behind) = match place {
        Some((before, behind)) => (before, behind.strip_prefix('/')?),
        None => text.rsplit_once('/')?,
    };
    let (login, place) = before.rsplit_once('@').unwrap_or(("", before));
    let (protocol, inside) = match place.split_once('(') {
        Some((protocol, inside)) => (protocol, inside.strip_suffix(')')?),
        None if place.is_empty() && !login.is_empty() => ("tcp", ""),
        None => return None,
    };
    if !["tcp", "tcp4", "tcp6", "unix", ""].contains(&protocol) {
        return None;
    }
    let engine = ENGINES.iter().find(|engine| engine.id == "mysql")?;
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let mut address = Address {
        user: some(user),
        password: some(password).map(Into::into),
        database: some(behind.split('?').next().unwrap_or_default()),
        ..Address::default()
    };
    if protocol == "unix" {
        address.parameters.push(("socket".to_owned(), inside.to_owned()));
    } else {
        let (host, port) = inside.rsplit_once(':').unwrap_or((inside, ""));
        address.host = some(host.trim_matches(['[', ']']));
        address.port = port.parse().ok();
    }
    let hint = format!("here it is {}", ready(engine, &address));
    Some(bad("it is written as Go's driver for MySQL has it", &hint))
}

/// `mysql:host=…;dbname=…`, as PHP's PDO has it.
fn pdo(text: &str) -> Option<DatabaseError> {
    let (scheme, rest) = text.split_once(':')?;
    let engine = engine(scheme)?;
    let is_pdo = engine.storage == Storage::Server && !rest.starts_with('/') && rest.contains('=');
    is_pdo.then(|| from_pairs(engine, "PHP's PDO", rest.split(';')))
}

/// Keys of connection strings, in small letters and without blanks, and the part that they mean.
const KEYS: &[(&str, &str)] = &[
    ("host", "host"),
    ("hostaddr", "host"),
    ("server", "host"),
    ("datasource", "host"),
    ("addr", "host"),
    ("address", "host"),
    ("port", "port"),
    ("user", "user"),
    ("username", "user"),
    ("userid", "user"),
    ("uid", "user"),
    ("password", "password"),
    ("passwd", "password"),
    ("pwd", "password"),
    ("dbname", "database"),
    ("database", "database"),
    ("initialcatalog", "database"),
    ("sslmode", "sslmode"),
    ("unix_socket", "socket"),
];

/// `host=… dbname=…` as libpq has it, `Host=…;Username=…` as Npgsql has it, and `Server=…;Uid=…` as drivers of MySQL for .NET have it.
fn key_values(text: &str) -> Option<DatabaseError> {
    let (first, _) = text.split_once('=')?;
    let first = first.trim().to_ascii_lowercase().replace(' ', "");
    // A file has neither a login nor a port.
    let is_login = |key: &str| ["port", "user", "userid", "uid", "database", "initialcatalog"].contains(&key);
    let keys = text.split(';').filter_map(|pair| pair.split_once('='));
    let mut keys = keys.map(|(key, _)| key.trim().to_ascii_lowercase().replace(' ', ""));
    if first == "datasource" && !keys.any(|key| is_login(&key)) {
        let engine = ENGINES.iter().find(|engine| engine.storage == Storage::File)?;
        let path = text
            .split([';'])
            .next()?
            .split_once('=')
            .map_or("", |(_, path)| path.trim());
        return Some(bad(
            "it is written as drivers for .NET have it",
            &format!("here it is {}", ready(engine, &file_address(path))),
        ));
    }
    KEYS.iter().find(|(known, _)| *known == first)?;
    let lower = text.to_ascii_lowercase();
    let id = |id: &str| ENGINES.iter().find(|engine| engine.id == id).copied();
    if !text.contains(';') {
        let engine = id("postgres")?;
        return Some(from_pairs(engine, "libpq", text.split_whitespace()));
    }
    if lower.contains("initial catalog") || lower.contains("trustservercertificate") {
        let engines: Vec<&str> = ENGINES.iter().map(|engine| engine.name).collect();
        return Some(bad(
            "it is for SQL Server",
            &format!("syncline works with {} and MariaDB", engines.join(", ")),
        ));
    }
    let is_mysql = first == "server" || lower.contains("uid=") || lower.contains("port=3306");
    let engine = id(if is_mysql { "mysql" } else { "postgres" })?;
    Some(from_pairs(engine, "drivers for .NET", text.split(';')))
}

fn from_pairs<'a>(engine: &'static Engine, whose: &str, pairs: impl Iterator<Item = &'a str>) -> DatabaseError {
    let mut address = Address::default();
    for (key, value) in pairs.filter_map(|pair| pair.split_once('=')) {
        let key = key.trim().to_ascii_lowercase().replace(' ', "");
        let value = value.trim().trim_matches(['\'', '"']).to_owned();
        match KEYS.iter().find(|(known, _)| *known == key).map(|(_, part)| *part) {
            Some("host") => address.host = Some(value),
            Some("port") => address.port = value.parse().ok(),
            Some("user") => address.user = Some(value),
            Some("password") => address.password = Some(value.into()),
            Some("database") => address.database = Some(value),
            Some("sslmode") => address
                .parameters
                .push(("sslmode".to_owned(), value.to_ascii_lowercase())),
            Some(part) => address.parameters.push((part.to_owned(), value)),
            None => {}
        }
    }
    let hint = format!("here it is {}", ready(engine, &address));
    bad(&format!("it is written as {whose} has it"), &hint)
}

#[cfg(all(test, feature = "postgres", feature = "mysql", feature = "_sqlite"))]
mod tests {
    use super::*;
    use crate::database::Target;

    #[test]
    fn every_form_of_others_gets_the_url_that_says_it_here_without_the_password() {
        for (text, expected) in [
            (
                "jdbc:postgresql://h:5432/d?user=me&password=s3cret&currentSchema=x&sslmode=require",
                "postgres://me:***@h:5432/d?sslmode=require",
            ),
            ("jdbc:postgresql://h/d", "postgres://h/d"),
            ("jdbc:postgresql:d", "postgres:///d"),
            ("jdbc:postgresql://a:1,b:2/d", "postgres://a:1,b:2/d"),
            ("jdbc:postgresql://[::1]:5432/d", "postgres://[::1]:5432/d"),
            (
                "jdbc:mysql://h:3306/d?useSSL=false&user=me&password=s3cret",
                "mysql://me:***@h:3306/d",
            ),
            ("jdbc:mariadb://h/d", "mysql://h/d"),
            ("jdbc:mysql:loadbalance://a,b/d", "mysql://a,b/d"),
            ("jdbc:sqlite:/tmp/a.db", "sqlite:/tmp/a.db"),
            ("jdbc:sqlite:a.db", "sqlite:a.db"),
            ("jdbc:p6spy:postgresql://h/d", "postgres://h/d"),
            ("r2dbc:postgresql://me:s3cret@h/d", "postgres://me:***@h/d"),
            ("postgresql+psycopg://me:s3cret@h/d", "postgres://me:***@h/d"),
            ("postgresql+psycopg2://me@h/d", "postgres://me@h/d"),
            (
                "postgresql+asyncpg://me:s3cret@h:5433/d?ssl=require",
                "postgres://me:***@h:5433/d",
            ),
            ("postgres+pg8000://h/d", "postgres://h/d"),
            ("mysql+pymysql://me:s3cret@h/d?charset=utf8mb4", "mysql://me:***@h/d"),
            ("mysql+mysqlconnector://h/d", "mysql://h/d"),
            ("mariadb+mariadbconnector://h/d", "mysql://h/d"),
            ("sqlite+pysqlite:///a.db", "sqlite:a.db"),
            ("sqlite+aiosqlite:////tmp/a.db", "sqlite:/tmp/a.db"),
            ("postgis://me:s3cret@h/d", "postgres://me:***@h/d"),
            ("psql://h/d", "postgres://h/d"),
            ("pgsql://h/d", "postgres://h/d"),
            ("pgx5://h/d", "postgres://h/d"),
            ("pdo-pgsql://h/d", "postgres://h/d"),
            ("mysql2://me:s3cret@h/d?pool=5", "mysql://me:***@h/d"),
            ("trilogy://h/d", "mysql://h/d"),
            ("sqlite3:a.db", "sqlite:a.db"),
            ("sqlite3://a.db", "sqlite:a.db"),
            ("file:./dev.db", "sqlite:./dev.db"),
            ("me:s3cret@tcp(h:3306)/d?parseTime=true", "mysql://me:***@h:3306/d"),
            ("me:s3c/r@et@tcp(h:3306)/d", "mysql://me:***@h:3306/d"),
            ("me:s3cret@tcp([::1]:3306)/d", "mysql://me:***@[::1]:3306/d"),
            ("me:s3cret@unix(/tmp/s.sock)/d", "mysql://me:***@/d?socket=/tmp/s.sock"),
            ("me:s3cret@/d", "mysql://me:***@/d"),
            ("tcp(h:3306)/d", "mysql://h:3306/d"),
            (
                "mysql://me:s3cret@tcp(h:3306)/d?multiStatements=true",
                "mysql://me:***@h:3306/d",
            ),
            (
                "host=h port=5433 dbname=d user=me password=s3cret sslmode=require",
                "postgres://me:***@h:5433/d?sslmode=require",
            ),
            ("dbname=d host=/tmp", "postgres://%2Ftmp/d"),
            (
                "Host=h;Port=5432;Username=me;Password=s3cret;Database=d;SSL Mode=Require",
                "postgres://me:***@h:5432/d?sslmode=require",
            ),
            (
                "Server=h;Port=3306;Uid=me;Pwd=s3cret;Database=d",
                "mysql://me:***@h:3306/d",
            ),
            (
                "Server=h;User ID=me;Password=s3cret;Database=d;Port=3306",
                "mysql://me:***@h:3306/d",
            ),
            ("Data Source=a.db", "sqlite:a.db"),
            ("Data Source=a.db;Version=3;Password=s3cret", "sqlite:a.db"),
            ("mysql:host=h;port=3306;dbname=d", "mysql://h:3306/d"),
            ("pgsql:host=h;dbname=d;user=me;password=s3cret", "postgres://me:***@h/d"),
        ] {
            let error = Target::from_url(text).unwrap_err();
            let hint = error.hint.clone().unwrap_or_default();
            assert!(hint.contains(&format!("`{expected}`")), "{text}: {hint}");
            assert!(
                !error.message.contains("s3c") && !hint.contains("s3c"),
                "{text}: {error} {hint}"
            );
            let ready = Target::from_url(&expected.replace("***", "x"));
            assert!(ready.is_ok(), "{expected}: {ready:?}");
        }
    }

    #[test]
    fn every_scheme_of_others_is_told_and_what_is_another_database_is_named() {
        for (scheme, id, whose) in SCHEMES {
            let error = Target::from_url(&format!("{scheme}://me:s3cret@h/d")).unwrap_err();
            let hint = error.hint.clone().unwrap_or_default();
            assert!(
                error.message.contains(&format!("`{scheme}:` is a scheme of {whose}")),
                "{error}"
            );
            assert!(hint.contains(&format!("`{id}:")), "{scheme}: {hint}");
            assert!(!hint.contains("s3cret"), "{hint}");
            assert_eq!(engine_of(&format!("{scheme}://h/d")).map(|engine| engine.id), Some(*id));
        }
        for (scheme, product) in ELSEWHERE {
            let error = Target::from_url(&format!("{scheme}://me:s3cret@h/d")).unwrap_err();
            assert!(error.message.contains(&format!("`{scheme}:` is {product}")), "{error}");
            assert!(engine_of(&format!("{scheme}://h/d")).is_none());
        }
        let error = Target::from_url("Server=h;Initial Catalog=d;User Id=me;Password=s3cret").unwrap_err();
        assert!(error.message.contains("SQL Server") && !format!("{error:?}").contains("s3cret"));
    }

    #[test]
    fn a_piece_of_a_password_is_not_shown_as_a_host() {
        for text in [
            "jdbc:postgresql://me:s3cret/x@h/d",
            "postgis://me:s3c#ret@h/d",
            "mysql2://me:s3cret?x@h/d",
        ] {
            let error = Target::from_url(text).unwrap_err();
            let hint = error.hint.clone().unwrap_or_default();
            assert!(
                !error.message.contains("s3c") && !hint.contains("s3c"),
                "{text}: {hint}"
            );
            assert!(hint.contains("://USER:***@HOST/DATABASE`"), "{hint}");
        }
    }
}
