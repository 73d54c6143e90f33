//! What a test build is told about its fault points.
//!
//! - `SYNCLINE_FAULT=POINT:ACTION`. The point is a number, from 1, of those that the process comes to; or a name, such as
//!   `before commit`, with `#N` for the N-th of that name. Several orders are divided by commas.
//! - `SYNCLINE_FAULT_LOG=FILE` adds a line to the file at every point: its number and its name.
//!
//! Actions: `abort` ends the process as SIGKILL does, `stop` stops it until somebody sends SIGCONT, `delay` waits for half a second,
//! `error` makes what comes fail, and `drop` loses the connection, with the answer to what was done.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use super::Verdict;

#[cfg(not(debug_assertions))]
compile_error!("fault points are for test builds: a program with them ends when its environment says so");

struct Orders {
    /// A point by its number or its name, and what happens there.
    faults: Vec<(String, String)>,
    log: Option<String>,
}

#[expect(clippy::disallowed_methods, reason = "no setting of the product: test builds only")]
static ORDERS: LazyLock<Orders> = LazyLock::new(|| {
    let faults = std::env::var("SYNCLINE_FAULT").unwrap_or_default();
    let faults = faults.split(',').filter(|fault| !fault.is_empty()).map(|fault| {
        let (point, action) = fault.split_once(':').expect("SYNCLINE_FAULT is POINT:ACTION");
        (point.to_owned(), action.to_owned())
    });
    Orders {
        faults: faults.collect(),
        log: std::env::var("SYNCLINE_FAULT_LOG").ok(),
    }
});

/// How often the process has come to points: to all, and to those of a name.
static PASSED: LazyLock<Mutex<(usize, HashMap<String, usize>)>> = LazyLock::new(Mutex::default);

pub(super) fn point(name: &str, moment: &str) -> Verdict {
    let name = format!("{moment} {name}");
    let (number, of_name) = {
        let mut passed = PASSED.lock().unwrap_or_else(PoisonError::into_inner);
        passed.0 += 1;
        let number = passed.0;
        let of_name = passed.1.entry(name.clone()).or_default();
        *of_name += 1;
        (number, *of_name)
    };
    if let Some(path) = &ORDERS.log {
        let log = File::options().append(true).create(true).open(path);
        let line = format!("{number} {name}#{of_name}\n");
        log.and_then(|mut log| log.write_all(line.as_bytes()))
            .expect("the log can be written");
    }
    let is_here = |point: &str| {
        point.parse() == Ok(number) || point == format!("{name}#{of_name}") || (of_name == 1 && point == name)
    };
    let fault = ORDERS.faults.iter().find(|(point, _)| is_here(point));
    match fault.map(|(_, action)| action.as_str()) {
        None => Verdict::Pass,
        Some("abort") => signal(libc::SIGKILL),
        Some("stop") => signal(libc::SIGSTOP),
        Some("delay") => {
            std::thread::sleep(Duration::from_millis(500));
            Verdict::Pass
        }
        // What was done has not failed.
        Some("error") if moment == "after" => Verdict::Pass,
        Some("error") => Verdict::Fail,
        Some("drop") => Verdict::Drop,
        Some(other) => panic!("`{other}` is no action of a fault point"),
    }
}

/// Sends a signal to the process itself.
#[expect(unsafe_code, reason = "the standard library sends no signals")]
fn signal(signal: i32) -> Verdict {
    // SAFETY: touches no memory.
    unsafe { libc::raise(signal) };
    Verdict::Pass
}
