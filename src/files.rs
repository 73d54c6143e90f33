//! The directory of the migrations: the only part of the library that reads files.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

mod below;
mod house;

pub use crate::catalog::{Depth, Given};
pub use below::{Below, Instead};
pub use house::{Becomes, ByPattern, House};

use crate::catalog::{self, Ambiguous, Catalog, CatalogError, Content, Detected, Entry, Layout};
use crate::fault;
use crate::script::{Placeholders, Syntax};

/// A file above this size is refused, unless the caller says otherwise: 64 MiB.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;

/// How a directory is read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Whose files they are. `None` looks at the files, and is an error where two layouts fit.
    pub layout: Option<Layout>,
    /// Whether directories below it are read, too. A layout may ask for more than this.
    pub depth: Depth,
    /// Files above so many bytes are refused.
    pub max_file: u64,
    /// What is replaced in the scripts before they are run.
    pub placeholders: Placeholders,
    /// Directives for files that are not to be edited.
    pub given: Vec<Given>,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            layout: None,
            depth: Depth::Flat,
            max_file: MAX_FILE,
            placeholders: Placeholders::default(),
            given: Vec::new(),
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
    /// Several directories were named, and cannot be read as one.
    #[error("`{}` and `{}` cannot be read as one: {why}", first.display(), path.display())]
    Several {
        /// The first of them.
        first: PathBuf,
        /// Another one.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// Nobody said whose files they are, and two answers are right.
    #[error(transparent)]
    Ambiguous(#[from] Ambiguous),
    /// It was read, and holds problems.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl Catalog {
    /// Reads the migrations of a directory. The bytes that are hashed are the bytes that are run.
    ///
    /// A directory without migrations is an empty catalog and no error, since only the caller knows whether that can be meant: ask
    /// [`Catalog::is_empty`], and [`Below`] for what lies there instead.
    ///
    /// # Errors
    /// When the directory cannot be read, when more than one layout fits it and none was asked for, or with every problem that its
    /// files have.
    pub fn from_dir(path: impl AsRef<Path>, syntax: Syntax, reading: &Reading) -> Result<Self, FilesError> {
        Self::from_dirs([path], syntax, reading)
    }

    /// As [`Catalog::from_dir`], with the migrations of several directories as one sequence. All hold files of one layout, which says
    /// versions in their names.
    ///
    /// # Errors
    /// The same, and directories that cannot be read as one.
    pub fn from_dirs<P: AsRef<Path>>(
        paths: impl IntoIterator<Item = P>,
        syntax: Syntax,
        reading: &Reading,
    ) -> Result<Self, FilesError> {
        let mut found: Option<(PathBuf, Detected)> = None;
        let mut groups = Vec::new();
        for path in paths {
            let path = path.as_ref();
            let (detected, entries) = entries(path, reading)?;
            match &found {
                // What holds nothing has no layout.
                Some(_) if entries.is_empty() => {}
                Some((first, known)) if !groups.iter().all(Vec::is_empty) => {
                    let (one, other) = (known.layout.name(), detected.layout.name());
                    let several = |why: String| FilesError::Several {
                        first: first.clone(),
                        path: path.to_owned(),
                        why,
                    };
                    if one != other {
                        return Err(several(format!(
                            "the files are those of {one} in one and of {other} in the other"
                        )));
                    }
                    if !known.layout.takes_several() {
                        return Err(several(format!("a directory of {one} has an order of its own")));
                    }
                }
                _ => found = Some((path.to_owned(), detected)),
            }
            groups.push(entries);
        }
        let detected = found.map_or_else(|| Detected::asked(Layout::native()), |(_, detected)| detected);
        let placeholders = reading.placeholders.clone();
        Ok(Self::from_given(
            groups,
            detected,
            placeholders,
            &reading.given,
            syntax,
        )?)
    }
}

/// Whether a directory holds migrations itself, whatever else is found in it that is not read.
fn holds_its_own(path: &Path, syntax: Syntax, reading: &Reading) -> bool {
    let Ok((detected, mut entries)) = entries(path, reading) else {
        return false;
    };
    entries.retain(|entry| !matches!(entry.content, Content::Stray(_)));
    Catalog::from_entries(entries, detected, reading.placeholders.clone(), syntax).is_ok_and(|own| !own.is_empty())
}

/// What is read of a directory, and whose files they are.
fn entries(path: &Path, reading: &Reading) -> Result<(Detected, Vec<Entry>), FilesError> {
    let (detected, seen) = match &reading.layout {
        Some(layout) => {
            let detected = Detected::asked(layout.clone());
            let depth = layout.depth().max(reading.depth);
            let seen = look(
                path,
                reading,
                depth,
                |name| layout.enters(name),
                |name| layout.wants(name),
            )?;
            (detected, seen)
        }
        None => {
            let mut seen = look(path, reading, reading.depth, |_| true, catalog::any_wants)?;
            // What shows it is the same on every file system.
            seen.entries.sort_by(|a, b| a.name.cmp(&b.name));
            let detected = catalog::detect(&mut seen.entries, reading.depth)?;
            let layout = &detected.layout;
            let deeper = layout.depth() == Depth::Recursive && reading.depth != Depth::Recursive;
            let seen = match deeper {
                true => look(path, reading, Depth::Recursive, |_| true, |name| layout.wants(name))?,
                false => seen,
            };
            (detected, seen)
        }
    };
    let depth = detected.layout.depth().max(reading.depth);
    let entries = seen.of(&detected.layout, depth);
    Ok((detected, entries))
}

/// What is in a directory, as deep as was looked.
struct Seen {
    entries: Vec<Entry>,
    /// Directories that were not read to the end.
    below: Vec<Glanced>,
}

/// A directory in which only names were looked at.
struct Glanced {
    path: PathBuf,
    name: String,
    names: Result<Vec<String>, String>,
    link: Link,
}

impl Seen {
    /// What a layout reads of it, and problems for what it would pass over without a word.
    fn of(self, layout: &Layout, depth: Depth) -> Vec<Entry> {
        let within = |name: &str| match depth {
            Depth::Flat => !name.contains('/'),
            Depth::Nested => name.matches('/').count() <= 1,
            Depth::Recursive => true,
        };
        let mut entries = self.entries;
        let is_stray = |entry: &Entry| matches!(entry.content, Content::Stray(_));
        entries.retain(|entry| is_stray(entry) || within(&entry.name) && layout.wants(&entry.name));
        if depth == Depth::Recursive {
            return entries;
        }
        for below in self.below {
            let lost = |names: &[String]| {
                let whole = layout.each_holds();
                whole.filter(|file| is_lost(layout, file, &below.name, below.link, names))
            };
            let named = below.name.to_ascii_lowercase().ends_with(".sql") && layout.each_holds().is_none();
            let what = match &below.names {
                _ if named => NAMED.to_owned(),
                Err(error) => {
                    format!("the directory cannot be read, so whether it holds migrations is not known: {error}")
                }
                Ok(names) => match (lost(names), names.iter().find(|name| layout.is_its_own(name))) {
                    (Some(_), _) if below.link == Link::Symbolic => LINKED.to_owned(),
                    (Some(file), _) => format!(
                        "there is no `{file}` in it, and {} takes every directory for a migration",
                        layout.name()
                    ),
                    (None, Some(inside)) if below.link == Link::Symbolic => format!(
                        "it is a symbolic link to a directory that holds migrations (`{inside}`), and those are not \
                         followed"
                    ),
                    (None, Some(inside)) => format!(
                        "the directory holds migrations (`{inside}`) and is not read; `recursive = true` reads it"
                    ),
                    (None, None) => continue,
                },
            };
            entries.push(stray(&below.path, below.name, what));
        }
        entries
    }
}

const NAMED: &str = "it is a directory with the name of a migration";
const LINKED: &str = "it is a symbolic link to a directory, and those are not followed";

/// Whether a directory should be a migration and is none: one that was not read because it is a link, or that holds nothing of one.
fn is_lost(layout: &Layout, file: &str, directory: &str, link: Link, names: &[String]) -> bool {
    let is_whole = names.iter().any(|name| name == file);
    let is_script = |name: &&String| name.ends_with(".sql") && layout.wants(&format!("{directory}/{name}"));
    let is_part = || names.iter().any(|name| is_script(&name));
    !directory.contains('/') && if link == Link::Symbolic { is_whole } else { !is_part() }
}

/// Something that no layout reads and that has to be told.
fn stray(path: &Path, name: String, what: String) -> Entry {
    Entry {
        path: path.to_string_lossy().into_owned(),
        name,
        content: Content::Stray(what),
    }
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

/// Whether a directory is a migration itself, as some tools have them, whatever its name ends in.
fn is_a_migration(directory: &Path) -> bool {
    catalog::files_that_make_a_migration().any(|file| directory.join(file).is_file())
}

/// Reads the files that somebody wants, to a depth; below that, names alone.
fn look(
    path: &Path,
    reading: &Reading,
    depth: Depth,
    enters: impl Fn(&str) -> bool,
    wants: impl Fn(&str) -> bool,
) -> Result<Seen, FilesError> {
    let unreadable = |reason: String| FilesError::Directory {
        path: path.to_owned(),
        reason,
    };
    let root = fs::canonicalize(path).map_err(|error| unreadable(error.to_string()))?;
    if !root.is_dir() {
        return Err(unreadable("it is not a directory".to_owned()));
    }
    let mut seen = Seen {
        entries: Vec::new(),
        below: Vec::new(),
    };
    let mut pending = vec![(path.to_owned(), String::new())];
    while let Some((directory, prefix)) = pending.pop() {
        let listing = match fs::read_dir(&directory) {
            Ok(listing) => listing,
            Err(error) if !prefix.is_empty() => {
                let what = format!("the directory cannot be read: {error}");
                seen.entries.push(stray(&directory, prefix, what));
                continue;
            }
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let inside = !prefix.is_empty();
        let mut names = Vec::new();
        for found in listing {
            let found = found.map_err(|error| unreadable(error.to_string()))?;
            let path = found.path();
            let kind = found.file_type().map_err(|error| unreadable(error.to_string()))?;
            let file = found.file_name().to_string_lossy().into_owned();
            let name = if inside {
                format!("{prefix}/{file}")
            } else {
                file.clone()
            };
            if kind.is_dir() || kind.is_symlink() && is_plain_directory(&path) {
                let link = if kind.is_symlink() { Link::Symbolic } else { Link::None };
                if !file.starts_with('.') && enters(&name) {
                    if file.to_ascii_lowercase().ends_with(".sql") && !is_a_migration(&path) {
                        seen.entries.push(stray(&path, name, NAMED.to_owned()));
                    } else if depth == Depth::Recursive && link == Link::Symbolic {
                        // It may lead out of the tree, or back into it for ever.
                        seen.entries.push(stray(&path, name, LINKED.to_owned()));
                    } else if depth == Depth::Recursive || !inside && link == Link::None {
                        pending.push((path, name));
                    } else {
                        seen.below.push(glance(path, name, link));
                    }
                }
            } else {
                names.push(file);
                seen.entries
                    .extend(self::file(&path, name, kind, &root, reading.max_file, &wants));
            }
        }
        if inside && depth != Depth::Recursive {
            seen.below.push(Glanced {
                path: directory,
                name: prefix,
                names: Ok(names),
                link: Link::None,
            });
        }
    }
    Ok(seen)
}

/// Not to look would be to skip migrations without a word.
fn glance(path: PathBuf, name: String, link: Link) -> Glanced {
    let names = fs::read_dir(&path).map_err(|error| error.to_string());
    let names = names.map(|listing| {
        listing
            .flatten()
            .map(|found| found.file_name().to_string_lossy().into_owned())
            .collect()
    });
    Glanced {
        path,
        name,
        names,
        link,
    }
}

/// The entry of a path that is no directory; `None` where its name says that it is no migration.
fn file(
    path: &Path,
    name: String,
    kind: fs::FileType,
    root: &Path,
    max_file: u64,
    wants: impl Fn(&str) -> bool,
) -> Option<Entry> {
    if path.file_name().is_some_and(|file| file.to_str().is_none()) {
        let file = path.file_name().unwrap_or_default();
        let like = name.to_ascii_lowercase().contains(".sql");
        return like.then(|| stray(path, name, not_utf8(file.as_encoded_bytes())));
    }
    wants(&name).then(|| Entry {
        path: path.to_string_lossy().into_owned(),
        name,
        content: match read(path, kind, root, max_file) {
            Ok(bytes) => Content::Bytes(bytes),
            Err(what) => Content::Unreadable(what),
        },
    })
}

/// The first byte that is no text: what is shown of the name has a substitute there.
fn not_utf8(name: &[u8]) -> String {
    let at = std::str::from_utf8(name).map_or_else(|error| error.valid_up_to(), str::len);
    let byte = name.get(at).copied().unwrap_or_default();
    format!("its name is not UTF-8: byte 0x{byte:02X} at offset {at}")
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
