//! Migrations whose effects can be counted, and what is seen of them after each statement.
//!
//! The last one keeps what the settings of its session are: those of the one before must not reach it.

use crate::server::Engine;
use crate::session::Session;

/// Three migrations: the first makes a table without a key, the second is the one that matters, the third keeps its settings.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) engine: Engine,
    /// What the second script begins with.
    opening: &'static str,
    /// Whether each migration is done as a whole or not at all.
    pub(crate) atomic: bool,
    /// Its statements, each with what [`see`] finds after it.
    pub(crate) statements: &'static [(&'static str, &'static str)],
    /// Whether the database cannot tell what became of some statements.
    pub(crate) asks: bool,
}

const LOG: (&str, &str) = ("CREATE TABLE log (what varchar(20))", "log 0");

/// The third migration, by the settings that the second has changed; and what is seen of it.
fn settings(engine: Engine) -> (&'static str, &'static str) {
    match engine {
        Engine::MariaDb => (
            "CREATE TABLE settings AS SELECT CONCAT_WS(' ', @@foreign_key_checks, @@auto_increment_increment) AS what",
            "settings ON 1",
        ),
        Engine::Postgres => (
            "CREATE TABLE settings AS SELECT concat_ws(' ', current_setting('session_replication_role'), current_setting('search_path')) AS what",
            "settings origin \"$user\", public",
        ),
        Engine::Sqlite => (
            "CREATE TABLE settings AS SELECT group_concat(recursive_triggers, ' ') AS what FROM pragma_recursive_triggers",
            "settings 0",
        ),
    }
}

pub(crate) static MARIADB: Scenario = Scenario {
    name: "MariaDB",
    engine: Engine::MariaDb,
    opening: "-- syncline: allow both-directions reason=\"each statement is seen\"\nSET SESSION foreign_key_checks = 0;\nSET SESSION auto_increment_increment = 2;\n",
    atomic: false,
    statements: &[
        (
            "CREATE TABLE account (id integer, balance integer)",
            "log 0, account id balance",
        ),
        ("INSERT INTO account VALUES (1, 0)", "log 0, account id balance, row 0"),
        (
            "ALTER TABLE account ADD COLUMN note varchar(20)",
            "log 0, account id balance note, row 0",
        ),
        (
            "PREPARE deposit FROM 'UPDATE account SET balance = balance + 10'",
            "log 0, account id balance note, row 0",
        ),
        ("EXECUTE deposit", "log 0, account id balance note, row 10"),
        (
            "CREATE INDEX account_balance ON account (balance)",
            "log 0, account id balance note, row 10, index account_balance",
        ),
        (
            "INSERT INTO log VALUES ('moved')",
            "log 1, account id balance note, row 10, index account_balance",
        ),
        (
            "ALTER TABLE account DROP COLUMN note",
            "log 1, account id balance, row 10, index account_balance",
        ),
    ],
    asks: false,
};

/// The same on a disk that is full. What has then become of `CREATE TABLE … AS SELECT`, which MariaDB does in two steps, the catalog does
/// not always tell; somebody is asked.
pub(crate) static MARIADB_WITHOUT_ROOM: Scenario = Scenario { asks: true, ..MARIADB };

pub(crate) static POSTGRES: Scenario = Scenario {
    name: "PostgreSQL outside transactions",
    engine: Engine::Postgres,
    opening: "-- syncline: no-transaction\nSET session_replication_role = replica;\n",
    atomic: false,
    statements: &[
        (
            "CREATE TABLE account (id integer, balance integer)",
            "log 0, account id balance",
        ),
        ("INSERT INTO account VALUES (1, 0)", "log 0, account id balance, row 0"),
        (
            "CREATE INDEX CONCURRENTLY account_balance ON account (balance)",
            "log 0, account id balance, row 0, index account_balance",
        ),
        (
            "UPDATE account SET balance = balance + 10",
            "log 0, account id balance, row 10, index account_balance",
        ),
        (
            "VACUUM account",
            "log 0, account id balance, row 10, index account_balance",
        ),
        (
            "DROP INDEX CONCURRENTLY account_balance",
            "log 0, account id balance, row 10",
        ),
        (
            "CREATE INDEX CONCURRENTLY account_id ON account (id)",
            "log 0, account id balance, row 10, index account_id",
        ),
        (
            "INSERT INTO log VALUES ('moved')",
            "log 1, account id balance, row 10, index account_id",
        ),
    ],
    asks: false,
};

/// Rows of MyISAM are there at once, whatever becomes of the transaction.
pub(crate) static MYISAM: Scenario = Scenario {
    name: "MariaDB with rows of MyISAM",
    engine: Engine::MariaDb,
    opening: "SET SESSION foreign_key_checks = 0;\nSET SESSION auto_increment_increment = 2;\n",
    atomic: false,
    statements: &[
        // What there is is asked for here, before it changes.
        ("DELETE FROM log WHERE 1 = 0", "log 0"),
        ("SET default_storage_engine = MyISAM", "log 0"),
        (
            "CREATE TABLE account (id integer, balance integer)",
            "log 0, account id balance",
        ),
        ("INSERT INTO account VALUES (1, 0)", "log 0, account id balance, row 0"),
        (
            "UPDATE account SET balance = balance + 10",
            "log 0, account id balance, row 10",
        ),
        ("INSERT INTO log VALUES ('moved')", "log 1, account id balance, row 10"),
    ],
    asks: true,
};

/// Programs that commit by themselves, one that goes on behind an error, and one that leaves its transaction alone.
pub(crate) static PROGRAMS: Scenario = Scenario {
    name: "MariaDB with programs that commit",
    engine: Engine::MariaDb,
    opening: "SET SESSION foreign_key_checks = 0;\nSET SESSION auto_increment_increment = 2;\n",
    atomic: false,
    statements: &[
        (
            "CREATE TABLE account (id integer, balance integer)",
            "log 0, account id balance",
        ),
        (
            "IF (1 = 1) THEN INSERT INTO account VALUES (1, 0); COMMIT; END IF",
            "log 0, account id balance, row 0",
        ),
        (
            "CREATE PROCEDURE pay() BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; UPDATE account SET balance = balance + 10; COMMIT; INSERT INTO nothing VALUES (1); END",
            "log 0, account id balance, row 0",
        ),
        ("CALL pay()", "log 0, account id balance, row 10"),
        (
            "SET STATEMENT max_statement_time = 60 FOR CALL pay()",
            "log 0, account id balance, row 20",
        ),
        (
            "WHILE (SELECT COUNT(*) FROM log) = 0 DO INSERT INTO log VALUES ('moved'); END WHILE",
            "log 1, account id balance, row 20",
        ),
    ],
    asks: true,
};

/// A block that commits by itself.
pub(crate) static BLOCK: Scenario = Scenario {
    name: "PostgreSQL with a block that commits",
    engine: Engine::Postgres,
    opening: "-- syncline: no-transaction\nSET session_replication_role = replica;\n",
    atomic: false,
    statements: &[
        (
            "CREATE TABLE account (id integer, balance integer)",
            "log 0, account id balance",
        ),
        ("INSERT INTO account VALUES (1, 0)", "log 0, account id balance, row 0"),
        (
            "DO $$ BEGIN UPDATE account SET balance = balance + 10; COMMIT; END $$",
            "log 0, account id balance, row 10",
        ),
        ("INSERT INTO log VALUES ('moved')", "log 1, account id balance, row 10"),
    ],
    asks: true,
};

/// All in one transaction.
pub(crate) static ATOMIC: Scenario = Scenario {
    name: "PostgreSQL",
    engine: Engine::Postgres,
    opening: "SET session_replication_role = replica;\nSET search_path = public;\n",
    atomic: true,
    statements: &[
        ("CREATE TABLE account (id integer, balance integer)", ""),
        ("INSERT INTO account VALUES (1, 0)", ""),
        ("UPDATE account SET balance = balance + 10", ""),
        ("CREATE INDEX account_balance ON account (balance)", ""),
        (
            "INSERT INTO log VALUES ('moved')",
            "log 1, account id balance, row 10, index account_balance",
        ),
    ],
    asks: false,
};

/// The same in a file.
pub(crate) static SQLITE: Scenario = Scenario {
    name: "SQLite",
    engine: Engine::Sqlite,
    // A pragma would keep the migrations from sharing a transaction.
    opening: "",
    ..ATOMIC
};

/// Statement by statement in a file.
pub(crate) static SQLITE_OUTSIDE: Scenario = Scenario {
    name: "SQLite outside transactions",
    engine: Engine::Sqlite,
    opening: "-- syncline: no-transaction\nPRAGMA recursive_triggers = on;\n",
    atomic: false,
    statements: &[
        (
            "CREATE TABLE account (id integer, balance integer)",
            "log 0, account id balance",
        ),
        ("INSERT INTO account VALUES (1, 0)", "log 0, account id balance, row 0"),
        (
            "UPDATE account SET balance = balance + 10",
            "log 0, account id balance, row 10",
        ),
        ("VACUUM", "log 0, account id balance, row 10"),
        (
            "CREATE INDEX account_balance ON account (balance)",
            "log 0, account id balance, row 10, index account_balance",
        ),
        (
            "INSERT INTO log VALUES ('moved')",
            "log 1, account id balance, row 10, index account_balance",
        ),
    ],
    asks: false,
};

impl Scenario {
    /// The files: name and text.
    pub(crate) fn files(&self) -> [(&'static str, String); 3] {
        let statements: Vec<&str> = self.statements.iter().map(|(statement, _)| *statement).collect();
        let second = format!("{}{};\n", self.opening, statements.join(";\n"));
        [
            ("1_log.sql", LOG.0.to_owned()),
            ("2_account.sql", second),
            ("3_settings.sql", settings(self.engine).0.to_owned()),
        ]
    }

    /// How many statements the second script begins with that only set its session.
    pub(crate) fn settings(&self) -> usize {
        self.opening.matches(';').count()
    }

    /// Of all that is to be done, the statements of the other migrations included.
    pub(crate) fn all(&self) -> usize {
        self.before_last() + 1
    }

    /// The same without the last migration.
    pub(crate) fn before_last(&self) -> usize {
        1 + self.settings() + self.statements.len()
    }

    /// How many statements have been done, by what is seen: after which ones it looks so. Empty where it never does.
    pub(crate) fn done(&self, seen: &str) -> Vec<usize> {
        let opening = (0..self.settings()).map(|_| LOG.1);
        let after = opening.chain(self.statements.iter().map(|(_, after)| *after));
        let last = self.statements.last().map_or("", |(_, after)| after);
        let last = format!("{last}, {}", settings(self.engine).1);
        let steps = ["", LOG.1].into_iter().chain(after).chain([last.as_str()]);
        let between = 2..self.before_last();
        let fits = steps
            .enumerate()
            .filter(|(number, step)| *step == seen && !(self.atomic && between.contains(number)));
        fits.map(|(number, _)| number).collect()
    }
}

/// What a database shows of the effects. An index that is not valid has a `?`.
pub(crate) async fn see(engine: Engine, session: &mut Session) -> String {
    let indexes = match engine {
        Engine::MariaDb => {
            "SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'account' ORDER BY 1"
        }
        Engine::Postgres => {
            "SELECT indexrelid::regclass::text || CASE WHEN indisvalid THEN '' ELSE '?' END FROM pg_index WHERE indrelid = to_regclass('account') ORDER BY 1"
        }
        Engine::Sqlite => "SELECT name FROM pragma_index_list('account') ORDER BY 1",
    };
    let columns = |table: &str| match engine {
        Engine::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
        Engine::MariaDb => format!(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{table}' ORDER BY ordinal_position"
        ),
        // The view of the standard takes ten times as long.
        Engine::Postgres => format!(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass('{table}') AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ),
    };
    let mut seen = Vec::new();
    if !session.query(&columns("log")).await.is_empty() {
        let rows = session.query("SELECT what FROM log").await;
        seen.push(format!("log {}", rows.len()));
    }
    let account = session.query(&columns("account")).await;
    if !account.is_empty() {
        seen.push(format!("account {}", account.join(" ")));
        let rows = session.query("SELECT CAST(balance AS char(9)) FROM account").await;
        seen.extend(rows.iter().map(|balance| format!("row {}", balance.trim())));
        let indexes = session.query(indexes).await;
        seen.extend(indexes.iter().map(|name| format!("index {name}")));
    }
    if !session.query(&columns("settings")).await.is_empty() {
        let rows = session.query("SELECT what FROM settings").await;
        seen.extend(rows.iter().map(|row| format!("settings {row}")));
    }
    seen.join(", ")
}
