//! Words of other drivers and tools, with the line that says here what they say there. Never taken silently: some of them change what scripts
//! do, or how safe the connection is.

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

/// Those of drivers for PostgreSQL.
pub(super) const POSTGRES: &[Foreign] = &[
    of("JDBC", "currentSchema", SCHEMA),
    of("Prisma", "schema", SCHEMA),
    of("pgx and lib/pq", "search_path", SCHEMA),
    of("Rails", "schema_search_path", SCHEMA),
    of(
        "Prisma",
        "pgbouncer",
        "a pooler is found out without a word; scripts outside a transaction want `migration-url`, the way past it, or `pooler` where it keeps sessions",
    ),
    of("Prisma", "connection_limit", POOL),
    of("Prisma", "pool_timeout", POOL),
    of("Prisma", "socket_timeout", TIMEOUT),
    of("Prisma and asyncpg", "statement_cache_size", CACHE),
    of(
        "Prisma",
        "sslaccept",
        "here `sslmode=verify-full` is `strict`, and `sslmode=require` is `accept_invalid_certs`",
    ),
    of(
        "Prisma",
        "sslidentity",
        "here `sslcert` and `sslkey` name certificate and key: `openssl pkcs12 -in FILE -nodes` takes them apart",
    ),
    of("Prisma", "directConnection", POOL),
    of("pgxpool", "pool_max_conns", POOL),
    of("pgxpool", "pool_min_conns", POOL),
    of("pgxpool", "pool_max_conn_lifetime", POOL),
    of("pgxpool", "pool_max_conn_idle_time", POOL),
    of("pgxpool", "pool_health_check_period", POOL),
    of("Rails", "pool", POOL),
    of("Ecto", "pool_size", POOL),
    of("SQLAlchemy", "max_overflow", POOL),
    of("Rails", "checkout_timeout", POOL),
    of("Rails", "reaping_frequency", POOL),
    of("Rails", "prepared_statements", CACHE),
    of("Rails", "statement_limit", CACHE),
    of(
        "Rails",
        "advisory_locks",
        "the lock is one that a pooler cannot break, and is always taken: leave it out",
    ),
    of("Rails", "encoding", ENCODING),
    of("Rails", "min_messages", SETTING),
    of("pgx", "default_query_exec_mode", CACHE),
    of("pgx", "statement_cache_mode", CACHE),
    of("pgx", "statement_cache_capacity", CACHE),
    of("pgx", "description_cache_capacity", CACHE),
    of("lib/pq", "binary_parameters", CACHE),
    of("sqlx", "statement-cache-capacity", CACHE),
    of("asyncpg", "prepared_statement_cache_size", CACHE),
    of("asyncpg", "server_settings", SETTING),
    of("asyncpg", "command_timeout", TIMEOUT),
    of(
        "pgx and lib/pq",
        "statement_timeout",
        "here `statement-timeout` of flag, configuration and script says it",
    ),
    of(
        "pgx and lib/pq",
        "lock_timeout",
        "here `lock-timeout` of flag, configuration and script says it",
    ),
    of("pgx and lib/pq", "idle_in_transaction_session_timeout", SETTING),
    of("pgx and lib/pq", "timezone", SETTING),
    of("pgx and lib/pq", "TimeZone", SETTING),
    of("pgx and lib/pq", "datestyle", SETTING),
    of("pgx and lib/pq", "work_mem", SETTING),
    of("pgx and lib/pq", "role", SETTING),
    of("JDBC and node-postgres", "ssl", TLS),
    of("node-postgres", "uselibpqcompat", TLS),
    of("sqlx", "ssl-mode", TLS),
    of("sqlx", "ssl-ca", "here `sslrootcert` names it"),
    of("sqlx", "ssl-root-cert", "here `sslrootcert` names it"),
    of("sqlx", "ssl-cert", "here `sslcert` names it"),
    of("sqlx", "ssl-key", "here `sslkey` names it"),
    of("Npgsql", "sslca", "here `sslrootcert` names it"),
    of("JDBC", "sslfactory", TLS),
    of("JDBC", "sslhostnameverifier", TLS),
    of("JDBC", "loginTimeout", TIMEOUT),
    of("JDBC", "connectTimeout", "here `connect_timeout` says it, in seconds"),
    of("JDBC", "socketTimeout", TIMEOUT),
    of("JDBC", "cancelSignalTimeout", TIMEOUT),
    of(
        "JDBC",
        "tcpKeepAlive",
        "here `keepalives` is taken and has no effect: leave it out",
    ),
    of("JDBC", "ApplicationName", NAME),
    of("JDBC", "applicationName", NAME),
    of("JDBC", "prepareThreshold", CACHE),
    of("JDBC", "preparedStatementCacheQueries", CACHE),
    of("JDBC", "preferQueryMode", CACHE),
    of("JDBC", "reWriteBatchedInserts", BATCH),
    of("JDBC", "stringtype", TYPES),
    of("JDBC", "binaryTransfer", TYPES),
    of("JDBC", "defaultRowFetchSize", TYPES),
    of("JDBC", "assumeMinServerVersion", VERSION),
    of(
        "JDBC",
        "targetServerType",
        "here `target_session_attrs=primary` says it",
    ),
    of(
        "JDBC",
        "loadBalanceHosts",
        "here `load_balance_hosts` is taken, and hosts are tried in their order",
    ),
    of("JDBC", "readOnly", "a history is written: leave it out"),
    of("JDBC", "gssEncMode", "here `gssencmode` says it"),
    of("JDBC", "channelBinding", "here `channel_binding` says it"),
    of("Doctrine", "serverVersion", VERSION),
    of("Doctrine", "charset", ENCODING),
    of("Django", "conn_max_age", POOL),
    of(
        "golang-migrate",
        "x-migrations-table",
        "here `history-table` of the configuration names the table; `syncline adopt` takes over that one",
    ),
    of("golang-migrate", "x-migrations-table-quoted", MIGRATIONS),
    of("golang-migrate", "x-multi-statement", MIGRATIONS),
    of("golang-migrate", "x-multi-statement-max-size", MIGRATIONS),
    of(
        "golang-migrate",
        "x-statement-timeout",
        "here `statement-timeout` of flag, configuration and script says it",
    ),
    of("golang-migrate", "x-lock-strategy", MIGRATIONS),
    of("golang-migrate", "x-lock-table", MIGRATIONS),
    of("Supabase", "workaround", "leave it out"),
    of("Supabase", "supa", "leave it out"),
    of("Neon", "project", "here `options=project%3DNAME` says it"),
    of("CockroachDB", "cluster", "CockroachDB is not supported"),
];

/// Those of drivers for MySQL and MariaDB.
pub(super) const MYSQL: &[Foreign] = &[
    of("JDBC", "useSSL", MYSQL_TLS),
    of("JDBC", "requireSSL", MYSQL_TLS),
    of("JDBC", "verifyServerCertificate", MYSQL_TLS),
    of("JDBC", "sslMode", MYSQL_TLS),
    of("JDBC", "trustServerCertificate", MYSQL_TLS),
    of("JDBC", "serverSslCert", "here `ssl-ca` names it, as a file in PEM form"),
    of(
        "JDBC",
        "trustCertificateKeyStoreUrl",
        "here `ssl-ca` names it, as a file in PEM form",
    ),
    of(
        "JDBC",
        "clientCertificateKeyStoreUrl",
        "here `ssl-cert` and `ssl-key` name them, as files in PEM form",
    ),
    of(
        "JDBC",
        "allowPublicKeyRetrieval",
        "the password is never sent over an open connection; `ssl-mode=required` encrypts it. Leave this one out",
    ),
    of("JDBC", "serverTimezone", TYPES),
    of("JDBC", "connectionTimeZone", SESSION),
    of("JDBC", "forceConnectionTimeZoneToSession", SESSION),
    of("JDBC", "sessionVariables", SESSION),
    of("JDBC", "characterEncoding", ENCODING),
    of("JDBC", "connectionCollation", SESSION),
    of("JDBC", "useUnicode", ENCODING),
    of(
        "JDBC",
        "autoReconnect",
        "what was lost is looked up in the history, and the run goes on: leave it out",
    ),
    of(
        "JDBC",
        "createDatabaseIfNotExist",
        "create the database before: CREATE DATABASE …; leave this one out",
    ),
    of("JDBC", "allowMultiQueries", BATCH),
    of("JDBC", "rewriteBatchedStatements", BATCH),
    of(
        "JDBC",
        "connectTimeout",
        "here `connect-timeout` says it, in milliseconds",
    ),
    of("JDBC", "socketTimeout", TIMEOUT),
    of("JDBC", "tinyInt1isBit", TYPES),
    of("JDBC", "zeroDateTimeBehavior", TYPES),
    of("JDBC", "useLegacyDatetimeCode", TYPES),
    of("JDBC", "useJDBCCompliantTimezoneShift", TYPES),
    of("JDBC", "useInformationSchema", TYPES),
    of("JDBC", "nullCatalogMeansCurrent", TYPES),
    of("JDBC", "useCursorFetch", TYPES),
    of("JDBC", "cachePrepStmts", CACHE),
    of("JDBC", "useServerPrepStmts", CACHE),
    of("JDBC", "prepStmtCacheSize", CACHE),
    of("JDBC", "prepStmtCacheSqlLimit", CACHE),
    of(
        "JDBC",
        "allowLoadLocalInfile",
        "no file of this machine is read: leave it out",
    ),
    of("Go", "parseTime", TYPES),
    of("Go", "loc", TYPES),
    of("Go", "tls", MYSQL_TLS),
    of("Go", "timeout", "here `connect-timeout` says it, in milliseconds"),
    of("Go", "readTimeout", TIMEOUT),
    of("Go", "writeTimeout", TIMEOUT),
    of("Go", "multiStatements", BATCH),
    of("Go", "interpolateParams", CACHE),
    of("Go", "allowNativePasswords", "it is allowed: leave it out"),
    of(
        "Go",
        "allowCleartextPasswords",
        "the password is never sent in clear text: leave it out",
    ),
    of("Go", "allowFallbackToPlaintext", MYSQL_TLS),
    of("Go", "checkConnLiveness", POOL),
    of("Go", "clientFoundRows", TYPES),
    of("Go", "columnsWithAlias", TYPES),
    of(
        "Go",
        "maxAllowedPacket",
        "the server is asked for its limit: leave it out",
    ),
    of(
        "Go",
        "rejectReadOnly",
        "a server that takes no writes is refused anyway: leave it out",
    ),
    of("Go", "time_zone", SESSION),
    of("Go", "sql_mode", SESSION),
    of("Go", "tx_isolation", SESSION),
    of("Go", "transaction_isolation", SESSION),
    of("Go and PHP", "charset", ENCODING),
    of("Go and Rails", "collation", SESSION),
    of("Rails", "encoding", ENCODING),
    of("PyMySQL", "unix_socket", "here `socket` names it"),
    of("PyMySQL", "ssl_ca", "here `ssl-ca` names it"),
    of("PyMySQL", "ssl_cert", "here `ssl-cert` names it"),
    of("PyMySQL", "ssl_key", "here `ssl-key` names it"),
    of("PyMySQL", "ssl_verify_cert", MYSQL_TLS),
    of("PyMySQL", "ssl_verify_identity", MYSQL_TLS),
    of("PyMySQL", "ssl_check_hostname", MYSQL_TLS),
    of("PyMySQL", "ssl_disabled", MYSQL_TLS),
    of("PyMySQL", "ssl_mode", MYSQL_TLS),
    of("PyMySQL", "use_unicode", ENCODING),
    of(
        "PyMySQL",
        "local_infile",
        "no file of this machine is read: leave it out",
    ),
    of("PyMySQL", "init_command", "here `session` of the configuration says it"),
    of(
        "PyMySQL",
        "read_default_file",
        "option files are not read: give the parts in the configuration",
    ),
    of("PyMySQL", "auth_plugin", "the server says how to log in: leave it out"),
    of(
        "PyMySQL",
        "connect_timeout",
        "here `connect-timeout` says it, in milliseconds",
    ),
    of("mysql2 for Node", "ssl", MYSQL_TLS),
    of("mysql2 for Node", "timezone", SESSION),
    of("mysql2 for Node", "dateStrings", TYPES),
    of("mysql2 for Node", "multipleStatements", BATCH),
    of("mysql2 for Node", "connectionLimit", POOL),
    of("mysql2 for Node", "waitForConnections", POOL),
    of("libpq", "sslmode", MYSQL_TLS),
    of("libpq", "sslrootcert", "here `ssl-ca` names it"),
    of(
        "Prisma and libpq",
        "sslcert",
        "here `ssl-ca` names an authority, and `ssl-cert` our own certificate",
    ),
    of("Prisma and libpq", "sslkey", "here `ssl-key` names it"),
    of("Rails", "sslca", "here `ssl-ca` names it"),
    of(
        "Prisma",
        "sslaccept",
        "here `ssl-mode=verify-identity` is `strict`, and `ssl-mode=required` is `accept_invalid_certs`",
    ),
    of(
        "Prisma",
        "sslidentity",
        "here `ssl-cert` and `ssl-key` name certificate and key: `openssl pkcs12 -in FILE -nodes` takes them apart",
    ),
    of(
        "Prisma",
        "sslpassword",
        "a key that is encrypted cannot be read: `openssl pkey -in KEY -out PLAIN` decrypts it",
    ),
    of("Prisma", "connection_limit", POOL),
    of("Prisma", "pool_timeout", POOL),
    of("Prisma", "socket_timeout", TIMEOUT),
    of("Prisma", "statement_cache_size", CACHE),
    of("sqlx", "statement-cache-capacity", CACHE),
    of("Rails", "pool", POOL),
    of("Ecto", "pool_size", POOL),
    of("Rails", "reconnect", POOL),
    of("Django", "conn_max_age", POOL),
    of("Doctrine", "serverVersion", VERSION),
    of(
        "golang-migrate",
        "x-migrations-table",
        "here `history-table` of the configuration names the table; `syncline adopt` takes over that one",
    ),
    of("golang-migrate", "x-no-lock", MIGRATIONS),
    of(
        "golang-migrate",
        "x-statement-timeout",
        "here `statement-timeout` of flag, configuration and script says it",
    ),
    of("golang-migrate", "x-tls-ca", "here `ssl-ca` names it"),
    of("golang-migrate", "x-tls-cert", "here `ssl-cert` names it"),
    of("golang-migrate", "x-tls-key", "here `ssl-key` names it"),
    of("golang-migrate", "x-tls-insecure-skip-verify", MYSQL_TLS),
];

const PRAGMA: &str =
    "foreign keys are on, and the rest the file itself knows; here `session` of the configuration says it: PRAGMA …";
const BUSY: &str = "here `lock-wait` says how long to wait for other writers";

/// Those of drivers for SQLite.
pub(super) const SQLITE: &[Foreign] = &[
    of(
        "SQLite's own URLs",
        "cache",
        "one connection shares with nobody: leave it out",
    ),
    of("SQLite's own URLs", "immutable", "a history is written: leave it out"),
    of(
        "SQLite's own URLs",
        "nolock",
        "without locks two runs would write at once: leave it out",
    ),
    of(
        "SQLite's own URLs",
        "vfs",
        "the file system's own is used: leave it out",
    ),
    of("SQLite's own URLs", "psow", "leave it out"),
    of("SQLite's own URLs", "modeof", "leave it out"),
    of("Go", "_pragma", PRAGMA),
    of("Go", "_foreign_keys", PRAGMA),
    of("Go", "_fk", PRAGMA),
    of("Go", "_journal_mode", PRAGMA),
    of("Go", "_journal", PRAGMA),
    of("Go", "_synchronous", PRAGMA),
    of("Go", "_sync", PRAGMA),
    of("Go", "_busy_timeout", BUSY),
    of("Go", "_timeout", BUSY),
    of(
        "Go",
        "_txlock",
        "a migration takes the lock at its beginning: leave it out",
    ),
    of("Go", "_time_format", TYPES),
    of("Go", "_loc", TYPES),
    of("Go", "_auth", "files are not protected by passwords: leave it out"),
    of("JDBC", "journal_mode", PRAGMA),
    of("JDBC", "foreign_keys", PRAGMA),
    of("JDBC", "synchronous", PRAGMA),
    of("JDBC", "busy_timeout", BUSY),
    of("JDBC", "date_class", TYPES),
    of("Python", "timeout", BUSY),
    of("Python", "check_same_thread", POOL),
    of("SQLAlchemy", "uri", "leave it out: the file stands behind `sqlite:`"),
    of("Prisma", "connection_limit", POOL),
    of("Prisma", "socket_timeout", BUSY),
    of("Rails", "pool", POOL),
    of(
        "golang-migrate",
        "x-migrations-table",
        "here `history-table` of the configuration names the table; `syncline adopt` takes over that one",
    ),
    of("golang-migrate", "x-no-tx-wrap", MIGRATIONS),
];
