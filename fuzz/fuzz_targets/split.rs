//! Any bytes as a script, read in every way.
#![no_main]

use libfuzzer_sys::fuzz_target;
use syncline::script;

#[path = "../../tests/script/holds.rs"]
mod holds;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = script::decode(bytes.to_vec()) {
        holds::ALL.into_iter().for_each(|syntax| holds::exercise(&text, syntax));
    }
});
