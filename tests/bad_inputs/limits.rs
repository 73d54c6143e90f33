//! Servers that want too much: time, memory, a file. What holds then is in docs/limits.md.

use std::fs;
use std::io::Write;
use std::process::{Child, Command};
use std::sync::Arc;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use crate::bench::{Project, Said, finish, run, start, wait};
use crate::case::{Case, Engine, GOOD, case};
use crate::live::{Live, address_of};
use crate::pretender::{answers_by, hears, message, retold_by};
use crate::twisted::{Damage, Seen, Twist, notice, twisted, without_end};

/// What a run takes that is asked to do nothing large, in KiB.
const LITTLE: u64 = 128 * 1024;

/// The same with an answer that is too large, which is given up at 512 MiB.
const ANSWER: u64 = (512 + 128) * 1024;

const SERVERS: [Engine; 2] = [Engine::Postgres, Engine::MariaDb];

/// A script whose answer is a row that can be found on its way.
const FINDS: &str = "CREATE TABLE a (id integer);\nSELECT upper('findmerow');\n";

const ROW: &str = "FINDMEROW";

fn in_vain(name: &'static str, port: u16) -> Case {
    case(name)
        .file("1_a.sql", GOOD)
        .own()
        .env("SYNCLINE_URL", format!("postgres://u:s3cret@127.0.0.1:{port}/d"))
        .types(&["up", "--connect-timeout", "1s"])
        .exits(6)
        .says(&["did not answer within 1 s", "`connect-timeout`"])
        .hides(&["s3cret", "owned"])
}

#[test]
fn a_login_that_never_ends_is_given_up() {
    let notices = answers_by(|stream| {
        let let_in = message(b'R', &[0; 4]);
        let _ = (&*stream).write_all(&let_in);
        without_end(stream, &notice());
    });
    let rounds = answers_by(|stream| {
        let ask = |code: u8, text: &[u8]| {
            let _ = (&*stream).write_all(&message(b'R', &[&[0, 0, 0, code], text].concat()));
            hears(stream);
        };
        ask(10, b"SCRAM-SHA-256\0\0");
        ask(11, b"r=abc,s=c2FsdHNhbHQ=,i=2147483647");
        sleep(Duration::from_secs(20));
    });
    run([
        in_vain("notices without end while logging in", notices),
        in_vain("2147483647 rounds of SCRAM", rounds),
    ]);
}

/// A project with one script, its database, and a proxy that damages the first message of the server that holds a word.
struct Twisted {
    project: Project,
    seen: Arc<Seen>,
    url: String,
    /// Is somebody else's when it is dropped.
    _live: Live,
}

impl Twisted {
    /// Finds the message in a run of the same command that goes well.
    fn new(engine: Engine, script: &str, command: &[&str], word: &str, damage: Damage) -> Self {
        let place = |twist| {
            let (project, live) = (Project::new(), Live::new(engine, std::path::Path::new("")));
            project.write(&[("1_findme.sql".to_owned(), script.into())]);
            if command[0] != "up" {
                assert_eq!(finish(project.command(&live.url, false).arg("up")).code, Some(0));
            }
            let (port, seen) = twisted(engine, twist);
            let url = live
                .url
                .replace(&format!(":{}/", address_of(engine).1), &format!(":{port}/"));
            Self {
                project,
                seen,
                url,
                _live: live,
            }
        };
        let well = place(None);
        assert_eq!(well.start(command).wait().unwrap().code(), Some(0));
        let messages = well.seen.from_server.lock().unwrap();
        let holds = |message: &Vec<u8>| message.windows(word.len()).any(|bytes| bytes == word.as_bytes());
        let message = messages.iter().position(holds).unwrap();
        place(Some(Twist {
            message,
            damage,
            seed: 0,
        }))
    }

    fn start(&self, command: &[&str]) -> Child {
        let mut program = self.project.command(&self.url, false);
        program.args(command);
        if command.len() == 1 {
            program.args(["--connect-timeout", "400ms"]);
        }
        start(&mut program)
    }
}

/// Waits for the end, and sends a signal at these times; with the largest amount of memory in KiB.
fn watched(child: Child, signals: &[u64]) -> (Said, u64, Duration) {
    let process = child.id().to_string();
    let status = format!("/proc/{process}/status");
    let began = Instant::now();
    let memory = thread::spawn(move || {
        let mut peak = 0;
        while let Ok(status) = fs::read_to_string(&status) {
            // One that has ended and was not waited for has no memory any more.
            let Some(line) = status.lines().find_map(|line| line.strip_prefix("VmHWM:")) else {
                break;
            };
            peak = line.trim_end_matches("kB").trim().parse().unwrap();
            sleep(Duration::from_millis(5));
        }
        peak
    });
    let signals = signals.to_vec();
    let sends = thread::spawn(move || {
        for wait in signals {
            sleep(Duration::from_millis(wait));
            let sent = Command::new("kill").args(["-INT", &process]).status();
            assert!(sent.unwrap().success());
        }
    });
    let said = wait(child);
    let took = began.elapsed();
    sends.join().unwrap();
    (said, memory.join().unwrap(), took)
}

/// Ends a run whose server was asked to end the statement, and did not.
const TWICE: &[u64] = &[1000, 500];

#[test]
fn what_a_statement_brings_without_end_is_thrown_away_until_the_run_is_interrupted() {
    let all = [
        (Engine::Postgres, Damage::Notices),
        (Engine::Postgres, Damage::Rows),
        (Engine::MariaDb, Damage::Rows),
        (Engine::Postgres, Damage::Silence),
        (Engine::MariaDb, Damage::Silence),
    ];
    for (engine, damage) in all {
        let twisted = Twisted::new(engine, FINDS, &["up"], ROW, damage);
        let (said, peak, took) = watched(twisted.start(&["up"]), TWICE);
        let all = format!(
            "{engine:?} {damage:?} {peak} KiB {took:?}: {}{}",
            said.stdout, said.stderr
        );
        assert_eq!(said.code, Some(130), "{all}");
        assert!(peak < LITTLE && took < Duration::from_secs(5), "{all}");
        assert!(!all.contains('\u{1b}') && !all.contains("applied"), "{all}");
        println!("{all}");
    }
}

#[test]
fn a_question_that_is_not_answered_is_given_up() {
    for engine in SERVERS {
        let twisted = Twisted::new(engine, GOOD, &["status"], "findme", Damage::Silence);
        let (said, _, took) = watched(twisted.start(&["status"]), &[]);
        let all = format!("{engine:?} {took:?}: {}{}", said.stdout, said.stderr);
        assert_eq!(said.code, Some(6), "{all}");
        assert!(
            all.contains("did not answer within 4 s") && all.contains("`connect-timeout`"),
            "{all}"
        );
        assert!(took > Duration::from_secs(4) && took < Duration::from_secs(8), "{all}");
    }
}

#[test]
fn an_answer_without_end_is_given_up_when_it_is_too_large() {
    for engine in SERVERS {
        let twisted = Twisted::new(engine, GOOD, &["status"], "findme", Damage::Rows);
        let (said, peak, took) = watched(twisted.start(&["status", "--connect-timeout", "5s"]), &[]);
        let all = format!("{engine:?} {peak} KiB {took:?}: {}{}", said.stdout, said.stderr);
        assert_eq!(said.code, Some(6), "{all}");
        assert!(all.contains("an answer of more than 536870912 bytes"), "{all}");
        assert!(peak < ANSWER, "{all}");
        println!("{all}");
    }
}

#[test]
fn a_server_that_asks_for_a_file_gets_none() {
    const SECRET: &str = "0nly-h3re";
    for (command, script, word) in [("status", GOOD, "findme"), ("up", FINDS, ROW)] {
        let twisted = Twisted::new(Engine::MariaDb, script, &[command], word, Damage::WantsFile);
        fs::write(twisted.project.path.join("secret.txt"), SECRET).unwrap();
        let (said, _, took) = watched(twisted.start(&[command]), &[]);
        let all = format!("{took:?}: {}{}", said.stdout, said.stderr);
        assert!(matches!(said.code, Some(5 | 6)), "{:?} {all}", said.code);
        assert!(all.contains("the connection was lost"), "{all}");
        let sent = twisted.seen.from_client.lock().unwrap();
        assert!(!String::from_utf8_lossy(&sent).contains(SECRET));
    }
}

#[test]
fn a_version_with_an_escape_sequence_is_made_harmless() {
    for engine in SERVERS {
        let live = Live::new(engine, std::path::Path::new(""));
        let version = live.query("SELECT version()")[0].clone();
        let number = version
            .trim_start_matches("PostgreSQL ")
            .split(['-', ' '])
            .next()
            .unwrap();
        let twisted = format!("{}\u{1b}\u{7}", &number[..number.len() - 2]);
        let (_, real) = address_of(engine);
        let port = retold_by(engine, &[(number, &twisted)]);
        let url = live.url.replace(&format!(":{real}/"), &format!(":{port}/"));
        // Which numbers are old enough is asked elsewhere; here it matters that nothing raw comes through, whatever is said.
        let looks = |format: &'static str| {
            let project = Project::new();
            project.write(&[("1_a.sql".to_owned(), GOOD.into())]);
            let said = finish(project.command(&url, false).args(["status", "--format", format]));
            let all = format!("{}{}", said.stdout, said.stderr);
            assert!(matches!(said.code, Some(0 | 6)), "{:?} {all}", said.code);
            assert!(!all.contains(['\u{1b}', '\u{7}']), "{all:?}");
        };
        looks("human");
        looks("json");
    }
}
