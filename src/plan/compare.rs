//! Everything on which files and ledger disagree, as findings.

use super::{Planner, Rule, Severity};
use crate::code::Code;
use crate::diff;
use crate::history::State;
use crate::migration::{Direction, Id, Migration};
use crate::script;
use crate::status::{self, Edit, Row, Standing};

impl Planner<'_> {
    /// Says everything on which files and ledger disagree.
    pub(super) fn compare(&mut self) {
        let rows = self.rows;
        for row in rows {
            let id = row.id;
            match row.standing {
                Standing::Changed(edit) => self.changed(row, edit),
                Standing::Missing => {
                    let stored = row.current.is_some_and(|current| current.down_checksum.is_some());
                    let stored = if stored { "yes" } else { "no" };
                    self.find(
                        Code::Missing,
                        severity(self.policy.missing),
                        Some(id),
                        format!(
                            "{id} {} is applied and has no file (down script stored: {stored})",
                            row.name
                        ),
                        vec![
                            format!("syncline show {id} --file {}   # writes the file back", "migrations"),
                            "syncline up --allow-missing   # goes on without it".to_owned(),
                        ],
                    );
                }
                Standing::OutOfOrder => {
                    let newest = self.known.history.newest().map_or_else(String::new, Id::to_string);
                    self.find(
                        Code::OutOfOrder,
                        severity(self.policy.out_of_order),
                        Some(id),
                        format!("{id} {} is pending and older than {newest}, which is applied", row.name),
                        vec![
                            "syncline up --allow-out-of-order   # applies it now".to_owned(),
                            format!("or give its files a version above {newest}"),
                        ],
                    );
                }
                Standing::Unknown | Standing::Running | Standing::Partial => self.half_way(row),
                Standing::Applied | Standing::Baseline if row.migration.is_some_and(|m| is_renamed(row, m)) => {
                    let was = row.record.map_or("", |record| record.name.as_str());
                    self.find(
                        Code::Renamed,
                        Severity::Note,
                        Some(id),
                        format!("{id} was applied as `{was}`"),
                        vec![],
                    );
                }
                _ => {}
            }
        }
    }

    pub(super) fn changed(&mut self, row: &Row<'_>, edit: Edit) {
        let (Some(migration), Some(current)) = (row.migration, row.current) else {
            return;
        };
        let id = row.id;
        let stored = current.up_checksum.and_then(|checksum| self.known.texts.get(&checksum));
        let diff =
            stored.map(|text| diff::unified(text, &migration.up.text, &format!("stored {id}"), &migration.up.path));
        let (code, severity, message) = match (edit, stored) {
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
            Edit::Semantic => vec![
                format!("syncline show {id}   # the text that ran; put it back, and make the change a new migration"),
                format!("syncline repair accept {id} --reason \"…\"   # the file is the truth; nothing is run"),
            ],
        };
        self.find(code, severity, Some(id), message, help);
        if let Some(finding) = self.plan.findings.last_mut() {
            finding.diff = diff;
        }
    }

    /// What stopped half-way: resumable, unless an outcome is not known or a rollback has to be finished first.
    pub(super) fn half_way(&mut self, row: &Row<'_>) {
        let (Some(current), id) = (row.current, row.id) else {
            return;
        };
        match current.state.settled() {
            State::Unknown { statement } => {
                let record = row.record;
                let total = record.map_or(0, |record| record.statements_total);
                let text = self.statement_text(row, statement);
                let message = format!(
                    "{id} {}: statement {statement} of {total} was sent and its outcome is not known{}",
                    row.name,
                    text.map_or_else(String::new, |text| format!(": {text}"))
                );
                let help = vec![
                    format!("syncline repair resolve {id} --applied --reason \"…\"   # it took effect: go on after it"),
                    format!("syncline repair resolve {id} --not-applied --reason \"…\"   # it did not: run it again"),
                ];
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
                let help = vec![format!("syncline show {id} --file migrations   # writes the file back")];
                self.find(Code::Missing, Severity::Refused, Some(id), message, help);
            }
            _ => {}
        }
    }

    pub(super) fn statement_text(&self, row: &Row<'_>, statement: u32) -> Option<String> {
        let current = row.current?;
        let checksum = match current.direction {
            Direction::Up => current.up_checksum?,
            Direction::Down => current.down_checksum?,
        };
        let text = self.known.texts.get(&checksum)?;
        let parsed = script::parse(text, self.catalog.syntax()).ok()?;
        let index = usize::try_from(statement).ok()?.checked_sub(1)?;
        parsed
            .sent()
            .nth(index)
            .map(|statement| script::describe(text, statement, self.catalog.syntax()))
    }
}

fn is_renamed(row: &Row<'_>, migration: &Migration) -> bool {
    row.record.is_some_and(|record| record.name != migration.name)
}

/// How a rule weighs a finding.
fn severity(rule: Rule) -> Severity {
    match rule {
        Rule::Refuse => Severity::Refused,
        Rule::Allow => Severity::Note,
    }
}
