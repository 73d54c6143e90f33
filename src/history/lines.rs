//! What the table of another tool can know of each migration: whether it has a row of it, and what that row calls it.

use std::collections::{BTreeMap, BTreeSet};

use super::fold;
use super::{History, Kind, Outcome, Record};
use crate::migration::Id;

/// One migration through all its identities.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line<'a> {
    /// Every name that it had, the newest last.
    pub names: Vec<&'a str>,
    /// The identities by which a row may call it now.
    pub rows: BTreeSet<Id>,
    /// Those by which a row called it that nobody has taken away.
    pub former: BTreeSet<Id>,
    /// Those by which a row may call what had its identity before, and was taken back.
    pub behind: BTreeSet<Id>,
    /// The record by which its row was taken over.
    pub adopted: Option<&'a Record>,
    /// What was run here last.
    ran: Option<&'a Record>,
    /// The record whose time is that of its row: the one by which that was taken over, or what was run here before it was written.
    pub shown: Option<&'a Record>,
    /// Whether its row was written, or seen to be there.
    pub is_told: bool,
    /// Whether its row was taken away, because it was reverted here.
    pub is_told_back: bool,
    /// Whether it was run here first, so that no row told of it before.
    pub is_own: bool,
    /// Whether it is in the database.
    is_applied: bool,
}

impl Line<'_> {
    /// Whether there is a row of it, unless the other tool took it away.
    pub fn has_row(&self) -> bool {
        self.adopted.is_some() || self.is_told
    }

    fn goes(&mut self) {
        self.former.append(&mut self.rows);
    }
}

impl History {
    /// What a table of another tool can know of each migration; the records of its adoption and of what it was told are those given.
    pub(crate) fn lines(&self, is_its: impl Fn(&Record) -> bool) -> BTreeMap<Id, Line<'_>> {
        let mut lines: BTreeMap<Id, Line<'_>> = BTreeMap::new();
        for record in &self.records {
            if record.kind == Kind::Mirror && is_its(record) {
                lines.iter_mut().for_each(|(id, line)| tell(id, line));
                continue;
            }
            let Ok(Some(id)) = record.id() else { continue };
            match record.kind {
                Kind::Forget => drop(lines.remove(&id)),
                Kind::Renumber => {
                    let old = fold::was(record.reason.as_deref().unwrap_or_default(), |id| {
                        lines.contains_key(id)
                    });
                    if let Some(mut line) = old.and_then(|old| lines.remove(&old)) {
                        line.names.push(&record.name);
                        // What was taken back gives way, and its row may be there all the same.
                        line.behind = lines.remove(&id).map(|gone| gone.rows).unwrap_or_default();
                        lines.insert(id, line);
                    }
                }
                Kind::Init | Kind::Mirror | Kind::Accept | Kind::Resolve => {}
                Kind::Up | Kind::Down | Kind::Repeat | Kind::Baseline | Kind::Adopt => {
                    let line = lines.entry(id.clone()).or_insert_with(|| Line {
                        is_own: matches!(record.kind, Kind::Up | Kind::Repeat),
                        ..Line::default()
                    });
                    line.names.push(&record.name);
                    let went = record.outcome == Outcome::Applied;
                    line.is_applied = if went {
                        record.kind != Kind::Down
                    } else {
                        line.is_applied
                    };
                    line.is_told_back &= !line.is_applied;
                    if went && matches!(record.kind, Kind::Up | Kind::Repeat) {
                        line.ran = Some(record);
                    }
                    if record.kind == Kind::Adopt {
                        line.is_own = false;
                        if is_its(record) {
                            (line.adopted, line.shown) = (Some(record), Some(record));
                            line.rows.insert(id);
                        }
                    }
                }
            }
        }
        lines
    }
}

/// The other tool's table was brought up to what is known here.
fn tell(id: &Id, line: &mut Line<'_>) {
    line.behind.clear();
    if line.is_applied {
        // What has a row keeps it as it is, and what has no version is never written.
        if !line.has_row() && id.version().is_some() {
            line.shown = line.ran;
        }
        line.goes();
        line.former.remove(id);
        line.rows.insert(id.clone());
        line.is_told = true;
    } else {
        line.rows.remove(id);
        line.goes();
        line.former.remove(id);
        (line.adopted, line.is_told, line.is_told_back) = (None, false, true);
        line.shown = None;
    }
}
