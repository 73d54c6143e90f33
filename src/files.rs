//! The directory of the migrations: the only part of the library that reads files.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::catalog::{self, Catalog, CatalogError, Content, Entry};
use crate::fault;
use crate::script::Syntax;

/// A file above this size is refused, unless the caller says otherwise: 64 MiB.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;

/// How a directory is read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Whether directories below it are read, too.
    pub depth: Depth,
    /// Files above so many bytes are refused.
    pub max_file: u64,
}

/// How deep migrations are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Only in the directory itself. A directory below it that holds migrations is a problem, not something to pass over.
    Flat,
    /// In all directories below it, too.
    Recursive,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            depth: Depth::Flat,
            max_file: MAX_FILE,
        }
    }
}

/// The directory could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// There is none, it is no directory, or it may not be read.
    #[error("the directory `{}` of the migrations cannot be read: {reason}", path.display())]
    Directory {
        /// The path as it was given.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// It was read, and holds problems.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl Catalog {
    /// Reads the migrations of a directory. Each file is read once: the bytes that are hashed are the bytes that are run.
    ///
    /// # Errors
    /// When the directory cannot be read, or with every problem that its files have.
    pub fn from_dir(path: impl AsRef<Path>, syntax: Syntax, reading: &Reading) -> Result<Self, FilesError> {
        let path = path.as_ref();
        let unreadable = |reason: String| FilesError::Directory {
            path: path.to_owned(),
            reason,
        };
        let root = fs::canonicalize(path).map_err(|error| unreadable(error.to_string()))?;
        if !root.is_dir() {
            return Err(unreadable("it is not a directory".to_owned()));
        }
        let mut entries = Vec::new();
        let mut pending = vec![path.to_owned()];
        while let Some(directory) = pending.pop() {
            let listing = match fs::read_dir(&directory) {
                Ok(listing) => listing,
                Err(error) if directory != path => {
                    entries.push(unusable(&directory, format!("the directory cannot be read: {error}")));
                    continue;
                }
                Err(error) => return Err(unreadable(error.to_string())),
            };
            for found in listing {
                let found = found.map_err(|error| unreadable(error.to_string()))?;
                let path = found.path();
                let kind = found.file_type().map_err(|error| unreadable(error.to_string()))?;
                if kind.is_dir() || kind.is_symlink() && is_plain_directory(&path) {
                    let link = if kind.is_symlink() { Link::Symbolic } else { Link::None };
                    match subdirectory(&path, link, reading.depth) {
                        Subdirectory::Read => pending.push(path),
                        Subdirectory::Pass => {}
                        Subdirectory::Problem(what) => entries.push(unusable(&path, what)),
                    }
                } else {
                    entries.extend(file(&path, kind, &root, reading.max_file));
                }
            }
        }
        Ok(Self::from_entries(entries, syntax)?)
    }
}

enum Subdirectory {
    Read,
    Pass,
    Problem(String),
}

/// Whether a directory was found under a link's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    None,
    Symbolic,
}

/// Whether a link leads to a directory. One that is named like a migration is judged as the file that it should be.
fn is_plain_directory(link: &Path) -> bool {
    let named = link.file_name().and_then(|name| name.to_str());
    named.is_none_or(|name| !catalog::is_migration(name)) && link.is_dir()
}

fn subdirectory(path: &Path, link: Link, depth: Depth) -> Subdirectory {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    if name.starts_with('.') {
        return Subdirectory::Pass;
    }
    if name.to_ascii_lowercase().ends_with(".sql") {
        return Subdirectory::Problem("it is a directory with the name of a migration".to_owned());
    }
    match (depth, link) {
        (Depth::Recursive, Link::None) => return Subdirectory::Read,
        // It may lead out of the tree, or back into it for ever.
        (Depth::Recursive, Link::Symbolic) => {
            return Subdirectory::Problem(
                "it is a symbolic link to a directory, and those are not followed".to_owned(),
            );
        }
        (Depth::Flat, _) => {}
    }
    // Not to look would be to skip migrations without a word.
    let listing = match fs::read_dir(path) {
        Ok(listing) => listing,
        Err(error) => {
            let what = format!("the directory cannot be read, so whether it holds migrations is not known: {error}");
            return Subdirectory::Problem(what);
        }
    };
    let inside = listing
        .flatten()
        .map(|found| found.file_name().to_string_lossy().into_owned());
    match inside.into_iter().find(|name| catalog::is_migration(name)) {
        Some(inside) => Subdirectory::Problem(format!(
            "the directory holds migrations (`{inside}`) and is not read; `recursive = true` reads it"
        )),
        None => Subdirectory::Pass,
    }
}

/// The entry of a path that is no directory; `None` where its name says that it is no migration.
fn file(path: &Path, kind: fs::FileType, root: &Path, max_file: u64) -> Option<Entry> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        let name = path.file_name().unwrap_or_default();
        let like = name.to_string_lossy().to_ascii_lowercase().contains(".sql");
        return like.then(|| unusable(path, not_utf8(name.as_encoded_bytes())));
    };
    if !catalog::wants(name) {
        return None;
    }
    Some(match read(path, kind, root, max_file) {
        Ok(bytes) => Entry {
            path: path.to_string_lossy().into_owned(),
            content: Content::Bytes(bytes),
        },
        Err(what) => unusable(path, what),
    })
}

/// The first byte that is no text: what is shown of the name has a substitute there.
fn not_utf8(name: &[u8]) -> String {
    let at = std::str::from_utf8(name).map_or_else(|error| error.valid_up_to(), str::len);
    let byte = name.get(at).copied().unwrap_or_default();
    format!("its name is not UTF-8: byte 0x{byte:02X} at offset {at}")
}

fn unusable(path: &Path, what: String) -> Entry {
    Entry {
        path: path.to_string_lossy().into_owned(),
        content: Content::Unreadable(what),
    }
}

fn read(path: &Path, kind: fs::FileType, root: &Path, max_file: u64) -> Result<Vec<u8>, String> {
    if kind.is_symlink() {
        let real =
            fs::canonicalize(path).map_err(|error| format!("it is a symbolic link that leads nowhere: {error}"))?;
        if !real.starts_with(root) {
            return Err("it is a symbolic link to a place outside the directory".to_owned());
        }
    }
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Opening a named pipe must not wait for somebody to write to it.
        // What the directory listed as no link may have become one since.
        let follow = if kind.is_symlink() { 0 } else { libc::O_NOFOLLOW };
        options.custom_flags(libc::O_NONBLOCK | libc::O_CLOEXEC | follow);
    }
    let file = fault::io("read a file")
        .and_then(|()| options.open(path))
        .map_err(|error| format!("it cannot be read: {error}"))?;
    let about = file
        .metadata()
        .map_err(|error| format!("it cannot be looked at: {error}"))?;
    if !about.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    if about.len() > max_file {
        return Err(format!(
            "it has {} bytes, and `max-file-size` allows {max_file}",
            about.len()
        ));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or_default() + 1);
    // The limit keeps the standard library from asking for the size once more.
    file.take(max_file.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| format!("it cannot be read: {error}"))?;
    // It may have grown meanwhile, and half of a script is no script.
    if bytes.len() as u64 > max_file {
        return Err(format!(
            "it grows while it is read, beyond the {max_file} that `max-file-size` allows"
        ));
    }
    Ok(bytes)
}
