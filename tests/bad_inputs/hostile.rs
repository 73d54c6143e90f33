//! Servers that break their protocol in the middle of a session: an error with a code, and never a claim that is not true.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Instant;

use serde_json::Value;

use crate::bench::{Project, Said, finish};
use crate::case::Engine;
use crate::counted::{given_seed, is_long, tell};
use crate::live::{Live, address_of};
use crate::random::Random;
use crate::twisted::{Damage, Twist, twisted};

const DAMAGES: [Damage; 7] = [
    Damage::Garbage,
    Damage::Byte,
    Damage::Giant,
    Damage::Empty,
    Damage::Negative,
    Damage::Short,
    Damage::Twice,
];

const FILES: [(&str, &str); 3] = [
    (
        "1_a.sql",
        "CREATE TABLE a (n integer);\nINSERT INTO a VALUES (1);\nSELECT n FROM a;\n",
    ),
    ("2_b.sql", "INSERT INTO a VALUES (2);\n"),
    ("3_c.sql", "CREATE TABLE c (n integer);\n"),
];

/// What each of them leaves behind, asked for in this order.
const EFFECTS: [&str; 3] = ["a1", "a2", "c"];

/// So many messages are damaged; of more, every second, or third, unless there is time.
const MOST: usize = 100;

/// Two at a time: most of a trial is waiting.
const AT_ONCE: usize = 2;

#[test]
fn whatever_becomes_of_a_message_of_postgresql_nothing_is_claimed_that_is_not_true() {
    trials(Engine::Postgres, "PostgreSQL");
}

#[test]
fn whatever_becomes_of_a_message_of_mariadb_nothing_is_claimed_that_is_not_true() {
    trials(Engine::MariaDb, "MariaDB");
}

fn trials(engine: Engine, name: &str) {
    let seed = given_seed().unwrap_or(20_261_124);
    let messages = messages_of_a_run(engine);
    let twists = twists(&messages, seed, is_long());
    let messages = twists.iter().map(|twist| twist.message).collect::<BTreeSet<_>>().len();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let codes = Mutex::new(BTreeMap::<Option<i32>, usize>::new());
    let missed = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(twist) = twists.get(next.fetch_add(1, SeqCst)) {
                    let trial = std::panic::catch_unwind(|| trial(engine, *twist));
                    match trial {
                        Ok(None) => drop(missed.fetch_add(1, SeqCst)),
                        Ok(code) => *codes.lock().unwrap().entry(code).or_default() += 1,
                        Err(panic) => {
                            let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                            wrong.lock().unwrap().push(format!("── {twist:?}\n{text}"));
                        }
                    }
                }
            });
        }
    });
    let (wrong, codes) = (wrong.into_inner().unwrap(), codes.into_inner().unwrap());
    // MariaDB says more or less depending on what else it does.
    let missed = missed.into_inner();
    assert!(
        missed * 20 <= twists.len(),
        "{missed} of {} messages did not come",
        twists.len()
    );
    println!(
        "{name}: {} trials at {messages} messages, exit codes {codes:?}",
        twists.len()
    );
    tell(&format!(
        "hostile server, {name}: {messages} scenarios, {} faults, {} violations (seed {seed})",
        twists.len() - missed,
        wrong.len()
    ));
    assert!(
        wrong.is_empty(),
        "SYNCLINE_TEST_SEED={seed}: {} of {}:\n{}",
        wrong.len(),
        twists.len(),
        wrong.join("\n")
    );
}

/// Every message with one damage, or with all of them where there is time. The end of an answer always comes twice as well: from there
/// on each question would be taken for answered by what the one before it brought.
fn twists(messages: &[Vec<u8>], seed: u64, is_long: bool) -> Vec<Twist> {
    let mut chance = Random(seed);
    let shift = chance.below(DAMAGES.len());
    let mut twists = Vec::new();
    // MariaDB lists tables of other databases as well, so a server that others use sends more.
    let step = if is_long {
        1
    } else {
        messages.len().div_ceil(MOST).max(1)
    };
    for (number, message) in messages.iter().enumerate().step_by(step) {
        for (index, damage) in DAMAGES.into_iter().enumerate() {
            let ends = damage == Damage::Twice && message[0] == b'Z';
            let seed = chance.next();
            if is_long || ends || (number / step + shift) % DAMAGES.len() == index {
                twists.push(Twist {
                    message: number,
                    damage,
                    seed,
                });
            }
        }
    }
    twists
}

/// What the server sends when nothing is damaged.
fn messages_of_a_run(engine: Engine) -> Vec<Vec<u8>> {
    let (project, live) = (Project::new(), Live::new(engine, std::path::Path::new("")));
    let (port, seen) = twisted(engine, None);
    let said = run(&project, &live, port);
    assert_eq!(said.code, Some(0), "{}", said.stdout);
    assert_eq!(effects(&live), EFFECTS);
    std::mem::take(&mut seen.from_server.lock().unwrap())
}

fn run(project: &Project, live: &Live, port: u16) -> Said {
    let files = FILES.map(|(name, text)| (name.to_owned(), text.into()));
    project.write(&files);
    let real = address_of(live.engine).1;
    let url = live.url.replace(&format!(":{real}/"), &format!(":{port}/"));
    let mut command = project.command(&url, false);
    command.args([
        "up",
        "--format",
        "json",
        "--connect-timeout",
        "2s",
        "--lock-wait",
        "10s",
    ]);
    finish(&mut command)
}

/// A run through the proxy, what it claims, and a run without it. `None` where the message did not come.
fn trial(engine: Engine, twist: Twist) -> Option<i32> {
    let (project, live) = (Project::new(), Live::new(engine, std::path::Path::new("")));
    let (port, seen) = twisted(engine, Some(twist));
    let began = Instant::now();
    let said = run(&project, &live, port);
    let took = began.elapsed();
    let all = format!("exit {:?} after {took:?}\n{}{}", said.code, said.stdout, said.stderr);
    assert!(matches!(said.code, Some(0 | 1 | 3..=6)), "{all}");
    assert!(!all.contains("panicked"), "{all}");
    assert!(!all.chars().any(|c| c.is_control() && c != '\n'), "{all:?}");
    let document: Value = serde_json::from_str(&said.stdout).unwrap_or_else(|error| panic!("{error}: {all}"));
    assert_eq!(document["exit_code"].as_i64(), said.code.map(i64::from), "{all}");
    assert_eq!(document["error"].is_null(), said.code == Some(0), "{all}");
    if !seen.damaged.load(SeqCst) {
        assert_eq!(said.code, Some(0), "{all}");
        return None;
    }
    if twist.damage == Damage::Byte {
        // What is another value may be true for all that anybody can tell.
        return said.code;
    }
    let there = effects(&live);
    let claimed: Vec<&str> = document["applied"]
        .as_array()
        .unwrap()
        .iter()
        .map(|done| done["version"].as_str().unwrap())
        .collect();
    for version in &claimed {
        let index: usize = version.parse().unwrap();
        assert!(
            there.contains(&EFFECTS[index - 1].to_owned()),
            "{version} is claimed, and there is {there:?}: {all}"
        );
    }
    if said.code == Some(0) {
        assert_eq!(there, EFFECTS, "{all}");
        return said.code;
    }
    let again = run(&project, &live, address_of(engine).1);
    let all = format!("{all}\nagain, exit {:?}\n{}{}", again.code, again.stdout, again.stderr);
    assert_eq!(again.code, Some(0), "{all}");
    assert_eq!(effects(&live), EFFECTS, "{all}");
    said.code
}

/// What is there of the effects, each as often as it is there.
fn effects(live: &Live) -> Vec<String> {
    let tables = live.tables();
    let mut found = Vec::new();
    if tables.iter().any(|table| table == "a") {
        let numbers = live.query("SELECT n FROM a ORDER BY n");
        found.extend(numbers.into_iter().map(|number| format!("a{number}")));
    }
    found.extend(tables.into_iter().filter(|table| table != "a"));
    found
}
