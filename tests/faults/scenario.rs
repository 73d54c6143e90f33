//! Migrations whose effects can be counted, and what is seen of them after each statement.

use crate::server::Engine;
use crate::session::Session;

/// Two migrations: the first makes a table without a key, the second is the one that matters.
pub(crate) struct Scenario {
    pub(crate) engine: Engine,
    /// What the second script begins with.
    opening: &'static str,
    /// Its statements, each with what [`see`] finds after it.
    pub(crate) statements: &'static [(&'static str, &'static str)],
    /// Whether the database cannot tell what became of some statements.
    pub(crate) asks: bool,
}

const LOG: (&str, &str) = ("CREATE TABLE log (what varchar(20))", "log 0");

pub(crate) static MARIADB: Scenario = Scenario {
    engine: Engine::MariaDb,
    opening: "",
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
            "UPDATE account SET balance = balance + 10",
            "log 0, account id balance note, row 10",
        ),
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

pub(crate) static POSTGRES: Scenario = Scenario {
    engine: Engine::Postgres,
    opening: "-- syncline: no-transaction\n",
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
    engine: Engine::MariaDb,
    opening: "",
    statements: &[
        (
            "CREATE TABLE account (id integer, balance integer) ENGINE = MyISAM",
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

/// A block that commits by itself.
pub(crate) static BLOCK: Scenario = Scenario {
    engine: Engine::Postgres,
    opening: "-- syncline: no-transaction\n",
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

impl Scenario {
    /// The files: name and text.
    pub(crate) fn files(&self) -> [(&'static str, String); 2] {
        let statements: Vec<&str> = self.statements.iter().map(|(statement, _)| *statement).collect();
        [
            ("1_log.sql", LOG.0.to_owned()),
            (
                "2_account.sql",
                format!("{}{};\n", self.opening, statements.join(";\n")),
            ),
        ]
    }

    /// Of all that is to be done, the statement of the first migration included.
    pub(crate) fn all(&self) -> usize {
        1 + self.statements.len()
    }

    /// How many statements have been done, by what is seen: after which ones it looks so. Empty where it never does.
    pub(crate) fn done(&self, seen: &str) -> Vec<usize> {
        let after = self.statements.iter().map(|(_, after)| *after);
        let steps = ["", LOG.1].into_iter().chain(after);
        let fits = steps.enumerate().filter(|(_, step)| *step == seen);
        fits.map(|(number, _)| number).collect()
    }
}

/// What a database shows of the effects. An index that is not valid has a `?`.
pub(crate) async fn see(engine: Engine, session: &mut Session) -> String {
    let (schema, indexes) = match engine {
        Engine::MariaDb => (
            "DATABASE()",
            "SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'account' ORDER BY 1",
        ),
        Engine::Postgres => (
            "current_schema()",
            "SELECT indexrelid::regclass::text || CASE WHEN indisvalid THEN '' ELSE '?' END FROM pg_index WHERE indrelid = to_regclass('account') ORDER BY 1",
        ),
    };
    let columns = |table: &str| {
        format!(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = {schema} AND table_name = '{table}' ORDER BY ordinal_position"
        )
    };
    let mut seen = Vec::new();
    if !session.query(&columns("log")).await.is_empty() {
        let rows = session.query("SELECT what FROM log").await;
        seen.push(format!("log {}", rows.len()));
    }
    let account = session.query(&columns("account")).await;
    if !account.is_empty() {
        seen.push(format!("account {}", account.join(" ")));
        let rows = session.query("SELECT balance FROM account").await;
        seen.extend(rows.iter().map(|balance| format!("row {balance}")));
        let indexes = session.query(indexes).await;
        seen.extend(indexes.iter().map(|name| format!("index {name}")));
    }
    seen.join(", ")
}
