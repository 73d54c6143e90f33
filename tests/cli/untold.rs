//! Streams that take nothing: what was done is done, and the exit code tells it, whatever could be said of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use super::project::{Project, Said};

/// A command that does what it is for, in a project that is ready for it.
struct Deed {
    /// As `--help` lists it.
    command: &'static str,
    words: &'static [&'static str],
    /// Commands that come before.
    before: &'static [&'static [&'static str]],
    /// What somebody does to the database before.
    sql: &'static str,
    /// Whether somebody edits an applied migration before.
    edited: bool,
}

const UP: &[&str] = &["up", "-q"];

const fn deed(
    command: &'static str,
    words: &'static [&'static str],
    before: &'static [&'static [&'static str]],
) -> Deed {
    Deed {
        command,
        words,
        before,
        sql: "",
        edited: false,
    }
}

/// At least one for each command; a second where it does something else.
const DEEDS: &[Deed] = &[
    deed("init", &["init", "--config", "made.toml", "--dir", "new/scripts"], &[]),
    deed("new", &["new", "add notes"], &[]),
    deed("new", &["new", "notes", "--repeatable"], &[]),
    deed("plan", &["plan", "--sql"], &[]),
    deed("up", &["up"], &[]),
    deed("up", &["up", "--dry-run"], &[]),
    deed("up", &["up"], &[UP]),
    deed("down", &["down", "--to", "none", "--yes"], &[UP]),
    deed("down", &["down", "--dry-run"], &[UP]),
    deed("redo", &["redo", "--yes"], &[UP]),
    deed("status", &["status"], &[UP]),
    deed("log", &["log"], &[UP]),
    deed("show", &["show", "1"], &[UP]),
    deed("show", &["show", "1", "--file", "."], &[UP]),
    deed("verify", &["verify"], &[UP]),
    Deed {
        edited: true,
        ..deed("repair accept", &["repair", "accept", "1", "--reason", "x"], &[UP])
    },
    Deed {
        edited: true,
        ..deed(
            "repair renumber",
            &["repair", "renumber", "1", "2", "--reason", "x"],
            &[&["up", "-q", "--to", "1"]],
        )
    },
    Deed {
        // As a run leaves it that was killed while a statement was under way.
        sql: "UPDATE syncline_history SET state = 'running', transactional = 0, statements_done = 0, statement_started = 1 WHERE version = '2'",
        ..deed(
            "repair resolve",
            &["repair", "resolve", "2", "--applied", "--reason", "x"],
            &[UP],
        )
    },
    deed("repair forget", &["repair", "forget", "2", "--reason", "x"], &[UP]),
    deed("baseline", &["baseline", "1"], &[]),
    deed("baseline", &["baseline", "none"], &[]),
    Deed {
        sql: "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL); \
              INSERT INTO schema_migrations VALUES (1, 0); CREATE TABLE customers (id integer);",
        ..deed("adopt", &["adopt", "--from", "golang-migrate"], &[])
    },
    deed("convert", &["convert", "--to", "native", "written/here"], &[]),
    deed("completions", &["completions", "zsh"], &[]),
];

impl Deed {
    fn project(&self) -> Project {
        let project = Project::shop();
        for words in self.before {
            assert_eq!(project.silently(words).exit, 0, "{words:?}");
        }
        if !self.sql.is_empty() {
            project.sql(self.sql);
        }
        if self.edited {
            project.write("migrations/1_customers.up.sql", "CREATE TABLE customers (id bigint);\n");
        }
        project
    }
}

/// Runs it with its streams as a shell has directed them.
fn directed(project: &Project, words: &[&str], streams: &str) -> Said {
    let program = project.command(&[]);
    let path = program.get_program().to_owned();
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", &format!("exec \"$0\" \"$@\" {streams}")])
        .arg(path)
        .args(words)
        .current_dir(program.get_current_dir().unwrap())
        .env_clear()
        .envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .stdin(Stdio::null());
    let output = shell.output().unwrap();
    Said {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        exit: output.status.code().unwrap_or(-1),
    }
}

/// All that is on the disk and in the database.
fn picture(project: &Project) -> BTreeSet<String> {
    fn files(at: &Path, root: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            // The time of the clock is in names of new files.
            let name = name.replace(|c: char| c.is_ascii_digit(), "0");
            if path.is_dir() {
                found.insert(format!("{name}/"));
                files(&path, root, found);
            } else if !name.starts_with("shop.db") {
                let text = fs::read_to_string(&path).unwrap();
                found.insert(format!("{name}: {text}"));
            }
        }
    }
    let mut found = BTreeSet::new();
    files(&project.path(""), &project.path(""), &mut found);
    if project.path("shop.db").exists() {
        found.insert(
            project.asked(
                "SELECT group_concat(coalesce(sql, ''), ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)",
            ),
        );
        let log = project.silently(&["log", "--format", "json"]).json();
        for record in log["records"].as_array().into_iter().flatten() {
            found.insert(format!(
                "{} {} {} {}",
                record["seq"], record["kind"], record["version"], record["outcome"]
            ));
        }
    }
    found
}

const FULL: &str = "error[untold]: the result cannot be written: No space left on device (os error 28)\n";

#[test]
fn every_command_is_tried() {
    let project = Project::new();
    let listed = |help: &str| -> Vec<String> {
        let lines = help.split("Commands:\n").nth(1).unwrap_or_default().lines();
        lines
            .take_while(|line| line.starts_with("  "))
            .filter(|line| !line.starts_with("   "))
            .map(|line| line.split_whitespace().next().unwrap().to_owned())
            .collect()
    };
    let commands = listed(&project.silently(&["--help"]).stdout);
    assert!(commands.len() > 10, "{commands:?}");
    let mut all = BTreeSet::new();
    for command in commands {
        let below = listed(&project.silently(&[&command, "--help"]).stdout);
        if below.is_empty() {
            all.insert(command);
        } else {
            all.extend(below.iter().map(|sub| format!("{command} {sub}")));
        }
    }
    let tried: BTreeSet<String> = DEEDS.iter().map(|deed| deed.command.to_owned()).collect();
    assert_eq!(tried, all);
}

#[test]
fn whatever_becomes_of_the_words_the_deed_and_its_exit_code_are_the_same() {
    for deed in DEEDS {
        for format in ["human", "json"] {
            let words: Vec<&str> = deed.words.iter().copied().chain(["--format", format]).collect();
            let project = deed.project();
            let plain = project.silently(&words);
            assert_eq!(plain.exit, 0, "{words:?}: {}", plain.stderr);
            assert!(!plain.stdout.is_empty(), "{words:?}");
            let wanted = picture(&project);
            let all = [
                (">/dev/full", 7),
                (">/dev/full 2>/dev/full", 7),
                (">/dev/full 2>&-", 7),
                // The system gives a program /dev/null in their place.
                (">&-", 0),
                ("<&- >&- 2>&-", 0),
                ("2>/dev/full", 0),
                ("2>&-", 0),
            ];
            // What does not depend on the format is tried with one.
            for (streams, exit) in all.into_iter().take(if format == "json" { 1 } else { all.len() }) {
                let project = deed.project();
                let said = directed(&project, &words, streams);
                assert_eq!(said.exit, exit, "{words:?} {streams}: {}", said.stderr);
                assert_eq!(picture(&project), wanted, "{words:?} {streams}");
                if streams == ">/dev/full" {
                    let at = said
                        .stderr
                        .find(FULL)
                        .unwrap_or_else(|| panic!("{words:?}: {}", said.stderr));
                    let state = &said.stderr[at + FULL.len()..];
                    assert!(
                        state.starts_with("state: ") && state.lines().count() == 1,
                        "{words:?}: {state}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_was_done_is_told_on_stderr_where_stdout_is_full() {
    for (command, words, wanted) in [
        ("up", &["up"][..], "state: 2 applied, all of it in the history\n"),
        (
            "down",
            &["down", "--to", "none", "--yes"],
            "state: 2 reverted, all of it in the history\n",
        ),
        (
            "redo",
            &["redo", "--yes"],
            "state: 1 reverted, 1 applied, all of it in the history\n",
        ),
        (
            "baseline",
            &["baseline", "1"],
            "state: 1 recorded, all of it in the history\n",
        ),
        (
            "adopt",
            &["adopt", "--from", "golang-migrate"],
            "state: 1 recorded, all of it in the history\n",
        ),
        ("show", &["show", "1"], "state: nothing was changed\n"),
        (
            "show",
            &["show", "1", "--file", "."],
            "state: made: ./1_customers.up.sql, ./1_customers.down.sql\n",
        ),
        (
            "new",
            &["new", "notes", "--repeatable"],
            "state: made: migrations/R__notes.sql\n",
        ),
        ("plan", &["plan", "--sql"], "state: nothing was changed\n"),
    ] {
        let deed = DEEDS
            .iter()
            .find(|deed| deed.command == command && deed.words == words)
            .unwrap();
        let said = directed(&deed.project(), words, ">/dev/full");
        assert!(
            said.stderr.ends_with(&format!("{FULL}{wanted}")),
            "{words:?}: {}",
            said.stderr
        );
    }
}

#[test]
fn help_and_version_that_cannot_be_written_are_no_success() {
    let project = Project::new();
    for words in [
        &["--help"][..],
        &["-h"],
        &["--version"],
        &["up", "--help"],
        &["--version", "--format", "json"],
    ] {
        let said = directed(&project, words, ">/dev/full");
        assert_eq!(said.exit, 7, "{words:?}");
        assert_eq!(said.stderr, format!("{FULL}state: nothing was changed\n"), "{words:?}");
        assert_eq!(directed(&project, words, ">&-").exit, 0, "{words:?}");
    }
}

#[test]
fn an_error_keeps_its_exit_code_and_is_told_on_stderr() {
    let broken = || Project::shop().file("migrations/3_bad.sql", "SELECT nope;\n");
    let applied = || {
        let project = Project::shop();
        project.silently(UP);
        project
    };
    let edited = || {
        let project = applied();
        project.write("migrations/1_customers.up.sql", "CREATE TABLE customers (id bigint);\n");
        project
    };
    let half = || {
        let script = "-- syncline: no-transaction\nCREATE TABLE half (x);\nSELECT nope;\n";
        Project::shop().file("migrations/3_half.sql", script)
    };
    let cases: [(Project, &[&str], i32, &str); 9] = [
        (broken(), &["up"], 1, "error[sql-failed]"),
        (Project::shop(), &["up", "--to", "7"], 2, "error[no-such-version]"),
        (Project::shop(), &["nonsense"], 2, "error[usage]"),
        (edited(), &["up"], 3, "error[changed]"),
        (edited(), &["verify"], 3, "error[changed]"),
        (half(), &["up"], 5, "error[partial]"),
        (
            Project::shop(),
            &["status", "--url", "postgres://me@127.0.0.1:1/shop"],
            6,
            "error[connect]",
        ),
        (applied(), &["down"], 2, "error[not-confirmed]"),
        (Project::shop(), &["status", "--exit-code"], 10, "error[untold]"),
    ];
    for (project, words, exit, error) in cases {
        for format in ["human", "json"] {
            let words: Vec<&str> = words.iter().copied().chain(["--format", format]).collect();
            let said = directed(&project, &words, ">/dev/full");
            assert_eq!(said.exit, exit, "{words:?}: {}", said.stderr);
            assert!(said.stderr.contains(error), "{words:?}: {}", said.stderr);
            assert_eq!(
                directed(&project, &words, ">/dev/full 2>/dev/full").exit,
                exit,
                "{words:?}"
            );
            assert_eq!(directed(&project, &words, "2>&- >&-").exit, exit, "{words:?}");
        }
    }
}

/// With room for so many blocks of 512 bytes in each file that is written.
fn cramped(project: &Project, words: &[&str], blocks: u32, streams: &str) -> Said {
    let line: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let program = project.command(&[]).get_program().to_str().unwrap().to_owned();
    let script = format!(
        "trap '' XFSZ; ulimit -f {blocks}; exec '{program}' {} {streams}",
        line.join(" ")
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(project.path(""))
        .env("SYNCLINE_URL", "sqlite:shop.db")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Said {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        exit: output.status.code().unwrap_or(-1),
    }
}

#[test]
fn a_document_of_which_only_the_beginning_could_be_written_is_no_success() {
    let project = Project::shop();
    project.silently(UP);
    for words in [
        &["log", "--format", "json"][..],
        &["show", "1", "--format", "json"],
        &["completions", "zsh"],
    ] {
        let said = cramped(&project, words, 1, ">part");
        assert_eq!(said.exit, 7, "{words:?}: {}", said.stderr);
        assert!(
            said.stderr
                .starts_with("error[untold]: the result cannot be written: File too large"),
            "{}",
            said.stderr
        );
        assert_eq!(fs::metadata(project.path("part")).unwrap().len(), 512, "{words:?}");
    }
}

#[test]
fn files_that_cannot_be_written_whole_are_not_there_and_the_exit_code_says_so() {
    for deed in DEEDS
        .iter()
        .filter(|deed| ["init", "new", "convert"].contains(&deed.command) || deed.words.contains(&"--file"))
    {
        let project = deed.project();
        let before = picture(&project);
        let said = cramped(&project, deed.words, 0, "");
        assert_eq!(said.exit, 2, "{:?}: {}", deed.words, said.stderr);
        assert!(
            said.stderr.contains("error[io]: `") && said.stderr.contains("cannot be written: File too large"),
            "{}",
            said.stderr
        );
        assert_eq!(picture(&project), before, "{:?}", deed.words);
    }
    // The second file is the one that is too large, and of it a part was written.
    let project = Project::shop();
    project.write(
        "migrations/2_orders.down.sql",
        format!("DROP TABLE orders;\n-- {}\n", "x".repeat(2000)),
    );
    project.silently(UP);
    let before = picture(&project);
    for words in [&["show", "2", "--file", "."][..], &["convert", "--to", "native", "a/b"]] {
        let said = cramped(&project, words, 1, "");
        assert_eq!(said.exit, 2, "{words:?}: {}", said.stderr);
        assert!(
            said.stderr.contains("2_orders.down.sql` cannot be written"),
            "{words:?}: {}",
            said.stderr
        );
        assert_eq!(picture(&project), before, "{words:?}");
    }
}
