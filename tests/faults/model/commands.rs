//! What each command should do to the model, and say.

use std::cmp::Reverse;

use super::expected::{Answer, Entry, Model, State, goes_on};
use super::files::{File, Script, Statement};
use super::step::{Allow, Edit, Reach, Use, Version};

impl Model {
    pub(crate) fn edit(&mut self, version: Version, edit: Edit) {
        let Some(file) = self.files.get_mut(&version) else {
            return;
        };
        file.edit(edit);
        if let (Edit::Undo, Some(entry)) = (edit, self.entries.get(&version))
            && let Some(up) = entry.up.clone()
        {
            let down = entry.down.clone();
            self.files.insert(version, File { up, down });
        }
    }

    pub(crate) fn write_back(&mut self, version: Version) -> Answer {
        let Some(entry) = self.entries.get(&version) else {
            return Answer::error("no-such-version");
        };
        let (Some(up), down) = (entry.up.clone(), entry.down.clone()) else {
            return Answer::default();
        };
        if self.files.contains_key(&version) {
            return Answer::error("file-exists");
        }
        self.files.insert(version, File { up, down });
        Answer::default()
    }

    pub(crate) fn up(&mut self, reach: Reach, allow: Allow) -> Answer {
        if let Reach::ToNone = reach {
            return Answer::error("usage");
        }
        if let Reach::To(end) = reach {
            if !self.files.contains_key(&end) {
                return Answer::error("no-such-version");
            }
            if !self.is_pending(end) && self.newest().is_some_and(|newest| end < newest) {
                return Answer::error("bad-target");
            }
        }
        if let Some(refused) = Answer::refused(self.refusals(reach, allow)) {
            return refused;
        }
        let mut answer = Answer::default();
        for version in self.pending(reach) {
            if !self.ledger {
                if !self.burns() {
                    return Answer::error("killed");
                }
                self.begin();
            }
            let Some(file) = self.files.get(&version).cloned() else {
                continue;
            };
            let from = match self.entries.get(&version).map(|entry| entry.state) {
                Some(State::Partial { done, .. }) => done,
                _ => 0,
            };
            if !self.apply(version, file, from, &mut answer) {
                break;
            }
        }
        answer
    }

    fn apply(&mut self, version: Version, file: File, from: usize, answer: &mut Answer) -> bool {
        let script = file.up.clone();
        let entry = self.entry(State::Applied, Some(file.up), file.down);
        self.run(version, entry, &script, from, answer)
    }

    fn entry(&mut self, state: State, up: Option<Script>, down: Option<Script>) -> Entry {
        self.records += 1;
        let order = self.records;
        Entry { state, up, down, order }
    }

    /// Runs a script and notes what comes of it, at best this entry. False where the run ends there.
    fn run(&mut self, version: Version, entry: Entry, script: &Script, from: usize, answer: &mut Answer) -> bool {
        let journalled = self.journalled || script.outside;
        let down = entry.state == State::Reverted;
        let before = self.clone();
        let note = |model: &mut Self, done| {
            if journalled {
                let state = State::Partial { done, down };
                model.entries.insert(version, Entry { state, ..entry.clone() });
                model.recorded = true;
            }
        };
        let end = |model: &mut Self| {
            if !model.burns() {
                return Some("killed");
            }
            note(model, from);
            for (number, statement) in script.statements.iter().enumerate().skip(from) {
                if !model.burns() {
                    return Some("killed");
                }
                if !model.execute(version, *statement) {
                    if *statement == Statement::Half {
                        note(model, number + 1);
                    }
                    // Refused before anything of it was done: what was applied still is.
                    let earlier = before.entries.get(&version).filter(|earlier| earlier.is_applied());
                    if let Some(earlier) = earlier.filter(|_| down && number == 0) {
                        model.entries.insert(version, earlier.clone());
                    }
                    return Some(if journalled { "partial" } else { "sql-failed" });
                }
                note(model, number + 1);
            }
            (!model.burns()).then_some("killed")
        };
        if let Some(code) = end(self) {
            if !journalled {
                (self.tables, self.entries) = (before.tables, before.entries);
            }
            answer.code = code.to_owned();
            return false;
        }
        let kind = if down { "down" } else { "up" };
        answer.done.push(format!("{kind} {version}"));
        answer.done.sort();
        self.entries.insert(version, entry);
        self.recorded = true;
        true
    }

    /// False when the program is killed here.
    fn burns(&mut self) -> bool {
        match &mut self.fuel {
            None => true,
            Some(0) => false,
            Some(fuel) => {
                *fuel -= 1;
                true
            }
        }
    }

    /// Whether the server does it.
    fn execute(&mut self, version: Version, statement: Statement) -> bool {
        match (statement, self.tables.get_mut(&version)) {
            (Statement::Create, None) => drop(self.tables.insert(version, Vec::new())),
            (Statement::Insert(row), Some(rows)) => rows.push(row),
            (Statement::Add | Statement::Program, Some(rows)) => rows.iter_mut().for_each(|row| *row += 100),
            (Statement::Half, Some(rows)) => {
                rows.iter_mut().for_each(|row| *row += 100);
                return false;
            }
            (Statement::Clear(_), Some(rows)) => rows.clear(),
            (Statement::Drop, Some(_)) => drop(self.tables.remove(&version)),
            _ => return false,
        }
        true
    }

    pub(crate) fn down(&mut self, reach: Reach, using: Use) -> Answer {
        let mut applied: Vec<Version> = self.entries.keys().copied().collect();
        applied.retain(|version| self.entries[version].state != State::Reverted);
        applied.sort_by_key(|version| Reverse(self.entries[version].order));
        match reach {
            Reach::All => applied.truncate(1),
            Reach::Steps(steps) => applied.truncate(steps),
            Reach::ToNone => {}
            Reach::To(end) if !applied.contains(&end) => return Answer::error("no-such-version"),
            Reach::To(end) => applied.retain(|version| *version > end),
        }
        let scripts: Vec<_> = applied
            .iter()
            .map(|version| self.down_script(*version, using))
            .collect();
        let refused = applied.iter().zip(&scripts);
        let refused = refused.filter_map(|(version, script)| Some(format!("{} {version}", script.as_ref().err()?)));
        if let Some(refused) = Answer::refused(refused.collect()) {
            return refused;
        }
        let mut answer = Answer::default();
        for (version, script) in applied.into_iter().zip(scripts.into_iter().flatten()) {
            let from = match self.entries[&version].state {
                State::Partial { done, .. } => done,
                _ => 0,
            };
            let up = self.entries[&version].up.clone();
            let entry = self.entry(State::Reverted, up, Some(script.clone()));
            if !self.run(version, entry, &script, from, &mut answer) {
                break;
            }
        }
        answer
    }

    /// Which text takes a migration back, or why none does.
    fn down_script(&self, version: Version, using: Use) -> Result<Script, &'static str> {
        let entry = &self.entries[&version];
        let done = match entry.state {
            State::Partial { down: false, .. } => return Err("partial-up"),
            State::Partial { done, .. } => done,
            _ => 0,
        };
        // A file that has the version of a mark is something else, and its way back is none for that.
        let own = self.files.get(&version).filter(|_| entry.up.is_some());
        let file = own.and_then(|file| file.down.as_ref());
        let script = match (&entry.down, file, using) {
            (Some(stored), _, Use::Stored) | (Some(stored), None, Use::Unsaid) => stored,
            (_, Some(file), Use::File) => file,
            (Some(stored), Some(file), Use::Unsaid) if stored.does_what(file) => stored,
            (_, Some(_), Use::Unsaid) => return Err("down-differs"),
            _ => return Err("no-down-script"),
        };
        match goes_on(entry.down.as_ref(), script, done) {
            true => Ok(script.clone()),
            false => Err("prefix-changed"),
        }
    }

    pub(crate) fn redo(&mut self, using: Use) -> Answer {
        let before = self.clone();
        let mut answer = self.down(Reach::Steps(1), using);
        let Some(version) = answer.done.first().and_then(|done| done.strip_prefix("down ")) else {
            return answer;
        };
        let version = version.parse().unwrap();
        let entry = &before.entries[&version];
        let stored = || {
            Some(File {
                up: entry.up.clone()?,
                down: entry.down.clone(),
            })
        };
        match self.files.get(&version).cloned().or_else(stored) {
            Some(file) => drop(self.apply(version, file, 0, &mut answer)),
            None => {
                *self = before;
                answer = Answer::refused(vec![format!("missing {version}")]).unwrap_or_default();
            }
        }
        answer
    }

    pub(crate) fn baseline(&mut self, end: Option<Version>) -> Answer {
        let Some(end) = end else {
            return self.baseline_of_none();
        };
        if end == 0 && !self.rows().contains(&end) {
            return Answer::error("no-such-version");
        }
        if self.newest().is_some_and(|newest| newest >= end) {
            return Answer::default();
        }
        for version in self.rows().into_iter().filter(|version| *version <= end) {
            if let Some(State::Partial { down, .. }) = self.entries.get(&version).map(|entry| entry.state) {
                let code = if down { "partial-down" } else { "partial-up" };
                return Answer::refused(vec![format!("{code} {version}")]).unwrap_or_default();
            }
        }
        let mut fresh = self.pending(Reach::To(end));
        fresh.sort_unstable();
        // What was taken back is not in the database because somebody repeats what was said of it before.
        fresh.retain(|version| self.files.contains_key(version) && self.standing(*version) != "reverted");
        if !self.rows().contains(&end) {
            fresh.push(end);
        }
        let mut answer = Answer::default();
        if fresh.is_empty() {
            return answer;
        }
        self.begin();
        for version in fresh {
            let file = self.files.get(&version).cloned();
            let (up, down) = file.map_or((None, None), |file| (Some(file.up), file.down));
            let entry = self.entry(State::Baseline, up, down);
            self.entries.insert(version, entry);
            self.recorded = true;
            answer.done.push(format!("baseline {version}"));
        }
        answer.done.sort();
        answer
    }

    fn baseline_of_none(&mut self) -> Answer {
        if self.newest().is_some() {
            return Answer::error("bad-target");
        }
        if self.recorded {
            return Answer::default();
        }
        (self.ledger, self.recorded) = (true, true);
        Answer {
            done: vec!["baseline ".to_owned()],
            ..Answer::default()
        }
    }

    pub(crate) fn accept(&mut self, version: Version) -> Answer {
        let is_shown = !self.standing(version).is_empty();
        let Some(entry) = self.entries.get_mut(&version).filter(|_| is_shown) else {
            return Answer::error("no-such-version");
        };
        let Some(file) = self.files.get(&version) else {
            return Answer::error("missing");
        };
        if entry.up.as_ref() == Some(&file.up) && entry.down == file.down {
            return Answer::error("nothing-to-record");
        }
        (entry.up, entry.down) = (Some(file.up.clone()), file.down.clone());
        Answer {
            done: vec![format!("accept {version}")],
            ..Answer::default()
        }
    }

    pub(crate) fn forget(&mut self, version: Version) -> Answer {
        if self.entries.remove(&version).is_none() {
            return Answer::error("no-such-version");
        }
        Answer {
            done: vec![format!("forget {version}")],
            ..Answer::default()
        }
    }

    /// Whatever became of a statement, the database tells, or somebody has said so at once.
    pub(crate) fn resolve(&self, version: Version) -> Answer {
        match self.entries.get(&version) {
            Some(entry) if entry.state != State::Reverted => Answer::error("nothing-to-resolve"),
            _ => Answer::error("no-such-version"),
        }
    }
}
