//! What lies in a directory that holds no migrations, and below it: a deployment from the wrong directory applies nothing, and would
//! look like one that has nothing to do.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Reading;
use crate::catalog::{self, Catalog, Depth, Layout};
use crate::script::Syntax;

/// How far is looked: levels of directories, things in them, and time.
const DEEPEST: usize = 8;
const MOST: usize = 20_000;
const LONGEST: Duration = Duration::from_secs(2);
/// How many directories are tried as the right one, and what they may hold.
const TRIED: usize = 50;
const LARGEST: u64 = 64 * 1024 * 1024;
/// How many files are named.
const NAMED: usize = 3;

/// What could be migrations, by the names of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Below {
    /// How many files there are.
    pub files: usize,
    /// The first of them, by their paths from the directory on.
    pub first: Vec<String>,
    /// Directories that could not be read, by their paths from the directory on.
    pub unread: Vec<String>,
    /// Whether there may be more, which was not looked for.
    pub is_cut: bool,
    /// Whether the directory holds migrations itself: another directory would be no more than a part of them.
    pub is_a_part: bool,
    /// How these files can be read, the most of them first.
    pub instead: Vec<Instead>,
}

/// A directory and a layout that read migrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instead {
    /// The directory.
    pub directory: PathBuf,
    /// The layout, where it has to be said.
    pub layout: Option<&'static str>,
    /// Whether the directories below it have to be read, too.
    pub depth: Depth,
    /// How many migrations that gives.
    pub migrations: usize,
}

impl Below {
    /// Whether nothing was found, and nothing was left out.
    pub fn is_nothing(&self) -> bool {
        self.files == 0 && self.unread.is_empty()
    }

    /// Looks into a directory and those below it, not for long and not through links, and tries what was found as migrations: as they
    /// were to be read, and by what shows whose they are.
    pub fn of(path: impl AsRef<Path>, syntax: Syntax, reading: &Reading) -> Self {
        let path = path.as_ref();
        let mut below = Self::default();
        let mut directories: BTreeMap<PathBuf, u64> = BTreeMap::new();
        below.look(path, &mut directories);
        below.is_a_part = super::holds_its_own(path, syntax, reading);
        let mut tried = match below.is_a_part {
            true => vec![path.to_owned()],
            false => candidates(path, &directories),
        };
        let size = |directory: &Path| -> u64 {
            let inside = directories.iter().filter(|(inner, _)| inner.starts_with(directory));
            inside.map(|(_, bytes)| bytes).sum()
        };
        tried.retain(|directory| size(directory) <= LARGEST);
        tried.truncate(TRIED);
        tried.sort_by_key(|directory| (directory.components().count(), directory.clone()));
        let begun = Instant::now();
        // A directory that can be named is better than all that are below one.
        for depth in [reading.depth, Depth::Recursive] {
            if !below.instead.is_empty() || below.is_a_part && depth != Depth::Recursive {
                continue;
            }
            for directory in &tried {
                // What is below a directory that is read adds nothing.
                if begun.elapsed() > LONGEST || below.is_read_above(directory) {
                    continue;
                }
                below.instead.extend(read(directory, depth, syntax, reading, path));
            }
        }
        // Several may be parts of one.
        if below.instead.len() > 1 && size(path) <= LARGEST {
            below
                .instead
                .extend(read(path, Depth::Recursive, syntax, reading, path));
        }
        below
            .instead
            .sort_by_key(|instead| std::cmp::Reverse(instead.migrations));
        below
    }

    fn is_read_above(&self, directory: &Path) -> bool {
        let above = |instead: &Instead| directory != instead.directory && directory.starts_with(&instead.directory);
        self.instead.iter().any(above)
    }

    /// Counts the files, and notes which directories hold how many bytes of them. What is nearer is looked at first.
    fn look(&mut self, root: &Path, directories: &mut BTreeMap<PathBuf, u64>) {
        let begun = Instant::now();
        let mut pending = VecDeque::from([(root.to_owned(), 0_usize)]);
        let mut seen = 0_usize;
        while let Some((directory, depth)) = pending.pop_front() {
            let Ok(listing) = fs::read_dir(&directory) else {
                self.unread.push(from(root, &directory));
                continue;
            };
            let mut found: Vec<fs::DirEntry> = listing.flatten().collect();
            found.sort_by_key(fs::DirEntry::file_name);
            for found in found {
                seen += 1;
                if seen > MOST || begun.elapsed() > LONGEST {
                    self.is_cut = true;
                    return;
                }
                let path = found.path();
                let name = found.file_name().to_string_lossy().into_owned();
                let Ok(kind) = found.file_type() else { continue };
                if kind.is_dir() {
                    let is_other = name.starts_with('.') || name == "node_modules";
                    match depth < DEEPEST {
                        true if !is_other => pending.push_back((path, depth + 1)),
                        false => self.is_cut = true,
                        _ => {}
                    }
                } else if kind.is_symlink() && path.is_dir() {
                    // It is not followed any further than a path that somebody types.
                    if let Some(bytes) = migrations_in(&path) {
                        directories.insert(path, bytes);
                    }
                } else if catalog::may_be_a_script(&name) {
                    self.files += 1;
                    if self.first.len() < NAMED {
                        self.first.push(from(root, &path));
                    }
                    let size = found.metadata().map_or(0, |about| about.len());
                    *directories.entry(directory.clone()).or_default() += size;
                }
            }
        }
    }
}

/// Which directories may be the right one, the likeliest first: those that hold files, each behind the one above it, since a directory may
/// be the migration itself; then what is above them.
fn candidates(root: &Path, directories: &BTreeMap<PathBuf, u64>) -> Vec<PathBuf> {
    let near = directories
        .keys()
        .flat_map(|directory| [directory.parent(), Some(directory)]);
    let far = directories.keys().flat_map(|directory| directory.ancestors());
    let mut seen = BTreeSet::new();
    let all = near
        .flatten()
        .chain(far)
        .filter(|directory| directory.starts_with(root));
    all.filter(|directory| seen.insert(*directory))
        .map(Path::to_owned)
        .collect()
}

/// How many bytes of migrations a directory holds; `None` where none is named like one.
fn migrations_in(directory: &Path) -> Option<u64> {
    let found = fs::read_dir(directory).ok()?.flatten();
    let found = found.filter(|found| catalog::is_migration(&found.file_name().to_string_lossy()));
    found
        .map(|found| found.metadata().map_or(0, |about| about.len()))
        .reduce(u64::saturating_add)
}

/// The path from a directory on.
fn from(root: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    match inner.as_os_str().is_empty() {
        true => ".".to_owned(),
        false => inner.to_string_lossy().into_owned(),
    }
}

/// Reads a directory to a depth, as it was to be read and by what shows whose files they are; the first that gives migrations.
fn read(directory: &Path, depth: Depth, syntax: Syntax, reading: &Reading, was: &Path) -> Option<Instead> {
    let ways = [reading.layout.clone(), None];
    ways.into_iter().enumerate().find_map(|(index, layout)| {
        // That is what was read, and held none.
        if index == 0 && directory == was && depth == reading.depth {
            return None;
        }
        let is_said = layout.is_none() && reading.layout.is_some();
        let own = reading.depth;
        let reading = Reading {
            layout,
            depth,
            ..reading.clone()
        };
        let catalog = Catalog::from_dir(directory, syntax, &reading).ok()?;
        if catalog.is_empty() {
            return None;
        }
        let name = Layout::named(catalog.detected().layout.name()).map(|layout| layout.name());
        let (directory, depth) = narrowed(directory, &catalog, syntax, &reading, own);
        Some(Instead {
            directory,
            layout: name.filter(|_| is_said),
            depth,
            migrations: catalog.len(),
        })
    })
}

/// The directory below that holds all that was read, and how deep it is read, where that is the same: some layouts read what is below
/// without being told, and not all that is there is theirs.
fn narrowed(directory: &Path, catalog: &Catalog, syntax: Syntax, reading: &Reading, own: Depth) -> (PathBuf, Depth) {
    let mut holders = catalog
        .migrations()
        .filter_map(|found| Path::new(&found.up.path).parent());
    let first = holders.next().unwrap_or(directory);
    let common = holders.fold(first, |common, holder| {
        let mut above = common.ancestors();
        above.find(|above| holder.starts_with(above)).unwrap_or(directory)
    });
    let read = |catalog: &Catalog| -> Vec<_> {
        let all = catalog.migrations();
        all.map(|found| (found.id.clone(), found.name.clone(), found.up.checksum))
            .collect()
    };
    let root = directory.strip_prefix(".").unwrap_or(directory);
    let is_inner = common != root && common.starts_with(root);
    let mut depths = [own, reading.depth].into_iter().filter(|_| is_inner);
    let is_same = |depth: &Depth| {
        let reading = Reading {
            depth: *depth,
            ..reading.clone()
        };
        let inner = Catalog::from_dir(common, syntax, &reading);
        inner.is_ok_and(|inner| read(&inner) == read(catalog))
    };
    match depths.find(is_same) {
        Some(depth) => (common.to_owned(), depth),
        None => (directory.to_owned(), reading.depth),
    }
}
