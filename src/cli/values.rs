//! Values that are typed on the command line or written in the configuration.

use std::time::Duration;

/// A duration with its unit.
pub fn duration(text: &str) -> std::result::Result<Duration, String> {
    humantime::parse_duration(text.trim())
        .map_err(|_| "it takes a number with a unit (ms, s, m, h), such as \"5s\"".to_owned())
}

/// A duration that is more than zero.
pub fn limit(text: &str) -> std::result::Result<Duration, String> {
    let limit = duration(text)?;
    if limit.is_zero() {
        Err("it takes more than zero".to_owned())
    } else {
        Ok(limit)
    }
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
}
