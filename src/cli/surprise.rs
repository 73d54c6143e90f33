//! Panics: told like every other error, in one document, with the place that somebody who reports it should name.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::{Mutex, PoisonError};

use syncline::Code;

use super::trouble::{Result, Trouble};

/// Where the last one was.
static PLACE: Mutex<String> = Mutex::new(String::new());

/// Runs something that should not panic. What a panic says stays inside: it may hold what was read from a file or a server.
pub fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
        Err(Trouble::new(
            Code::Internal,
            format!("syncline did something that it must not, at {place}"),
        )
        .hint("please report it, with the command that was typed")
        .next("syncline status"))
    })
}

#[cfg(test)]
mod tests {
    use std::panic::{set_hook, take_hook};

    use super::*;

    #[test]
    fn what_a_panic_says_stays_inside_and_its_place_is_told() {
        let before = take_hook();
        let caught = caught::<()>(|| panic!("k4n4ri3nv0g3l"));
        set_hook(before);
        let told = format!("{:?}", caught.unwrap_err());
        assert!(
            told.contains("src/cli/surprise.rs:") && told.contains("Internal"),
            "{told}"
        );
        assert!(!told.contains("k4n4ri3nv0g3l"), "{told}");
    }
}
