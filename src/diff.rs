//! Unified diffs between the text that ran and the text of the file.

use similar::TextDiff;

/// The unified diff with three lines of context, or an empty text where the canonical texts are equal.
pub fn unified(before: &str, after: &str, before_name: &str, after_name: &str) -> String {
    let (before, after) = (crate::script::canonical(before), crate::script::canonical(after));
    TextDiff::from_lines(before.as_ref(), after.as_ref())
        .unified_diff()
        .context_radius(3)
        .header(before_name, after_name)
        .to_string()
}
