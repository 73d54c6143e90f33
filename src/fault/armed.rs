//! What a test build is told about its fault points.
//!
//! - `SYNCLINE_FAULT=N:ACTION`, where the N-th point is meant that the process comes to, from 1. Several are divided by commas.
//! - `SYNCLINE_FAULT_LOG=FILE` adds a line to the file at every point: its number and its name.
//!
//! Actions: `abort` ends the process as SIGKILL does, `stop` stops it until somebody sends SIGCONT, `delay` waits for half a second,
//! `error` makes what comes fail, and `drop` loses the connection, with the answer to what was done.

use std::fs::File;
use std::io::Write;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::Verdict;

#[cfg(not(debug_assertions))]
compile_error!("fault points are for test builds: a program with them ends when its environment says so");

struct Orders {
    faults: Vec<(usize, String)>,
    log: Option<String>,
}

#[expect(clippy::disallowed_methods, reason = "no setting of the product: test builds only")]
static ORDERS: LazyLock<Orders> = LazyLock::new(|| {
    let faults = std::env::var("SYNCLINE_FAULT").unwrap_or_default();
    let faults = faults.split(',').filter(|fault| !fault.is_empty()).map(|fault| {
        let (number, action) = fault.split_once(':').expect("SYNCLINE_FAULT is NUMBER:ACTION");
        (
            number.parse().expect("SYNCLINE_FAULT is NUMBER:ACTION"),
            action.to_owned(),
        )
    });
    Orders {
        faults: faults.collect(),
        log: std::env::var("SYNCLINE_FAULT_LOG").ok(),
    }
});

static PASSED: AtomicUsize = AtomicUsize::new(0);

pub(super) fn point(name: &str, moment: &str) -> Verdict {
    let number = PASSED.fetch_add(1, Ordering::Relaxed) + 1;
    if let Some(path) = &ORDERS.log {
        let mut log = File::options()
            .append(true)
            .create(true)
            .open(path)
            .expect("the log can be written");
        writeln!(log, "{number} {moment} {name}").expect("the log can be written");
    }
    let fault = ORDERS.faults.iter().find(|(wanted, _)| *wanted == number);
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
