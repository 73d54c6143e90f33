//! What is worth knowing of pending files before they are run, though it stops nothing.

use super::{Planner, Severity};
use crate::code::Code;
use crate::migration::{Id, Script};
use crate::version::Version;

/// From so many digits on, a version is a date or a time stamp and not a count.
const STAMP: u128 = 10_000_000;

/// Names that Windows keeps for devices, whatever follows the first dot
/// (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
const RESERVED: &str = "<>:\"|?*\\";

impl Planner<'_> {
    /// Looks at the files of the steps that were planned.
    pub(super) fn note(&mut self) {
        let scripts = |planner: &Self| -> Vec<_> {
            let steps = planner.plan.steps.iter();
            steps
                .filter_map(|step| Some((step.id.clone()?, step.run.as_ref()?.script.clone())))
                .collect()
        };
        let pending = scripts(self);
        self.note_mixed_versions(pending.iter().map(|(id, _)| id));
        for (id, script) in &pending {
            let found = [
                self.future(id),
                reserved(&script.path),
                template(script),
                lock_tables(script),
            ];
            for (code, message, help) in found.into_iter().flatten() {
                self.find(code, Severity::Note, Some(id), message, vec![help]);
            }
        }
    }

    /// A count and a time stamp are compared as numbers, and that is seldom the order in which they were written.
    fn note_mixed_versions<'b>(&mut self, mut pending: impl Iterator<Item = &'b Id>) {
        let stamp = |id: &Id| id.version().is_some_and(|version| version.major() >= STAMP);
        let first_stamp = self
            .catalog
            .migrations()
            .map(|migration| &migration.id)
            .find(|id| stamp(id));
        // 0 is before both kinds: diesel and Prisma begin with it, and go on with time stamps.
        let counts = |version: &Version| version.major() < STAMP && *version != Version::from_number(0);
        let counted = pending.find(|id| id.version().is_some_and(counts));
        if let (Some(stamp), Some(counted)) = (first_stamp, counted) {
            let message =
                format!("{counted} counts and {stamp} is a time stamp: {counted} goes first, as the smaller number");
            let help = "give all migrations versions of one kind: `syncline new` goes on with the kind of the newest"
                .to_owned();
            self.find(Code::MixedVersions, Severity::Note, Some(counted), message, vec![help]);
        }
    }

    fn future(&self, id: &Id) -> Option<(Code, String, String)> {
        let latest = self.policy.latest_stamp?;
        let version = id.version()?.major();
        // Fourteen digits: what follows the seconds, or a count, is not compared with a clock.
        let future = (10_000_000_000_000..100_000_000_000_000).contains(&version) && version > u128::from(latest);
        future.then(|| {
            let message = format!("{id} is a time stamp of the future: what is made before it comes is out of order");
            let help = "rename the file before it is applied anywhere, unless that is meant".to_owned();
            (Code::FutureVersion, message, help)
        })
    }
}

fn reserved(path: &str) -> Option<(Code, String, String)> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let found = name.chars().find(|c| RESERVED.contains(*c))?;
    let message = format!("`{name}` holds `{found}`, and Windows knows no such file names");
    let help = "rename the file, if the project is ever checked out there".to_owned();
    Some((Code::ReservedName, message, help))
}

/// Where each statement is followed by a record, the record ends the locks of `LOCK TABLES`.
fn lock_tables(script: &Script) -> Option<(Code, String, String)> {
    if script.syntax.transactional_ddl() {
        return None;
    }
    let mut statements = script.parsed.as_ref().ok()?.sent();
    let first = |body: &str| {
        body.split_ascii_whitespace()
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case("LOCK"))
    };
    let found = statements.find(|statement| script.text.get(statement.body.clone()).is_some_and(first))?;
    let line = script.position(found.body.start).line;
    let message = format!(
        "the tables that line {line} of `{}` locks are free again before the next statement, since the journal is written in between",
        script.path
    );
    let help = "keep applications away in another way, if that matters; in a dump it does not".to_owned();
    Some((Code::LockTables, message, help))
}

/// `${name}` or `{{ name }}` in a statement: nothing fills it in, and the server would get it as it stands.
fn template(script: &Script) -> Option<(Code, String, String)> {
    let statements = &script.parsed.as_ref().ok()?.statements;
    let found = statements.iter().find_map(|statement| {
        let body = script.text.get(statement.body.clone())?;
        let at = placeholder(body)?;
        Some((statement.body.start + at.0, body.get(at.0..at.1)?))
    });
    let (at, word) = found?;
    let line = script.position(at).line;
    let message = format!(
        "`{word}` on line {line} of `{}` looks like a placeholder, and is sent as it stands",
        script.path
    );
    let help = "fill it in before, unless the text is meant".to_owned();
    Some((Code::Template, message, help))
}

/// Where the first placeholder begins and ends.
fn placeholder(text: &str) -> Option<(usize, usize)> {
    let find = |open: &str, close: &str| {
        text.match_indices(open).find_map(|(at, _)| {
            let inside = at + open.len();
            // A name is short; what is longer is not looked through.
            let length = text.as_bytes()[inside..]
                .iter()
                .take(100)
                .position(|byte| !is_of_a_name(*byte))?;
            let name = text.get(inside..inside + length)?.trim();
            let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !name.contains(' ');
            (starts && text[inside + length..].starts_with(close)).then_some((at, inside + length + close.len()))
        })
    };
    let found = [find("${", "}"), find("{{", "}}")];
    found.into_iter().flatten().min()
}

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_a_name_in_braces() {
        let found = |text: &'static str| placeholder(text).map(|(from, to)| &text[from..to]);
        assert_eq!(found("CREATE TABLE ${schema}.a (x int)"), Some("${schema}"));
        assert_eq!(found("GRANT SELECT ON a TO {{ app.user }}"), Some("{{ app.user }}"));
        assert_eq!(
            found("SELECT '{{1,2},{3,4}}'::int[], '{\"a\": {}}', $1, $$x$$, '${', '{{}}'"),
            None
        );
    }
}
