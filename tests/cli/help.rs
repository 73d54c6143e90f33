//! The help of every command, and the completions.

use insta::assert_snapshot;

use super::project::Project;

#[test]
fn the_help_of_every_command() {
    let mut project = Project::new();
    for command in [
        "",
        "init",
        "new",
        "plan",
        "up",
        "down",
        "redo",
        "status",
        "log",
        "show",
        "verify",
        "repair",
        "repair accept",
        "repair renumber",
        "repair resolve",
        "repair forget",
        "baseline",
        "completions",
    ] {
        let words: Vec<&str> = command
            .split(' ')
            .filter(|word| !word.is_empty())
            .chain(["-h"])
            .collect();
        project.ok(&words);
    }
    // What all commands take is shown once.
    let story = project.story();
    let (first, rest) = story.split_once("$ syncline init").unwrap();
    let mut shown = format!("{first}$ syncline init");
    let mut hidden = false;
    for line in rest.lines() {
        hidden = line == "Options of every command:" || (hidden && line.starts_with(' '));
        if !hidden {
            shown.push_str(line);
            shown.push('\n');
        }
    }
    assert_snapshot!(shown);
}

#[test]
fn the_version_is_that_of_the_package() {
    let version = format!("syncline {}\n", env!("CARGO_PKG_VERSION"));
    let said = Project::new().silently(&["-V"]);
    assert_eq!((said.exit, said.stdout), (0, version.clone()));
    // The engines that are libraries follow: see tests/linked.rs.
    let said = Project::new().silently(&["--version"]);
    assert!(said.exit == 0 && said.stdout.starts_with(&version), "{}", said.stdout);
}

#[test]
fn every_shell_gets_its_completions() {
    let project = Project::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let said = project.silently(&["completions", shell]);
        assert_eq!(said.exit, 0);
        assert!(
            said.stdout.contains("baseline") && said.stdout.contains("lock-wait"),
            "{shell}"
        );
        let document = project.silently(&["completions", shell, "--format", "json"]).json();
        assert_eq!(document["text"], said.stdout, "{shell}");
    }
}

#[test]
fn bash_understands_its_completions() {
    let project = Project::new();
    project.write("completions.bash", project.silently(&["completions", "bash"]).stdout);
    let status = std::process::Command::new("bash")
        .arg("-n")
        .arg(project.path("completions.bash"))
        .status()
        .unwrap();
    assert!(status.success());
}
