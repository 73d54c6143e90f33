//! The programs in `examples/` do what their pages say.

use std::path::PathBuf;
use std::process::{Command, Output};

/// Builds and runs an example in an empty directory.
fn run(example: &str, directory: &std::path::Path) -> Output {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--all-features", "--example", example]);
    // What cargo has said of this test would make it build some dependencies anew, and again for the next test run.
    for (name, _) in
        std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
    {
        cargo.env_remove(name);
    }
    assert!(cargo.current_dir(&root).status().unwrap().success());
    // The test binary lies in `deps`, beside `examples`.
    let binary = std::env::current_exe()
        .unwrap()
        .parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("examples")
        .join(example);
    Command::new(binary)
        .arg("sqlite:test.db")
        .current_dir(directory)
        .output()
        .unwrap()
}

fn printed(output: &Output) -> &str {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::str::from_utf8(&output.stdout).unwrap()
}

#[test]
fn migrations_that_refinery_has_embedded_run_through_the_ledger() {
    let directory = tempfile::tempdir().unwrap();
    let first = run("refinery", directory.path());
    assert_eq!(
        printed(&first),
        "applied V1__people\napplied V2__email\napplied U3__index\n3 applied; the ledger has 4 records\n"
    );
    let second = run("refinery", directory.path());
    assert_eq!(printed(&second), "0 applied; the ledger has 4 records\n");
}

#[test]
fn migrations_that_are_compiled_in_are_applied_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let first = run("embedded", directory.path());
    assert_eq!(
        printed(&first),
        "applied 1 customers (1 statements)\napplied 2 orders (1 statements)\n2 applied\n"
    );
    assert_eq!(printed(&run("embedded", directory.path())), "0 applied\n");
}
