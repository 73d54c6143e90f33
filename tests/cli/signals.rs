//! Runs that are interrupted, and runs that meet others.
#![cfg(unix)]

use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::project::Project;

/// Some minutes of work for SQLite, which holds its lock meanwhile.
const SLOW: &str = "CREATE TABLE slow (x);\nINSERT INTO slow WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c WHERE n < 0 LIMIT 1;\n";

fn send(signal: &str, process: u32) {
    assert!(
        Command::new("kill")
            .args(["-s", signal, &process.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

/// Ends the run when the test does, however it ends: its statement has no end of its own.
struct Ending(Option<Child>);

impl Ending {
    fn output(mut self) -> Output {
        self.0.take().unwrap().wait_with_output().unwrap()
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Waits until the history has so many records and the next migration runs.
fn reach(project: &Project, records: usize) {
    let since = Instant::now();
    while project.silently(&["log", "--format", "json"]).json()["records"]
        .as_array()
        .map_or(0, Vec::len)
        < records
    {
        assert!(
            since.elapsed() < Duration::from_secs(60),
            "the run does not get anywhere"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
}

#[test]
fn a_signal_ends_a_run_and_leaves_nothing_half_done() {
    for (signal, exit) in [("INT", 130), ("TERM", 143)] {
        let project = Project::shop().file("migrations/3_slow.sql", SLOW);
        let words = ["up", "--format", "json"];
        let mut command = project.command(&words);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let id = child.id();
        let run = Ending(Some(child));
        reach(&project, 3);
        send(signal, id);
        let output = run.output();
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(exit), "{document}");
        assert_eq!(document["error"]["code"], "interrupted");
        assert_eq!(document["applied"].as_array().unwrap().len(), 2);
        let status = project.silently(&["status", "--format", "json"]).json();
        assert_eq!(status["pending"], 1, "{status}");
    }
}

#[test]
fn who_waits_too_long_for_the_lock_is_told_how_to_wait_longer() {
    let project = Project::shop().file("migrations/3_slow.sql", SLOW);
    let mut command = project.command(&["up"]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let run = Ending(Some(child));
    reach(&project, 3);
    let said = project.silently(&["up", "--lock-wait", "200ms"]);
    drop(run);
    assert_eq!(said.exit, 4, "{}", said.stderr);
    assert!(
        said.stderr.contains("waiting for the lock, which is held by"),
        "{}",
        said.stderr
    );
    assert!(
        said.stderr.contains("error[locked]") && said.stderr.contains("--lock-wait"),
        "{}",
        said.stderr
    );
}

#[test]
fn twenty_runs_at_once_apply_everything_once() {
    let project = Project::shop();
    let children: Vec<_> = (0..20)
        .map(|_| {
            project
                .command(&["up"])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut applied = 0;
    for child in children {
        let output = child.wait_with_output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{stdout}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        applied += stdout.lines().filter(|line| line.starts_with('✓')).count();
    }
    assert_eq!(applied, 2);
}
