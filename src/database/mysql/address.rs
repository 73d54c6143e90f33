//! What the driver is told about where the server is and how to get in.

use std::str::FromStr;

use secrecy::ExposeSecret;
use sqlx::ConnectOptions;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

use crate::code::Code;
use crate::database::server::files_are_there;
use crate::database::{DatabaseError, Target};

pub(super) fn options(target: &Target) -> Result<MySqlConnectOptions, DatabaseError> {
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
        Some(host) if !host.is_empty() => options = options.host(host.trim_matches(['[', ']'])),
        _ => {}
    }
    if let Some(port) = address.port {
        options = options.port(port);
    }
    if let Some(user) = &address.user {
        options = options.username(user);
    }
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
    let Some(said) = target.parameter("ssl-mode") else {
        return Ok(match local {
            true => MySqlSslMode::Preferred,
            false => MySqlSslMode::VerifyIdentity,
        });
    };
    MySqlSslMode::from_str(&said.to_uppercase().replace('-', "_")).map_err(|_| {
        DatabaseError::new(
            Code::BadUrl,
            "the database URL is wrong: `ssl-mode` has a value that it cannot have",
        )
        .hint("`ssl-mode` is one of `disabled`, `preferred`, `required`, `verify-ca`, `verify-identity`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(encryption(&Target::from_url("mysql://h/x?ssl-mode=canary").unwrap()).is_err());
    }
}
