//! What became of a statement whose answer never came, as far as the catalog tells. Pure: what was seen before, what is seen now.

use crate::plan::Resolution;
use crate::script::Aftermath;

/// How an object that is not there looks in [`evidence`].
pub const ABSENT: &str = "absent";

/// Begins the line that says where names without a schema were looked for.
const PLACE: &str = "in ";

/// Puts together what the catalog shows of the objects of a statement: where they were looked for, and a line for each with the
/// object and a digest or [`ABSENT`].
pub fn evidence(place: &str, objects: impl IntoIterator<Item = (String, String)>) -> String {
    let place = format!("{PLACE}{}", place.replace('\n', " "));
    let objects = objects.into_iter();
    let lines = objects.map(|(object, seen)| format!("{} {seen}", object.replace('\n', " ")));
    std::iter::once(place).chain(lines).collect::<Vec<_>>().join("\n")
}

/// Where names without a schema were looked for.
pub fn place(evidence: &str) -> Option<&str> {
    evidence.lines().next()?.strip_prefix(PLACE)
}

/// Whether the statement counts as one that took effect, or as one that may be sent again: because it did not, or because that does no
/// harm. `None` where nobody can tell.
///
/// Where it names several objects and only some of them differ, it may have come half-way.
pub fn outcome(aftermath: Aftermath, before: Option<&str>, now: Option<&str>) -> Option<Resolution> {
    let hinted = match aftermath {
        Aftermath::Harmless => return Some(Resolution::NotApplied),
        Aftermath::Hidden => return None,
        Aftermath::Hinted => true,
        Aftermath::Shown => false,
    };
    let (before, now) = (before?, now?);
    if before == now {
        return (!hinted).then_some(Resolution::NotApplied);
    }
    if place(before) != place(now) {
        return None;
    }
    let objects = |evidence| str::lines(evidence).skip(1).collect::<Vec<_>>();
    let (before, now) = (objects(before), objects(now));
    let absent = |line: &str| line.ends_with(ABSENT);
    // What is dropped only if it exists may never have been there.
    let told = |(before, now): (&&str, &&str)| before != now || absent(before);
    let all = before.len() == now.len() && before.iter().zip(&now).all(told);
    all.then_some(Resolution::Applied)
}

/// What is known of a statement that comes to this, in words that follow a semicolon. Of one that is run again nobody knows whether it took
/// effect: for some nobody looks, and some have effects that are not seen in what is looked at.
pub fn words(resolution: Resolution) -> &'static str {
    match resolution {
        Resolution::Applied => "the catalog shows that it took effect",
        Resolution::NotApplied => "it may be repeated, and is",
    }
}

/// The reason that the record has.
pub fn reason(resolution: Resolution) -> &'static str {
    match resolution {
        Resolution::Applied => "the catalog shows it",
        Resolution::NotApplied => "it may be repeated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_tells_where_it_differs_and_where_it_does_not() {
        use Aftermath::*;
        let (applied, not) = (Some(Resolution::Applied), Some(Resolution::NotApplied));
        for (aftermath, before, now, outcome_then) in [
            (Shown, "a absent", "a 1", applied),
            (Shown, "a absent", "a absent", not),
            (Shown, "a 1", "a 1", not),
            (Shown, "a 1\nb 2", "a absent\nb absent", applied),
            // DROP TABLE a, b is atomic for each table only (https://mariadb.com/kb/en/atomic-ddl/).
            (Shown, "a 1\nb 2", "a absent\nb 2", None),
            (Shown, "a 1\nb absent", "a absent\nb absent", applied),
            (Hinted, "a 1", "a 1", None),
            (Hinted, "a 1", "a 2", applied),
            (Hidden, "a 1", "a 2", None),
            (Harmless, "", "", not),
        ] {
            let (before, now) = (format!("in s\n{before}"), format!("in s\n{now}"));
            assert_eq!(
                outcome(aftermath, Some(&before), Some(&now)),
                outcome_then,
                "{before:?} {now:?}"
            );
        }
        assert_eq!(outcome(Shown, None, Some("in s\na 1")), None);
        assert_eq!(outcome(Shown, Some("in s\na 1"), Some("in t\na 2")), None);
    }
}
