//! The words of MySQL's own URLs, as MySQL Shell has them, and what becomes of each.
//!
//! <https://dev.mysql.com/doc/refman/9.5/en/connecting-using-uri-or-key-value-pairs.html>

use crate::database::target::words::Fate::{self, Done, Idle, Refused};
use crate::database::target::words::Word;

const NO_REVOCATION: &str = "revoked certificates are not looked up: leave it out";
const CIPHERS: &str =
    "what is spoken cannot be chosen: TLS 1.2 and 1.3, with ciphers that are not broken. Leave it out";
const NO_RSA: &str =
    "the password is never sent over an open connection: `ssl-mode=required` encrypts it; leave this one out";
const NO_SSH: &str = "open the tunnel before (`ssh -L`), and name its end here";
const LOGIN: &str = "log in with a password";

pub(super) const WORDS: &[Word] = &[
    Word::done(
        "host",
        "Name or address of the server; several between commas are tried in their order.",
    ),
    Word::done("port", "The port."),
    Word::done(
        "user",
        "The user. Without one that of the system, which is `root` for root.",
    ),
    Word::done("password", "The password. Better kept elsewhere."),
    Word::done("dbname", "The database."),
    Word::done("socket", "The unix socket."),
    Word::new(
        "connect-timeout",
        &[("", Fate::Wrong), ("0", Fate::Wrong)],
        Done,
        "Milliseconds that connecting may take; `connect-timeout` of flag and configuration come before it.",
    ),
    Word::one_of(
        "ssl-mode",
        &[
            ("disabled", Done),
            ("preferred", Done),
            ("required", Done),
            ("verify-ca", Done),
            ("verify_ca", Done),
            ("verify-identity", Done),
            ("verify_identity", Done),
        ],
        "How strict encryption is. `verify-identity` unless the server is on this machine. `required` with `ssl-ca` is `verify-ca`.",
    ),
    Word::done(
        "ssl-ca",
        "A file with authorities that are trusted beside those of the system.",
    ),
    Word::refused(
        "ssl-capath",
        "A directory of authorities.",
        "name one file with `ssl-ca`",
    ),
    Word::done("ssl-cert", "A file with the certificate that we show, with `ssl-key`."),
    Word::done("ssl-key", "A file with its key, which is not encrypted."),
    Word::refused("ssl-crl", "Revoked certificates.", NO_REVOCATION),
    Word::refused("ssl-crlpath", "Revoked certificates.", NO_REVOCATION),
    Word::refused("ssl-cipher", "Ciphers of TLS 1.2.", CIPHERS),
    Word::refused("tls-ciphersuites", "Ciphers of TLS 1.3.", CIPHERS),
    Word::new(
        "tls-version",
        &[("TLSv1.2,TLSv1.3", Idle), ("[TLSv1.2,TLSv1.3]", Idle)],
        Refused(CIPHERS),
        "TLS 1.2 and 1.3 are spoken.",
    ),
    Word::one_of(
        "auth-method",
        &[
            ("AUTO", Idle),
            ("caching_sha2_password", Idle),
            ("mysql_native_password", Idle),
            ("sha256_password", Idle),
        ],
        "The server says how to log in.",
    ),
    Word::one_of(
        "get-server-public-key",
        &[
            ("false", Idle),
            ("0", Idle),
            ("true", Refused(NO_RSA)),
            ("1", Refused(NO_RSA)),
        ],
        "The password is never sent over an open connection.",
    ),
    Word::refused(
        "server-public-key-path",
        "A key for passwords on an open connection.",
        NO_RSA,
    ),
    Word::new(
        "compression",
        &[
            ("disabled", Idle),
            ("preferred", Idle),
            ("0", Idle),
            ("false", Idle),
            ("true", Idle),
            ("1", Idle),
        ],
        Refused("nothing is compressed: leave it out"),
        "Nothing is compressed.",
    ),
    Word::idle("compression-algorithms", "Nothing is compressed."),
    Word::idle("compression-level", "Nothing is compressed."),
    Word::idle("connection-attributes", "None are sent."),
    Word::refused("ssh", "A tunnel.", NO_SSH),
    Word::refused("ssh-password", "A tunnel.", NO_SSH),
    Word::refused("ssh-config-file", "A tunnel.", NO_SSH),
    Word::refused("ssh-identity-file", "A tunnel.", NO_SSH),
    Word::refused("ssh-identity-pass", "A tunnel.", NO_SSH),
    Word::refused("plugin-authentication-kerberos-client-mode", "Kerberos.", LOGIN),
    Word::refused("oci-config-file", "Oracle's cloud.", LOGIN),
];

/// The environment that the clients look at where the URL says nothing: the variable and the word.
///
/// <https://dev.mysql.com/doc/refman/9.5/en/environment-variables.html>, <https://mariadb.com/kb/en/mariadb-environment-variables/>
pub(super) const VARIABLES: &[(&str, &str)] = &[
    ("MYSQL_HOST", "host"),
    ("MYSQL_TCP_PORT", "port"),
    ("MYSQL_UNIX_PORT", "socket"),
    ("MYSQL_PWD", "password"),
];
