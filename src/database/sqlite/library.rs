//! The library that is linked: which one it is, whether it will do, and what it is too old for.

use super::native;
use crate::code::Code;
use crate::database::DatabaseError;
use crate::script::{self, Syntax};

/// The oldest that the tests run with. What is called of it came with 3.38 (`sqlite3_error_offset`).
const OLDEST: (u32, u32) = (3, 40);

/// Name and version.
pub(super) fn name() -> String {
    let (number, (major, minor)) = (native::version(), version());
    format!("SQLite {major}.{minor}.{}", number % 1000)
}

/// Name and version, and where it comes from.
pub(super) fn described() -> String {
    let origin = match cfg!(feature = "sqlite") && native::version() == native::EXPECTED {
        true => "compiled in",
        false => "the library of the system",
    };
    format!("{}, {origin}", name())
}

fn version() -> (u32, u32) {
    let number = native::version();
    (number / 1_000_000, number / 1000 % 1000)
}

/// Refuses a library that lacks what is relied on.
pub(super) fn check() -> Result<(), DatabaseError> {
    will_do(version(), native::is_threadsafe()).map_err(|why| {
        DatabaseError::new(Code::Unsupported, format!("{} {why}", name()))
            .hint("link another library, or build with the feature `sqlite`, which has one in it")
    })
}

fn will_do(version: (u32, u32), is_threadsafe: bool) -> Result<(), String> {
    if version < OLDEST {
        return Err(format!("is too old: {}.{} or newer is needed", OLDEST.0, OLDEST.1));
    }
    match is_threadsafe {
        true => Ok(()),
        false => Err("was built for one thread alone, and the driver has its own".to_owned()),
    }
}

/// Says of an error that the library is too old for the statement, where it is.
pub(super) fn explained(error: DatabaseError, statement: &str) -> DatabaseError {
    match script::since(statement, &error.message, Syntax::Sqlite) {
        Some(since) if since.version > version() => {
            let (major, minor) = since.version;
            let hint = format!(
                "this is {}; `{}` came with SQLite {major}.{minor}",
                described(),
                since.form
            );
            error.hint(hint)
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_is_too_old_or_for_one_thread_is_refused_in_words() {
        assert_eq!(will_do((3, 40), true), Ok(()));
        assert_eq!(will_do((4, 0), true), Ok(()));
        assert_eq!(
            will_do((3, 39), true).unwrap_err(),
            "is too old: 3.40 or newer is needed"
        );
        assert!(will_do((3, 51), false).unwrap_err().contains("one thread"));
        assert!(check().is_ok());
    }

    #[test]
    fn the_version_is_that_of_the_library() {
        assert!(
            described().starts_with(&name()) && version() >= OLDEST,
            "{}",
            described()
        );
    }
}
