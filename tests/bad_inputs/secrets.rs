//! Passwords in scripts: a server that repeats them in its error makes them no less secret, in what is shown and in what is recorded.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::bench::{Project, finish, run, start, wait};
use crate::case::{Case, Engine, case};
use crate::live::{Live, address_of, administer_of, fresh};

const CANARY: &str = "k4n4ri3nv0g3l";

/// A script that fails, in which the password stands.
fn fails(name: &'static str, text: &str) -> Case {
    let text = text.replace("CANARY", CANARY);
    case(name)
        .live()
        .file("1_a.sql", &text)
        .exits(1)
        .hides(&[CANARY])
        .then(|live, _| is_not_recorded(live))
}

/// The same outside a transaction, so that the failure is recorded.
fn stops(name: &'static str, text: &str) -> Case {
    let mut case = fails(name, text).changes().exits(5);
    case.files[0]
        .1
        .splice(0..0, *b"-- syncline: no-transaction\nCREATE TABLE z (id integer);\n");
    case
}

/// On MariaDB, where every failure is recorded.
fn fails_mariadb(name: &'static str, text: &str) -> Case {
    let mut case = fails(name, text).mariadb().changes().exits(5);
    case.files[0].1.splice(0..0, *b"CREATE TABLE z (id integer);\n");
    case
}

/// The script is stored as it is, and nothing else holds its password.
fn is_not_recorded(live: &Live) {
    if !live.exists() {
        return;
    }
    for row in live.rows_of_history() {
        assert!(!row.contains(CANARY), "{row}");
    }
}

#[test]
fn errors_that_repeat_a_password() {
    run([
        fails("a user whose statement has a slip", "CREATE USER bob PASSWORD 'CANARY' NOSUCH;").postgres(),
        fails("a user whose name is not there", "ALTER USER nosuch_at_all PASSWORD 'CANARY';").postgres(),
        fails(
            "a subscription whose publisher is not there",
            "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 user=me password=CANARY dbname=x' PUBLICATION p;",
        )
        .postgres().changes().exits(5),
        stops(
            "a subscription alone whose publisher is not there",
            "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 user=me password=CANARY dbname=x' PUBLICATION p;",
        )
        .postgres(),
        stops(
            "a subscription whose connection is none",
            "CREATE SUBSCRIPTION s CONNECTION 'hots=127.0.0.1 password=CANARY' PUBLICATION p;",
        )
        .postgres(),
        fails("an error with a URL", "DO $$ BEGIN RAISE EXCEPTION 'cannot reach %', 'postgres://me:CANARY@h/d'; END $$;").postgres(),
        stops("an error with a URL, recorded", "DO $$ BEGIN RAISE EXCEPTION 'cannot reach %', 'postgres://me:CANARY@h/d'; END $$;").postgres(),
        stops(
            "an error with a connection string, recorded",
            "DO $$ BEGIN RAISE EXCEPTION 'cannot connect' USING DETAIL = 'host=h password=CANARY', HINT = 'password=CANARY'; END $$;",
        )
        .postgres(),
        fails("a server of foreign tables", "CREATE SERVER s FOREIGN DATA WRAPPER nosuch OPTIONS (password 'CANARY');").postgres(),
        fails("a word that SQLite does not know", "CREATE USER bob PASSWORD 'CANARY';").sqlite(),
        stops("a word that SQLite does not know, recorded", "CREATE USER bob PASSWORD 'CANARY';").sqlite(),
        fails_mariadb("MariaDB: a user whose statement has a slip", "CREATE USER bob IDENTIFIED BY 'CANARY' NOSUCH;"),
        fails_mariadb("MariaDB: a slip far before the password", "CREAT USER bob IDENTIFIED BY 'CANARY';"),
        fails_mariadb("MariaDB: a user who is not there", "ALTER USER nosuch_at_all IDENTIFIED BY 'CANARY';"),
        fails_mariadb("MariaDB: an error with a URL", "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'cannot reach mysql://me:CANARY@h/d';"),
        fails_mariadb("MariaDB: a server that is not there", "CREATE SERVER s FOREIGN DATA WRAPPER nosuch OPTIONS (PASSWORD 'CANARY', NOSUCH 'x');"),
    ]);
}

#[test]
fn nobody_who_looks_at_a_run_sees_its_password() {
    for engine in [Engine::Postgres, Engine::MariaDb] {
        let (host, port) = address_of(engine);
        let live = Live::new(engine, std::path::Path::new(""));
        let database = live.url.rsplit_once('/').unwrap().1.to_owned();
        let user = fresh("looked_at");
        let (make, waits, sessions, scheme) = match engine {
            Engine::MariaDb => (
                format!("CREATE USER {user}@'%' IDENTIFIED BY '{CANARY}'; GRANT ALL ON {database}.* TO {user}@'%'"),
                "SELECT SLEEP(20);",
                format!(
                    "SELECT CONCAT_WS(' ', USER, HOST, DB, COMMAND, STATE, INFO) FROM information_schema.PROCESSLIST WHERE USER = '{user}'"
                ),
                "mysql",
            ),
            _ => (
                format!("CREATE ROLE {user} LOGIN PASSWORD '{CANARY}'; GRANT ALL ON DATABASE {database} TO {user}"),
                "SELECT pg_sleep(20);",
                format!("SELECT row_to_json(a)::text FROM pg_stat_activity a WHERE usename = '{user}'"),
                "postgres",
            ),
        };
        for statement in make.split("; ") {
            administer_of(engine, &[statement]);
        }
        if engine == Engine::Postgres {
            live.execute(&format!("GRANT ALL ON SCHEMA public TO {user}"));
        }
        let project = Project::new();
        project.write(&[(
            "1_a.sql".to_owned(),
            format!("CREATE TABLE a (id integer);\n{waits}").into(),
        )]);
        let url = format!("{scheme}://{user}:{CANARY}@{host}:{port}/{database}");
        let child = start(project.command(&url, false).arg("up"));
        let process = child.id();
        let began = Instant::now();
        let seen = loop {
            let seen = live.query(&sessions);
            if seen.iter().any(|session| session.to_lowercase().contains("sleep(20)")) {
                break seen;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{seen:?}");
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(seen.iter().all(|session| !session.contains(CANARY)), "{seen:?}");
        let typed = fs::read(format!("/proc/{process}/cmdline")).unwrap();
        assert!(!String::from_utf8_lossy(&typed).contains(CANARY));
        let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap();
        assert_eq!(children, "", "a process that could be seen");
        // Somebody who waits for the lock is told who holds it, and somebody who looks is told how far it is.
        let waits = finish(project.command(&url, false).args(["up", "--lock-wait", "100ms"]));
        assert_eq!(waits.code, Some(4), "{}{}", waits.stdout, waits.stderr);
        let sent = Command::new("kill").args(["-INT", &process.to_string()]).status();
        assert!(sent.unwrap().success());
        let ended = wait(child);
        assert_eq!(ended.code, Some(130), "{}{}", ended.stdout, ended.stderr);
        for said in [waits, ended] {
            assert!(
                !said.stdout.contains(CANARY) && !said.stderr.contains(CANARY),
                "{}{}",
                said.stdout,
                said.stderr
            );
        }
        is_not_recorded(&live);
        if engine == Engine::Postgres {
            live.execute(&format!(
                "DROP OWNED BY {user}; REVOKE ALL ON DATABASE {database} FROM {user}"
            ));
            administer_of(engine, &[&format!("DROP ROLE {user}")]);
        } else {
            administer_of(engine, &[&format!("DROP USER {user}@'%'")]);
        }
    }
}
