//! What the driver is told about where the server is and how to get in.

use std::str::FromStr;

use secrecy::ExposeSecret;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::code::Code;
use crate::database::server::files_are_there;
use crate::database::{Address, DatabaseError, Target};

/// A URL with everything in it, for the driver's parser. Not to be shown.
fn secret_url(address: &Address) -> String {
    let encode = |text: &str| {
        text.bytes().fold(String::new(), |mut url, byte| {
            use std::fmt::Write;
            let _ = if byte.is_ascii_alphanumeric() {
                write!(url, "{}", char::from(byte))
            } else {
                write!(url, "%{byte:02X}")
            };
            url
        })
    };
    let mut url = format!(
        "postgres:///{}?",
        encode(address.database.as_deref().unwrap_or_default())
    );
    let mut add = |name: &str, value: &str| url.push_str(&format!("{name}={}&", encode(value)));
    if let Some(host) = &address.host {
        add("host", host);
    }
    if let Some(port) = address.port {
        add("port", &port.to_string());
    }
    if let Some(user) = &address.user {
        add("user", user);
    }
    if let Some(password) = &address.password {
        add("password", password.expose_secret());
    }
    for (name, value) in &address.parameters {
        add(name, value);
    }
    url
}

pub(super) fn options(target: &Target) -> Result<PgConnectOptions, DatabaseError> {
    files_are_there(target, &["sslrootcert", "sslcert", "sslkey"])?;
    let url = secret_url(&target.address);
    let wrong = |_| {
        DatabaseError::new(
            Code::BadUrl,
            format!("a parameter of {target} has a value that it cannot have"),
        )
        .hint("`sslmode` is one of `disable`, `prefer`, `require`, `verify-ca`, `verify-full`")
    };
    let mut options = PgConnectOptions::from_str(&url)
        .map_err(wrong)?
        // PgBouncer refuses to hear of it, and nothing here reads numbers with a fraction.
        .extra_float_digits(None)
        .disable_statement_logging();
    if target.parameter("application_name").is_none() {
        options = options.application_name("syncline");
    }
    Ok(match default_encryption(target) {
        Some(mode) => options.ssl_mode(mode),
        None => options,
    })
}

/// libpq's default asks for encryption and takes none. Away from this machine that is not good enough, so nothing less than a
/// checked certificate is the default there.
fn default_encryption(target: &Target) -> Option<PgSslMode> {
    let said = target.parameter("sslmode").is_some();
    (!said && !target.address.is_local()).then_some(PgSslMode::VerifyFull)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encryption_with_a_checked_certificate_is_the_default_away_from_this_machine() {
        let mode = |url: &str| default_encryption(&Target::from_url(url).unwrap());
        assert!(matches!(
            mode("postgres://db.example.org/shop"),
            Some(PgSslMode::VerifyFull)
        ));
        assert!(mode("postgres://db.example.org/shop?sslmode=require").is_none());
        for local in [
            "postgres://localhost/x",
            "postgres://127.0.0.1/x",
            "postgres://[::1]/x",
            "postgres:///x?host=/run/postgresql",
        ] {
            assert!(mode(local).is_none(), "{local}");
        }
    }
}
