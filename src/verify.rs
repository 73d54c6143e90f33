//! What `verify` finds: breaks in the chain, stored texts that are not what they were, files that differ.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::code::Code;
use crate::history::{BrokenLink, History, State};
use crate::migration::{Checksum, Id};
use crate::plan::{self, Finding, Goal, Policy, Severity, Until};
use crate::status::{self, Edit, Known, Standing};

/// Every difference that was found, not the first.
#[derive(Debug, Clone, Default)]
pub struct Verification {
    /// Records that were checked.
    pub records: usize,
    /// Stored texts that were checked.
    pub texts: usize,
    /// Files that were checked.
    pub files: usize,
    /// The chain value of the last record. Kept elsewhere, it shows that no record was cut off the end.
    pub head: Option<String>,
    /// What is wrong, and what is only worth knowing.
    pub findings: Vec<Finding>,
}

/// Checksums of the texts that the comparison with the files needs.
pub(crate) fn wanted(catalog: &Catalog, history: &History) -> BTreeSet<Checksum> {
    let mut wanted = status::wanted(catalog, history);
    for (id, current) in history.current() {
        let file = catalog
            .get(id)
            .and_then(|migration| migration.down.as_ref())
            .map(|down| down.checksum);
        if file.is_some() && file != current.down_checksum {
            wanted.extend(current.down_checksum);
        }
    }
    wanted
}

impl Verification {
    /// Checks the chain.
    pub(crate) fn of(history: &History) -> Self {
        let mut verification = Self {
            records: history.records().len(),
            head: history.records().last().map(|record| record.chain.clone()),
            ..Self::default()
        };
        for broken in history.broken_links() {
            let message = match broken {
                BrokenLink::Gap { expected, found } => format!("record {expected} is gone: record {found} follows"),
                BrokenLink::Changed { seq } => {
                    format!("record {seq} is not what was written, or the one before it was changed")
                }
            };
            let help = "find out who writes to the history; restore the table from a backup".to_owned();
            verification.wrong(Code::LedgerBroken, None, message, vec![help]);
        }
        verification
    }

    fn wrong(&mut self, code: Code, id: Option<&Id>, message: String, help: Vec<String>) {
        self.findings
            .push(Finding::new(code, Severity::Refused, id, message, help));
    }

    /// Checks stored texts against their checksums.
    pub(crate) fn check_texts(&mut self, texts: &BTreeMap<Checksum, String>) {
        for (checksum, text) in texts {
            self.texts += 1;
            if Checksum::of(text) != *checksum {
                let message = format!("the stored script {} is not what its checksum says", checksum.short());
                self.wrong(
                    Code::StoredText,
                    None,
                    message,
                    vec!["restore it from a backup".to_owned()],
                );
            }
        }
    }

    /// Checks that the texts of what is applied are stored. Texts above the cap are only noted.
    pub(crate) fn check_stored(&mut self, history: &History, stored: &[Checksum]) {
        let stored: BTreeSet<&Checksum> = stored.iter().collect();
        for (id, current) in history
            .current()
            .filter(|(_, current)| current.state != State::Reverted)
        {
            for (which, checksum) in [("up", current.up_checksum), ("down", current.down_checksum)] {
                if checksum.is_some_and(|checksum| !stored.contains(&checksum)) {
                    let message =
                        format!("the {which} script of {id} is not stored: it was too large, or somebody deleted it");
                    self.wrong(Code::NotKept, Some(id), message, Vec::new());
                    self.findings.last_mut().expect("just pushed").severity = Severity::Note;
                }
            }
        }
    }

    /// Compares the files with what the ledger says of them.
    pub(crate) fn check_files(&mut self, catalog: &Catalog, policy: &Policy, known: &Known) {
        self.files = catalog
            .migrations()
            .map(|migration| 1 + usize::from(migration.down.is_some()))
            .sum();
        if let Ok(plan) = plan::plan(&Goal::Up(Until::End), catalog, known, policy) {
            self.findings.extend(
                plan.findings
                    .into_iter()
                    .filter(|finding| finding.code != Code::NoStatements),
            );
        }
        // The way back of something else that has its version is none for it, and of what another tool ran with another text it is not known.
        let rows = status::join(catalog, known);
        for row in rows.iter().filter(|row| !row.is_something_else() && !row.lacks_text()) {
            let (id, Some(migration), Some(current)) = (row.id, row.migration, row.current) else {
                continue;
            };
            if !current.state.is_applied() {
                continue;
            }
            // It is pending, and its down script comes with it.
            if migration.up.runs_on_change() && current.up_checksum != Some(migration.up.checksum) {
                continue;
            }
            let file = migration.down.as_ref();
            if file.map(|down| down.checksum) == current.down_checksum {
                continue;
            }
            let stored = current.down_checksum.and_then(|checksum| known.texts.get(&checksum));
            let message = match (file, current.down_checksum) {
                (Some(_), Some(_)) => "the down script was edited after the migration was applied",
                (Some(_), None) => "the file has a down script, and the database has none stored",
                (None, _) => "the database has a down script stored, and the files have none",
            };
            // What is to be done about the up script comes first.
            let help = match row.standing == Standing::Changed(Edit::Semantic) {
                true => Vec::new(),
                false => vec![format!(
                    "syncline repair accept {} --reason \"…\"   # the files are the truth",
                    id.word()
                )],
            };
            self.wrong(
                Code::DownChanged,
                Some(id),
                format!("{id} {}: {message}", migration.name),
                help,
            );
            if let (Some(stored), Some(file), Some(finding)) = (stored, file, self.findings.last_mut()) {
                if crate::script::same_tokens(stored, file.source(), catalog.syntax()) {
                    finding.severity = Severity::Note;
                }
                finding.diff = Some(crate::diff::unified(
                    stored,
                    file.source(),
                    &format!("stored {id}"),
                    &file.path,
                ));
            }
        }
    }

    /// Whether anything is wrong, beyond what is only worth knowing.
    pub fn is_clean(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Note)
    }
}
