//! Versions for migrations that their tool knows by the names of their directories, in the order of these as texts.

use std::collections::BTreeMap;

use crate::version::Version;

/// The version that each name gets: the number that it begins with, where this is greater than what comes before it, and else the one
/// before with a number behind it.
pub(super) struct Places(BTreeMap<String, Version>);

impl Places {
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut versions: BTreeMap<String, Version> =
            names.map(|name| (name.to_owned(), Version::from_number(0))).collect();
        let mut last: Option<(Version, u32)> = None;
        for (name, version) in &mut versions {
            let own: Option<Version> = digits(name).parse().ok();
            let (number, behind) = match (own, last.take()) {
                (Some(own), None) => (own, 0),
                (Some(own), Some((number, _))) if own > number => (own, 0),
                (_, Some((number, behind))) => (number, behind + 1),
                (None, None) => (Version::from_number(0), 1),
            };
            *version = number.clone();
            if behind > 0
                && let Ok(dotted) = format!("{number}.{behind}").parse()
            {
                *version = dotted;
            }
            last = Some((number, behind));
        }
        Self(versions)
    }

    pub fn version(&self, name: &str) -> Option<Version> {
        self.0.get(name).cloned()
    }
}

fn digits(name: &str) -> &str {
    let end = name.bytes().take_while(u8::is_ascii_digit).count();
    name.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_go_with_the_order_of_the_names() {
        for (names, wanted) in [
            (&["0_init", "20240101120000"][..], &["0", "20240101120000"][..]),
            (
                &["20240101120000_a", "20240101120000_b", "20240101120001_c"],
                &["20240101120000", "20240101120000.1", "20240101120001"],
            ),
            // As texts a longer number comes first, and so does Prisma.
            (
                &["20240101_b", "20240101120000_a"],
                &["20240101120000.1", "20240101120000"],
            ),
            (&["2_a", "10_b"], &["10.1", "10"]),
            (&["add", "init", "1_a"], &["1.1", "1.2", "1"]),
            (&["b", "a"], &["0.2", "0.1"]),
            (&["99999999999999999999999999999999999999999_a"], &["0.1"]),
        ] {
            let places = Places::of(names.iter().copied());
            let found: Vec<String> = names
                .iter()
                .map(|name| places.version(name).unwrap().to_string())
                .collect();
            assert_eq!(found, wanted, "{names:?}");
        }
    }
}
