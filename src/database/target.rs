//! Targets: where a database is and what its ledger is called, without ever showing a secret.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::{DatabaseError, ENGINES, Engine, Storage};
use crate::code::Code;

/// A database to be migrated.
///
/// `Debug` and `Display` never show a password.
#[derive(Clone, Debug)]
pub struct Target {
    /// The facts about its engine.
    pub engine: &'static Engine,
    /// Where it is.
    pub address: Address,
    /// What its ledger is called.
    pub ledger: Ledger,
    /// How long to wait for the connection. 10 s unless set.
    pub connect_timeout: Duration,
    /// How long to wait for the lock that keeps other runs out. 60 s unless set.
    pub lock_wait: Duration,
    /// How long a statement may wait for a lock on a table. 5 s unless set.
    pub lock_timeout: Duration,
    /// How long a statement may run. No limit unless set. Has no meaning for SQLite.
    pub statement_timeout: Option<Duration>,
    /// How often a migration is tried again that gave way to others; 0 means never. 5 unless set. A script may say
    /// otherwise, as it may for the two limits above. Has no meaning for SQLite.
    pub retries: u32,
    /// The random id that the database must have; others are refused.
    pub expect_database: Option<String>,
    /// Statements that every session begins with that runs migrations, and whenever one was cleaned: what the application sets for
    /// itself. Empty unless set.
    pub session: String,
    /// Libraries that SQLite loads into every connection, for functions that scripts call. Their code runs in this process.
    pub extensions: Vec<String>,
}

/// The parts of a database URL.
#[derive(Clone, Debug, Default)]
pub struct Address {
    /// Host name, IP address, or the directory of a unix socket.
    pub host: Option<String>,
    /// TCP port.
    pub port: Option<u16>,
    /// User name.
    pub user: Option<String>,
    /// Password.
    pub password: Option<SecretString>,
    /// Name of the database, or path of the file.
    pub database: Option<String>,
    /// Everything after the `?`, except passwords.
    pub parameters: Vec<(String, String)>,
}

/// The names of the two tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// The schema that holds them; the current one of the connection unless set.
    pub schema: Option<String>,
    /// `syncline_history` unless set.
    pub history: String,
    /// `syncline_script` unless set.
    pub script: String,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            schema: None,
            history: "syncline_history".to_owned(),
            script: "syncline_script".to_owned(),
        }
    }
}

impl Target {
    /// The database at a URL, such as `sqlite:shop.db` or `postgres://user@host/shop`.
    ///
    /// # Errors
    /// Tells what is wrong with the URL without repeating it, since it may hold a password.
    pub fn from_url(url: &str) -> Result<Self, DatabaseError> {
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(bad(
                "it has no scheme",
                "write `sqlite:FILE` or `postgres://user@host/database`",
            ));
        };
        let engine = engine_of(scheme)?;
        let address = match engine.storage {
            Storage::File | Storage::Process => file_address(rest),
            Storage::Server => server_address(url)?,
        };
        Self::new(engine, address)
    }

    /// The database at an address that is given in parts, so that nothing has to be percent-encoded.
    ///
    /// # Errors
    /// When a part is missing or a parameter is not known.
    pub fn new(engine: &'static Engine, mut address: Address) -> Result<Self, DatabaseError> {
        for (name, _) in &address.parameters {
            let known = engine
                .parameters
                .iter()
                .any(|p| p == name || (p.ends_with('[') && name.starts_with(p)));
            if !known {
                let list = engine.parameters.join("`, `").replace('[', "[…]");
                return Err(bad(
                    &format!("{} knows no parameter `{name}`", engine.name),
                    &format!("it takes `{list}`"),
                ));
            }
        }
        if engine.storage == Storage::File && address.database.as_deref().is_none_or(str::is_empty) {
            return Err(bad("it names no file", "write `sqlite:FILE`"));
        }
        if let Some(at) = address.parameters.iter().position(|(name, _)| name == "password") {
            address.password = Some(address.parameters.remove(at).1.into());
        }
        Ok(Self::of(engine, address))
    }

    pub(super) fn of(engine: &'static Engine, address: Address) -> Self {
        Self {
            engine,
            address,
            ledger: Ledger::default(),
            connect_timeout: Duration::from_secs(10),
            lock_wait: Duration::from_secs(60),
            lock_timeout: Duration::from_secs(5),
            statement_timeout: None,
            retries: 5,
            expect_database: None,
            session: String::new(),
            extensions: Vec::new(),
        }
    }

    /// The value of a URL parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.address
            .parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Target {
    /// The URL without its password and its parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Address {
            host,
            port,
            user,
            password,
            database,
            ..
        } = &self.address;
        let database = database.as_deref().unwrap_or_default();
        if self.engine.storage != Storage::Server {
            return write!(f, "{}:{database}", self.engine.id);
        }
        write!(f, "{}://", self.engine.id)?;
        if let Some(user) = user {
            f.write_str(user)?;
            if password.is_some() {
                f.write_str(":***")?;
            }
            f.write_str("@")?;
        }
        f.write_str(host.as_deref().unwrap_or_default())?;
        if let Some(port) = port {
            write!(f, ":{port}")?;
        }
        write!(f, "/{database}")
    }
}

/// The engine of a URL's scheme.
pub(crate) fn engine_of(scheme: &str) -> Result<&'static Engine, DatabaseError> {
    if let Some(engine) = ENGINES.iter().find(|engine| engine.schemes.contains(&scheme)) {
        return Ok(engine);
    }
    let known: Vec<&str> = ENGINES.iter().flat_map(|engine| engine.schemes).copied().collect();
    // The scheme is shown only when it looks like one: a URL that lost its head may begin with a password.
    let plain = scheme.len() <= 20 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+');
    let what = if plain {
        format!("`{scheme}` is no scheme that this syncline knows")
    } else {
        "it has no scheme".to_owned()
    };
    Err(bad(&what, &format!("known are `{}`", known.join("`, `"))))
}

fn bad(what: &str, hint: &str) -> DatabaseError {
    DatabaseError::new(Code::BadUrl, format!("the database URL is wrong: {what}")).hint(hint)
}

fn file_address(rest: &str) -> Address {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = path.strip_prefix("//").unwrap_or(path);
    let pairs = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    Address {
        database: Some(path.to_owned()),
        parameters: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        ..Address::default()
    }
}

fn server_address(text: &str) -> Result<Address, DatabaseError> {
    let encode = "percent-encode `@ : / ? # %` in user and password, or give them in parts (`user`, `password-env`, …)";
    // The parser's message is safe to show: it is one of a fixed set and repeats nothing.
    let url = Url::parse(text).map_err(|error| bad(&error.to_string(), encode))?;
    if url.fragment().is_some() {
        return Err(bad("it holds a `#`", encode));
    }
    let decode = |part: &str| {
        let bytes =
            percent_decode(part).ok_or_else(|| bad("a `%` is not followed by two hexadecimal digits", encode))?;
        String::from_utf8(bytes).map_err(|_| bad("a percent-encoded part is not UTF-8", encode))
    };
    let some = |part: &str| {
        if part.is_empty() {
            Ok(None)
        } else {
            decode(part).map(Some)
        }
    };
    let mut address = Address {
        host: some(url.host_str().unwrap_or_default())?,
        port: url.port(),
        user: some(url.username())?,
        password: some(url.password().unwrap_or_default())?.map(Into::into),
        database: some(url.path().trim_start_matches('/'))?,
        parameters: Vec::new(),
    };
    for (name, value) in url.query_pairs() {
        let value = value.into_owned();
        // Where libpq takes a part as a parameter, so do we.
        match name.as_ref() {
            "host" | "hostaddr" => address.host = Some(value),
            "port" => {
                address.port = Some(
                    value
                        .parse()
                        .map_err(|_| bad("`port` is not a number below 65536", encode))?,
                )
            }
            "user" => address.user = Some(value),
            "password" => address.password = Some(value.into()),
            "dbname" => address.database = Some(value),
            _ => address.parameters.push((name.into_owned(), value)),
        }
    }
    Ok(address)
}

/// `None` when a `%` is not followed by two hexadecimal digits.
fn percent_decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first != b'%' {
            bytes.push(first);
            rest = after;
            continue;
        }
        let digits = std::str::from_utf8(after.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after.get(2..)?;
    }
    Some(bytes)
}

impl Address {
    /// Whether the database is on this machine: a unix socket or a loopback address.
    pub fn is_local(&self) -> bool {
        match self.host.as_deref() {
            None | Some("" | "localhost") => true,
            Some(host) if host.starts_with('/') => true,
            Some(host) => host
                .trim_matches(['[', ']'])
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback()),
        }
    }
}

#[cfg(all(test, feature = "postgres", feature = "_sqlite"))]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let target = Target::from_url("postgres://bob:c%40nary@db.example.org:5433/shop?sslmode=require").unwrap();
        assert_eq!(target.to_string(), "postgres://bob:***@db.example.org:5433/shop");
        assert!(!format!("{target:?}").contains("c@nary"));
        assert_eq!(target.address.password.as_ref().unwrap().expose_secret(), "c@nary");
        for url in [
            "postgres://bob:canary#x@h/d",
            "postgres://bob:canary/x@h/d",
            "postgres://bob:canary%zz@h/d",
            "bob:canary@h",
            "postgres://h/d?canary=1",
        ] {
            let error = Target::from_url(url).unwrap_err();
            assert!(
                !error.to_string().contains("canary@") && !error.to_string().contains("canary#"),
                "{error}"
            );
        }
    }

    #[test]
    fn unix_sockets_are_read_in_both_spellings() {
        for url in [
            "postgres://me@%2Ftmp%2Fsock:5432/db",
            "postgres:///db?host=/tmp/sock&user=me&port=5432",
        ] {
            let target = Target::from_url(url).unwrap();
            assert_eq!(target.address.host.as_deref(), Some("/tmp/sock"), "{url}");
            assert!(target.address.is_local());
        }
        assert!(
            !Target::from_url("postgres://db.example.org/x")
                .unwrap()
                .address
                .is_local()
        );
    }

    #[test]
    fn a_file_is_named_with_or_without_slashes() {
        for (url, path) in [
            ("sqlite:a b.db", "a b.db"),
            ("sqlite://a.db", "a.db"),
            ("sqlite:///tmp/a.db?mode=rw", "/tmp/a.db"),
        ] {
            assert_eq!(Target::from_url(url).unwrap().address.database.as_deref(), Some(path));
        }
        assert!(Target::from_url("sqlite:").is_err());
        assert!(Target::from_url("sqlite:a.db?mdoe=rw").is_err());
    }

    #[test]
    fn an_unknown_scheme_is_told_with_those_that_are_known() {
        let error = Target::from_url("postgre://localhost/x").unwrap_err();
        assert!(error.message.contains("`postgre`"), "{error}");
    }
}
