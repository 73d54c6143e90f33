//! What the driver is told about where the server is and how to get in.

use std::str::FromStr;

use secrecy::ExposeSecret;
use sqlx::ConnectOptions;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

use crate::code::Code;
use crate::database::server::{are_paired, files_are_there, zone};
use crate::database::{DatabaseError, Target};

pub(super) fn options(target: &Target) -> Result<MySqlConnectOptions, DatabaseError> {
    are_paired(target, "ssl-cert", "ssl-key")?;
    files_are_there(target, &["ssl-ca", "ssl-cert", "ssl-key"])?;
    let address = &target.address;
    // What the driver would set for the session is the server's to say.
    let mut options = MySqlConnectOptions::new()
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .statement_cache_capacity(0)
        .ssl_mode(encryption(target)?)
        .disable_statement_logging();
    match address.host.as_deref() {
        Some(path) if path.starts_with('/') => options = options.socket(path),
        Some(host) if !host.is_empty() => options = options.host(host),
        _ => {}
    }
    if let Some(port) = address.port {
        options = options.port(port);
    }
    options = options.username(&target.login());
    if let Some(password) = &address.password {
        options = options.password(password.expose_secret());
    }
    if let Some(database) = address.database.as_deref().filter(|name| !name.is_empty()) {
        options = options.database(database);
    }
    for (name, value) in &address.parameters {
        options = match name.as_str() {
            "socket" => options.socket(value),
            "ssl-ca" => options.ssl_ca(value),
            "ssl-cert" => options.ssl_client_cert(value),
            "ssl-key" => options.ssl_client_key(value),
            _ => options,
        };
    }
    Ok(options)
}

/// The clients' default asks for encryption and takes none. Away from this machine that is not good enough, so nothing less than
/// a checked certificate is the default there.
fn encryption(target: &Target) -> Result<MySqlSslMode, DatabaseError> {
    let local = target.address.is_local() || target.parameter("socket").is_some();
    let wrong = |what: &str| DatabaseError::new(Code::BadUrl, format!("the database URL is wrong: {what}"));
    let mode = match target.parameter("ssl-mode") {
        None if local => MySqlSslMode::Preferred,
        None => MySqlSslMode::VerifyIdentity,
        Some(said) => MySqlSslMode::from_str(&said.to_uppercase().replace('-', "_")).map_err(|_| {
            wrong("`ssl-mode` has a value that it cannot have")
                .hint("`ssl-mode` is one of `disabled`, `preferred`, `required`, `verify-ca`, `verify-identity`")
        })?,
    };
    // Whoever names an authority wants it to be looked at; the clients look at it from then on as well.
    let mode = match mode {
        MySqlSslMode::Required if target.parameter("ssl-ca").is_some() => MySqlSslMode::VerifyCa,
        mode => mode,
    };
    let host = target.address.host.as_deref().unwrap_or_default();
    match zone(host) {
        Some(zone) if !matches!(mode, MySqlSslMode::Disabled | MySqlSslMode::Preferred) => {
            let what = format!("no certificate is for an address with a zone (`%{zone}`)");
            Err(wrong(&what).hint("such an address is on the same link: name the host, or say `ssl-mode=disabled`"))
        }
        _ => Ok(mode),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_is_told_each_part_and_reads_none_itself() {
        let told = |url: &str| options(&Target::from_url(url).unwrap()).unwrap();
        let options = told("mysql://m%40e:p@[::1]:6000/a%2Fb");
        assert_eq!((options.get_host(), options.get_port()), ("::1", 6000));
        assert_eq!((options.get_username(), options.get_database()), ("m@e", Some("a/b")));
        let system = whoami::username().unwrap();
        assert_eq!(told("mysql://localhost/d").get_username(), system);
    }

    #[test]
    fn encryption_with_a_checked_certificate_is_the_default_away_from_this_machine() {
        let mode = |url: &str| encryption(&Target::from_url(url).unwrap()).unwrap();
        assert!(matches!(
            mode("mysql://db.example.org/shop"),
            MySqlSslMode::VerifyIdentity
        ));
        assert!(matches!(
            mode("mysql://db.example.org/shop?ssl-mode=verify-ca"),
            MySqlSslMode::VerifyCa
        ));
        for local in [
            "mysql://localhost/x",
            "mariadb://127.0.0.1/x",
            "mysql://[::1]/x",
            "mysql:///x?socket=/run/mysqld/mysqld.sock",
        ] {
            assert!(matches!(mode(local), MySqlSslMode::Preferred), "{local}");
        }
        assert!(Target::from_url("mysql://h/x?ssl-mode=canary").is_err());
        for half in ["ssl-cert", "ssl-key"] {
            let error = options(&Target::from_url(&format!("mysql://h/x?{half}=/a.pem")).unwrap()).unwrap_err();
            assert_eq!(error.code, Code::BadUrl, "{error}");
        }
        assert!(encryption(&Target::from_url("mysql://[fe80::1%25eth0]/x").unwrap()).is_err());
        assert!(matches!(
            mode("mysql://db.example.org/shop?ssl-mode=REQUIRED&ssl-ca=/ca.pem"),
            MySqlSslMode::VerifyCa
        ));
    }
}
