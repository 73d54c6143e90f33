//! Everything on which files and ledger disagree, as findings.

use super::{Origin, Planner, Rule, Severity};
use crate::code::Code;
use crate::diff;
use crate::history::{Current, Kind, State};
use crate::migration::{Id, Migration};
use crate::script;
use crate::status::{self, Edit, Row, Standing};

/// Lets what came late run.
const LATE: &str = "syncline up --allow-out-of-order   # applies it now";

impl Planner<'_> {
    /// Says everything on which files and ledger disagree.
    pub(super) fn compare(&mut self) {
        let rows = self.rows;
        let mut found = self.plan.findings.iter();
        let is_behind = found.any(|finding| finding.code == Code::ForeignApplied);
        for row in rows {
            let id = row.id;
            match row.standing {
                Standing::Changed(edit) => self.changed(row, edit),
                Standing::Missing => self.missing(row),
                Standing::Renumbered => self.renumbered(row),
                // What another tool has applied meanwhile may be what looks late, until it is taken over.
                Standing::OutOfOrder if is_behind => {}
                Standing::OutOfOrder => {
                    let newest = self.known.history.newest().map_or_else(String::new, Id::to_string);
                    let script = row.migration.map(|migration| &migration.up);
                    let severity = match script.is_some_and(|script| script.allows(Code::OutOfOrder.id())) {
                        true => Severity::Note,
                        false => severity(self.policy.out_of_order),
                    };
                    let help = match (severity, self.catalog.is_known_by_name()) {
                        (Severity::Note, _) => Vec::new(),
                        (_, true) => vec![LATE.to_owned(), "or let it come last in the files".to_owned()],
                        (_, false) => vec![LATE.to_owned(), format!("or give its files a version above {newest}")],
                    };
                    self.find(
                        Code::OutOfOrder,
                        severity,
                        Some(id),
                        format!("{id} {} is pending and older than {newest}, which is applied", row.name),
                        help,
                    );
                }
                Standing::Unknown | Standing::Running | Standing::Partial => self.half_way(row),
                _ if row.is_unseen() => self.unseen(row),
                Standing::Applied | Standing::Baseline if row.migration.is_some_and(|m| self.is_renamed(row, m)) => {
                    let was = row.current.and_then(|current| self.known.history.name_of(current));
                    self.find(
                        Code::Renamed,
                        Severity::Note,
                        Some(id),
                        format!("{id} was applied as `{}`", was.unwrap_or_default()),
                        vec![],
                    );
                }
                _ => {}
            }
        }
    }

    fn is_renamed(&self, row: &Row<'_>, migration: &Migration) -> bool {
        let name = row.current.and_then(|current| self.known.history.name_of(current));
        name.is_some_and(|name| name != migration.name)
    }

    /// A file that came after the history of another tool was taken over without it.
    fn unseen(&mut self, row: &Row<'_>) {
        let path = row.migration.map_or("", |migration| migration.up.path.as_str());
        let words = row
            .record
            .and_then(Origin::of)
            .map(|origin| format!(" {}", origin.words()));
        let message = format!(
            "{} was taken over without its file, and `{path}` counts as it; what ran is not known",
            row.id
        );
        let help = format!(
            "syncline adopt{}   # records the file with it",
            words.unwrap_or_default()
        );
        self.find(Code::Renamed, Severity::Note, Some(row.id), message, vec![help]);
    }

    fn missing(&mut self, row: &Row<'_>) {
        let id = row.id;
        // Without any file the next run would say that there is nothing to apply.
        let none = if self.catalog.is_empty() { " --allow-empty" } else { "" };
        let stored = row.current.is_some_and(|current| current.down_checksum.is_some());
        let stored = if stored { "yes" } else { "no" };
        let mut help = Self::perhaps(row);
        help.extend(match help.is_empty() {
            true => vec![
                format!("{}   # writes the file back", write_back(id)),
                format!("syncline up --allow-missing{none}   # goes on without it"),
            ],
            false => vec![format!(
                "{}   # if it is another one: writes the file back",
                write_back(id)
            )],
        });
        self.find(
            Code::Missing,
            // What is let through lets nothing run twice.
            match row.is_repeated {
                true => Severity::Refused,
                false => severity(self.policy.missing),
            },
            Some(id),
            format!(
                "{id} {} is applied and has no file (down script stored: {stored})",
                row.name
            ),
            help,
        );
    }

    pub(super) fn changed(&mut self, row: &Row<'_>, edit: Edit) {
        let (Some(migration), Some(current)) = (row.migration, row.current) else {
            return;
        };
        let id = row.id;
        let stored = current.up_checksum.and_then(|checksum| self.known.texts.get(&checksum));
        let diff =
            stored.map(|text| diff::unified(text, migration.up.source(), &format!("stored {id}"), &migration.up.path));
        let (code, severity, message) = match (edit, stored) {
            (Edit::Cosmetic, Some(text)) if is_the_same_file(text, migration) => (
                Code::ChangedCosmetic,
                Severity::Note,
                format!(
                    "what the configuration says of {id} {} is not what it said when it was applied; its file is the same",
                    row.name
                ),
            ),
            (Edit::Semantic, _) if self.is_a_bare_mark(current) => (
                Code::Changed,
                Severity::Refused,
                format!(
                    "`baseline {id}` was recorded while no file had that version, and `{}` came later",
                    migration.up.path
                ),
            ),
            (Edit::Semantic, _) if row.is_something_else() => (
                Code::Changed,
                Severity::Refused,
                format!(
                    "{id} was applied as `{}`, and `{}` is something else",
                    self.known.history.name_of(current).unwrap_or_default(),
                    migration.up.path
                ),
            ),
            (Edit::Cosmetic, _) => (
                Code::ChangedCosmetic,
                Severity::Note,
                format!(
                    "{id} {} was edited after it was applied; its statements are the same (cosmetic)",
                    row.name
                ),
            ),
            (Edit::Semantic, Some(_)) => (
                Code::Changed,
                Severity::Refused,
                format!(
                    "{id} {} was edited after it was applied, and its statements differ (semantic)",
                    row.name
                ),
            ),
            (Edit::Semantic, None) if current.up_checksum.is_none() => (
                Code::Changed,
                Severity::Refused,
                format!(
                    "{id} {} is not what another tool has run; the text that ran is not known",
                    row.name
                ),
            ),
            (Edit::Semantic, None) => (
                Code::Changed,
                Severity::Refused,
                format!(
                    "{id} {} was edited after it was applied; the text that ran is not stored, only its checksum",
                    row.name
                ),
            ),
        };
        let help = match edit {
            Edit::Cosmetic => vec![],
            Edit::Semantic if row.is_something_else() => self.instead_of(row, migration),
            Edit::Semantic => {
                let show = format!(
                    "syncline show {}   # the text that ran; put it back, and make the change a new migration",
                    id.word()
                );
                let accept = accept(id, "");
                let known = match current.up_checksum {
                    Some(_) => Some(show),
                    None => row.record.and_then(Origin::of).map(|origin| {
                        let adopt = format!("syncline adopt {}", origin.words());
                        format!("{adopt}   # once the text that ran is in the file again")
                    }),
                };
                known.into_iter().chain([accept]).collect()
            }
        };
        self.find(code, severity, Some(id), message, help);
        if let Some(finding) = self.plan.findings.last_mut() {
            finding.diff = diff;
        }
    }

    /// Whether somebody has said that everything up to a version is there, and no file had that version.
    fn is_a_bare_mark(&self, current: &Current) -> bool {
        let record = self.known.history.record_of(current);
        current.up_checksum.is_none() && record.is_some_and(|record| record.kind == Kind::Baseline)
    }

    /// What to do where a file has the version of something else that ran.
    fn instead_of(&self, row: &Row<'_>, migration: &Migration) -> Vec<String> {
        let id = row.id;
        let perhaps = Self::perhaps(row);
        if !perhaps.is_empty() {
            let show = write_back(id);
            let remark = format!(
                "if it is another one: writes it back, once `{}` has another version",
                migration.up.path
            );
            return perhaps.into_iter().chain([format!("{show}   # {remark}")]).collect();
        }
        let own = self.own_version(migration);
        if row.current.is_some_and(|current| self.is_a_bare_mark(current)) {
            return vec![format!("{own}, and `up` runs it"), accept(id, " --unrelated")];
        }
        match row.current.is_some_and(|current| current.up_checksum.is_some()) {
            true => vec![own, format!("{}   # then: writes back what ran", write_back(id))],
            false => vec![format!(
                "{own}, and put the file back that another tool has run as {id}"
            )],
        }
    }

    /// What stopped half-way: resumable, unless an outcome is not known or a rollback has to be finished first.
    pub(super) fn half_way(&mut self, row: &Row<'_>) {
        let (Some(current), id) = (row.current, row.id) else {
            return;
        };
        if self.is_at_work(current) {
            let (code, what) = match status::is_rollback(Some(current)) {
                true => (Code::PartialDown, "is being rolled back"),
                false => (Code::PartialUp, "is being run"),
            };
            let place = status::stopped(row, self.known, self.catalog.syntax())
                .map(|at| format!(", at statement {} of {}", at.statement, at.of));
            let message = format!(
                "{id} {} {what}, or that was cut off{}",
                row.name,
                place.unwrap_or_default()
            );
            return self.find(code, Severity::Note, Some(id), message, vec![]);
        }
        match current.state.settled() {
            State::Unknown { statement } => {
                let syntax = self.catalog.syntax();
                let stopped = status::stopped(row, self.known, syntax);
                let total = stopped.as_ref().map_or(0, |stopped| stopped.of);
                let text = stopped.and_then(|stopped| stopped.text);
                let summary = text.as_ref().map(|text| script::summary(text, syntax));
                let message = format!(
                    "{id} {}: statement {statement} of {total} was sent and its outcome is not known{}",
                    row.name,
                    summary.map_or_else(String::new, |text| format!(": {text}"))
                );
                let look = text.map(|text| script::look(&text, syntax));
                let help = look_and_answer(look.as_deref(), id);
                self.find(Code::UnknownOutcome, Severity::Refused, Some(id), message, help);
            }
            State::Partial { done } if status::is_rollback(Some(current)) => {
                let message = format!("the rollback of {id} {} stopped after statement {done}", row.name);
                self.find(
                    Code::PartialDown,
                    Severity::Refused,
                    Some(id),
                    message,
                    vec!["syncline down   # finishes it".to_owned()],
                );
            }
            State::Partial { done } if row.migration.is_none() => {
                let message = format!("{id} {} stopped after statement {done}, and there is no file", row.name);
                let mut help = Self::perhaps(row);
                help.push(format!("{}   # writes the file back", write_back(id)));
                self.find(Code::Missing, Severity::Refused, Some(id), message, help);
            }
            State::Partial { done } => {
                let syntax = self.catalog.syntax();
                let Some(stopped) = status::stopped(row, self.known, syntax) else {
                    return;
                };
                let text = stopped
                    .text
                    .map(|text| format!(", before {}", script::summary(&text, syntax)));
                let error = stopped.error.map(|error| format!(": {error}"));
                let message = format!(
                    "{id} {} stopped after {done} of {} statements{}{}",
                    row.name,
                    stopped.of,
                    text.unwrap_or_default(),
                    error.unwrap_or_default()
                );
                self.find(Code::PartialUp, Severity::Note, Some(id), message, vec![]);
            }
            _ => {}
        }
    }
}

/// Whether the file is the one that ran, whatever the configuration says of it.
fn is_the_same_file(stored: &str, migration: &Migration) -> bool {
    let file = script::canonical(migration.up.source());
    script::without_head(stored) == script::without_head(&file)
}

/// Counts the file as what ran, on a condition that only somebody who has looked can answer for.
fn accept(id: &Id, unrelated: &str) -> String {
    format!(
        "syncline repair accept {}{unrelated} --reason \"…\"   # if all that the file says is in the database already; nothing is run",
        id.word()
    )
}

/// What somebody does about a statement of which nobody knows whether it took effect: looks, and says it.
pub fn look_and_answer(look: Option<&str>, id: &Id) -> Vec<String> {
    let look = look.map(|look| format!("{look}   # did it take effect?"));
    let resolve = format!("syncline repair resolve {}", id.word());
    let answers = [
        format!("{resolve} --applied --reason \"…\"   # it took effect: go on after it"),
        format!("{resolve} --not-applied --reason \"…\"   # it did not: run it again"),
    ];
    look.into_iter().chain(answers).collect()
}

/// The command line writes the name of its directory into this.
pub(super) fn write_back(id: &Id) -> String {
    format!("syncline show {} --file migrations", id.word())
}

/// How a rule weighs a finding.
fn severity(rule: Rule) -> Severity {
    match rule {
        Rule::Refuse => Severity::Refused,
        Rule::Allow => Severity::Note,
    }
}
