//! What the runners apply and take back: every migration leaves a trace that shows how often, in which order and when it ran.

use crate::server::Engine;

/// Every release has these; the newer one has all.
pub(crate) const OLD: u32 = 5;
pub(crate) const ALL: u32 = 7;
/// So many take long enough for something to happen meanwhile.
pub(crate) const LONG: u32 = 40;

/// The server's time, as text that can be ordered.
fn now(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "strftime('%Y-%m-%d %H:%M:%f', 'now')",
        Engine::Postgres => "to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        Engine::MariaDb => "CAST(NOW(6) AS char)",
    }
}

/// A number that is 0, after some milliseconds.
fn slow_zero(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT count(*) * 0 FROM n)"
        }
        Engine::Postgres => "(SELECT count(pg_sleep(0.004)) * 0)",
        Engine::MariaDb => "SLEEP(0.004)",
    }
}

fn event(engine: Engine, what: &str, version: u32) -> String {
    format!(
        "INSERT INTO events (what, at) VALUES ('{what} {version}', {});\n",
        now(engine)
    )
}

/// The up script and the down script. The tables of the trace stay.
pub(crate) fn scripts(engine: Engine, version: u32) -> (String, Option<String>) {
    if version == 1 {
        let id = match engine {
            Engine::Sqlite => "integer PRIMARY KEY AUTOINCREMENT",
            Engine::Postgres => "bigserial PRIMARY KEY",
            Engine::MariaDb => "bigint AUTO_INCREMENT PRIMARY KEY",
        };
        let tables = format!(
            "CREATE TABLE events (id {id}, what varchar(20), at varchar(40));\n\
             CREATE TABLE account (balance integer);\nINSERT INTO account VALUES (0);\n"
        );
        return (tables + &event(engine, "begin", 1) + &event(engine, "end", 1), None);
    }
    // Where the engine has both, some run statement by statement.
    let opening = if version.is_multiple_of(3) && engine != Engine::MariaDb {
        "-- syncline: no-transaction\n"
    } else {
        ""
    };
    let (begin, end) = (event(engine, "begin", version), event(engine, "end", version));
    let (undo, undone) = (event(engine, "undo", version), event(engine, "undone", version));
    let zero = slow_zero(engine);
    let up = format!(
        "{opening}{begin}CREATE TABLE t{version} (id integer);\nUPDATE account SET balance = balance + 10 + {zero};\n\
         INSERT INTO t{version} VALUES ({version});\n{end}"
    );
    let down =
        format!("{opening}{undo}UPDATE account SET balance = balance - 10 + {zero};\nDROP TABLE t{version};\n{undone}");
    (up, Some(down))
}

/// A file that somebody has edited on one machine.
pub(crate) fn edited(script: &str) -> String {
    script.replace("balance + 10", "balance + 11")
}
