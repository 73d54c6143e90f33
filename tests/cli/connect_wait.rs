//! `--connect-wait`: what is waited for, and what is not.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::project::Project;
use crate::settings::setting;

/// What a server does before it is there.
#[derive(Clone, Copy, Debug)]
enum Before {
    /// Nobody listens.
    Nobody,
    /// Something in front of it takes the connection and closes it.
    Closes,
    /// It is reset.
    Resets,
    /// It says so.
    Says(&'static [u8]),
}

/// `FATAL: the database system is starting up`
const STARTING: &[u8] = b"E\0\0\0\x3eSFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0";
/// `1053 Server shutdown in progress`
const ENDING: &[u8] = b"\x1e\0\0\0\xff\x1d\x04Server shutdown in progress\0";

/// A port where a server is there after a while; before, this happens.
fn late(server: &str, before: Before, after: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = server.to_owned();
    let began = Instant::now();
    let listener = match before {
        Before::Nobody => {
            drop(listener);
            None
        }
        _ => Some(listener),
    };
    thread::spawn(move || {
        let listener = listener.unwrap_or_else(|| {
            thread::sleep(after);
            TcpListener::bind(("127.0.0.1", port)).unwrap()
        });
        for client in listener.incoming() {
            let mut client = client.unwrap();
            if began.elapsed() >= after {
                let server = TcpStream::connect(&server).unwrap();
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                thread::spawn(move || pump(from, to));
                thread::spawn(move || pump(server, client));
                continue;
            }
            match before {
                Before::Says(text) => {
                    // A client of MySQL waits to be spoken to.
                    client.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
                    let mut said = [0; 8];
                    let asked = client.read(&mut said).is_ok_and(|read| read == 8);
                    if asked && said[4..] == [4, 210, 22, 47] {
                        let _ = client.write_all(b"N").and_then(|()| client.read(&mut said).map(drop));
                    }
                    let _ = client.write_all(text);
                    let _ = client.shutdown(Shutdown::Write);
                    thread::sleep(Duration::from_millis(50));
                }
                Before::Resets => {
                    // What is unread when it is closed makes the system reset it.
                    thread::sleep(Duration::from_millis(100));
                }
                Before::Closes | Before::Nobody => {
                    let _ = client.shutdown(Shutdown::Both);
                }
            }
        }
    });
    port
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
}

fn password(url: &str) -> &str {
    url.split([':', '@']).nth(2).unwrap()
}

fn place(url: &str) -> &str {
    url.split(['@', '/']).nth(3).unwrap()
}

#[test]
fn a_server_that_is_not_there_yet_is_waited_for_and_that_is_said() {
    let (postgres, mariadb) = (setting("SYNCLINE_TEST_POSTGRES"), setting("SYNCLINE_TEST_MARIADB"));
    for (url, before) in [
        (&postgres, Before::Nobody),
        (&postgres, Before::Closes),
        (&postgres, Before::Resets),
        (&postgres, Before::Says(STARTING)),
        (&mariadb, Before::Nobody),
        (&mariadb, Before::Closes),
        (&mariadb, Before::Says(ENDING)),
    ] {
        let at = |port: u16| url.replace(place(url), &format!("127.0.0.1:{port}"));
        let late = || at(late(place(url), before, Duration::from_millis(1500)));
        let project = Project::new().file("migrations/1_a.sql", "SELECT 1;\n");
        let said = project.silently(&["verify", "--connect-wait", "20s", "--url", &late()]);
        assert_eq!(said.exit, 0, "{before:?} {}", said.stderr);
        let waiting = said.stderr.matches("waiting for the server, 0 of 20 s: ").count();
        assert_eq!(waiting, 1, "{before:?} {}", said.stderr);
        assert!(!said.stderr.contains(password(url)), "{}", said.stderr);
        let json = ["verify", "--connect-wait", "20s", "--format", "json", "--url", &late()];
        let said = project.silently(&json);
        assert_eq!((said.exit, said.stderr.as_str()), (0, ""), "{before:?}");
        // Without the word nobody waits.
        let began = Instant::now();
        let said = project.silently(&["verify", "--url", &late()]);
        assert!(
            said.exit == 6 && began.elapsed() < Duration::from_millis(1400),
            "{before:?} {}",
            said.stderr
        );
        assert!(said.stderr.contains("--connect-wait"), "{before:?} {}", said.stderr);
    }
}

#[test]
fn what_no_waiting_mends_fails_at_once_and_what_never_comes_is_given_up() {
    let project = Project::new().file("migrations/1_a.sql", "SELECT 1;\n");
    for url in [setting("SYNCLINE_TEST_POSTGRES"), setting("SYNCLINE_TEST_MARIADB")] {
        let (before, after) = url.rsplit_once('/').unwrap();
        for (url, code) in [
            (url.replace(password(&url), "wrong"), "error[auth]"),
            (format!("{before}/nosuch"), "error[no-database]"),
            (format!("{before}/{after}").replace("tester", "nosuch"), "error[auth]"),
        ] {
            let began = Instant::now();
            let said = project.silently(&["verify", "--connect-wait", "60s", "--url", &url]);
            assert!(said.stderr.contains(code), "{}", said.stderr);
            assert!(began.elapsed() < Duration::from_secs(10), "{code}");
        }
    }
    let began = Instant::now();
    let url = "postgres://me@127.0.0.1:1/shop";
    let configured = project.file(
        "syncline.toml",
        format!("connect-wait = \"1s\"\n[target.dev]\nurl = \"{url}\"\n"),
    );
    let said = configured.silently(&["verify"]);
    assert_eq!(said.exit, 6);
    assert!(
        said.stderr.contains("refused") && said.stderr.contains("waited 1 s for it"),
        "{}",
        said.stderr
    );
    assert!((1..5).contains(&began.elapsed().as_secs()));
}
