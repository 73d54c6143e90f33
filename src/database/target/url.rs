//! Taking a URL apart: scheme, user, password, servers, database, parameters. Pure, the same for all engines, and no driver is asked.

use super::{Address, Place, bad};
use crate::database::DatabaseError;

/// What is said where a part holds what separates the parts.
pub(super) const ENCODE: &str =
    "percent-encode `@ : / ? # %` in user and password, or give them in parts (`user`, `password-env`, …)";

/// What a URL of a server says, `rest` being all behind the colon of its scheme.
pub(super) fn server(rest: &str) -> Result<Address, DatabaseError> {
    let Some(rest) = rest.strip_prefix("//") else {
        return Err(bad(
            "`//` is missing behind the scheme",
            "write `postgres://user@host/database`",
        ));
    };
    if rest.contains('#') {
        return Err(bad("it holds a `#`", ENCODE));
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    // What stands before it may be a piece of a password, whether or not there is another one.
    if path.contains('@') {
        return Err(bad(
            "an `@` stands behind the first `/`",
            "percent-encode `@ : / ? # %` in user, password and database (`%40` is an `@`), or give them in parts (`user`, `password-env`, …)",
        ));
    }
    let (login, servers) = match authority.rsplit_once('@') {
        Some((login, servers)) => (Some(login), servers),
        None => (None, authority),
    };
    let mut address = Address {
        database: some(path.strip_prefix('/').unwrap_or(path))?,
        ..Address::default()
    };
    if let Some(login) = login {
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        address.user = some(user)?;
        address.password = some(password)?.map(Into::into);
    }
    let mut places = split_hosts(servers)?.into_iter();
    if let Some(first) = places.next() {
        (address.host, address.port) = (first.host, first.port);
    }
    address.others = places.collect();
    address.parameters = parameters(query)?;
    Ok(address)
}

/// Name and value of each parameter. A `+` is a plus, as libpq has it.
fn parameters(query: &str) -> Result<Vec<(String, String)>, DatabaseError> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let read = |pair: &str| {
        let Some((name, value)) = pair.split_once('=') else {
            // It may be a part of a password.
            return Err(bad("something stands behind the `?` without a `=`", ENCODE));
        };
        if pair.contains('@') {
            return Err(bad("an `@` stands behind the `?`", ENCODE));
        }
        Ok((decode(name)?, decode(value)?))
    };
    pairs.map(read).collect()
}

/// Servers between commas, each with a port of its own.
fn split_hosts(servers: &str) -> Result<Vec<Place>, DatabaseError> {
    servers
        .split(',')
        .map(|server| {
            let (host, port) = match server.strip_prefix('[') {
                Some(rest) => {
                    let Some((host, rest)) = rest.split_once(']') else {
                        return Err(bad("a `[` before an IPv6 address is not closed", ENCODE));
                    };
                    if !rest.is_empty() && !rest.starts_with(':') {
                        return Err(bad("something stands between `]` and the port", ENCODE));
                    }
                    // A zone may be written with `%` and, as the standard wants it, with `%25`.
                    let host = decode(host).unwrap_or_else(|_| host.to_owned());
                    check_ipv6(&host)?;
                    (Some(host), rest.strip_prefix(':').unwrap_or_default())
                }
                None if server.matches(':').count() > 1 && is_ipv6(server) => {
                    return Err(bad(
                        "an IPv6 address stands in brackets",
                        "write `[::1]`, and behind it the port: `[::1]:5432`",
                    ));
                }
                None => {
                    let (host, port) = server.split_once(':').unwrap_or((server, ""));
                    (some(host)?, port)
                }
            };
            let port = Some(port).filter(|port| !port.is_empty());
            Ok(Place {
                host,
                port: port.map(read_port).transpose()?,
                password: None,
            })
        })
        .collect()
}

/// A port, as digits.
pub(super) fn read_port(text: &str) -> Result<u16, DatabaseError> {
    let port = text.trim().parse::<u16>().ok().filter(|port| *port > 0);
    port.ok_or_else(|| bad("the port is not a number from 1 to 65535", ENCODE))
}

/// The host without the brackets that a URL wants around an IPv6 address.
pub(super) fn without_brackets(host: &str) -> Result<String, DatabaseError> {
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => check_ipv6(inner).map(|()| inner.to_owned()),
        None if host.starts_with('[') || host.ends_with(']') => {
            Err(bad("a bracket around an IPv6 address has no other half", ENCODE))
        }
        None => Ok(host.to_owned()),
    }
}

/// Refuses what is no host, and may be a piece of a login.
pub(super) fn check_host(host: &str) -> Result<(), DatabaseError> {
    if host.starts_with('/') {
        return Ok(());
    }
    if host.contains(['@', '/']) {
        return Err(bad("a host holds an `@` or a `/`", ENCODE));
    }
    match host.contains(':') && !is_ipv6(host) {
        true => Err(bad(
            "a host holds a `:`",
            "the port stands in `port`; an IPv6 address is one",
        )),
        false => Ok(()),
    }
}

/// Whether it is an address, perhaps with a zone.
pub(super) fn is_ip(text: &str) -> bool {
    is_ipv6(text) || text.parse::<std::net::Ipv4Addr>().is_ok()
}

fn is_ipv6(text: &str) -> bool {
    let address = text.split('%').next().unwrap_or_default();
    address.parse::<std::net::Ipv6Addr>().is_ok()
}

fn check_ipv6(text: &str) -> Result<(), DatabaseError> {
    match is_ipv6(text) {
        true => Ok(()),
        false => Err(bad("what stands in brackets is no IPv6 address", ENCODE)),
    }
}

fn some(part: &str) -> Result<Option<String>, DatabaseError> {
    match part.is_empty() {
        true => Ok(None),
        false => decode(part).map(Some),
    }
}

fn decode(part: &str) -> Result<String, DatabaseError> {
    let bytes = percent_decode(part).ok_or_else(|| bad("a `%` is not followed by two hexadecimal digits", ENCODE))?;
    let text = String::from_utf8(bytes).map_err(|_| bad("a percent-encoded part is not UTF-8", ENCODE))?;
    match text.contains('\0') {
        true => Err(bad("it holds a `%00`, which no server takes", ENCODE)),
        false => Ok(text),
    }
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
        let digits = after.get(..2)?;
        let value = |digit: u8| char::from(digit).to_digit(16);
        let (high, low) = (value(*digits.first()?)?, value(*digits.get(1)?)?);
        bytes.push((high * 16 + low) as u8);
        rest = after.get(2..)?;
    }
    Some(bytes)
}

/// Text as a part of a URL: what could separate parts is percent-encoded.
pub(in crate::database) fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut url, byte| {
        use std::fmt::Write;
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let _ = match plain {
            true => write!(url, "{}", char::from(byte)),
            false => write!(url, "%{byte:02X}"),
        };
        url
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn hosts(address: &Address) -> Vec<(Option<&str>, Option<u16>)> {
        let first = (address.host.as_deref(), address.port);
        let others = address.others.iter().map(|place| (place.host.as_deref(), place.port));
        std::iter::once(first).chain(others).collect()
    }

    #[test]
    fn servers_are_read_as_libpq_reads_them() {
        for (rest, expected) in [
            ("//h/d", vec![(Some("h"), None)]),
            ("//me@h:5433/d", vec![(Some("h"), Some(5433))]),
            ("//h:/d", vec![(Some("h"), None)]),
            ("///d", vec![(None, None)]),
            ("//me@/d", vec![(None, None)]),
            ("//:5433/d", vec![(None, Some(5433))]),
            ("//[::1]/d", vec![(Some("::1"), None)]),
            ("//me:pw@[2001:db8::1]:5432/d", vec![(Some("2001:db8::1"), Some(5432))]),
            ("//[fe80::1%25eth0]:1/d", vec![(Some("fe80::1%eth0"), Some(1))]),
            ("//[fe80::1%eth0]/d", vec![(Some("fe80::1%eth0"), None)]),
            ("//%2Frun%2Fpg:1/d", vec![(Some("/run/pg"), Some(1))]),
            (
                "//a,b:2,[::1]:3/d",
                vec![(Some("a"), None), (Some("b"), Some(2)), (Some("::1"), Some(3))],
            ),
        ] {
            assert_eq!(hosts(&server(rest).unwrap()), expected, "{rest}");
        }
    }

    #[test]
    fn the_other_parts_are_read_as_libpq_reads_them() {
        let address = server("//me%40x:p%3Aw:%2Fz@h/my%20d?options=-c%20a%3Db+c&x=").unwrap();
        assert_eq!(address.user.as_deref(), Some("me@x"));
        assert_eq!(address.password.unwrap().expose_secret(), "p:w:/z");
        assert_eq!(address.database.as_deref(), Some("my d"));
        assert_eq!(
            address.parameters,
            [
                ("options".to_owned(), "-c a=b+c".to_owned()),
                ("x".to_owned(), String::new())
            ]
        );
        // No host has an `@` in it, so the last one ends the password.
        let address = server("//me:a@b@h/d").unwrap();
        assert_eq!(address.password.unwrap().expose_secret(), "a@b");
    }

    #[test]
    fn each_refusal_says_the_reason_that_is_true() {
        for (rest, words) in [
            ("h/d", "`//` is missing"),
            ("//u:s3cret#x@h/d", "`#`"),
            ("//u:s3cret/x@h/d", "`@` stands behind the first `/`"),
            ("//u:12/x@h/d", "`@` stands behind the first `/`"),
            ("//u:s3cret?x@h/d", "the port"),
            ("//u:12?x@h/d", "without a `=`"),
            ("//u:s3@cret/x@h/d", "`@` stands behind the first `/`"),
            ("//u:s3@cret?x=y@h/d", "`@` stands behind the `?`"),
            ("//u:s3cret%zz@h/d", "two hexadecimal digits"),
            ("//u:s3cret%ff@h/d", "not UTF-8"),
            ("//u:s3cret%00@h/d", "%00"),
            ("//h:http/d", "the port is not a number"),
            ("//h:70000/d", "from 1 to 65535"),
            ("//h:0/d", "from 1 to 65535"),
            ("//me@::1/d", "stands in brackets"),
            ("//[::1/d", "IPv6 address is not closed"),
            ("//[::1]5432/d", "between `]` and the port"),
            ("//[h]/d", "no IPv6 address"),
            ("//h/d?sslmode", "without a `=`"),
        ] {
            let error = server(rest).unwrap_err();
            assert!(error.message.contains(words), "{rest}: {error}");
            assert!(!error.message.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn what_is_encoded_is_read_as_it_was() {
        for text in ["", "a b", "ä%2F&=?#@:/", "\n"] {
            assert_eq!(decode(&encode(text)).unwrap(), text);
        }
    }
}
