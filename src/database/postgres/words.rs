//! The words of libpq, those of PostgreSQL 18 and before, and what becomes of each.
//!
//! <https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-PARAMKEYWORDS>

use crate::database::target::words::Fate::{self, Done, Idle, Refused};
use crate::database::target::words::Word;

const NO_GSS: &str = "GSSAPI and Kerberos are not supported: leave it out, and log in with a password or a certificate";
const NO_REVOCATION: &str =
    "revoked certificates are not looked up: leave it out, or let the server's name and authority say whom to trust";
const NO_OAUTH: &str =
    "logging in with OAuth is not supported: leave it out, and log in with a password or a certificate";
const WRITES: &str = "a history is read and written on the server that takes writes: `target_session_attrs=primary`";
const KEEPALIVE: &str =
    "has no effect: a second connection looks whether the session still lives, and ends one that has fallen silent";
const TLS_13: &str = "TLS 1.2 is the oldest that is spoken: leave it out, or say `TLSv1.2`";

const SWITCH: &[(&str, Fate)] = &[("0", Idle), ("1", Idle)];

pub(super) const WORDS: &[Word] = &[
    Word::done(
        "host",
        "Name or address of the server, or the directory of its unix socket; several between commas are tried in their order.",
    ),
    Word::done(
        "hostaddr",
        "The address, where `host` is only the name in the certificate; one for each host.",
    ),
    Word::done("port", "The port, or one for each host."),
    Word::done("user", "The role. Without one `PGUSER`, or the user of the system."),
    Word::done("password", "The password. Better kept elsewhere."),
    Word::done("passfile", "A file of passwords in place of `~/.pgpass`."),
    Word::done("dbname", "The database. Without one it is called like the role."),
    Word::done(
        "service",
        "A section of `~/.pg_service.conf` that says what the URL does not.",
    ),
    Word::new(
        "connect_timeout",
        &[
            ("", Fate::Wrong),
            (
                "0",
                Refused("0 is no limit to libpq: say how many seconds, or `--connect-timeout 5m`"),
            ),
        ],
        Done,
        "Seconds that connecting may take; `connect-timeout` of flag and configuration come before it.",
    ),
    Word::done(
        "application_name",
        "What the server shows of us: `syncline` unless said.",
    ),
    Word::done(
        "fallback_application_name",
        "The same, where `application_name` is not said.",
    ),
    Word::done(
        "options",
        "What the session is set to: `-c NAME=VALUE`, blanks written `%20`.",
    ),
    Word::done("options[", "One such setting: `options[NAME]=VALUE`."),
    Word::new(
        "client_encoding",
        &[("UTF8", Idle), ("UTF-8", Idle), ("unicode", Idle), ("auto", Idle)],
        Refused("files are read as UTF-8, and so is all that is sent: leave it out"),
        "It is always UTF8.",
    ),
    Word::one_of(
        "sslmode",
        &[
            ("disable", Done),
            ("allow", Done),
            ("prefer", Done),
            ("require", Done),
            ("verify-ca", Done),
            ("verify-full", Done),
        ],
        "How strict encryption is. `verify-full` unless the server is on this machine. `allow` does what `prefer` does: it encrypts where the server can. \
         `require` with `sslrootcert` is `verify-ca`, as libpq has it. Nothing is encrypted on a unix socket.",
    ),
    Word::new(
        "requiressl",
        &[("0", Idle), ("", Idle)],
        Refused("it is an old word: write `sslmode=require`, or better `sslmode=verify-full`"),
        "An old word for `sslmode`.",
    ),
    Word::one_of(
        "sslnegotiation",
        &[("postgres", Idle), ("direct", Done)],
        "How encryption begins: `direct` wants PostgreSQL 17 and `sslmode=require` at least.",
    ),
    Word::done(
        "sslrootcert",
        "A file with authorities that are trusted beside those of the system; `system` for those alone, with `sslmode=verify-full`.",
    ),
    Word::done("sslcert", "A file with the certificate that we show, with `sslkey`."),
    Word::done("sslkey", "A file with its key, which is not encrypted."),
    Word::refused(
        "sslpassword",
        "The password of `sslkey`.",
        "a key that is encrypted cannot be read: `openssl pkey -in KEY -out PLAIN` decrypts it",
    ),
    Word::one_of(
        "sslcertmode",
        &[
            ("allow", Idle),
            ("disable", Done),
            (
                "require",
                Refused("whether the server has asked for the certificate is not known: leave it out"),
            ),
        ],
        "Whether `sslcert` is shown.",
    ),
    Word::refused("sslcrl", "Revoked certificates.", NO_REVOCATION),
    Word::refused("sslcrldir", "Revoked certificates.", NO_REVOCATION),
    Word::one_of(
        "sslsni",
        &[
            ("1", Idle),
            (
                "0",
                Refused("the server's name is told when encryption begins: leave it out"),
            ),
        ],
        "The server's name is told when encryption begins.",
    ),
    Word::new(
        "sslcompression",
        SWITCH,
        Idle,
        "Has no effect: no version of TLS that is spoken compresses, as in libpq.",
    ),
    Word::new(
        "ssl_min_protocol_version",
        &[
            ("", Idle),
            ("TLSv1", Idle),
            ("TLSv1.1", Idle),
            ("TLSv1.2", Idle),
            ("TLSv1.3", Done),
        ],
        Fate::Wrong,
        "The oldest that is spoken: TLS 1.2 unless said.",
    ),
    Word::new(
        "ssl_max_protocol_version",
        &[
            ("", Idle),
            ("TLSv1.3", Idle),
            ("TLSv1.2", Done),
            ("TLSv1.1", Refused(TLS_13)),
            ("TLSv1", Refused(TLS_13)),
        ],
        Fate::Wrong,
        "The newest that is spoken: TLS 1.3 unless said.",
    ),
    Word::refused(
        "sslkeylogfile",
        "The keys of the connection, for those who look at its packets.",
        "it is not written: leave it out",
    ),
    Word::one_of(
        "channel_binding",
        &[("disable", Idle), ("prefer", Idle), ("require", Done)],
        "`require` binds the password to the encrypted connection, and refuses a server that does not: whoever stands in between with another certificate gets nothing.",
    ),
    Word::refused(
        "require_auth",
        "The ways in which the password may be asked for.",
        "it is not checked: leave it out, and let `sslmode=verify-full` say who may ask",
    ),
    Word::refused(
        "scram_client_key",
        "A key in place of the password.",
        "log in with the password",
    ),
    Word::refused(
        "scram_server_key",
        "A key in place of the password.",
        "log in with the password",
    ),
    Word::refused(
        "requirepeer",
        "The user who has to run the server behind a unix socket.",
        "it is not checked: leave it out where the directory of the socket is that user's alone",
    ),
    Word::one_of(
        "gssencmode",
        &[("disable", Idle), ("prefer", Idle), ("require", Refused(NO_GSS))],
        "Encryption by GSSAPI is not supported, and TLS is used.",
    ),
    Word::idle("krbsrvname", "Has no effect: GSSAPI is not supported."),
    Word::idle("gsslib", "Has no effect: GSSAPI is not supported."),
    Word::one_of(
        "gssdelegation",
        &[("0", Idle), ("1", Refused(NO_GSS))],
        "GSSAPI is not supported.",
    ),
    Word::idle("keepalives", KEEPALIVE),
    Word::idle("keepalives_idle", KEEPALIVE),
    Word::idle("keepalives_interval", KEEPALIVE),
    Word::idle("keepalives_count", KEEPALIVE),
    Word::idle("tcp_user_timeout", KEEPALIVE),
    Word::one_of(
        "target_session_attrs",
        &[
            ("any", Done),
            ("read-write", Done),
            ("primary", Done),
            ("read-only", Refused(WRITES)),
            ("standby", Refused(WRITES)),
            ("prefer-standby", Refused(WRITES)),
        ],
        "Which of several hosts is meant: the first that takes writes (`read-write`), or that is no standby (`primary`). A run passes standbys over anyway.",
    ),
    Word::one_of(
        "load_balance_hosts",
        &[("disable", Idle), ("random", Idle)],
        "Several hosts are tried in their order.",
    ),
    Word::one_of(
        "replication",
        &[("false", Idle), ("off", Idle), ("no", Idle), ("0", Idle)],
        "Connections for replication take no migrations.",
    ),
    Word::one_of(
        "min_protocol_version",
        &[
            ("3.0", Idle),
            (
                "3.2",
                Refused("version 3.0 of the protocol is spoken, which every server takes: leave it out"),
            ),
            (
                "latest",
                Refused("version 3.0 of the protocol is spoken, which every server takes: leave it out"),
            ),
        ],
        "Version 3.0 of the protocol is spoken.",
    ),
    Word::one_of(
        "max_protocol_version",
        &[("3.0", Idle), ("3.2", Idle), ("latest", Idle)],
        "Version 3.0 of the protocol is spoken.",
    ),
    Word::refused("oauth_issuer", "OAuth.", NO_OAUTH),
    Word::refused("oauth_client_id", "OAuth.", NO_OAUTH),
    Word::refused("oauth_client_secret", "OAuth.", NO_OAUTH),
    Word::refused("oauth_scope", "OAuth.", NO_OAUTH),
    Word::one_of(
        "pooler",
        &[("session", Done), ("transaction", Done)],
        "syncline's own word: how the pooler behind this address keeps sessions, where that cannot be found out. See `pooler`.",
    ),
];

/// The environment that libpq looks at where the URL says nothing, as `PQconndefaults` lists it: the variable and the word.
///
/// <https://www.postgresql.org/docs/18/libpq-envars.html>. `PGCLIENTENCODING` is about the terminal, and files are read as UTF-8 whatever it is.
pub(super) const VARIABLES: &[(&str, &str)] = &[
    ("PGSERVICE", "service"),
    ("PGHOST", "host"),
    ("PGHOSTADDR", "hostaddr"),
    ("PGPORT", "port"),
    ("PGDATABASE", "dbname"),
    ("PGUSER", "user"),
    ("PGPASSWORD", "password"),
    ("PGPASSFILE", "passfile"),
    ("PGREQUIREAUTH", "require_auth"),
    ("PGCHANNELBINDING", "channel_binding"),
    ("PGOPTIONS", "options"),
    ("PGAPPNAME", "application_name"),
    ("PGSSLMODE", "sslmode"),
    ("PGREQUIRESSL", "requiressl"),
    ("PGSSLNEGOTIATION", "sslnegotiation"),
    ("PGSSLCOMPRESSION", "sslcompression"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGSSLCERTMODE", "sslcertmode"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGSSLCRL", "sslcrl"),
    ("PGSSLCRLDIR", "sslcrldir"),
    ("PGSSLSNI", "sslsni"),
    ("PGREQUIREPEER", "requirepeer"),
    ("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version"),
    ("PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version"),
    ("PGMINPROTOCOLVERSION", "min_protocol_version"),
    ("PGMAXPROTOCOLVERSION", "max_protocol_version"),
    ("PGGSSENCMODE", "gssencmode"),
    ("PGKRBSRVNAME", "krbsrvname"),
    ("PGGSSLIB", "gsslib"),
    ("PGGSSDELEGATION", "gssdelegation"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs"),
    ("PGLOADBALANCEHOSTS", "load_balance_hosts"),
];
