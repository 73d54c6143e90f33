//! A disk of a test's own, which can be full.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A file system in memory. Only the thread that has made it sees it, and what that thread starts; it goes with them.
pub(crate) struct Disk {
    place: TempDir,
    ballast: PathBuf,
}

/// Enough for a server and some databases.
const SIZE: &str = "size=192m";

static ZEROS: [u8; 1 << 20] = [0; 1 << 20];

impl Disk {
    /// None where the system does not let us mount one.
    pub(crate) fn mount() -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        // SAFETY: touches no memory. This thread has a view of its own of what is mounted from here on.
        if unsafe { libc::unshare(libc::CLONE_NEWNS) } != 0 {
            return None;
        }
        let mount = |arguments: &[&str]| {
            Command::new("mount")
                .args(arguments)
                .status()
                .is_ok_and(|it| it.success())
        };
        let path = place.path().to_str().unwrap();
        let mounted = mount(&["--make-rprivate", "/"]) && mount(&["-t", "tmpfs", "-o", SIZE, "tmpfs", path]);
        let ballast = place.path().join("ballast");
        mounted.then_some(Self { place, ballast })
    }

    pub(crate) fn path(&self) -> &Path {
        self.place.path()
    }

    /// Fills it: only so many bytes are left.
    pub(crate) fn leave(&self, bytes: u64) {
        let mut file = File::create(&self.ballast).unwrap();
        let error = loop {
            if let Err(error) = file.write_all(&ZEROS) {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{error}");
        let size = file.metadata().unwrap().len();
        file.set_len(size.saturating_sub(bytes)).unwrap();
    }

    pub(crate) fn free(&self) {
        let _ = fs::remove_file(&self.ballast);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whoever is still there keeps it; nobody sees it any more.
        let _ = Command::new("umount").arg("-l").arg(self.place.path()).status();
    }
}
