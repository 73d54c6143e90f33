//! stdout is the result, stderr is the talk; colours, signs and closed pipes.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::project::Project;

fn many() -> Project {
    (1..=300).fold(
        Project::new().variable("SYNCLINE_URL", "sqlite:shop.db"),
        |project, i| project.file(&format!("migrations/{i}_m{i}.sql"), format!("CREATE TABLE t{i} (x);\n")),
    )
}

#[test]
fn a_reader_who_goes_away_stops_nothing() {
    let project = many();
    let mut child = project
        .command(&["up"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    // The pipe is closed after one line, while migrations are being applied.
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(first.starts_with("✓ 1 m1"), "{first}");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    assert_eq!(project.silently(&["status", "--exit-code"]).exit, 0);
}

#[test]
fn every_command_survives_closed_pipes() {
    let project = Project::shop();
    project.silently(&["up"]);
    for format in ["human", "json"] {
        for command in [
            &["status"][..],
            &["plan"],
            &["log"],
            &["verify"],
            &["show", "1"],
            &["completions", "zsh"],
            &["-h"],
            &["nonsense"],
        ] {
            let words: Vec<&str> = command.iter().copied().chain(["--format", format]).collect();
            let mut child = project
                .command(&words)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            drop(child.stdout.take());
            drop(child.stderr.take());
            let code = child.wait().unwrap().code();
            assert!(matches!(code, Some(0 | 2)), "{words:?}: {code:?}");
        }
    }
}

#[test]
fn colours_are_used_when_they_are_asked_for() {
    let project = Project::shop();
    let has = |project: &Project, words: &[&str]| project.silently(words).stdout.contains('\u{1b}');
    assert!(!has(&project, &["plan"]), "this is no terminal");
    assert!(!has(&project, &["plan", "--color", "never"]));
    assert!(has(&project, &["plan", "--color", "always"]));
    assert!(!has(&project.variable("NO_COLOR", "1"), &["plan"]));
}

#[test]
fn colours_underline_what_the_words_say() {
    let project = Project::shop();
    project.silently(&["up"]);
    project.write("migrations/1_customers.up.sql", "CREATE TABLE customers (id bigint);\n");
    for words in [&["plan"][..], &["status"], &["log"], &["up"]] {
        let plain = project.silently(words);
        let coloured: Vec<&str> = words.iter().copied().chain(["--color", "always"]).collect();
        let coloured = project.silently(&coloured);
        assert_eq!(without_colours(&coloured.stdout), plain.stdout);
        assert_eq!(without_colours(&coloured.stderr), plain.stderr);
    }
}

fn without_colours(text: &str) -> String {
    let mut out = String::new();
    let mut parts = text.split('\u{1b}');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    out
}

#[test]
fn a_locale_without_utf8_gets_plain_signs() {
    let project = Project::shop().variable("LANG", "C");
    let said = project.silently(&["up"]);
    assert!(
        said.stdout.is_ascii() && said.stdout.starts_with("* 1 customers"),
        "{}",
        said.stdout
    );
    let said = project.silently(&["down"]);
    assert!(said.stderr.is_ascii(), "{}", said.stderr);
}

#[test]
fn quiet_says_nothing_when_all_is_well() {
    let project = Project::shop();
    for words in [
        &["up", "-q"][..],
        &["redo", "-q", "--yes"],
        &["down", "-q", "--yes"],
        &["up", "-q"],
    ] {
        let said = project.silently(words);
        assert_eq!(
            (said.exit, said.stdout.as_str(), said.stderr.as_str()),
            (0, "", ""),
            "{words:?}"
        );
    }
    assert!(
        !project.silently(&["status", "-q"]).stdout.is_empty(),
        "the table is the result"
    );
    assert!(
        !project.silently(&["down", "-q"]).stderr.is_empty(),
        "errors are always said"
    );
}

#[test]
fn what_is_said_of_the_time_is_no_more_than_was_waited_for() {
    let project = many();
    let began = std::time::Instant::now();
    let said: serde_json::Value =
        serde_json::from_slice(&project.command(&["up", "--format", "json"]).output().unwrap().stdout).unwrap();
    let waited = began.elapsed().as_millis();
    let applied = said["applied"].as_array().unwrap();
    let took: u64 = applied.iter().map(|done| done["duration_ms"].as_u64().unwrap()).sum();
    assert_eq!(applied.len(), 300);
    assert!(u128::from(took) <= waited, "{took} ms of {waited} ms");
}
