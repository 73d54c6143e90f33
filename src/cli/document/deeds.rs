//! What a command has done, in a sentence, for somebody who cannot see its result.

use super::{AdoptView, Body, Document, RunView};

impl Document {
    /// What is in the database, or on the disk, because of this run.
    pub fn deeds(&self) -> String {
        let done = match &self.body {
            Body::Run(run) => of_run(run),
            Body::Adopt(view) => of_adopt(view),
            Body::Created { created: paths } | Body::Show { written: paths, .. } if !paths.is_empty() => {
                Some(format!("made: {}", paths.join(", ")))
            }
            _ => None,
        };
        done.unwrap_or_else(|| "nothing was changed".to_owned())
    }
}

fn of_run(run: &RunView) -> Option<String> {
    let lists = [
        (run.reverted.len(), "reverted"),
        (run.applied.len(), "applied"),
        (run.recorded.len(), "recorded"),
    ];
    let words: Vec<String> = lists
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, verb)| format!("{count} {verb}"))
        .collect();
    (!words.is_empty()).then(|| format!("{}, all of it in the history", words.join(", ")))
}

fn of_adopt(view: &AdoptView) -> Option<String> {
    match (view.mirrored, view.recorded, &view.table) {
        (Some(told), _, Some(table)) => Some(format!("`{table}` was told of {told}")),
        (None, 0, _) => None,
        (_, recorded, _) => Some(format!("{recorded} recorded, all of it in the history")),
    }
}
