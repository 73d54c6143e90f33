//! What every history goes through.

use serde_json::Value;

use crate::place::Engine;
use crate::project::{Files, Project};
use crate::steps::{STEPS, Step};

/// One tool, and how it keeps its history.
#[derive(Clone, Copy)]
pub struct Tool {
    pub name: &'static str,
    pub engines: &'static [Engine],
    pub configuration: &'static str,
    /// Its table, as SQL names it.
    pub table: &'static str,
    /// The columns that are the same whoever has written a row, and the order.
    pub told: &'static str,
    /// The files of the project.
    pub files: fn(&[Step]) -> Files,
    /// The tool has applied the steps up to the end, and the database has been through those before the beginning.
    pub apply: fn(&Project, &[Step], usize),
    pub verdict: Verdict,
    /// Whether times are those of [`Step::at`]; else they are only there, or not.
    pub at: At,
    pub by: Option<&'static str>,
    /// What makes its history one that failed, what undoes it, and what has to be said of it.
    pub broken: &'static [[&'static str; 3]],
    pub mirrors: bool,
    pub reverts: bool,
    /// How many migrations its rows tell of, when it has run two.
    pub taken: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It has a checksum.
    Verified,
    /// It has none.
    Unverifiable,
    /// Its migrations are programs.
    Code,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum At {
    Known,
    There,
    Never,
}

pub fn prove(tool: &Tool) {
    for engine in tool.engines {
        println!("=== {} on {engine:?}", tool.name);
        let files = (tool.files)(&STEPS);
        let name = format!("{}-{}", tool.name, engine.dialect());
        let project = Project::new(*engine, &name, tool.configuration, &files);
        (tool.apply)(&project, &STEPS[..2], 0);
        let before = rows(&project, tool);
        nothing_is_written_by_looking(&project, tool);
        files_are_compared(&project, tool, &files);
        what_failed_stops_it(&project, tool);
        assert_eq!(rows(&project, tool), before);
        a_kill_is_found_out(&project, tool);
        let adopted = project.does(&["adopt"]);
        assert_eq!(rows(&project, tool), before, "the old table is as it was");
        assert_eq!(count(&adopted["migrations"]), tool.taken, "{adopted:#}");
        // Pipelines repeat it.
        let again = project.does(&["adopt"]);
        assert_eq!(
            (&again["recorded"], &again["findings"][0]["code"]),
            (&0.into(), &"nothing-to-record".into())
        );
        what_is_known_of_them_is_kept(&project, tool);
        let up = project.does(&["up"]);
        assert_eq!(count(&up["applied"]), 1, "{up:#}");
        assert!(project.has_table("toys"));
        project.does(&["verify"]);
        assert_eq!(rows(&project, tool), before, "the old table is as it was");
        the_table_is_kept_up(&project, tool, &before);
    }
}

/// All of the tool's table.
pub fn rows(project: &Project, tool: &Tool) -> String {
    project
        .place
        .ask(&format!("SELECT * FROM {} ORDER BY {}", tool.table, order(tool)))
}

fn order(tool: &Tool) -> &'static str {
    tool.told.split(',').next().unwrap()
}

/// The part of it that does not depend on when it was written.
fn told(project: &Project, tool: &Tool) -> String {
    let columns = match project.place.engine {
        Engine::Postgres => tool.told.replace("hex(", "("),
        _ => tool.told.to_owned(),
    };
    let sql = format!("SELECT {columns} FROM {} ORDER BY {}", tool.table, order(tool));
    project.place.ask(&sql)
}

fn verdicts(said: &Value) -> Vec<String> {
    let rows = said["migrations"].as_array().unwrap_or_else(|| panic!("{said:#}"));
    rows.iter()
        .map(|row| row["verdict"].as_str().unwrap().to_owned())
        .collect()
}

impl Tool {
    /// Whether its migrations are programs.
    pub fn is_code(&self) -> bool {
        self.verdict == Verdict::Code
    }

    /// What is said of a file that is as it was.
    pub fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Verified => "verified",
            Verdict::Unverifiable => "unverifiable",
            Verdict::Code => "code",
        }
    }
}

fn nothing_is_written_by_looking(project: &Project, tool: &Tool) {
    let tables = project.tables();
    let said = project.does(&["adopt", "--dry-run"]);
    assert_eq!(said["tool"], tool.name, "found by its columns");
    assert_eq!(verdicts(&said), vec![tool.word(); tool.taken], "{said:#}");
    let named = project.does(&["adopt", "--dry-run", "--from", tool.name]);
    assert_eq!(named["migrations"], said["migrations"]);
    assert_eq!(project.tables(), tables, "a dry run writes nothing");
}

/// An edited file and one that is gone are told, and the other one is not.
fn files_are_compared(project: &Project, tool: &Tool, files: &Files) {
    // A file of graphile-migrate that is not what was committed is refused before anything is compared.
    if tool.verdict == Verdict::Code || tool.name == "graphile-migrate" {
        return;
    }
    let holds = |step: &Step| files.iter().find(|(_, text)| text.contains(step.up)).unwrap();
    let (path, text) = holds(&STEPS[0]);
    project.write(
        &format!("migrations/{path}"),
        &text.replace("integer PRIMARY KEY", "bigint PRIMARY KEY"),
    );
    let said = project.does(&["adopt", "--dry-run"]);
    let wanted = match tool.verdict {
        // Each sum of Atlas holds those before it, so that nothing is known of the next one.
        Verdict::Verified if tool.name == "atlas" => ["edited", "unverifiable"],
        Verdict::Verified => ["edited", "verified"],
        _ => ["unverifiable"; 2],
    };
    assert_eq!(verdicts(&said), wanted, "{said:#}");
    project.write(&format!("migrations/{path}"), &text.replace('\n', "\r\n"));
    if tool.verdict == Verdict::Verified && tool.name != "atlas" {
        let said = project.does(&["adopt", "--dry-run"]);
        assert_eq!(
            verdicts(&said),
            ["verified"; 2],
            "Git may have changed the ends of lines"
        );
    }
    project.write(&format!("migrations/{path}"), text);
    let empty = project.directory().join("none");
    std::fs::create_dir_all(&empty).unwrap();
    let said = project.say(&[
        "adopt",
        "--dry-run",
        "--dir",
        "none",
        "--allow-missing",
        "--from",
        tool.name,
    ]);
    let wanted = match tool.name {
        // It keeps the newest alone.
        "golang-migrate" | "tern" => vec!["missing-file"],
        // Without a file it may as well have been a program.
        "node-pg-migrate" => vec!["code"; 2],
        _ => vec!["missing-file"; 2],
    };
    if tool.configuration.is_empty() {
        assert_eq!(verdicts(&said), wanted, "{said:#}");
    }
}

fn what_failed_stops_it(project: &Project, tool: &Tool) {
    for [breaks, mends, wanted] in tool.broken {
        project.place.run(breaks);
        let (before, tables) = (rows(project, tool), project.tables());
        for words in [&["adopt", "--dry-run"][..], &["adopt"], &["adopt", "--mirror"]] {
            let (code, said) = project.refuses(words);
            assert_eq!(code, "half-done", "{said}");
            assert!(said.contains(wanted), "{said}");
        }
        assert_eq!(rows(project, tool), before);
        assert_eq!(project.tables(), tables);
        project.place.run(mends);
    }
}

/// Killed at any of its writes, it says so to `up` and `down` until it is run again.
fn a_kill_is_found_out(project: &Project, tool: &Tool) {
    if !cfg!(feature = "fault-points") {
        return;
    }
    // Records share a transaction unless the first takes its time.
    let faults = [
        ("after create_ledger:abort", "not-empty"),
        ("before write:delay,before commit#2:abort", "half-adopted"),
    ];
    for (fault, wanted) in &faults[..tool.taken] {
        let killed = project
            .command(&["adopt"])
            .env("SYNCLINE_FAULT", fault)
            .output()
            .unwrap();
        assert_eq!(killed.status.code(), None, "{fault}: {killed:?}");
        let (code, said) = project.refuses(&["up"]);
        assert_eq!(code, *wanted, "{said}");
        assert!(said.contains("syncline adopt"), "{said}");
        if *wanted == "half-adopted" {
            let (code, said) = project.refuses(&["down", "--yes"]);
            assert_eq!(code, *wanted, "{said}");
        }
        assert!(project.has_table("pets") && !project.has_table("toys"));
    }
}

fn what_is_known_of_them_is_kept(project: &Project, tool: &Tool) {
    let status = project.does(&["status"]);
    let rows = status["migrations"].as_array().unwrap();
    for (row, step) in rows.iter().zip(&STEPS[..tool.taken]) {
        let at = row["applied_at"].as_str().unwrap_or_default();
        let known = step.at().replace(' ', "T");
        match tool.at {
            At::Known => assert!(at.starts_with(&known), "{at}, not {known}: {row:#}"),
            At::There | At::Never => assert!(!at.is_empty(), "{row:#}"),
        }
        if let Some(by) = tool.by {
            assert_eq!(row["applied_by"], by);
        }
        let state = match tool.verdict {
            Verdict::Code => "baseline",
            _ => "applied",
        };
        assert_eq!(row["state"], state, "{row:#}");
    }
}

fn the_table_is_kept_up(project: &Project, tool: &Tool, before: &str) {
    if !tool.mirrors {
        let (code, said) = project.refuses(&["adopt", "--mirror"]);
        assert_eq!(code, "no-foreign-history", "{said}");
        assert_eq!(rows(project, tool), before);
        return;
    }
    let twin = Project::new(
        project.place.engine,
        &format!("{}-{}-twin", tool.name, project.place.engine.dialect()),
        tool.configuration,
        &Files::new(),
    );
    (tool.apply)(&twin, &STEPS, 0);
    let mirrored = project.does(&["adopt", "--mirror"]);
    assert_eq!(mirrored["mirrored"], 1, "{mirrored:#}");
    assert_eq!(
        told(project, tool),
        told(&twin, tool),
        "{} itself writes other rows",
        tool.name
    );
    let after = rows(project, tool);
    assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 0);
    assert_eq!(rows(project, tool), after, "the second time there is nothing to tell");
    // Where it is the tool itself, it finds nothing to do and nothing that diverges.
    if matches!(tool.name, "sqlx" | "refinery") {
        (tool.apply)(project, &STEPS, 2);
        assert_eq!(rows(project, tool), after);
    }
    if !tool.reverts {
        return;
    }
    // The texts are those that were stored.
    for table in ["toys", "pets"] {
        project.does(&["down", "--yes", "--dir", "none"]);
        assert!(!project.has_table(table), "{table} is gone");
    }
    let mirrored = project.does(&["adopt", "--mirror"]);
    assert_eq!(mirrored["mirrored"], 2, "{mirrored:#}");
    let twin = Project::new(
        project.place.engine,
        &format!("{}-{}-twin", tool.name, project.place.engine.dialect()),
        tool.configuration,
        &Files::new(),
    );
    (tool.apply)(&twin, &STEPS[..1], 0);
    assert_eq!(
        told(project, tool),
        told(&twin, tool),
        "{} itself takes other rows away",
        tool.name
    );
    // The next one gets a row of its own again.
    project.does(&["up"]);
    let mirrored = project.does(&["adopt", "--mirror"]);
    assert_eq!(mirrored["mirrored"], 2, "{mirrored:#}");
}

pub fn count(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}
