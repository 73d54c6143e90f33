//! Whether the files at hand can be those of a history: a wrong directory would have everything recorded without a text.

use super::{Files, Taken, Tells, Tool, Verdict};

/// What is said where files are there for none of the migrations that a history calls done, or for far fewer.
pub(crate) fn lack(tool: &dyn Tool, table: &str, taken: &[Taken], files: &Files<'_>) -> Option<String> {
    // What a baseline speaks for is there whatever the files are.
    let has_file = |taken: &&Taken| taken.verdict != Verdict::Baseline && files.get(&taken.id).is_some();
    let found = taken.iter().filter(has_file).count();
    let is_lost = |taken: &&Taken| taken.verdict == Verdict::MissingFile;
    let mut lost = taken.iter().filter(is_lost).count();
    // Where a tool runs both, what has no file is taken for a program as long as there are others.
    if found == 0 && tool.keeps_sql() {
        lost += taken.iter().filter(|taken| taken.verdict == Verdict::Code).count();
    }
    let all = found + lost;
    let counted = match all {
        1 => "the one migration".to_owned(),
        all => format!("the {all} migrations"),
    };
    let newest = taken.last().filter(is_lost).filter(|_| tool.tells() == Tells::Reached);
    match (found, newest) {
        _ if lost == 0 => None,
        (0, _) => Some(format!("there is a file for none of {counted} in `{table}`")),
        (_, Some(newest)) => Some(format!(
            "there is no file of {}, which `{table}` says is reached",
            newest.id
        )),
        // One that has another name now would run a second time.
        _ if tool.needs_every_file() => {
            let first = taken.iter().find(is_lost).map_or("", |taken| taken.name.as_str());
            Some(format!(
                "there is no file of `{first}`, which is in `{table}`: {} goes no further then",
                tool.name()
            ))
        }
        // A release that is older than the database lacks some, and so does one that has thrown its first ones away.
        _ if lost <= found => None,
        (found, _) => Some(format!("there are files for only {found} of {counted} in `{table}`")),
    }
}
