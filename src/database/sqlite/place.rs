//! The file: what is there, told apart where SQLite would only say `unable to open database file`.

use std::path::Path;

use crate::code::Code;
use crate::database::{DatabaseError, Target};

/// The file format header (https://www.sqlite.org/fileformat.html#the_database_header).
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Tells apart what SQLite would call `unable to open database file`.
pub(super) fn inspect(path: &Path, create: bool, target: &Target) -> Result<(), DatabaseError> {
    let wrong = |message: String, hint: &str| Err(DatabaseError::new(Code::Connect, message).hint(hint));
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => wrong(format!("{target} is a directory"), "name a file in it"),
        Ok(_) => {
            let mut head = [0; 16];
            let read = std::fs::File::open(path).and_then(|mut file| std::io::Read::read(&mut file, &mut head));
            match read {
                Ok(0) => Ok(()),
                Ok(n) if head[..n] == MAGIC[..] => Ok(()),
                Ok(_) => wrong(
                    format!("{target} is not a SQLite database"),
                    "it is another kind of file, or encrypted",
                ),
                Err(error) => wrong(format!("{target} cannot be read: {error}"), "look at the file's rights"),
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if let Some(beside) = relative(path, Path::new("")) {
                let message = format!("there is no {target}, and there is a `{beside}` here");
                return Err(DatabaseError::new(Code::NoDatabase, message).hint(format!(
                    "`sqlite:{beside}` is the file here: three slashes begin an absolute path, other than in SQLAlchemy; \
                     where `{}` is meant, make it first, as an empty file",
                    path.display()
                )));
            }
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            match parent {
                Some(parent) if create && !parent.is_dir() => {
                    let message = format!("{target} cannot be made: there is no directory `{}`", parent.display());
                    Err(DatabaseError::new(Code::NoDatabase, message).hint("make the directory first"))
                }
                _ if target.parameter("mode").is_some_and(|mode| mode != "rwc") => {
                    Err(DatabaseError::new(Code::NoDatabase, format!("there is no {target}"))
                        .hint("leave `mode` out, and `syncline up` makes the file"))
                }
                _ => Ok(()),
            }
        }
        Err(error) => wrong(
            format!("{target} cannot be looked at: {error}"),
            "look at the directory's rights",
        ),
    }
}

/// The file that an absolute path names where it is read as a relative one, as SQLAlchemy reads `sqlite:///app.db`.
fn relative(path: &Path, here: &Path) -> Option<String> {
    let beside = path.strip_prefix("/").ok()?;
    let mut head = [0; 16];
    let mut file = std::fs::File::open(here.join(beside)).ok()?;
    std::io::Read::read_exact(&mut file, &mut head).ok()?;
    (head == MAGIC).then(|| beside.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_here_that_an_absolute_path_may_mean_is_found() {
        let here = tempfile::tempdir().unwrap();
        std::fs::create_dir(here.path().join("data")).unwrap();
        std::fs::write(here.path().join("data/app.db"), MAGIC).unwrap();
        std::fs::write(here.path().join("other.db"), "text").unwrap();
        for (path, expected) in [
            ("/data/app.db", Some("data/app.db")),
            ("data/app.db", None),
            ("/other.db", None),
            ("/nosuch.db", None),
        ] {
            assert_eq!(relative(Path::new(path), here.path()).as_deref(), expected, "{path}");
        }
    }
}
