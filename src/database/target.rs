//! Targets: where a database is and what its ledger is called, without ever showing a secret.

mod foreign_words;
mod others;
mod surroundings;
pub(super) mod url;
pub(crate) mod words;
mod wrapping;

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;

use super::{DatabaseError, ENGINES, Engine, Storage};
use crate::code::Code;

pub use foreign_words::Foreign;
pub use others::{engine_of as engine_of_url, words_of};
pub use surroundings::{Lookup, holds_password};

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
    /// How long to wait for a server that does not listen yet, or that is starting or ending. Not at all unless set.
    pub connect_wait: Duration,
    /// How a pooler on the way keeps sessions, where somebody has said so.
    pub pooler: Option<Pooler>,
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

/// How a pooler keeps sessions of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooler {
    /// A client has one to itself from beginning to end.
    Session,
    /// A client has one as long as a transaction lasts.
    Transaction,
}

/// One of several servers.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Host name, IP address, or the directory of a unix socket.
    pub host: Option<String>,
    /// TCP port.
    pub port: Option<u16>,
    /// The password, where it is another one there.
    pub password: Option<SecretString>,
}

/// The parts of a database URL.
#[derive(Clone, Debug, Default)]
pub struct Address {
    /// Host name, IP address, or the directory of a unix socket.
    pub host: Option<String>,
    /// TCP port.
    pub port: Option<u16>,
    /// Servers that are tried in this order where the first one is not there, or is not the one that is meant.
    pub others: Vec<Place>,
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

/// How long connecting may take, unless somebody says it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

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
    /// The database at a URL, such as `sqlite:shop.db` or `postgres://user@host/shop`. Nothing but the URL is looked at;
    /// [`Target::surround`] adds what the environment says.
    ///
    /// # Errors
    /// Tells what is wrong with the URL without repeating it, since it may hold a password.
    pub fn from_url(url: &str) -> Result<Self, DatabaseError> {
        let url = wrapping::unwrapped(url)?;
        if let Some(error) = others::told(url) {
            return Err(error);
        }
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(bad(
                "it has no scheme",
                "write `sqlite:FILE` or `postgres://user@host/database`",
            ));
        };
        let engine = engine_of(scheme)?;
        let address = match engine.storage {
            Storage::File | Storage::Process => file_address(rest),
            Storage::Server => url::server(rest)?,
        };
        Self::new(engine, address)
    }

    /// The database at an address that is given in parts, so that nothing has to be percent-encoded.
    ///
    /// # Errors
    /// When a part is missing, or a parameter is not known or asks for what would not be so.
    pub fn new(engine: &'static Engine, mut address: Address) -> Result<Self, DatabaseError> {
        words::check(engine, &mut address)?;
        address.absorb()?;
        if engine.storage == Storage::File && address.database.as_deref().is_none_or(str::is_empty) {
            return Err(bad("it names no file", "write `sqlite:FILE`"));
        }
        let mut target = Self::of(engine, address);
        target.take_words()?;
        Ok(target)
    }

    /// What parameters say that is a setting of ours.
    fn take_words(&mut self) -> Result<(), DatabaseError> {
        for (name, unit) in [("connect_timeout", 1000), ("connect-timeout", 1)] {
            let Some(value) = self.address.take(name) else { continue };
            let limit = value.trim().parse::<u32>().ok().map(|limit| u64::from(limit) * unit);
            let limit = limit
                .filter(|limit| (1..=i32::MAX as u64).contains(limit))
                .ok_or_else(|| {
                    let unit = if unit == 1 { "milliseconds" } else { "seconds" };
                    bad(
                        &format!("`{name}` is not a number of {unit}"),
                        "24 days at most, and more than zero",
                    )
                })?;
            self.connect_timeout = Duration::from_millis(limit);
        }
        self.pooler = match self.address.take("pooler").as_deref() {
            Some("session") => Some(Pooler::Session),
            Some("transaction") => Some(Pooler::Transaction),
            _ => self.pooler,
        };
        Ok(())
    }

    /// The user to log in as: who was said, or the one that runs this, as psql and mysql have it.
    pub(super) fn login(&self) -> String {
        let said = self.address.user.clone().filter(|user| !user.is_empty());
        said.or_else(surroundings::system_user).unwrap_or_default()
    }

    /// The same database on each of its servers.
    pub(super) fn places(&self) -> Vec<Self> {
        let mut first = self.clone();
        let others = std::mem::take(&mut first.address.others);
        let others = others.into_iter().enumerate().map(|(number, place)| {
            let mut other = first.clone();
            other.address.keep_address(number + 1);
            other.address.host = place.host;
            other.address.port = place.port;
            if place.password.is_some() {
                other.address.password = place.password;
            }
            other
        });
        let others: Vec<Self> = others.collect();
        first.address.keep_address(0);
        std::iter::once(first).chain(others).collect()
    }

    pub(super) fn of(engine: &'static Engine, address: Address) -> Self {
        Self {
            engine,
            address,
            ledger: Ledger::default(),
            connect_timeout: CONNECT_TIMEOUT,
            connect_wait: Duration::ZERO,
            pooler: None,
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
            others,
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
        let others = others.iter().map(|place| (&place.host, &place.port));
        for (number, (host, port)) in std::iter::once((host, port)).chain(others).enumerate() {
            if number > 0 {
                f.write_str(",")?;
            }
            match host.as_deref().unwrap_or_default() {
                host if host.contains(':') && !host.starts_with('/') => write!(f, "[{host}]")?,
                host => f.write_str(host)?,
            }
            if let Some(port) = port {
                write!(f, ":{port}")?;
            }
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

impl Address {
    /// Takes out a parameter. The last of several counts, as libpq has it.
    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.parameters.iter().rposition(|(known, _)| known == name)?;
        Some(self.parameters.remove(at).1)
    }

    /// Where libpq takes a part as a parameter, so do we.
    fn absorb(&mut self) -> Result<(), DatabaseError> {
        if let Some(user) = self.take("user") {
            self.user = Some(user);
        }
        if let Some(password) = self.take("password") {
            self.password = Some(password.into());
        }
        if let Some(database) = self.take("dbname") {
            self.database = Some(database);
        }
        if let Some(hosts) = self.take("host") {
            self.name_hosts(&hosts);
        } else if let Some(hosts) = self.host.clone().filter(|hosts| hosts.contains(',')) {
            self.name_hosts(&hosts);
        }
        self.count_addresses()?;
        if let Some(ports) = self.take("port") {
            self.name_ports(&ports)?;
        }
        let mut hosts: Vec<&mut String> = self.host.iter_mut().collect();
        hosts.extend(self.others.iter_mut().filter_map(|place| place.host.as_mut()));
        for host in hosts {
            *host = url::without_brackets(host)?;
            url::check_host(host)?;
        }
        Ok(())
    }

    /// Names between commas. The ports stay where there is one for each.
    fn name_hosts(&mut self, hosts: &str) {
        let mut names = hosts
            .split(',')
            .map(|host| Some(host.trim().to_owned()).filter(|host| !host.is_empty()));
        self.host = names.next().flatten();
        let ports: Vec<Option<u16>> = self.others.iter().map(|place| place.port).collect();
        let place = |(number, host): (usize, Option<String>)| Place {
            host,
            port: ports.get(number).copied().unwrap_or(self.port),
            password: None,
        };
        self.others = names.enumerate().map(place).collect();
    }

    /// Addresses between commas: one for each host, or in place of hosts.
    fn count_addresses(&mut self) -> Result<(), DatabaseError> {
        let said = self.parameters.iter().find(|(name, _)| name == "hostaddr");
        let Some((_, said)) = said else { return Ok(()) };
        let addresses: Vec<&str> = said.split(',').collect();
        if addresses
            .iter()
            .any(|address| !address.is_empty() && !url::is_ip(address))
        {
            return Err(bad(
                "`hostaddr` is no IP address",
                "a name stands in `host`; `hostaddr` is only the address, or one for each host between commas",
            ));
        }
        if self.host.is_none() && self.others.is_empty() {
            let port = self.port;
            let place = |_: &&str| Place {
                port,
                ..Place::default()
            };
            self.others = addresses.iter().skip(1).map(place).collect();
        }
        let hosts = 1 + self.others.len();
        match addresses.len() == hosts {
            true => Ok(()),
            false => {
                let message = format!("it names {hosts} hosts and {} addresses in `hostaddr`", addresses.len());
                Err(bad(&message, "each host has one, between commas"))
            }
        }
    }

    /// The address in `hostaddr` that is for one of the hosts alone.
    fn keep_address(&mut self, number: usize) {
        if let Some(said) = self.take("hostaddr") {
            let own = said.split(',').nth(number).filter(|address| !address.is_empty());
            self.parameters
                .extend(own.map(|address| ("hostaddr".to_owned(), address.to_owned())));
        }
    }

    /// One port for all hosts, or one for each.
    fn name_ports(&mut self, ports: &str) -> Result<(), DatabaseError> {
        let mut read = Vec::new();
        for port in ports.split(',') {
            read.push(match port.trim() {
                "" => None,
                port => Some(url::read_port(port)?),
            });
        }
        let hosts = 1 + self.others.len();
        if read.len() != 1 && read.len() != hosts {
            let message = format!("it names {hosts} hosts and {} ports", read.len());
            return Err(bad(&message, "one port is for all hosts, or each has its own"));
        }
        let mut read = read.into_iter().cycle();
        self.port = read.next().flatten();
        for place in &mut self.others {
            place.port = read.next().flatten();
        }
        Ok(())
    }

    /// Whether the database is on this machine: a unix socket or a loopback address.
    pub fn is_local(&self) -> bool {
        let zone = |host: &str| host.split('%').next().unwrap_or_default().to_owned();
        let is_local = |host: Option<&str>| match host {
            None | Some("" | "localhost") => true,
            Some(host) if host.starts_with('/') => true,
            Some(host) => zone(host).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        };
        // What is connected to is the address, where there is one besides the name.
        let addresses = self.parameters.iter().filter(|(name, _)| name == "hostaddr");
        let mut addresses = addresses.flat_map(|(_, said)| said.split(','));
        is_local(self.host.as_deref()) && addresses.all(|address| is_local(Some(address)))
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
    fn each_of_several_hosts_has_its_address_and_an_address_is_one() {
        let places = |url: &str| -> Vec<(Option<String>, Option<String>)> {
            let places = Target::from_url(url).unwrap().places();
            let place = |place: Target| {
                let address = place.parameter("hostaddr").map(str::to_owned);
                (place.address.host, address)
            };
            places.into_iter().map(place).collect()
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            places("postgres://a,b/d?hostaddr=192.0.2.1,::1"),
            [(some("a"), some("192.0.2.1")), (some("b"), some("::1"))]
        );
        assert_eq!(
            places("postgres://a,b/d?hostaddr=,192.0.2.2"),
            [(some("a"), None), (some("b"), some("192.0.2.2"))]
        );
        assert_eq!(
            places("postgres:///d?hostaddr=192.0.2.1,192.0.2.2&port=1,2"),
            [(None, some("192.0.2.1")), (None, some("192.0.2.2"))]
        );
        for (url, words) in [
            ("postgres://a,b/d?hostaddr=192.0.2.1", "2 hosts and 1 addresses"),
            ("postgres://a/d?hostaddr=192.0.2.1,192.0.2.2", "1 hosts and 2 addresses"),
            ("postgres://a/d?hostaddr=s3cret", "no IP address"),
        ] {
            let error = Target::from_url(url).unwrap_err();
            assert!(error.message.contains(words), "{url}: {error}");
            assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
        }
    }

    #[test]
    fn what_may_be_a_piece_of_a_password_is_not_repeated_wherever_it_lands() {
        for url in [
            "postgres://u:Tr0ub@dor/s3cret@localhost:1/d",
            "mysql://u:Tr0ub@dor/s3cret@localhost:1/d",
            "postgres://u:a@b?s3cret=x@h/d",
            "postgres://u:a@b/d?x=1&s3cret@h/d",
            "postgres:///d?host=u:s3cret@localhost",
            "postgres:///d?host=u:s3cret%40localhost",
            "postgres:///d?host=u:s3cret",
            "postgres:///d?host=a,x/s3cret",
            "postgres:///d?user=u:s3cret@x",
            "postgres://u%2Fs3cret%40h@x%2Fs3cret/d",
            "jdbc:postgresql:u:s3cret",
            "jdbc:postgresql:u/s3cret@h",
            "jdbc:mysql://h,u:s3cret/d",
            "Data Source=a.db Password=s3cret",
            "Data Source=a.db;Password=s3cret",
            "sqlite3:a.db Password=s3cret",
            "jdbc:sqlite:a.db;password=s3cret",
        ] {
            let error = Target::from_url(url).unwrap_err();
            let told = format!("{} {}", error.message, error.hint.unwrap_or_default());
            assert!(!told.contains("s3cret"), "{url}: {told}");
        }
        let database = Target::from_url("postgres://h/d%40x").unwrap().address.database;
        assert_eq!(database.as_deref(), Some("d@x"));
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
