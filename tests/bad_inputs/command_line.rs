//! What is typed, and where the answer goes.

use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::process::Stdio;

use crate::bench::{Project, finish, run, start, wait};
use crate::case::{Case, GOOD, case};

/// Something typed that is refused before a database is looked for.
fn refused(name: &'static str, typed: &[&str], words: &[&str]) -> Case {
    case(name).file("1_a.sql", GOOD).types(typed).says(words)
}

#[test]
fn words_and_flags() {
    run([
        refused("a command with a slip", &["staus"], &["staus", "status"]),
        refused(
            "no such flag",
            &["up", "--allow-mising"],
            &["--allow-mising", "--allow-missing"],
        ),
        refused("a version that is none", &["up", "--to", "latest"], &["latest", "--to"]),
        refused("a version with a sign", &["up", "--to=-1"], &["-1"]),
        refused(
            "a version of 39 digits",
            &["up", "--to", "100000000000000000000000000000000000000"],
            &["38 digits"],
        ),
        refused("a negative count", &["up", "--steps", "-1"], &["--steps", "from 1 up"]),
        refused(
            "a count of nothing",
            &["down", "--steps", "0", "--yes"],
            &["--steps", "from 1 up"],
        ),
        refused(
            "a count beyond all counts",
            &["up", "--steps", "99999999999999999999"],
            &["--steps", "from 1 up"],
        ),
        refused(
            "a word for a count",
            &["up", "--steps", "two"],
            &["--steps", "from 1 up"],
        ),
        refused(
            "steps and a version",
            &["up", "--steps", "1", "--to", "1"],
            &["--steps", "--to", "cannot be used with"],
        ),
        refused(
            "the same flag twice",
            &["up", "--steps", "1", "--steps", "2"],
            &["--steps", "multiple times"],
        ),
        refused(
            "a URL and a target",
            &["up", "--url", "sqlite:a", "--target", "b"],
            &["--url", "--target"],
        ),
        refused("no reason", &["repair", "accept", "1"], &["--reason"]),
        refused(
            "an empty reason",
            &["repair", "accept", "1", "--reason", ""],
            &["--reason"],
        ),
        refused("no version", &["baseline"], &["VERSION"]),
        refused(
            "both answers",
            &["repair", "resolve", "1", "--applied", "--not-applied", "--reason", "x"],
            &["--applied"],
        ),
        refused(
            "neither answer",
            &["repair", "resolve", "1", "--reason", "x"],
            &["--applied"],
        ),
        refused(
            "a flag of `down` for `plan up`",
            &["plan", "--use", "file"],
            &["--use", "plan down"],
        ),
        refused("statements without a preview", &["up", "--sql"], &["--dry-run"]),
        refused(
            "a duration without its unit",
            &["up", "--lock-wait", "5"],
            &["--lock-wait", "unit"],
        ),
        refused(
            "a limit of nothing",
            &["up", "--connect-timeout", "0s"],
            &["--connect-timeout", "more than zero"],
        ),
        refused(
            "a limit that the server would round to none",
            &["up", "--statement-timeout", "100us"],
            &["--statement-timeout", "1ms"],
        ),
        refused(
            "a negative number of retries",
            &["up", "--retries=-1"],
            &["--retries", "from 0"],
        ),
        refused(
            "a word for retries",
            &["up", "--retries", "few"],
            &["--retries", "from 0"],
        ),
        refused(
            "a URL where a command belongs",
            &["postgres://u:s3cret@h/d"],
            &["postgres://"],
        )
        .hides(&["s3cret"]),
        refused("characters that a terminal acts on", &["\u{1b}[31mup\u{9b}"], &["up"]),
        refused("a name of nothing", &["new", "!?"], &["!?", "no letter"]),
    ]);
}

#[test]
fn versions_and_goals_that_make_no_sense() {
    let live = |name, typed: &[&str], words: &[&str]| {
        case(name)
            .applied("1_a.sql", GOOD)
            .applied(
                "2_b.sql",
                "CREATE TABLE b (id integer);\n-- syncline: down\nDROP TABLE b;",
            )
            .file("1_a.sql", GOOD)
            .file(
                "2_b.sql",
                "CREATE TABLE b (id integer);\n-- syncline: down\nDROP TABLE b;",
            )
            .types(typed)
            .says(words)
    };
    run([
        live(
            "up to a version that is not there",
            &["up", "--to", "7"],
            &["no migration file has", "7"],
        ),
        live("up to 0", &["up", "--to", "0"], &["no migration file has", "0"]),
        live(
            "up to an older version",
            &["up", "--to", "1"],
            &["older than the newest", "syncline down --to 1"],
        ),
        live(
            "down to a version that is not there",
            &["down", "--to", "7", "--yes"],
            &["7"],
        ),
        live(
            "down without a terminal",
            &["down"],
            &["confirmed", "syncline down --yes", "--dry-run"],
        ),
        live(
            "redo without a terminal",
            &["redo"],
            &["confirmed", "syncline redo --yes"],
        ),
        live(
            "show what is not known",
            &["show", "7"],
            &["knows no version 7", "syncline log"],
        ),
        live(
            "accept what was not edited",
            &["repair", "accept", "1", "--reason", "x"],
            &["1"],
        ),
        live(
            "resolve what is not open",
            &["repair", "resolve", "1", "--applied", "--reason", "x"],
            &["1"],
        ),
        live(
            "forget what is not known",
            &["repair", "forget", "7", "--reason", "x"],
            &["7"],
        ),
        live("baseline where there is a history", &["baseline", "1"], &["1"]).exits(0),
        live(
            "more steps than there are",
            &["down", "--steps", "9", "--yes"],
            &["no down script", "1 a"],
        )
        .exits(3),
        live(
            "far more steps than there are",
            &["up", "--steps", "18446744073709551615"],
            &[],
        )
        .exits(0),
    ]);
}

#[test]
fn nothing_is_overwritten() {
    run([
        case("show writes no file over another")
            .applied("1_a.up.sql", GOOD)
            .file("1_a.up.sql", "-- mine\n")
            .types(&["show", "1", "--file", "migrations"])
            .says(&["1_a.up.sql", "nothing is overwritten"]),
        case("show writes no file through a link")
            .applied("1_a.up.sql", GOOD)
            .prepare(|project| symlink("../outside", project.join("migrations/1_a.up.sql")).unwrap())
            .types(&["show", "1", "--file", "migrations"])
            .says(&["1_a.up.sql", "nothing is overwritten"]),
        case("show makes no directory")
            .applied("1_a.up.sql", GOOD)
            .types(&["show", "1", "--file", "nowhere"])
            .says(&["nowhere", "No such file"]),
        case("new writes no repeatable migration over another")
            .file("R__view.sql", "SELECT 1;")
            .types(&["new", "view", "--repeatable"])
            .says(&["R__view.sql", "nothing is overwritten"]),
        case("new does not leave its directory")
            .own()
            .types(&["new", "../../etc/passwd", "--single"])
            .exits(0)
            .makes(&["_etc_passwd.sql"]),
        case("init over everything that is there")
            .own()
            .prepare(|project| fs::write(project.join("syncline.toml"), "# mine").unwrap())
            .types(&["init"])
            .says(&["there already"]),
    ]);
    // Two in the same second get two versions.
    let project = Project::new();
    fs::create_dir(project.migrations()).unwrap();
    let both = [
        start(project.command("", false).args(["new", "a"])),
        start(project.command("", false).args(["new", "b"])),
    ];
    for child in both {
        let said = wait(child);
        // The URL is empty and means nothing to `new`.
        assert_eq!(said.code, Some(0), "{}{}", said.stdout, said.stderr);
    }
    let said = finish(project.command("sqlite:x.db", false).arg("plan"));
    assert_eq!(said.code, Some(0), "{}{}", said.stdout, said.stderr);
}

#[test]
fn a_reader_who_goes_away_stops_nothing() {
    let project = Project::new();
    let files: Vec<(String, Vec<u8>)> = (1..=200)
        .map(|number| {
            (
                format!("{number}_m.sql"),
                format!("CREATE TABLE t{number} (id integer);").into_bytes(),
            )
        })
        .collect();
    project.write(&files);
    for (arguments, format) in [(["up"], "human"), (["status"], "human"), (["plan"], "json")] {
        let mut command = project.command("sqlite:test.db", false);
        let mut child = start(command.args(arguments).args(["--format", format]));
        // As `| head -c 1` does: one byte is read, and the pipe is closed.
        let mut stdout = child.stdout.take().unwrap();
        let _ = stdout.read(&mut [0]);
        drop(stdout);
        let said = wait(child);
        assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
    let said = finish(project.command("sqlite:test.db", false).args(["status", "--exit-code"]));
    assert_eq!(said.code, Some(0), "{}", said.stdout);
    assert!(said.stdout.contains("200 applied, up to date"), "{}", said.stdout);
}

#[test]
fn output_that_cannot_be_written_is_told() {
    let project = Project::new();
    project.write(&[("1_a.sql".to_owned(), GOOD.into())]);
    let full = || Stdio::from(fs::File::options().write(true).open("/dev/full").unwrap());
    let output = project
        .command("sqlite:test.db", false)
        .arg("status")
        .stdout(full())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"));
    let output = project
        .command("sqlite:test.db", false)
        .arg("up")
        .stderr(full())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn plain_places_get_plain_text() {
    let project = Project::new();
    project.write(&[("1_a.sql".to_owned(), GOOD.into())]);
    for variables in [
        &[("NO_COLOR", "1")][..],
        &[("TERM", "dumb")],
        &[("COLUMNS", "0")],
        &[("COLUMNS", "x"), ("LINES", "-1")],
        &[("LANG", "C"), ("LC_ALL", "C")],
        &[("LANG", "xx_YY.latin1")],
    ] {
        for arguments in [&["plan"][..], &["status"], &["--help"], &["nonsense"]] {
            let mut command = project.command("sqlite:test.db", false);
            let said = finish(command.envs(variables.iter().copied()).args(arguments));
            let all = format!("{}{}", said.stdout, said.stderr);
            assert!(
                !all.contains('\u{1b}') && !all.contains("panicked"),
                "{variables:?} {all}"
            );
            if variables[0] == ("LANG", "C") {
                assert!(all.is_ascii(), "{all}");
            }
        }
    }
}
