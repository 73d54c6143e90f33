//! What stands between SQLite and the C library (`writes.c`): it harms one call that changes the files of a database.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// In a directory of the test's own.
pub(crate) struct Shim {
    library: PathBuf,
    log: PathBuf,
}

impl Shim {
    /// Compiled where it is not there yet.
    pub(crate) fn in_directory(directory: PathBuf) -> Self {
        let library = directory.join("writes.so");
        if !library.exists() {
            let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/writes.c");
            let mut compiler = Command::new("cc");
            compiler.args(["-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o"]);
            let output = compiler.arg(&library).arg(source).output().unwrap();
            assert!(output.status.success(), "{output:?}");
        }
        let log = directory.join("writes.log");
        let _ = fs::remove_file(&log);
        Self { library, log }
    }

    /// The environment in which this happens at the call with this number, from 1.
    pub(crate) fn settings(&self, url: &str, number: usize, action: &str) -> [(&'static str, String); 5] {
        [
            ("LD_PRELOAD", self.library.display().to_string()),
            ("WRITES_LOG", self.log.display().to_string()),
            ("WRITES_FILE", url.trim_start_matches("sqlite:").to_owned()),
            ("WRITES_AT", number.to_string()),
            ("WRITES_ACTION", action.to_owned()),
        ]
    }

    /// How many calls there were.
    pub(crate) fn calls(&self) -> usize {
        fs::read_to_string(&self.log).unwrap_or_default().lines().count()
    }
}
