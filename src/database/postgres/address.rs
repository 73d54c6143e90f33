//! What the driver is told about where the server is and how to get in: every part of it, so that nothing is the driver's own reading.

use std::path::Path;
use std::str::FromStr;

use secrecy::ExposeSecret;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::code::Code;
use crate::database::server::{are_paired, files_are_there, zone};
use crate::database::{DatabaseError, Target};

pub(super) const PORT: u16 = 5432;

pub(super) fn options(target: &Target) -> Result<PgConnectOptions, DatabaseError> {
    let (mode, authority) = encryption(target)?;
    if target.parameter("sslcertmode") != Some("disable") {
        are_paired(target, "sslcert", "sslkey")?;
    }
    files_are_there(target, &["sslcert", "sslkey"])?;
    if authority != Some("system") {
        files_are_there(target, &["sslrootcert"])?;
    }
    let Some(user) = Some(target.login()).filter(|user| !user.is_empty()) else {
        let message = format!("{target} names no user, and the system does not know who runs this");
        return Err(DatabaseError::new(Code::BadUrl, message).hint("write `postgres://USER@host/database`"));
    };
    if target.parameter("service").is_some() {
        return Err(DatabaseError::new(
            Code::BadUrl,
            "`service` was not looked up: see `Target::surround`",
        ));
    }
    let address = &target.address;
    let port = address.port.unwrap_or(PORT);
    let mut options = session_options(target)?
        .host(&host(target, port))
        .port(port)
        .username(&user)
        // None is an empty one to the driver, which would take that of the environment.
        .password(
            address
                .password
                .as_ref()
                .map_or("", |password| password.expose_secret()),
        )
        .database(address.database.as_deref().unwrap_or(&user))
        .ssl_mode(mode)
        // PgBouncer refuses to hear of it, and nothing here reads numbers with a fraction.
        .extra_float_digits(None)
        .application_name(application(target))
        .disable_statement_logging();
    options = match authority {
        // The driver trusts those of the system besides.
        None | Some("system") => options.ssl_root_cert_from_pem(Vec::new()),
        Some(file) if is_text(file) => options.ssl_root_cert_from_pem(file.as_bytes().to_vec()),
        Some(file) => options.ssl_root_cert(file),
    };
    if let (Some(cert), Some(key)) = (target.parameter("sslcert"), target.parameter("sslkey"))
        && target.parameter("sslcertmode") != Some("disable")
    {
        options = match is_text(cert) {
            true => options.ssl_client_cert_from_pem(cert),
            false => options.ssl_client_cert(cert),
        };
        options = match is_text(key) {
            true => options.ssl_client_key_from_pem(key),
            false => options.ssl_client_key(key),
        };
    }
    Ok(options)
}

/// The driver takes the text of a certificate as well.
pub(super) fn is_text(value: &str) -> bool {
    value.trim_start().starts_with("-----BEGIN")
}

/// What the session is set to at its start. The driver's builder takes single settings only, so its parser is handed the words of
/// `options`, which libpq sends as they stand, and nothing else.
fn session_options(target: &Target) -> Result<PgConnectOptions, DatabaseError> {
    use crate::database::target::url::encode;
    // With a password, the driver does not look for one.
    let mut url = "postgres://x:x@localhost/?".to_owned();
    for (name, value) in &target.address.parameters {
        if name == "options" || name.starts_with("options[") {
            url.push_str(&format!("{}={}&", encode(name), encode(value)));
        }
    }
    PgConnectOptions::from_str(&url)
        .map_err(|_| DatabaseError::new(Code::BadUrl, format!("`options` of {target} cannot be sent")))
}

fn application(target: &Target) -> &str {
    let said = |name| target.parameter(name).filter(|name| !name.is_empty());
    said("application_name")
        .or_else(|| said("fallback_application_name"))
        .unwrap_or("syncline")
}

/// Where to connect: the address, or else the name, or else the socket that is looked at where nothing is said.
pub(super) fn host(target: &Target, port: u16) -> String {
    let said = target.parameter("hostaddr").or(target.address.host.as_deref());
    let sockets = ["/var/run/postgresql", "/private/tmp", "/tmp"];
    let there = |directory: &&&str| Path::new(directory).join(format!(".s.PGSQL.{port}")).exists();
    match said {
        Some(host) if !host.is_empty() => host.to_owned(),
        _ => sockets.iter().find(there).unwrap_or(&"localhost").to_string(),
    }
}

/// How strict encryption is, and the file of authorities.
///
/// libpq's default asks for encryption and takes none. Away from this machine that is not good enough, so nothing less than a
/// checked certificate is the default there.
fn encryption(target: &Target) -> Result<(PgSslMode, Option<&str>), DatabaseError> {
    let wrong = |what: &str, hint: &str| {
        Err(DatabaseError::new(Code::BadUrl, format!("the database URL is wrong: {what}")).hint(hint))
    };
    let authority = target.parameter("sslrootcert").filter(|file| !file.is_empty());
    let said = target.parameter("sslmode");
    let mode = match said {
        // In plain text first and encrypted where that is refused, to libpq: the other way round everybody gets in as well.
        Some("allow") => PgSslMode::Prefer,
        Some(word) => match PgSslMode::from_str(word) {
            // As libpq has it for the sake of old programs.
            Ok(PgSslMode::Require) if authority.is_some_and(|file| file != "system") => PgSslMode::VerifyCa,
            Ok(mode) => mode,
            Err(_) => {
                let modes = "`sslmode` is one of `disable`, `allow`, `prefer`, `require`, `verify-ca`, `verify-full`";
                return wrong("`sslmode` has a value that it cannot have", modes);
            }
        },
        None if authority == Some("system") || !target.address.is_local() => PgSslMode::VerifyFull,
        None => PgSslMode::Prefer,
    };
    let host = target.address.host.as_deref().unwrap_or_default();
    let address = target.parameter("hostaddr");
    if address.is_none() && (host.is_empty() || host.starts_with('/')) {
        // libpq encrypts nothing there, whatever the mode is.
        let mode = if host.starts_with('/') {
            PgSslMode::Disable
        } else {
            mode
        };
        return asked_for(target, mode).map(|()| (mode, authority));
    }
    let checks_name = matches!(mode, PgSslMode::VerifyFull);
    if authority == Some("system") && !checks_name {
        return wrong(
            "`sslrootcert=system` takes nothing less than `sslmode=verify-full`",
            "anybody can have a certificate of those authorities: only the name in it tells whose it is",
        );
    }
    if let Some(zone) = zone(address.unwrap_or(host))
        && !matches!(mode, PgSslMode::Disable | PgSslMode::Prefer)
    {
        return wrong(
            &format!("no certificate is for an address with a zone (`%{zone}`)"),
            "such an address is on the same link: name the host, or say `sslmode=disable`",
        );
    }
    asked_for(target, mode).map(|()| (mode, authority))
}

/// Refuses what only encryption could hold to, where nothing need be encrypted.
fn asked_for(target: &Target, mode: PgSslMode) -> Result<(), DatabaseError> {
    let is_open = matches!(mode, PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer);
    let asked = [("channel_binding", "require"), ("sslnegotiation", "direct")];
    let asked = asked.iter().find(|(name, value)| target.parameter(name) == Some(value));
    match asked.filter(|_| is_open) {
        Some((name, value)) => {
            let what = format!("the database URL is wrong: `{name}={value}`, and nothing need be encrypted");
            Err(DatabaseError::new(Code::BadUrl, what)
                .hint("say `sslmode=require`, or better `sslmode=verify-full`; on a unix socket leave it out"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> Result<(PgSslMode, Option<String>), DatabaseError> {
        let target = Target::from_url(url)?;
        encryption(&target).map(|(mode, authority)| (mode, authority.map(str::to_owned)))
    }

    #[test]
    fn encryption_with_a_checked_certificate_is_the_default_away_from_this_machine() {
        for (url, expected) in [
            ("postgres://db.example.org/shop", "VerifyFull"),
            ("postgres://db.example.org/shop?sslmode=require", "Require"),
            ("postgres://db.example.org/shop?sslmode=allow", "Prefer"),
            (
                "postgres://db.example.org/shop?sslmode=require&sslrootcert=/ca.pem",
                "VerifyCa",
            ),
            ("postgres://localhost/x?sslrootcert=system", "VerifyFull"),
            ("postgres://h/x?sslrootcert=system&sslmode=verify-full", "VerifyFull"),
            ("postgres:///x?host=/run/postgresql&sslmode=verify-full", "Disable"),
            ("postgres:///x?hostaddr=192.0.2.1", "VerifyFull"),
            ("postgres://h/x?hostaddr=192.0.2.1&sslmode=require", "Require"),
            ("postgres://h/x?hostaddr=192.0.2.1", "VerifyFull"),
            ("postgres://[fe80::1%25eth0]/x?sslmode=disable", "Disable"),
            ("postgres://localhost/x", "Prefer"),
            ("postgres://127.0.0.1/x", "Prefer"),
            ("postgres://[::1]/x", "Prefer"),
            ("postgres://[::1%251]/x", "Prefer"),
            ("postgres://[2001:db8::1]/x", "VerifyFull"),
        ] {
            assert_eq!(format!("{:?}", mode(url).unwrap().0), expected, "{url}");
        }
        for (url, words) in [
            ("postgres://h/x?sslrootcert=system&sslmode=require", "nothing less than"),
            (
                "postgres://localhost/x?channel_binding=require",
                "nothing need be encrypted",
            ),
            (
                "postgres://localhost/x?channel_binding=REQUIRE",
                "nothing need be encrypted",
            ),
            (
                "postgres:///x?host=/tmp&channel_binding=require&sslmode=require",
                "nothing need be encrypted",
            ),
            (
                "postgres://h/x?sslmode=prefer&sslnegotiation=direct",
                "nothing need be encrypted",
            ),
            ("postgres://[fe80::1%25eth0]/x", "address with a zone (`%eth0`)"),
        ] {
            let error = mode(url).unwrap_err();
            assert!(error.message.contains(words), "{url}: {error}");
        }
    }

    #[test]
    fn a_certificate_without_its_key_is_refused_and_a_key_is_not_shown_as_a_path() {
        let told = |url: &str| options(&Target::from_url(url).unwrap()).unwrap_err();
        for (url, words) in [
            (
                "postgres://u@h/d?sslcert=a.pem",
                "`sslcert` is said, and `sslkey` is not",
            ),
            (
                "postgres://u@h/d?sslkey=a.pem",
                "`sslkey` is said, and `sslcert` is not",
            ),
        ] {
            let error = told(url);
            assert_eq!(
                (error.code, error.message.contains(words)),
                (Code::BadUrl, true),
                "{error}"
            );
        }
        for key in [
            "%22-----BEGIN PRIVATE KEY-----%0As3cret",
            &format!("MIIE{}s3cret", "a".repeat(80)),
        ] {
            let error = told(&format!("postgres://u@h/d?sslcert={key}&sslkey={key}"));
            assert_eq!(
                (error.code, error.message.contains("s3cret")),
                (Code::Tls, false),
                "{error}"
            );
        }
    }

    #[test]
    fn the_driver_is_told_each_part_and_reads_none_itself() {
        let told = |url: &str| options(&Target::from_url(url).unwrap()).unwrap();
        let options = told("postgres://m%40e:p@[::1]:6000/a%2Fb?options=-c%20x%3Dy&application_name=z&sslmode=disable");
        assert_eq!((options.get_host(), options.get_port()), ("::1", 6000));
        assert_eq!((options.get_username(), options.get_database()), ("m@e", Some("a/b")));
        assert_eq!(options.get_application_name(), Some("z"));
        assert!(options.get_options().is_some_and(|options| options.ends_with("-c x=y")));
        let system = whoami::username().unwrap();
        let options = told("postgres://h?sslmode=disable");
        assert_eq!(
            (options.get_username(), options.get_database()),
            (system.as_str(), Some(system.as_str()))
        );
        assert_eq!(
            (options.get_port(), options.get_application_name()),
            (5432, Some("syncline"))
        );
        assert_eq!(
            told("postgres://me@h/d?hostaddr=192.0.2.7&sslmode=require").get_host(),
            "192.0.2.7"
        );
        assert_eq!(told("postgres:///d?host=/tmp/x").get_host(), "/tmp/x");
    }
}
