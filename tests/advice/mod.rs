//! What people do to files, databases and other tools' histories, by chance; and whether what is proposed then leads where it says.
//!
//! Each script has a table of its own with a row for each time that it ran. So it is seen, whatever files and ledger say, whether every text
//! that the files hold has run once.
//!
//! Left out: changes of files while another tool's history without checksums, or Liquibase's, is not taken over yet, which nobody could
//! see; what a line does to a script that stopped half-way, which `tests/faults/model.rs` has; and engines other than SQLite, for what is
//! proposed does not depend on them.

mod follow;
mod walk;
mod world;

use std::collections::BTreeMap;

use follow::{Follower, IN_WORDS};
use walk::Walk;
use world::World;

/// How many situations are tried.
const SITUATIONS: u64 = 2000;

/// What the situations of the short run are made from.
const SEED: u64 = 172_868_759;

/// How often each line was followed.
type Told = BTreeMap<String, usize>;

#[expect(
    clippy::disallowed_methods,
    reason = "what the test is told, and not what the program reads"
)]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|said| !said.is_empty())
}

fn number(name: &str, otherwise: u64) -> u64 {
    told(name).map_or(otherwise, |said| said.parse().expect("a number"))
}

#[test]
fn whoever_follows_what_is_proposed_has_what_the_files_say() {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    // The short run is the same every time; the long one, with situations of its own, looks for what nobody has met.
    let chance = u64::from(now.subsec_nanos());
    let is_long = told("SYNCLINE_TEST_LONG").is_some();
    let seed = number("SYNCLINE_TEST_ADVICE", if is_long { chance } else { SEED });
    println!("advice: seed {seed}, to be given as SYNCLINE_TEST_ADVICE");
    let situations = number("SYNCLINE_TEST_SITUATIONS", SITUATIONS);
    let halves: Vec<(Told, Vec<String>)> = std::thread::scope(|scope| {
        let half = |first: u64| scope.spawn(move || tried(seed, (first..situations).step_by(2)));
        let halves = [half(0), half(1)];
        halves.into_iter().map(|half| half.join().unwrap()).collect()
    });
    let (mut told, mut wrong) = (Told::new(), Vec::new());
    for (more, failed) in halves {
        more.into_iter()
            .for_each(|(line, n)| *told.entry(line).or_default() += n);
        wrong.extend(failed);
    }
    let (commands, words): (Vec<_>, Vec<_>) = told.iter().partition(|(line, _)| line.starts_with("syncline "));
    println!("advice: commands that were followed, and how often");
    commands.iter().for_each(|(line, n)| println!("{n:6} {line}"));
    println!("advice: words for people that were followed");
    words.iter().for_each(|(line, n)| println!("{n:6} {line}"));
    println!("advice: {situations} situations, {} wrong (seed {seed})", wrong.len());
    assert!(
        wrong.is_empty(),
        "seed {seed}, {} of {situations}:\n\n{}",
        wrong.len(),
        wrong[..wrong.len().min(5)].join("\n\n")
    );
    // A line of another kind has to be thought of first.
    assert!(words.len() <= IN_WORDS.len() + 1, "{words:?}");
    // What is never said is not tried either.
    if situations >= SITUATIONS {
        for line in [
            "syncline repair renumber --reason",
            "syncline repair renumber OLD NEW --reason   # if it is the same migration",
            "syncline repair renumber OLD NEW --reason   # if it is what became of it",
            "syncline repair accept",
            "syncline show V --file",
            "syncline up --allow-out-of-order",
            "syncline up --allow-missing",
            "syncline adopt --dry-run",
            "syncline baseline V",
            "syncline baseline none",
        ] {
            assert!(
                told.keys().any(|known| known.starts_with(line)),
                "`{line}` was never proposed"
            );
        }
    }
}

/// Tries the situations of these numbers. Returns how often each line was followed, and what went wrong.
fn tried(seed: u64, numbers: impl Iterator<Item = u64>) -> (Told, Vec<String>) {
    let (mut told, mut wrong) = (Told::new(), Vec::new());
    for number in numbers {
        let mut world = World::new(seed.wrapping_mul(0x9e37_79b9).wrapping_add(number));
        let story = Walk::take(&mut world);
        let mut follower = Follower::new(&mut told);
        if let Err(what) = follower.one(&mut world) {
            wrong.push(format!("situation {number}: {what}\n  {}", story.join("\n  ")));
        }
    }
    (told, wrong)
}
