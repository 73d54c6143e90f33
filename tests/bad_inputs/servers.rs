//! Servers that do not answer, do not let us in, are not what they should be, or hold something else.

use std::io::Write;
use std::thread;
use std::time::Duration;

use crate::bench::run;
use crate::case::{Case, Engine, GOOD, case};
use crate::live::{Live, administer, fresh, password_of, server, server_address};
use crate::pretender::{answers, error, message, pretend, retold};

/// A URL that leads nowhere good.
pub(crate) fn unreachable(name: &'static str, url: impl Into<String>, words: &[&str]) -> Case {
    case(name)
        .file("1_a.sql", GOOD)
        .own()
        .env("SYNCLINE_URL", url)
        .types(&["up", "--connect-timeout", "1s"])
        .exits(6)
        .says(words)
        .hides(&["s3cret"])
}

fn at_port(port: u16) -> String {
    format!("postgres://u:s3cret@127.0.0.1:{port}/d")
}

#[test]
fn nobody_answers() {
    let silent = pretend(|stream| {
        thread::sleep(Duration::from_secs(20));
        drop(stream);
    });
    let closes = pretend(drop);
    let slow = pretend(|mut stream| {
        for byte in b"N".iter().chain([b'R'; 1000].iter()) {
            if stream.write_all(&[*byte]).is_err() {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
    });
    run([
        unreachable("nobody listens", at_port(1), &["127.0.0.1:1", "refused", "host, port"]),
        unreachable(
            "a name that is not there",
            "postgres://u:s3cret@nosuch.invalid/d",
            &["nosuch.invalid", "host, port"],
        ),
        unreachable(
            "a socket that is not there",
            "postgres:///d?host=/nowhere",
            &["/nowhere", "host, port"],
        ),
        unreachable(
            "somebody who says nothing",
            at_port(silent),
            &["did not answer within 1 s", "`connect-timeout`"],
        ),
        unreachable("somebody who hangs up", at_port(closes), &["127.0.0.1"]),
        unreachable("somebody who says a byte now and then", at_port(slow), &["127.0.0.1"]),
    ]);
}

#[test]
fn somebody_else_answers() {
    let mysql = pretend(|mut stream| {
        let _ = stream.write_all(b"J\0\0\0\n8.0.36\0\x0b\0\0\0abcdefgh\0\xff\xf7\xff\x02\0\xff\xdf\x15\0");
        thread::sleep(Duration::from_secs(20));
    });
    let web = pretend(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let huge = |length: u32| answers([&b"R"[..], &length.to_be_bytes()].concat());
    run([
        unreachable("MySQL", at_port(mysql), &["127.0.0.1"]),
        unreachable("a web server", at_port(web), &["127.0.0.1"]),
        unreachable(
            "a message of 2 GiB that never comes",
            at_port(huge(0x7fff_ffff)),
            &["127.0.0.1"],
        ),
        unreachable(
            "a message of a negative length",
            at_port(huge(0xffff_ffff)),
            &["127.0.0.1"],
        ),
        unreachable("a message of no length", at_port(huge(0)), &["127.0.0.1"]),
        unreachable(
            "a message that is cut short",
            at_port(answers(message(b'R', b"\0"))),
            &["127.0.0.1"],
        ),
        unreachable(
            "a way to log in that is not known",
            at_port(answers(message(b'R', &[0, 0, 0, 99]))),
            &["127.0.0.1"],
        ),
        unreachable(
            "a message that is not known",
            at_port(answers(message(b'\x07', b"\x1b]0;x\x07"))),
            &["127.0.0.1"],
        ),
        unreachable(
            "an error without fields",
            at_port(answers(message(b'E', b"\0"))),
            &["127.0.0.1"],
        ),
        unreachable(
            "an error that is not text",
            at_port(answers(message(b'E', b"C57P03\0M\xff\xfe\0\0"))),
            &["127.0.0.1"],
        ),
        unreachable(
            "an error with an escape sequence",
            at_port(answers(error("XX000", "no\x1b]0;owned\x07 way"))),
            &["127.0.0.1", "owned"],
        ),
        unreachable(
            "a server that is starting up",
            at_port(answers(error("57P03", "the database system is starting up"))),
            &["starting up", "try again"],
        ),
        unreachable(
            "a server with no connection left",
            at_port(answers(error("53300", "sorry, too many clients already"))),
            &["too many clients", "try again later"],
        ),
        unreachable(
            "no encryption where it is asked for",
            format!("{}?sslmode=require", at_port(answers(b""))),
            &["127.0.0.1", "TLS"],
        ),
        unreachable(
            "encryption that is none",
            format!(
                "{}?sslmode=require",
                at_port(pretend(|mut stream| {
                    let _ = stream.write_all(b"S this is no handshake");
                    thread::sleep(Duration::from_secs(20));
                }))
            ),
            &["127.0.0.1", "sslmode"],
        ),
    ]);
}

#[test]
fn the_server_does_not_let_us_in() {
    let (host, port) = server_address();
    let role = fresh("full");
    administer(&[&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 's3cret' CONNECTION LIMIT 0"
    )]);
    run([
        unreachable(
            "a wrong password",
            format!("postgres://{role}:s3cretx@{host}:{port}/postgres"),
            &["password authentication failed", "pg_hba.conf"],
        ),
        unreachable(
            "no password",
            format!("postgres://{role}@{host}:{port}/postgres"),
            &["password"],
        ),
        unreachable(
            "a user that is not there",
            format!("postgres://nosuch:s3cret@{host}:{port}/postgres"),
            &["nosuch", "pg_hba.conf"],
        ),
        unreachable(
            "a user with no connection left",
            format!("postgres://{role}:s3cret@{host}:{port}/postgres"),
            &["too many connections", "try again later"],
        ),
        unreachable(
            "a database that is not there",
            format!("{}/nosuch", server().rsplit_once('/').unwrap().0),
            &["\"nosuch\" does not exist", "CREATE DATABASE"],
        ),
    ]);
    administer(&[&format!("DROP ROLE {role}")]);
}

#[test]
fn the_server_is_not_the_right_one() {
    let live = Live::new(Engine::Postgres, std::path::Path::new(""));
    let version = live.query("SHOW server_version")[0].clone();
    let major = version.split('.').next().unwrap().to_owned();
    let (_, port) = server_address();
    let through = |words: &[(&str, &str)]| live.url.replace(&format!(":{port}/"), &format!(":{}/", retold(words)));
    run([
        unreachable(
            "an old server",
            through(&[(&format!("{major}."), "11.")]),
            &["PostgreSQL 11", "12 or newer"],
        ),
        unreachable(
            "CockroachDB",
            through(&[("PostgreSQL", "CockroachX")]),
            &["CockroachX", "not PostgreSQL"],
        ),
    ]);
    let role = fresh("plain");
    administer(&[&format!("CREATE ROLE {role} LOGIN PASSWORD 's3cret'")]);
    let plain = live
        .url
        .replace("://tester:", "://x:")
        .split_once('@')
        .unwrap()
        .1
        .to_owned();
    run([
        unreachable(
            "a user who may create nothing",
            format!("postgres://{role}:s3cret@{plain}"),
            &["permission denied", "GRANT"],
        ),
        unreachable(
            "no schema",
            format!("{}?options[search_path]=nosuch", live.url),
            &["no schema", "create the schema first"],
        ),
    ]);
    assert!(live.everything().iter().all(|line| !line.contains("syncline")));
    live.execute(&format!(
        "ALTER DATABASE {} SET default_transaction_read_only = on",
        live.url.rsplit_once('/').unwrap().1
    ));
    run([unreachable("a database that is only read", live.url.clone(), &["read-only"]).exits(3)]);
    live.execute(&format!(
        "SET default_transaction_read_only = off; ALTER DATABASE {} RESET ALL",
        live.url.rsplit_once('/').unwrap().1
    ));
    administer(&[&format!("DROP ROLE {role}")]);
    assert!(!password_of(Engine::Postgres).is_empty());
}

#[test]
fn other_encodings() {
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let live = Live::postgres(&format!(
            "ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        ));
        let project = crate::bench::Project::new();
        project.write(&[
            (
                "1_a.sql".to_owned(),
                "-- caf\u{e9}\nCREATE TABLE a (x text); INSERT INTO a VALUES ('caf\u{e9}');\n".into(),
            ),
            (
                "2_b.sql".to_owned(),
                "-- \u{8868} \u{2713}\nCREATE TABLE b (x text);\n".into(),
            ),
        ]);
        let said = crate::bench::finish(project.command(&live.url, false).arg("up"));
        if encoding == "LATIN1" {
            assert_eq!(said.code, Some(1), "{}{}", said.stdout, said.stderr);
            for words in [
                "2 b",
                "cannot be stored in this database's encoding",
                "`keep-scripts",
                "no equivalent",
            ] {
                assert!(said.stderr.contains(words), "{}", said.stderr);
            }
            assert_eq!(live.tables(), ["a"]);
        } else {
            assert_eq!(said.code, Some(0), "{}{}", said.stdout, said.stderr);
        }
        assert_eq!(
            live.query("SELECT octet_length(x)::text FROM a"),
            [if encoding == "LATIN1" { "4" } else { "5" }]
        );
        let said = crate::bench::finish(project.command(&live.url, false).args(["show", "1"]));
        assert!(
            said.stdout.contains("-- caf\u{e9}"),
            "{encoding}: {}{}",
            said.stdout,
            said.stderr
        );
    }
}

#[test]
fn the_database_holds_something_else() {
    run([
        case("tables and no history")
            .everywhere()
            .sql("CREATE TABLE users (id integer)")
            .file("1_a.sql", GOOD)
            .exits(3)
            .says(&["`users`", "no history", "syncline baseline 1", "syncline baseline none"]),
        case("a table of the history's name that is somebody else's")
            .everywhere()
            .sql("CREATE TABLE syncline_history (x integer)")
            .file("1_a.sql", GOOD)
            .exits(3)
            .says(&["syncline_history", "history-table"]),
        case("a history of a newer format")
            .everywhere()
            .applied("1_a.sql", GOOD)
            .sql("UPDATE syncline_history SET version = '99' WHERE seq = 0")
            .file("1_a.sql", GOOD)
            .file("2_b.sql", "SELECT 1;")
            .exits(3)
            .says(&["99", "newer"]),
        case("a history that lacks a column")
            .everywhere()
            .applied("1_a.sql", GOOD)
            .sql("ALTER TABLE syncline_history DROP COLUMN reason")
            .file("1_a.sql", GOOD)
            .file("2_b.sql", "SELECT 1;")
            .exits(3)
            .says(&["syncline_history"]),
        case("a history of which a row is gone")
            .everywhere()
            .applied("1_a.sql", GOOD)
            .applied("2_b.sql", "SELECT 1;")
            .sql("DELETE FROM syncline_history WHERE seq = 1")
            .file("1_a.sql", GOOD)
            .file("2_b.sql", "SELECT 1;")
            .exits(3)
            .says(&["record 1 of the history is gone", "syncline verify"]),
        case("a history with a kind that nobody knows")
            .everywhere()
            .applied("1_a.sql", GOOD)
            .sql("UPDATE syncline_history SET kind = 'sideways' WHERE seq = 1")
            .file("1_a.sql", GOOD)
            .exits(3)
            .says(&["sideways"]),
        case("a history that was edited, to be verified")
            .everywhere()
            .applied("1_a.sql", GOOD)
            .sql("UPDATE syncline_history SET applied_by = 'somebody' WHERE seq = 1")
            .file("1_a.sql", GOOD)
            .types(&["verify"])
            .exits(3)
            .says(&["record 1"]),
        case("a stored script that was edited, to be verified")
            .everywhere()
            .applied("1_a.sql", GOOD)
            .sql("UPDATE syncline_script SET body = 'DROP TABLE a'")
            .file("1_a.sql", GOOD)
            .types(&["verify"])
            .exits(3)
            .says(&["stored script", "not what its checksum says"]),
        case("a stored down script that was edited is not run")
            .everywhere()
            .applied("1_a.sql", format!("{GOOD}-- syncline: down\nDROP TABLE a;\n"))
            .sql("UPDATE syncline_script SET body = 'DROP TABLE a; DROP TABLE b;' WHERE body LIKE 'DROP%'")
            .types(&["down", "--yes"])
            .exits(3)
            .says(&["checksum"]),
        case("not the database that is expected")
            .applied("1_a.sql", GOOD)
            .file("1_a.sql", GOOD)
            .file("2_b.sql", "SELECT 1;")
            .prepare(|project| {
                let text = "[target.prod]\nurl-env = \"DATABASE\"\nexpect-database = \"not-this-one\"\n";
                std::fs::write(project.join("syncline.toml"), text).unwrap();
            })
            .sqlite()
            .env("DATABASE", "sqlite:test.db")
            .types(&["up", "--target", "prod"])
            .exits(3)
            .says(&["not the database that is expected", "not-this-one"]),
    ]);
}
