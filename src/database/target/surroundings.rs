//! What the environment says where the URL says nothing, as psql and mysql look at it: variables, `~/.pgpass`, `~/.pg_service.conf`.

use std::fs;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::words::{self, Word};
use super::{Address, Target};
use crate::code::Code;
use crate::database::DatabaseError;

/// Looks up a variable of the environment.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Where services are, unless a variable says it: psql looks into both.
const SERVICES: &str = ".pg_service.conf";
const PASSWORDS: &str = ".pgpass";

impl Target {
    /// Adds what the environment says and the URL does not, as the database's own client would have it: on PostgreSQL `PGHOST`, `PGUSER`,
    /// `PGPASSWORD`, `PGSERVICE` and the others of libpq with their files, on MySQL and MariaDB `MYSQL_HOST`, `MYSQL_TCP_PORT`,
    /// `MYSQL_UNIX_PORT` and `MYSQL_PWD`. Returns what should be said of it.
    ///
    /// # Errors
    /// When a variable asks for what would not be so, or a service is not there.
    pub fn surround(&mut self, lookup: Lookup<'_>) -> Result<Vec<String>, DatabaseError> {
        let get = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let home = get("HOME").map(PathBuf::from);
        let variables = self.engine.variables;
        let knows = |word: &str| words::word(self.engine, word).is_some();
        let (has_services, has_passwords) = (knows("service"), knows("passfile"));
        if has_services && let Some(service) = self.address.take("service").or_else(|| get("PGSERVICE")) {
            let named = get("PGSERVICEFILE").map(PathBuf::from);
            let file = named.or_else(|| home.as_ref().map(|home| home.join(SERVICES)));
            let shared = get("PGSYSCONFDIR").map_or_else(|| PathBuf::from("/etc/postgresql-common"), PathBuf::from);
            let files = [file, Some(shared.join("pg_service.conf"))];
            let lines = files.into_iter().flatten().find_map(|file| section(&file, &service));
            let Some(lines) = lines else {
                let message = format!("there is no service `{service}`");
                return Err(DatabaseError::new(Code::BadUrl, message)
                    .hint("look at `~/.pg_service.conf`, or at what PGSERVICEFILE names"));
            };
            for (name, value) in lines {
                self.fill(&name, value, &format!("service `{service}`"))?;
            }
        }
        for (variable, word) in variables {
            if *word != "service"
                && let Some(value) = get(variable)
            {
                self.fill(word, value, &format!("the environment variable {variable}"))?;
            }
        }
        self.take_words()?;
        let said = self.address.take("passfile");
        if !has_passwords || self.address.password.is_some() {
            return Ok(Vec::new());
        }
        let file = said
            .map(PathBuf::from)
            .or_else(|| home.map(|home| home.join(PASSWORDS)));
        Ok(file.and_then(|file| self.look_up(&file)).into_iter().collect())
    }

    /// Says a word, unless it is said.
    fn fill(&mut self, name: &str, value: String, origin: &str) -> Result<(), DatabaseError> {
        let wrong =
            |what: &str, hint: &str| Err(DatabaseError::new(Code::BadUrl, format!("{origin}: {what}")).hint(hint));
        let Some(word) = words::word(self.engine, name) else {
            return wrong(&format!("there is no word `{name}`"), "look at the file of services");
        };
        if self.says(word) {
            return Ok(());
        }
        let value = match words::taken(word, value) {
            Ok(value) => value,
            Err((what, hint)) => return wrong(&what, &hint),
        };
        self.address.parameters.push((word.name.to_owned(), value));
        let absorbed = self.address.absorb();
        absorbed.map_err(|error| DatabaseError {
            message: format!("{origin}: {}", error.message),
            ..error
        })
    }

    fn says(&self, word: &Word) -> bool {
        let Address {
            host,
            port,
            others,
            user,
            password,
            database,
            parameters,
        } = &self.address;
        match word.name {
            "host" => {
                let is_named = host.is_some() || others.iter().any(|place| place.host.is_some());
                is_named || self.parameter("socket").is_some()
            }
            "socket" => host.is_some() || self.parameter("socket").is_some(),
            "port" => port.is_some() || others.iter().any(|place| place.port.is_some()),
            "user" => user.is_some(),
            "password" => password.is_some(),
            "dbname" => database.is_some(),
            "connect_timeout" => self.connect_timeout != super::CONNECT_TIMEOUT,
            name => parameters.iter().any(|(known, _)| known == name),
        }
    }

    /// Looks for the passwords of all hosts. Returns why the file was passed over.
    fn look_up(&mut self, file: &Path) -> Option<String> {
        let about = fs::metadata(file).ok().filter(fs::Metadata::is_file)?;
        if is_shared(&about) {
            return Some(format!(
                "{} is not looked at, since others can read it: `chmod 600` it",
                file.display()
            ));
        }
        let text = fs::read_to_string(file).ok()?;
        let user = self.login();
        let database = self.address.database.clone().unwrap_or_else(|| user.clone());
        let find = |host: Option<&str>, port: Option<u16>| {
            // The directory of the socket that is looked at by default is called so, too.
            let host = host.filter(|host| !host.is_empty() && *host != "/var/run/postgresql");
            let port = port.unwrap_or(5432).to_string();
            password(&text, [host.unwrap_or("localhost"), &port, &database, &user])
        };
        let Address { host, port, others, .. } = &mut self.address;
        for place in others {
            place.password = find(place.host.as_deref(), place.port);
        }
        self.address.password = find(host.as_deref(), *port);
        None
    }
}

#[cfg(unix)]
fn is_shared(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_shared(_: &fs::Metadata) -> bool {
    false
}

/// The password in a file of passwords: the first line counts whose four fields are these, or `*`
/// (<https://www.postgresql.org/docs/current/libpq-pgpass.html>).
fn password(text: &str, wanted: [&str; 4]) -> Option<SecretString> {
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let mut fields = fields(line).into_iter();
        let fits = wanted.iter().all(|wanted| {
            let field = fields.next();
            field.is_some_and(|field| field == *wanted || field == "*")
        });
        fields
            .next()
            .filter(|password| fits && !password.is_empty())
            .map(Into::into)
    })
}

/// The fields between colons. A backslash makes the next character a part of its field.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match (c, fields.last_mut()) {
            ('\\', Some(field)) => field.extend(characters.next()),
            (':', _) => fields.push(String::new()),
            (c, Some(field)) => field.push(c),
            _ => {}
        }
    }
    fields
}

/// The lines `NAME=VALUE` of a section `[NAME]` (<https://www.postgresql.org/docs/current/libpq-pgservice.html>).
fn section(file: &Path, service: &str) -> Option<Vec<(String, String)>> {
    let text = fs::read_to_string(file).ok()?;
    let mut found: Option<Vec<(String, String)>> = None;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            if found.is_some() {
                break;
            }
            found = (name == service).then(Vec::new);
        } else if let (Some(lines), Some((name, value))) = (&mut found, line.split_once('=')) {
            lines.push((name.to_owned(), value.to_owned()));
        }
    }
    found
}

/// The user of the system that this process runs as, whatever its environment says.
pub(super) fn system_user() -> Option<String> {
    whoami::username().ok().filter(|user| !user.is_empty())
}

/// Whether a URL holds a password, also one that only the application understands.
pub fn holds_password(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let said = ["password=", "pwd=", "passwd="].iter().any(|word| lower.contains(word));
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let login = rest.split('?').next().unwrap_or_default().rsplit_once('@');
    said || login.is_some_and(|(login, _)| login.contains(':'))
}

#[cfg(all(test, feature = "postgres", feature = "mysql"))]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn surrounded(url: &str, variables: &[(&str, &str)]) -> Result<Target, DatabaseError> {
        let mut target = Target::from_url(url)?;
        let lookup = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        target.surround(&lookup)?;
        Ok(target)
    }

    fn secret(target: &Target) -> Option<&str> {
        target.address.password.as_ref().map(ExposeSecret::expose_secret)
    }

    #[test]
    fn what_the_url_leaves_open_is_taken_from_the_environment_and_nothing_else() {
        const ALL: &[(&str, &str)] = &[
            ("PGHOST", "a.example"),
            ("PGPORT", "6000"),
            ("PGUSER", "zoe"),
            ("PGPASSWORD", "pw"),
            ("PGDATABASE", "shop"),
            ("PGSSLMODE", "require"),
            ("PGCONNECT_TIMEOUT", "7"),
            ("MYSQL_HOST", "m.example"),
        ];
        let target = surrounded("postgres://", ALL).unwrap();
        assert_eq!(target.to_string(), "postgres://zoe:***@a.example:6000/shop");
        assert_eq!(
            (secret(&target), target.parameter("sslmode")),
            (Some("pw"), Some("require"))
        );
        assert_eq!(target.connect_timeout.as_secs(), 7);
        let target = surrounded("postgres://me:own@h:1/d?sslmode=disable&connect_timeout=3", ALL).unwrap();
        assert_eq!(target.to_string(), "postgres://me:***@h:1/d");
        assert_eq!(
            (secret(&target), target.parameter("sslmode")),
            (Some("own"), Some("disable"))
        );
        assert_eq!(target.connect_timeout.as_secs(), 3);
        let target = surrounded("mysql:///d", ALL).unwrap();
        assert_eq!(target.to_string(), "mysql://m.example/d");
        let target = surrounded("mysql:///d?socket=/s", ALL).unwrap();
        assert_eq!(target.address.host, None);
        let target = surrounded("postgres://h/d", &[("PGHOST", ""), ("PGUSER", "")]).unwrap();
        assert_eq!(target.to_string(), "postgres://h/d");
    }

    #[test]
    fn a_variable_that_asks_for_what_would_not_be_so_is_named() {
        let error = surrounded("postgres://h/d", &[("PGGSSENCMODE", "require")]).unwrap_err();
        assert!(error.message.contains("PGGSSENCMODE: `gssencmode=require`"), "{error}");
        let error = surrounded("postgres://h/d", &[("PGPORT", "s3cret")]).unwrap_err();
        assert!(
            error.message.contains("PGPORT") && !error.message.contains("s3cret"),
            "{error}"
        );
    }

    #[test]
    fn passwords_are_looked_up_as_libpq_looks_them_up() {
        const FILE: &str = "# h:1:d:me:no\nh:1:d:you:no\nh\\:x:1:d:me:colon\nh:1:d:me:a\\:b\\\\c\n*:*:other:*:star\nlocalhost:5432:d:me:here\n";
        for (wanted, expected) in [
            (["h", "1", "d", "me"], Some("a:b\\c")),
            (["h:x", "1", "d", "me"], Some("colon")),
            (["h", "1", "other", "me"], Some("star")),
            (["h", "2", "d", "me"], None),
            (["localhost", "5432", "d", "me"], Some("here")),
        ] {
            let found = password(FILE, wanted);
            assert_eq!(found.as_ref().map(ExposeSecret::expose_secret), expected, "{wanted:?}");
        }
    }

    #[test]
    fn files_of_passwords_and_services_say_what_the_url_does_not() {
        let directory = tempfile::tempdir().unwrap();
        let home = directory.path().to_str().unwrap();
        let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
        write(PASSWORDS, "h:5432:d:me:pw\ng:5433:d:me:other\n");
        write(
            SERVICES,
            "[a]\nhost=no\n[b]\n# x\nhost=h\nuser=me\ndbname=d\nsslmode=require\n[c]\nport=1\n[e]\nnonsense=1\n",
        );
        let chmod = |mode: u32| {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(directory.path().join(PASSWORDS), fs::Permissions::from_mode(mode)).unwrap();
        };
        chmod(0o600);
        let variables = [("HOME", home)];
        let target = surrounded("postgres://me@h/d", &variables).unwrap();
        assert_eq!(secret(&target), Some("pw"));
        let target = surrounded("postgres://me@h,g:5433/d", &variables).unwrap();
        let other = target.address.others[0].password.as_ref().unwrap();
        assert_eq!((secret(&target), other.expose_secret()), (Some("pw"), "other"));
        let target = surrounded("postgres://?service=b", &variables).unwrap();
        assert_eq!(target.to_string(), "postgres://me:***@h/d");
        assert_eq!(target.parameter("sslmode"), Some("require"));
        for service in ["nosuch", "e"] {
            let error = surrounded(&format!("postgres://?service={service}"), &variables).unwrap_err();
            assert!(error.message.contains(&format!("service `{service}`")), "{error}");
        }
        chmod(0o644);
        let mut target = Target::from_url("postgres://me@h/d").unwrap();
        let said = target
            .surround(&|name| (name == "HOME").then(|| home.to_owned()))
            .unwrap();
        assert!(
            said[0].contains("chmod 600") && target.address.password.is_none(),
            "{said:?}"
        );
    }

    #[test]
    fn a_password_is_found_wherever_somebody_writes_it() {
        for (url, expected) in [
            ("postgres://me:x@h/d", true),
            ("postgresql+psycopg://me:x@h/d", true),
            ("jdbc:postgresql://h/d?user=me&password=x", true),
            ("me:x@tcp(h:3306)/d", true),
            ("Host=h;Username=me;Password=x", true),
            ("postgres://me@h:5432/d", false),
            ("postgres://h:5432/d?options=a@b", false),
            ("sqlite:a.db", false),
        ] {
            assert_eq!(holds_password(url), expected, "{url}");
        }
    }
}
