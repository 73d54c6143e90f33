//! A password appears in no output: of no command, of no failure, in no format, wherever it came from.

use super::project::{Project, Said};
use crate::settings::setting;

const CANARY: &str = "k4n4ri3nv0g3l";

const COMMANDS: [&[&str]; 28] = [
    &["init"],
    &["completions", "bash"],
    &["plan", "redo"],
    &["plan", "up"],
    &["plan"],
    &["plan", "down"],
    &["up"],
    &["up", "--dry-run", "--sql"],
    &["down"],
    &["down", "--yes"],
    &["redo", "--yes"],
    &["status"],
    &["status", "--exit-code"],
    &["log"],
    &["show", "1"],
    &["show", "1", "--file", "."],
    &["verify"],
    &["repair", "accept", "1", "--reason", "x"],
    &["repair", "renumber", "--reason", "x"],
    &["repair", "renumber", "1", "2", "--reason", "x"],
    &["repair", "forget", "1", "--reason", "x"],
    &["repair", "resolve", "1", "--applied", "--reason", "x"],
    &["baseline", "1"],
    &["adopt", "--dry-run"],
    &["adopt"],
    &["adopt", "--mirror"],
    &["convert", "--to", "native", "converted"],
    &["new", "x"],
];

fn is_clean(said: &Said, what: &str) {
    for text in [&said.stdout, &said.stderr] {
        assert!(!text.contains(CANARY) && !text.contains("v0g3l"), "{what}: {text}");
    }
}

/// Runs every command in both formats.
fn every_command(project: &Project, flags: &[&str], what: &str) {
    for command in COMMANDS {
        for format in ["human", "json"] {
            let words: Vec<&str> = command
                .iter()
                .chain(flags)
                .chain(&["--format", format])
                .copied()
                .collect();
            is_clean(&project.silently(&words), &format!("{what}: {command:?} {format}"));
        }
    }
}

/// The commands that a help lists.
fn listed(help: &[&str]) -> Vec<String> {
    let said = Project::new().silently(help);
    assert_eq!(said.exit, 0, "{}", said.stderr);
    let commands = said.stdout.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = commands.take_while(|line| line.starts_with("  "));
    // What a long text goes on with is set further in.
    let lines = lines.filter(|line| !line.starts_with("   "));
    lines
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect()
}

#[test]
fn no_command_is_forgotten() {
    let is_tried = |words: &[&str]| COMMANDS.iter().any(|command| command.starts_with(words));
    let all = listed(&["--help"]);
    assert!(all.len() > 10, "{all:?}");
    for command in all.iter().filter(|command| *command != "help") {
        assert!(is_tried(&[command]), "{command}");
    }
    let repairs = listed(&["repair", "--help"]);
    assert!(repairs.len() > 2, "{repairs:?}");
    for repair in repairs.iter().filter(|repair| *repair != "help") {
        assert!(is_tried(&["repair", repair]), "repair {repair}");
    }
}

/// Where a server of the tests is: its URL without user and path.
fn server(variable: &str) -> String {
    let url = setting(variable);
    let address = url.rsplit_once('@').unwrap().1;
    address.split('/').next().unwrap().to_owned()
}

#[test]
fn servers_that_do_not_let_us_in_make_nobody_repeat_the_password() {
    let (postgres, mariadb) = (server("SYNCLINE_TEST_POSTGRES"), server("SYNCLINE_TEST_MARIADB"));
    for (url, patience) in [
        (format!("postgres://tester:{CANARY}@{postgres}/postgres"), "2s"),
        (
            format!("postgres://tester:{CANARY}@{postgres}/postgres?sslmode=require"),
            "2s",
        ),
        (format!("postgres://nosuch:{CANARY}@{postgres}/nosuch"), "2s"),
        (format!("mysql://tester:{CANARY}@{mariadb}/syncline"), "2s"),
        (
            format!("mysql://tester:{CANARY}@{mariadb}/syncline?ssl-mode=required"),
            "2s",
        ),
        (format!("mysql://tester:{CANARY}@127.0.0.1:1/syncline"), "2s"),
        // Each with the protocol of the other.
        (format!("mysql://tester:{CANARY}@{postgres}/x"), "50ms"),
        (format!("postgres://tester:{CANARY}@{mariadb}/x"), "50ms"),
    ] {
        let what = url.replace(CANARY, "***");
        let project = project().variable("SYNCLINE_URL", &url);
        every_command(&project, &["--connect-timeout", patience], &what);
    }
}

fn project() -> Project {
    Project::new()
        .file("migrations/1_a.up.sql", "SELECT 1;\n")
        .file("migrations/1_a.down.sql", "SELECT 2;\n")
}

#[test]
fn urls_of_every_kind_keep_their_password() {
    let urls = [
        format!("postgres://me:{CANARY}@127.0.0.1:1/shop"),
        format!("postgres://127.0.0.1:1/shop?user=me&password={CANARY}"),
        format!("postgres://me:{CANARY}@@127.0.0.1:1/shop"),
        format!("postgres://me:{CANARY}#x@127.0.0.1:1/shop"),
        format!("postgres://me:{CANARY}/x@127.0.0.1:1/shop"),
        format!("postgres://me:x%zz{CANARY}@127.0.0.1:1/shop"),
        format!("postgres://me:{CANARY}@127.0.0.1:port/shop"),
        format!("postgres://me:{CANARY}@127.0.0.1:1/shop?sslmode=wrong"),
        format!("postgre://me:{CANARY}@127.0.0.1:1/shop"),
        format!("mssql://me:{CANARY}@127.0.0.1:1/shop"),
        format!("me:{CANARY}@127.0.0.1/shop"),
    ];
    for url in &urls {
        every_command(&project(), &["--url", url], "typed");
        every_command(&project().variable("SYNCLINE_URL", url), &[], "SYNCLINE_URL");
    }
    let url = &urls[0];
    every_command(&project().variable("DATABASE_URL", url), &[], "DATABASE_URL");
    every_command(
        &project().file("syncline.toml", format!("[target.dev]\nurl = \"{url}\"\n")),
        &[],
        "url",
    );
    let named = project()
        .variable("U", url)
        .file("syncline.toml", "[target.dev]\nurl-env = \"U\"\n");
    every_command(&named, &[], "url-env");
    let filed = project()
        .file("u", format!("{url}\n"))
        .file("syncline.toml", "[target.dev]\nurl-file = \"u\"\n");
    every_command(&filed, &[], "url-file");
    let direct = project()
        .variable("U", url)
        .file("u", format!("{url}\n"))
        .file("other", "postgres://me@127.0.0.1:1/shop\n");
    for key in [
        format!("migration-url = \"{url}\""),
        "migration-url-env = \"U\"".to_owned(),
        "migration-url-file = \"u\"".to_owned(),
        format!("url = \"{url}\"\nmigration-url-file = \"other\""),
    ] {
        direct.write("syncline.toml", format!("[target.dev]\n{key}\n"));
        every_command(&direct, &[], &key);
    }
}

#[test]
fn a_typed_password_is_warned_of() {
    let url = format!("postgres://me:{CANARY}@127.0.0.1:1/shop");
    let said = project().silently(&["status", "--url", &url]);
    assert!(
        said.stderr.starts_with("warning: the password in `--url`"),
        "{}",
        said.stderr
    );
    let said = project().silently(&["status", "--url", &url, "--format", "json"]);
    assert_eq!(said.stderr, "");
    assert_eq!(said.json()["warnings"].as_array().unwrap().len(), 1);
}

#[test]
fn parts_in_the_configuration_keep_their_password() {
    let parts = "[target.dev]\nengine = \"postgres\"\nhost = \"127.0.0.1\"\nport = 1\nuser = \"me\"\n";
    for (key, value) in [("password", CANARY), ("password-env", "PW"), ("password-file", "pw")] {
        let project = project()
            .variable("PW", CANARY)
            .file("pw", format!("{CANARY}\n"))
            .file("syncline.toml", format!("{parts}{key} = \"{value}\"\n"));
        every_command(&project, &[], key);
    }
}

#[test]
fn mistakes_in_the_configuration_do_not_repeat_what_stands_there() {
    let url = format!("postgres://me:{CANARY}@127.0.0.1:1/shop");
    for text in [
        format!("[target.dev]\nengine = \"postgres\"\npasword = \"{CANARY}\"\n"),
        format!("[target]\ndev = \"{url}\"\n"),
        format!("[target.dev]\nport = \"{url}\"\n"),
        format!("[target.dev]\nurl = [\"{url}\"]\n"),
        format!("lock-wait = \"{CANARY}\"\n"),
        format!("keep-scripts = \"{CANARY}\"\n"),
        format!("[policy]\nmissing = true\n[target.dev]\nurl = \"{url}\n"),
        format!("recursive = \"{CANARY}\"\n"),
        format!("[target.dev]\nurl = \"{url}\"\npassword = \"{CANARY}\"\n"),
        format!("[target.dev]\nurl = {url}\n"),
        format!("[target.dev]\nurl = \"sqlite:a.db\"\nmigration-url = \"{url}\"\n"),
        format!("[target.dev]\nurl = \"x{CANARY}\"\nmigration-url = \"{url}\"\n"),
        format!("[target.dev]\nmigration-url = \"{url}\"\nmigration-url-env = \"{CANARY}\"\n"),
        format!("[target.dev]\nurl = \"\\q{CANARY}\"\n"),
    ] {
        let project = project().file("syncline.toml", &text);
        for format in ["human", "json"] {
            let said = project.silently(&["status", "--format", format]);
            assert_eq!(said.exit, 2, "{text}");
            is_clean(&said, &text);
        }
    }
}

#[test]
fn a_url_in_the_wrong_place_is_not_repeated() {
    let url = format!("postgres://me:{CANARY} x@127.0.0.1:1/shop");
    for words in [
        &["up", &url][..],
        &[&url],
        &["up", "--to", &url],
        &["up", "--steps", &url],
        &["--ulr", &url, "up"],
    ] {
        for format in ["human", "json"] {
            let words: Vec<&str> = words.iter().copied().chain(["--format", format]).collect();
            is_clean(&project().silently(&words), "usage");
        }
    }
}

#[test]
fn passwords_in_statements_are_masked_in_plans_and_where_a_script_has_stopped() {
    let statement = format!("CREATE USER bob PASSWORD '{CANARY}';\n");
    let outside = format!("-- syncline: no-transaction\nCREATE TABLE b (id integer);\n{statement}");
    for text in [statement, outside] {
        let project = project()
            .variable("SYNCLINE_URL", "sqlite:a.db")
            .file("migrations/2_b.sql", text);
        for words in [&["plan", "--sql"][..], &["up"], &["status"], &["plan"]] {
            for format in ["human", "json"] {
                let words: Vec<&str> = words.iter().copied().chain(["--format", format]).collect();
                is_clean(&project.silently(&words), &format!("{words:?}"));
            }
        }
    }
}
