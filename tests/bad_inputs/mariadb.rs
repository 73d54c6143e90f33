//! MariaDB, where its answer is another one: it keeps what ran before an error, reads quotes in its own way, and has its own protocol.

use std::io::Write;
use std::thread;
use std::time::Duration;

use crate::bench::run;
use crate::case::{Case, Engine, GOOD, case};
use crate::live::{Live, address_of, administer_of, fresh, server_of};
use crate::pretender::{pretend, retold_by};
use crate::servers::unreachable;

/// A script that is refused at a place, without a server.
fn refused(name: &'static str, text: &str, (line, column): (u32, u32), words: &[&str]) -> Case {
    case(name)
        .mariadb()
        .file("1_a.sql", text)
        .at("migrations/1_a.sql", line, column)
        .says(words)
}

/// A script that stops half-way.
fn stops(name: &'static str, text: &str, words: &[&str]) -> Case {
    case(name)
        .mariadb()
        .live()
        .file("1_a.sql", text)
        .changes()
        .exits(5)
        .says(words)
}

/// A first migration that may do anything to the session, and a second one that must not notice.
fn then_b(name: &'static str, text: &str) -> Case {
    case(name)
        .mariadb()
        .file("1_a.sql", format!("CREATE TABLE a (id integer);\n{text}"))
        .file("2_b.sql", "CREATE TABLE b (id integer);")
        .done()
        .tables(&["a", "b"])
}

#[test]
fn scripts_are_read_by_the_rules_of_the_engine() {
    let open = |name, text: &str, place| refused(name, &format!("{GOOD}{text}"), place, &["never closed"]);
    run([
        open("MariaDB: a string that is never closed", "SELECT 'abc;", (2, 8)),
        open("MariaDB: a string whose end is escaped", "SELECT 'abc\\';", (2, 8)),
        open("MariaDB: a string in double quotes", "SELECT \"abc;", (2, 8)),
        open("MariaDB: a name in backquotes", "SELECT `abc;", (2, 8)),
        open("MariaDB: a comment", "SELECT 1; /* abc", (2, 11)),
        refused("MariaDB: a command of psql", &format!("{GOOD}\\connect x\n"), (2, 1), &["`\\connect`", "not SQL"]),
        refused("MariaDB: a command of sqlcmd", &format!("{GOOD}GO\n"), (2, 1), &["`GO`", "not SQL"]),
        refused("MariaDB: BEGIN and COMMIT by habit", &format!("BEGIN;\n{GOOD}COMMIT;"), (1, 1), &["`BEGIN`", "remove it"]),
        refused("MariaDB: XA", &format!("{GOOD}XA START 'x';"), (2, 1), &["XA"]),
        refused("MariaDB: a directive that is misspelt", &format!("-- syncline: no-tranaction\n{GOOD}"), (1, 1), &["no-transaction"]),
        refused("MariaDB: a NUL byte", &format!("{GOOD}SELECT 1;\0"), (2, 10), &["NUL byte (0x00)"]),
        refused(
            "MariaDB: a savepoint, which nothing would be taken back to",
            &format!("{GOOD}SAVEPOINT s;"),
            (2, 1),
            &["`SAVEPOINT s`", "belongs in a transaction"],
        ),
        case("MariaDB: a client's delimiter")
            .mariadb()
            .file("1_a.sql", format!("DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END//\nDELIMITER ;\n{GOOD}"))
            .done()
            .tables(&["a"]),
        case("MariaDB: comments do not nest, and some are code")
            .mariadb()
            .file("1_a.sql", format!("/* /* */ {GOOD}/*!40101 CREATE TABLE b (id integer) */;\n/*M!100100 CREATE TABLE c (id integer) */;"))
            .done()
            .tables(&["a", "b", "c"]),
        case("MariaDB: the first line of a dump")
            .mariadb()
            .file("1_a.sql", format!("/*M!999999\\- enable the sandbox mode */ \n{GOOD}"))
            .done()
            .tables(&["a"]),
        case("MariaDB: hashes, backslashes and quotes in quotes")
            .mariadb()
            .file("1_a.sql", "# ; '\nCREATE TABLE `a;``b` (x varchar(9) DEFAULT '\\';', y varchar(9) DEFAULT \";'\");")
            .done()
            .tables(&["a;`b"]),
    ]);
}

#[test]
fn what_ran_before_an_error_is_told() {
    run([
        stops(
            "MariaDB: a table that is there already",
            &format!("{GOOD}  {GOOD}"),
            &["already exists", "statement 2 of 2", "syncline up"],
        )
        .at("migrations/1_a.sql", 2, 16)
        .tables(&["a"]),
        stops(
            "MariaDB: a column that is not there",
            &format!("{GOOD}INSERT INTO a (nosuch) VALUES (1);"),
            &["nosuch", "statement 2 of 2"],
        )
        .at("migrations/1_a.sql", 2, 16)
        .tables(&["a"]),
        stops(
            "MariaDB: a word that is misspelt",
            &format!("{GOOD}CREAT TABLE b (id integer);"),
            &["SQL syntax", "statement 2 of 2"],
        )
        .at("migrations/1_a.sql", 2, 1),
        stops(
            "MariaDB: an escape sequence in an error",
            "CREATE TABLE a (id integer);\nSIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '\u{1b}]0;owned\u{7}';",
            &["owned", "statement 2 of 2"],
        ),
        stops(
            "MariaDB: a statement that is larger than the server takes",
            &format!("{GOOD}SELECT LENGTH('{}');", "x".repeat(4 << 20)),
            &[
                "statement 2 of 2",
                "`max_allowed_packet` is 4194304",
                "split the statement",
            ],
        )
        .tables(&["a"]),
        stops(
            "MariaDB: a script that is larger than the server takes at once",
            &format!("{GOOD}{}", format!("/* {} */;", "é".repeat(1 << 18)).repeat(5)),
            &[
                "migration 1 a failed",
                "`max_allowed_packet` is 4194304",
                "lower `keep-scripts`",
            ],
        )
        .prepare(|project| std::fs::write(project.join("syncline.toml"), "keep-scripts = '60MiB'").unwrap())
        .exits(1)
        .tables(&[]),
        stops(
            "MariaDB: the script ends its own connection",
            &format!("{GOOD}KILL CONNECTION_ID();"),
            &["statement 2 of 2", "1 a"],
        ),
        stops(
            "MariaDB: another session was to be ended",
            &format!("{GOOD}KILL 4294967290;"),
            &["Unknown thread id"],
        )
        .tables(&["a"]),
        stops(
            "MariaDB: the history named by a script",
            &format!("{GOOD}DROP TABLE syncline_history;"),
            &["changed syncline's own tables"],
        )
        .tables(&["a"]),
        stops(
            "MariaDB: a trigger on the history",
            &format!("{GOOD}CREATE TRIGGER t BEFORE INSERT ON syncline_history FOR EACH ROW SET NEW.name = 'x';"),
            &["changed syncline's own tables"],
        )
        .tables(&["a"]),
    ]);
}

#[test]
fn the_session_of_a_script_ends_with_it() {
    run([
        then_b("MariaDB: no autocommit", "SET autocommit = 0;"),
        then_b("MariaDB: keys unchecked", "SET foreign_key_checks = 0;"),
        then_b("MariaDB: other rules for quotes", "SET sql_mode = 'ANSI_QUOTES';"),
        then_b("MariaDB: another encoding", "SET NAMES latin1;"),
        then_b(
            "MariaDB: only reading from here on",
            "SET SESSION TRANSACTION READ ONLY;",
        ),
        then_b("MariaDB: the lock given up", "SELECT RELEASE_ALL_LOCKS();"),
        then_b("MariaDB: another database", "USE information_schema;"),
        then_b(
            "MariaDB: a temporary table named like the next one",
            "CREATE TEMPORARY TABLE b (x integer);",
        ),
        then_b(
            "MariaDB: rows that nobody wants",
            "SELECT 1, 'two', NULL; SELECT * FROM a;",
        ),
    ]);
}

#[test]
fn servers_that_are_no_mariadb() {
    let at = |port: u16| format!("mysql://u:s3cret@127.0.0.1:{port}/d");
    let says = |bytes: &'static [u8]| {
        at(pretend(move |mut stream| {
            let _ = stream.write_all(bytes);
            thread::sleep(Duration::from_secs(20));
        }))
    };
    run([
        unreachable(
            "MariaDB: nobody listens",
            at(1),
            &["127.0.0.1:1", "refused", "host, port"],
        ),
        unreachable(
            "MariaDB: somebody who says nothing",
            says(b""),
            &["did not answer within 1 s", "`connect-timeout`"],
        ),
        unreachable("MariaDB: somebody who hangs up", at(pretend(drop)), &["127.0.0.1"]),
        unreachable(
            "MariaDB: a web server",
            says(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            &["127.0.0.1"],
        ),
        unreachable("MariaDB: a mail server", says(b"220 mail ESMTP\r\n"), &["127.0.0.1"]),
        unreachable("MariaDB: a message of no length", says(b"\0\0\0\0"), &["127.0.0.1"]),
        unreachable(
            "MariaDB: a message that never ends",
            says(b"\xff\xff\xff\0\n"),
            &["did not answer within 1 s"],
        ),
        unreachable(
            "MariaDB: a greeting that is cut short",
            says(b"\x05\0\0\0\n8.0"),
            &["127.0.0.1"],
        ),
        unreachable(
            "MariaDB: an old protocol",
            says(b"\x07\0\0\0\x093.21\0\0"),
            &["127.0.0.1"],
        ),
        unreachable(
            "MariaDB: an error with an escape sequence",
            says(b"\x10\0\0\0\xff\x10\x04\x1b]0;owned\x07 no"),
            &["127.0.0.1", "owned"],
        ),
    ]);
}

#[test]
fn servers_that_do_not_let_us_in() {
    let (host, port) = address_of(Engine::MariaDb);
    let user = fresh("user");
    administer_of(
        Engine::MariaDb,
        &[&format!("CREATE USER {user}@'%' IDENTIFIED BY 's3cret'")],
    );
    let live = Live::new(Engine::MariaDb, std::path::Path::new(""));
    let name = live.url.rsplit_once('/').unwrap().1.to_owned();
    let version = live.query("SELECT VERSION()")[0].clone();
    let old = version.replacen("10.11", "10.05", 1);
    let other = live.url.replace(
        &format!(":{port}/"),
        &format!(":{}/", retold_by(Engine::MariaDb, &[(&version, &old)])),
    );
    run([
        unreachable(
            "MariaDB: a wrong password",
            format!("mysql://{user}:s3cretx@{host}:{port}/{name}"),
            &["Access denied", "the password"],
        ),
        unreachable(
            "MariaDB: a user that is not there",
            format!("mysql://nosuch:s3cret@{host}:{port}/{name}"),
            &["Access denied", "nosuch"],
        ),
        unreachable(
            "MariaDB: a user who may not see the database",
            format!("mysql://{user}:s3cret@{host}:{port}/{name}"),
            &["Access denied", "no right"],
        ),
        unreachable(
            "MariaDB: a database that is not there",
            format!("{}/nosuch", server_of(Engine::MariaDb).rsplit_once('/').unwrap().0),
            &["nosuch", "CREATE DATABASE"],
        ),
        unreachable(
            "MariaDB: no database",
            server_of(Engine::MariaDb).rsplit_once('/').unwrap().0,
            &["names no database"],
        ),
        unreachable(
            "MariaDB: an authority whose file is not there",
            format!("{}?ssl-ca=/nowhere/ca.pem", live.url),
            &["`ssl-ca`", "/nowhere/ca.pem"],
        ),
        unreachable(
            "MariaDB: no encryption where it is asked for",
            format!("{}?ssl-mode=required", live.url),
            &["TLS"],
        ),
        unreachable(
            "MariaDB: an old server",
            other,
            &["MariaDB 10.05", "10.6 or newer", "upgrade"],
        ),
    ]);
    administer_of(Engine::MariaDb, &[&format!("DROP USER {user}@'%'")]);
}
