//! An up script that seems to hold its down script as well. Whoever runs it runs both, and nothing is left.

use super::describe::summary;
use super::marks::way_back;
use super::undone::undone;
use super::{Parsed, Problem, Syntax};

/// What shows that an up script goes back again: a comment that says only that the way back begins, or something that is made and
/// taken away with nothing in between that would need it. None where the script says that all of it is meant. What helps is for the caller
/// to say, who knows where down scripts go.
pub fn both_directions(text: &str, parsed: &Parsed, syntax: Syntax) -> Option<Problem> {
    let (at, message) = match way_back(text, parsed, syntax) {
        Some(comment) => {
            let said = text.get(comment.clone()).unwrap_or_default();
            let mut lines = said.lines().map(str::trim);
            let line = lines
                .find(|line| line.contains(char::is_alphanumeric))
                .unwrap_or_default();
            let message =
                format!("`{line}` reads as if the down script began here, and what is behind it would run as well");
            (comment.start, message)
        }
        None => {
            let undone = undone(text, parsed, syntax)?;
            let words = |range: std::ops::Range<usize>| {
                let all = summary(text.get(range).unwrap_or_default(), syntax);
                all.split(' ').take(5).collect::<Vec<_>>().join(" ")
            };
            let message = format!(
                "`{}` takes away what `{}` has made above, and nothing in between needs it",
                words(undone.dropped.clone()),
                words(undone.made),
            );
            (undone.dropped.start, message)
        }
    };
    let problem = Problem::new("both-directions", at, message, String::new());
    let is_meant = parsed.directives.allow.iter().any(|allow| allow.code == problem.code);
    (!is_meant).then_some(problem)
}
