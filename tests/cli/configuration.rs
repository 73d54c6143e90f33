//! `syncline.toml`: what it may say, and what is said to everything else.

use insta::assert_snapshot;

use super::project::Project;

/// Runs `status` over each of these files and tells what came of it.
fn story(configurations: &[&str]) -> String {
    let mut project = Project::new().file("migrations/1_a.sql", "SELECT 1;\n");
    for text in configurations {
        project.write("syncline.toml", text);
        project.note(&format!("{text:?}"));
        project.run(&["status"]);
    }
    project.story()
}

#[test]
fn keys_are_checked_with_their_name_and_line() {
    assert_snapshot!(story(&[
        "dri = \"migrations\"\n",
        "# a remark\n\n[target.dev]\nurl = \"sqlite:a.db\"\nlok-wait = \"5s\"\n",
        "[target.dev]\nurl = \"sqlite:a.db\"\nwhatever = 1\n",
        "lock-wait = 5\n",
        "lock-wait = \"5\"\n",
        "[target.dev]\nurl = \"sqlite:a.db\"\nlock-timeout = \"-5s\"\n",
        "connect-timeout = \"0s\"\n",
        "statement-timeout = \"25days\"\n",
        "[target.dev]\nurl = \"sqlite:a.db\"\nstatement-timeout = 30\n",
        "retries = -1\n",
        "[target.dev]\nurl = \"sqlite:a.db\"\nretries = \"5\"\n",
        "recursive = \"yes\"\n",
        "[target.dev]\nengine = \"postgres\"\nport = 99999\n",
        "[target]\ndev = \"sqlite:a.db\"\n",
        "[policy]\nmissing = \"alow\"\n",
        "keep-scripts = \"5\"\n",
        "keep-scripts = 5\n",
        "history-table = \"a.b\"\n",
        "history-table = \"x\"\nscript-table = \"X\"\n",
        "dir = \"\"\n",
        "dir = \"~/migrations\"\n[target.dev]\nurl = \"sqlite:a.db\"\n",
        "dir = \"a\"\ndir = \"b\"\n",
        "x = = 3\n",
        "[target.dev\n",
    ]));
}

#[test]
fn targets_say_each_thing_once() {
    assert_snapshot!(story(&[
        "[target.dev]\nurl = \"sqlite:a.db\"\nurl-env = \"X\"\n",
        "[target.dev]\nurl = \"sqlite:a.db\"\nuser = \"me\"\n",
        "[target.dev]\nengine = \"postgres\"\npassword = \"x\"\npassword-file = \"y\"\n",
        "[target.dev]\nhost = \"h\"\n",
        "[target.dev]\nengine = \"mssql\"\n",
        "[target.dev]\nengine = \"sqlite\"\n",
        "[target.dev]\nengine = \"sqlite\"\ndatabase = \"~/a.db\"\n",
        "[target.dev]\nengine = \"postgres\"\nparameters = { sslmod = \"require\" }\n",
        "[target.dev]\nurl = \"sqlite:a.db\"\nmigration-url-env = \"X\"\nmigration-url-file = \"y\"\n",
        "[target.dev]\nurl = \"sqlite:a.db\"\nmigration-url = \"postgres://me@h/shop\"\n",
        "[target.dev]\nengine = \"postgres\"\nmigration-url = \"sqlite:a.db\"\n",
        "[target.dev]\nurl = \"sqlite:a.db\"\nmigration-url-env = \"NOT_SET\"\n",
        "[target.dev]\nurl-env = \"NOT_SET\"\n",
        "[target.dev]\nurl-file = \"not-there\"\n",
        "[target.dev]\nurl = \"sqlite:a.db\"\n[target.prod]\nurl = \"sqlite:b.db\"\n",
        "default-target = \"x\"\n[target.dev]\nurl = \"sqlite:a.db\"\n",
        "[target.dev]\nurl = \"sqlite:a.db\"\n[target.Dev]\nurl = \"sqlite:b.db\"\n",
        "",
    ]));
}

#[test]
fn a_target_that_is_not_there_is_told_with_the_nearest() {
    let mut project = Project::new().file(
        "syncline.toml",
        "[target.dev]\nurl = \"sqlite:a.db\"\n[target.prod]\nurl = \"sqlite:b.db\"\n",
    );
    project.run(&["status", "-t", "pord"]);
    project.run(&["status", "-t", "elsewhere"]);
    assert_snapshot!(project.story());
}

#[test]
fn bytes_that_are_no_configuration_are_refused() {
    let project = Project::new().file("migrations/1_a.sql", "SELECT 1;\n");
    let refused = |project: &Project, words: &str| {
        let said = project.silently(&["status"]);
        assert_eq!(said.exit, 2);
        assert!(
            said.stderr.starts_with("error[config]") && said.stderr.contains(words),
            "{}",
            said.stderr
        );
    };
    project.write("syncline.toml", b"# caf\xe9\n");
    refused(&project, "UTF-8");
    project.write("syncline.toml", format!("a = {}\n", "[".repeat(100_000)));
    refused(&project, "syncline.toml:1:");
    project.write("syncline.toml", " ".repeat(2 * 1024 * 1024));
    refused(&project, "1 MiB");
    project.write("syncline.toml", "\u{feff}[target.dev]\r\n\turl = \"sqlite:a.db\"\r\n");
    assert_eq!(
        project.silently(&["status"]).exit,
        0,
        "a byte-order mark, CRLF and tabs are fine"
    );
}

#[test]
fn everything_may_come_from_the_file() {
    let mut project = Project::new()
        .variable("SHOP_URL", "sqlite:from-env.db")
        .variable("DIRECT_URL", "sqlite:direct-env.db")
        .file("secret/url", "sqlite:from-file.db\n")
        .file("secret/direct", "sqlite:direct-file.db\n")
        .file("app/db/1_a.sql", "CREATE TABLE a (x);\n")
        .file("app/db/deeper/3_c.sql", "CREATE TABLE c (x);\n")
        .file("app/other/9_z.sql", "CREATE TABLE z (x);\n")
        .file(
            "app/syncline.toml",
            r#"dir = "db"
recursive = true
default-target = "dev"
lock-wait = "1m 30s"
lock-timeout = "2s"
statement-timeout = "5m"
retries = 0
connect-timeout = "500ms"
keep-scripts = "1MiB"
max-file-size = "2KiB"
history-table = "changes"
script-table = "change_texts"

[policy]
out-of-order = "allow"

[target.dev]
url = "sqlite:relative.db"

[target.env]
url-env = "SHOP_URL"
dir = "other"

[target.file]
url-file = "../secret/url"
policy = { out-of-order = "refuse" }

[target.direct]
url = "sqlite:pooled.db"
migration-url = "sqlite:direct.db"

[target.direct-env]
url-env = "NOT_SET"
migration-url-env = "DIRECT_URL"

[target.direct-file]
migration-url-file = "../secret/direct"

[target.parts]
engine = "sqlite"
database = "parts.db"
parameters = { mode = "rwc" }
lock-wait = "0s"
statement-timeout = "1ms"
retries = 7
"#,
        );
    for target in ["dev", "env", "file", "direct", "direct-env", "direct-file", "parts"] {
        project.ok(&["up", "--config", "app/syncline.toml", "-t", target]);
    }
    for database in [
        "relative",
        "from-env",
        "from-file",
        "direct",
        "direct-env",
        "direct-file",
        "parts",
    ] {
        assert!(project.path(&format!("app/{database}.db")).exists(), "{database}");
    }
    assert!(!project.path("app/pooled.db").exists());
    project.note("a migration that comes late is allowed by the file, and by one target not");
    project.write("app/db/2_b.sql", "CREATE TABLE b (x);\n");
    project.ok(&["up", "--config", "app/syncline.toml"]);
    assert_eq!(
        project.run(&["up", "--config", "app/syncline.toml", "-t", "file"]).exit,
        3
    );
    project.write("app/db/4_d.sql", format!("SELECT 1; --{}\n", "x".repeat(3000)));
    assert_eq!(project.run(&["up", "--config", "app/syncline.toml"]).exit, 2);
    assert_snapshot!(project.story());
}

#[test]
fn a_database_can_be_pinned() {
    let mut project = Project::shop();
    project.ok(&["up", "-q"]);
    let records = project.silently(&["log", "--format", "json"]).json();
    let id = records["records"].as_array().unwrap().last().unwrap()["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let pinned = |id: &str| format!("[target.dev]\nurl = \"sqlite:shop.db\"\nexpect-database = \"{id}\"\n");
    project.write("syncline.toml", pinned(&id));
    project.ok(&["up", "-t", "dev"]);
    project.write("syncline.toml", pinned("17cd5fbd-4469-4cd5-86b1-8466a063e49a"));
    for command in [
        &["up", "-t", "dev"][..],
        &["status", "-t", "dev"],
        &["down", "--yes", "-t", "dev"],
    ] {
        assert_eq!(project.silently(command).exit, 3, "{command:?}");
    }
    project.run(&["up", "-t", "dev"]);
    assert_snapshot!(project.story());
}

#[cfg(unix)]
#[test]
fn a_password_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new().file("migrations/1_a.sql", "SELECT 1;\n");
    let path = project.path("syncline.toml");
    let parts = "engine = \"postgres\"\nhost = \"127.0.0.1\"\nport = 1\n";
    for (keys, secret) in [
        (format!("{parts}password = \"x\"\n"), true),
        (
            format!("{parts}migration-url = \"postgres://me:x@127.0.0.1:1/shop\"\n"),
            true,
        ),
        (
            format!("{parts}migration-url = \"postgres://me@127.0.0.1:1/shop\"\n"),
            false,
        ),
        (
            "url = \"postgres://me:x@h/shop?pgbouncer=true\"\nmigration-url = \"postgres://127.0.0.1:1/shop\"\n"
                .to_owned(),
            true,
        ),
        (
            "url = \"postgres://127.0.0.1:1/shop?user=me&password=x\"\n".to_owned(),
            true,
        ),
    ] {
        project.write("syncline.toml", format!("[target.dev]\n{keys}"));
        for (mode, shared) in [(0o644, true), (0o640, true), (0o600, false)] {
            let warned = secret && shared;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let said = project.silently(&["status"]);
            assert_eq!(
                said.stderr.contains("warning"),
                warned,
                "{keys} {mode:o}: {}",
                said.stderr
            );
            let document = project.silently(&["status", "--format", "json"]).json();
            assert_eq!(!document["warnings"].as_array().unwrap().is_empty(), warned);
            assert_eq!(document["config"], "syncline.toml");
        }
    }
}
