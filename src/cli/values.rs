//! Values that are typed on the command line or written in the configuration.

use std::time::Duration;

/// PostgreSQL keeps its time limits in a 32-bit count of milliseconds.
const LONGEST: u128 = i32::MAX as u128;

/// What a number of retries may be.
pub const RETRIES: &str = "a number from 0 to 4294967295";

/// A duration with its unit.
pub fn duration(text: &str) -> std::result::Result<Duration, String> {
    humantime::parse_duration(text.trim())
        .map_err(|_| "it takes a number with a unit (ms, s, m, h), such as \"5s\"".to_owned())
}

/// A duration that is more than zero, in the milliseconds that servers count: what they would round to zero means no limit to
/// them, and longer ones than they can count are refused.
pub fn limit(text: &str) -> std::result::Result<Duration, String> {
    let limit = duration(text)?;
    match limit.as_millis() {
        _ if limit.is_zero() => Err("it takes more than zero".to_owned()),
        0 => Err("it takes 1ms at least".to_owned()),
        1..=LONGEST => Ok(limit),
        _ => Err("it takes about 24 days at most".to_owned()),
    }
}

/// A number of retries, from 0 up.
pub fn retries(text: &str) -> std::result::Result<u32, String> {
    text.parse().map_err(|_| format!("it takes {RETRIES}"))
}

/// A number from 1 up.
pub fn count(text: &str) -> std::result::Result<usize, String> {
    text.parse::<usize>()
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| "it takes a number from 1 up".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_needs_its_unit() {
        assert_eq!(duration("1m 5s"), Ok(Duration::from_secs(65)));
        for text in ["5", "-5s", "", "soon", "5 parsecs"] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert!(duration("0s").is_ok() && limit("0s").is_err());
    }

    #[test]
    fn a_limit_is_one_that_servers_can_count() {
        assert_eq!(limit("1ms"), Ok(Duration::from_millis(1)));
        assert!(limit("999us").unwrap_err().contains("1ms"));
        assert!(limit("24days").is_ok() && limit("25days").unwrap_err().contains("24 days"));
    }

    #[test]
    fn no_retries_at_all_may_be_asked_for() {
        assert_eq!(retries("0"), Ok(0));
        for text in ["-1", "", "two", "1.5", "4294967296"] {
            assert!(retries(text).is_err(), "{text}");
        }
    }
}
