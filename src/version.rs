//! Versions: dotted numbers whose ordering is their only arithmetic, and the place before all of them.

use std::fmt;
use std::str::FromStr;

/// The most digits that one part of a version may have. Public projects use up to 20; 38 is what a `u128` always holds.
pub const MAX_DIGITS: usize = 38;

/// The most parts that a version may have.
const MAX_PARTS: usize = 16;

/// A migration's version: one or more numbers separated by dots, such as `1`, `1.2` or `20261122093000`.
///
/// Parts are compared as numbers, so `2` comes before `10`, `001` equals `1`, and `1.0` equals `1`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(Vec<u128>);

impl Version {
    /// The version that consists of one number.
    pub fn from_number(number: u128) -> Self {
        Self(vec![number])
    }

    /// The first part, which is the whole version where there are no dots.
    pub fn major(&self) -> u128 {
        self.0.first().copied().unwrap_or_default()
    }

    /// A version behind `lower`, or behind the beginning, and before `upper`, as short as can be: `1.1` between `1` and `2`. `None` where
    /// there is none.
    pub(crate) fn between(lower: Option<&Self>, upper: &Self) -> Option<Self> {
        let parts = lower.map_or_else(|| vec![0], |lower| lower.0.clone());
        let mut next = parts.clone();
        let last = next.last_mut()?;
        *last = last.checked_add(1)?;
        let deeper = (0..MAX_PARTS.saturating_sub(parts.len())).map(|zeros| {
            let mut deeper = parts.clone();
            deeper.extend(std::iter::repeat_n(0, zeros));
            deeper.push(1);
            deeper
        });
        std::iter::once(next)
            .chain(deeper)
            .map(Self)
            .find(|found| found < upper)
    }

    /// The next whole number behind this version.
    pub(crate) fn next(&self) -> Self {
        Self(vec![self.major().saturating_add(1)])
    }
}

/// Why a text is not a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// A part is empty, or holds something that is not an ASCII digit.
    #[error("`{0}` is not a version: it takes digits 0-9, with dots between numbers")]
    NotDigits(String),
    /// A part has too many digits.
    #[error("`{0}` is not a version: a number in it has more than {MAX_DIGITS} digits")]
    TooLong(String),
    /// There are too many parts.
    #[error("`{0}` is not a version: it has more than {MAX_PARTS} numbers")]
    TooManyParts(String),
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let mut parts = Vec::with_capacity(1);
        for part in text.split('.') {
            if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(VersionError::NotDigits(text.to_owned()));
            }
            if part.len() > MAX_DIGITS {
                return Err(VersionError::TooLong(text.to_owned()));
            }
            parts.push(part.parse().map_err(|_| VersionError::TooLong(text.to_owned()))?);
            if parts.len() > MAX_PARTS {
                return Err(VersionError::TooManyParts(text.to_owned()));
            }
        }
        while parts.len() > 1 && parts.last() == Some(&0) {
            parts.pop();
        }
        Ok(Self(parts))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            write!(f, "{part}")?;
        }
        Ok(())
    }
}

/// How far the migrations count as done.
///
/// Every number may be a version, `0` as well: projects of diesel, Drizzle and Prisma begin with it. So the place before the first one
/// has a word of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Point {
    /// None of them is done: `none`.
    BeforeAll,
    /// Everything up to this version, which is done as well.
    At(Version),
}

/// The word for the place before all versions.
const BEFORE_ALL: &str = "none";

/// Why a text is no place among the versions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}; `none` stands for the place before the first version")]
pub struct PointError(#[from] VersionError);

impl FromStr for Point {
    type Err = PointError;

    fn from_str(text: &str) -> Result<Self, PointError> {
        match text {
            BEFORE_ALL => Ok(Self::BeforeAll),
            version => Ok(Self::At(version.parse()?)),
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeforeAll => f.write_str(BEFORE_ALL),
            Self::At(version) => version.fmt(f),
        }
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Version({self})")
    }
}

impl serde::Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn parts_are_compared_as_numbers() {
        assert!(version("2") < version("10"));
        assert!(version("1.2") < version("1.10"));
        assert!(version("1") < version("1.0.1"));
        assert!(version("9") < version("20261122093000"));
    }

    #[test]
    fn leading_and_trailing_zeros_do_not_make_another_version() {
        assert_eq!(version("001"), version("1"));
        assert_eq!(version("1.0"), version("1"));
        assert_eq!(version("0"), version("0.0"));
        assert_eq!(version("0001.20").to_string(), "1.20");
    }

    #[test]
    fn zero_is_a_version_and_nothing_has_a_word_of_its_own() {
        for zero in ["0", "0.0", "00000000000000"] {
            assert_eq!(zero.parse(), Ok(Point::At(version("0"))));
        }
        assert_eq!("none".parse(), Ok(Point::BeforeAll));
        assert_eq!(Point::BeforeAll.to_string(), "none");
        for text in ["", "None", "nothing", "-1"] {
            let error = text.parse::<Point>().unwrap_err().to_string();
            assert!(error.contains("`none` stands for"), "{error}");
        }
    }

    #[test]
    fn between_two_versions_there_is_room_for_another() {
        for (lower, upper, wanted) in [
            (None, "1", Some("0.1")),
            (None, "0", None),
            (None, "5", Some("1")),
            (Some("1"), "2", Some("1.1")),
            (Some("1"), "3", Some("2")),
            (Some("1.1"), "2", Some("1.2")),
            (Some("1"), "1.1", Some("1.0.1")),
            (Some("1"), "1.0.1", Some("1.0.0.1")),
            (Some("20260101000000"), "20260102000000", Some("20260101000001")),
        ] {
            let lower = lower.map(version);
            let found = Version::between(lower.as_ref(), &version(upper));
            assert_eq!(found, wanted.map(version), "{lower:?} {upper}");
        }
    }

    #[test]
    fn a_part_may_have_38_digits_and_not_more() {
        let longest = "9".repeat(MAX_DIGITS);
        assert_eq!(version(&longest).to_string(), longest);
        assert!(matches!(
            "9".repeat(39).parse::<Version>(),
            Err(VersionError::TooLong(_))
        ));
    }

    #[test]
    fn only_ascii_digits_and_dots_are_taken() {
        for text in ["", ".", "1.", ".1", "1..2", "-1", "+1", "1a", "１", "١", " 1"] {
            assert!(text.parse::<Version>().is_err(), "{text:?}");
        }
    }
}
