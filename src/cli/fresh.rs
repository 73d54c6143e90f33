//! New files and directories: all that a command makes, or nothing of it.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use syncline::Code;

use super::trouble::{Result, Trouble};

/// What was made so far.
#[derive(Default)]
pub struct Fresh {
    files: Vec<PathBuf>,
    directories: Vec<PathBuf>,
}

/// Does some work that makes files. Where it fails, what it has made is removed again; what cannot be is named, with another exit code.
pub fn make(work: impl FnOnce(&mut Fresh) -> Result<()>) -> Result<()> {
    let mut fresh = Fresh::default();
    work(&mut fresh).map_err(|trouble| fresh.undo(trouble))
}

impl Fresh {
    /// Makes a directory, with those above it.
    pub fn directory(&mut self, path: &Path) -> Result<()> {
        let absent = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
        let missing: Vec<PathBuf> = path.ancestors().take_while(absent).map(Path::to_owned).collect();
        for directory in missing.into_iter().rev() {
            match fs::create_dir(&directory) {
                Ok(()) => self.directories.push(directory),
                // Somebody else was quicker.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Trouble::io("made", &directory, &error)),
            }
        }
        match path.is_dir() || path.as_os_str().is_empty() {
            true => Ok(()),
            false => Err(Trouble::io("made", path, &ErrorKind::NotADirectory.into())),
        }
    }

    /// Writes a file that is not there yet. Its text is on the disk: a file system that finds out late that it is full has said so.
    pub fn file(&mut self, path: &Path, text: &str) -> Result<()> {
        let made = OpenOptions::new().write(true).create_new(true).open(path);
        let mut file = made.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => exists(path),
            _ => Trouble::io("written", path, &error),
        })?;
        self.files.push(path.to_owned());
        let written = file.write_all(text.as_bytes()).and_then(|()| synced(&file));
        written.map_err(|error| Trouble::io("written", path, &error))
    }

    fn undo(self, mut trouble: Box<Trouble>) -> Box<Trouble> {
        let files = self.files.iter().map(|path| (path, fs::remove_file(path)));
        let directories = self.directories.iter().rev().map(|path| (path, fs::remove_dir(path)));
        let removed: Vec<_> = files.chain(directories).collect();
        for (path, removed) in removed {
            if let Err(error) = removed {
                trouble.message += &format!("; `{}` was made, and cannot be removed: {error}", path.display());
                trouble.exit = Code::Partial.exit();
            }
        }
        trouble
    }
}

/// Some file systems, and pipes, know no such thing.
fn synced(file: &fs::File) -> io::Result<()> {
    match file.sync_all() {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

/// A file is not overwritten.
pub fn exists(path: &Path) -> Box<Trouble> {
    let message = format!("`{}` is there already, and nothing is overwritten", path.display());
    Trouble::new(Code::FileExists, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_made_whole_is_not_made_at_all() {
        let place = tempfile::tempdir().unwrap();
        let there = place.path().join("there.sql");
        fs::write(&there, "mine").unwrap();
        let trouble = make(|fresh| {
            fresh.directory(&place.path().join("a/b"))?;
            fresh.file(&place.path().join("a/b/1.sql"), "SELECT 1")?;
            fresh.file(&there, "SELECT 2")
        });
        let trouble = trouble.unwrap_err();
        assert_eq!((trouble.code, trouble.exit), (Code::FileExists, 2));
        assert!(!place.path().join("a").exists());
        assert_eq!(fs::read_to_string(&there).unwrap(), "mine");
    }

    #[test]
    fn what_cannot_be_removed_is_named_with_another_exit_code() {
        let place = tempfile::tempdir().unwrap();
        let (directory, stranger) = (place.path().join("a"), place.path().join("a/stranger"));
        let trouble = make(|fresh| {
            fresh.directory(&directory)?;
            fs::write(&stranger, "").unwrap();
            Err(Trouble::usage("no"))
        });
        let trouble = trouble.unwrap_err();
        assert_eq!(trouble.exit, 5);
        assert!(
            trouble.message.contains("a` was made, and cannot be removed"),
            "{}",
            trouble.message
        );
        assert!(stranger.exists());
    }
}
