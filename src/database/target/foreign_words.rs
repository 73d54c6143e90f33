//! Words of other drivers and tools, with the line that says here what they say there. Never taken silently: some of them change what scripts
//! do, or how safe the connection is.

mod mysql;
mod postgres;
mod sqlite;

pub(super) use mysql::MYSQL;
pub(super) use postgres::POSTGRES;
pub(super) use sqlite::SQLITE;

/// A word that a URL for another driver has.
#[derive(Debug)]
pub struct Foreign {
    /// The word.
    pub name: &'static str,
    /// Whose it is.
    pub of: &'static str,
    /// What says it here.
    pub here: &'static str,
}

const fn of(of: &'static str, name: &'static str, here: &'static str) -> Foreign {
    Foreign { name, of, here }
}

const POOL: &str = "syncline needs one connection, or a second to look on, and keeps no pool: leave it out";
const CACHE: &str = "statements are sent as they stand, and none is prepared or cached: leave it out";
const SCHEMA: &str =
    "here `options=-csearch_path%3DNAME` sets it, and `history-schema` of the configuration says where the history is";
const SETTING: &str = "here `options=-cNAME%3DVALUE` sets it, or `session` of the configuration";
const SESSION: &str = "here `session` of the configuration sets it: SET SESSION …";
const TLS: &str = "here `sslmode=verify-full`, `require` or `disable` says it";
const MYSQL_TLS: &str = "here `ssl-mode=verify-identity`, `required` or `disabled` says it";
const TIMEOUT: &str =
    "here `statement-timeout` says how long a statement may run, and `connect-timeout` how long connecting may take";
const ENCODING: &str = "text is always sent as UTF-8: leave it out";
const TYPES: &str = "it is about how rows become values of the application, and no rows are read here: leave it out";
const MIGRATIONS: &str = "it is about how that tool runs its files, and the configuration says that here: leave it out";
const NAME: &str = "here `application_name` says it";
const BATCH: &str = "scripts are sent statement by statement whatever it says: leave it out";
const VERSION: &str = "the server is asked for its version: leave it out";
const SOCKET: &str = "the system's own settings of the connection hold: leave it out";
const LOGS: &str = "it is about what that driver logs: leave it out";
const GSS: &str = "Kerberos is not spoken here: give a user with a password or a certificate";
const CIPHERS: &str = "what is spoken cannot be chosen: TLS 1.2 and 1.3. Leave it out";
const RSA: &str =
    "the password is never sent over an open connection: `ssl-mode=required` encrypts it; leave this one out";
const COMPRESSION: &str = "nothing is compressed: leave it out";
const INFILE: &str = "no file of this machine is ever sent for `LOAD DATA LOCAL`: use the server's own client for that";
const ATTRIBUTES: &str = "the server is not told which program connects: leave it out";

const PRAGMA: &str =
    "foreign keys are on, and the rest the file itself knows; here `session` of the configuration says it: PRAGMA …";
const BUSY: &str = "here `lock-wait` says how long to wait for other writers";
