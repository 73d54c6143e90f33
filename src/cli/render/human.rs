//! The document as text for people.

use syncline::history::{Kind, Outcome};
use syncline::migration::Direction;
use syncline::plan::{Severity, Source};
use syncline::status::{Edit, Standing};

use super::page::{Ink, Mark, Page};
use super::snippet::{Snippet, remark};
use super::{Output, Reader, Volume, escape, table};
use crate::cli::document::{Body, Document, DoneView, FindingView, RecordView, RowView, RunView, StepView};

/// Writes the result to stdout and what went wrong to stderr.
pub fn render(document: &Document, output: &Output) {
    let mut page = Page::default();
    body(&mut page, document, output);
    if !page.is_empty() {
        output.result(&page);
    }
    error(document, output);
}

fn body(page: &mut Page, document: &Document, output: &Output) {
    let failed = document.error.is_some();
    match &document.body {
        Body::Nothing {} => {}
        Body::Created { created } => paths(page, "made", created),
        Body::Plan { steps } => {
            plan(page, document, steps);
            findings(page, &document.findings, Severity::Note);
            findings(page, &document.findings, Severity::Refused);
        }
        Body::Run(run) => {
            if output.volume == Volume::Normal {
                notes(document, output);
                run_summary(page, document, run);
            }
        }
        Body::Status {
            migrations,
            verdict,
            next,
            ..
        } if !failed || !migrations.is_empty() => {
            status(page, migrations);
            page.say(verdict).end();
            commands(page, next);
        }
        Body::Status { .. } => {}
        Body::Log { records } => log(page, records, failed),
        Body::Show { script, written } => {
            if let Some(script) = script {
                show(&script.text, output);
            }
            paths(page, "wrote", written);
        }
        Body::Verify {
            records,
            texts,
            files,
            chain_head,
        } => {
            findings(page, &document.findings, Severity::Note);
            findings(page, &document.findings, Severity::Refused);
            match chain_head {
                Some(head) => {
                    page.say(&format!(
                        "{}, {} and {} checked\n",
                        counted(*records, "record"),
                        counted(*texts, "stored script"),
                        counted(*files, "file")
                    ));
                    page.say("chain head: ").put(Ink::Dim, head).end();
                }
                None if !failed => {
                    page.say("there is no history yet, so there is nothing to check\n");
                }
                None => {}
            }
            if chain_head.is_some() && !failed {
                page.mark(Mark::Applied).say("all is as it was recorded\n");
            }
        }
        Body::Completions { text, .. } => output.raw(text),
    }
}

/// Exactly as it is stored, except on a terminal, which would act on what it holds.
fn show(text: &str, output: &Output) {
    match output.shower() {
        Reader::Program => output.raw(text),
        Reader::Person => output.raw(&escape::escape(text)),
    }
}

fn paths(page: &mut Page, verb: &str, paths: &[String]) {
    for path in paths {
        page.mark(Mark::Applied).say(verb).say(" ").word(Ink::Plain, path).end();
    }
}

fn plan(page: &mut Page, document: &Document, steps: &[StepView]) {
    plan_lines(page, steps);
    if steps.is_empty() && document.error.is_none() {
        nothing(page, document);
    }
}

fn nothing(page: &mut Page, document: &Document) {
    match &document.head {
        Some(head) => page.say(&format!("nothing to do: {head} is the newest version")).end(),
        None => page.say("nothing to do").end(),
    };
}

/// The steps of a plan.
pub fn plan_lines(page: &mut Page, steps: &[StepView]) {
    for step in steps {
        let mark = match step.direction {
            Some(Direction::Down) => Mark::Reverted,
            _ => Mark::Pending,
        };
        page.mark(mark)
            .word(Ink::Bold, &format!("{} {}", step.version, step.name));
        let mut about = vec![counted(step.statements, "statement")];
        if step.statements_done > 0 {
            about.push(format!("goes on after statement {}", step.statements_done));
        }
        if step.kind == Kind::Repeat {
            about.push("repeatable".to_owned());
        }
        about.push(
            if step.transactional {
                "in a transaction"
            } else {
                "without a transaction"
            }
            .to_owned(),
        );
        match (step.direction, step.source) {
            (Some(Direction::Down), Some(Source::Stored)) => about.push("the stored down script".to_owned()),
            (Some(Direction::Down), Some(Source::File)) => about.push("the down script of the file".to_owned()),
            _ => {}
        }
        page.say("  ").put(Ink::Dim, &about.join(", ")).end();
        for line in step.sql.iter().flat_map(|sql| sql.lines()) {
            page.say("    ").say(line).end();
        }
    }
}

/// The line of a migration that was run or recorded.
pub fn done(page: &mut Page, done: &DoneView) {
    let mark = if done.kind == Kind::Down {
        Mark::Reverted
    } else {
        Mark::Applied
    };
    page.mark(mark)
        .word(Ink::Bold, &format!("{} {}", done.version, done.name))
        .say("  ");
    let about = match done.kind {
        Kind::Up | Kind::Repeat | Kind::Down => {
            format!("{}, {}", counted(done.statements, "statement"), time(done.duration_ms))
        }
        kind => format!("recorded: {kind}"),
    };
    page.put(Ink::Dim, &about).end();
}

fn run_summary(page: &mut Page, document: &Document, run: &RunView) {
    if let Some(failure) = &run.failure {
        page.mark(Mark::Failed)
            .word(Ink::Bold, &format!("{} {}", failure.version, failure.name))
            .end();
        return;
    }
    if document.error.is_some() {
        return;
    }
    let all: Vec<&DoneView> = run.applied.iter().chain(&run.reverted).chain(&run.recorded).collect();
    if all.is_empty() {
        return nothing(page, document);
    }
    let lists = [
        (&run.reverted, "reverted"),
        (&run.applied, "applied"),
        (&run.recorded, "recorded"),
    ];
    let words: Vec<String> = lists
        .iter()
        .filter(|(list, _)| !list.is_empty())
        .map(|(list, verb)| format!("{} {verb}", counted(list.len(), "migration")))
        .collect();
    let total = all.iter().map(|done| done.duration_ms).sum();
    page.say(&format!("{} in {}", words.join(", "), time(total))).end();
}

/// What is worth knowing, and stops nothing, goes to the talk.
fn notes(document: &Document, output: &Output) {
    let mut page = Page::default();
    findings(&mut page, &document.findings, Severity::Note);
    if !page.is_empty() {
        output.talk(&page);
    }
}

fn findings(page: &mut Page, all: &[FindingView], severity: Severity) {
    for finding in all.iter().filter(|finding| finding.severity == severity) {
        let (mark, ink) = match severity {
            Severity::Note => (Mark::Note, Ink::Plain),
            Severity::Refused => (Mark::Refused, Ink::Bold),
        };
        page.mark(mark)
            .word(ink, &finding.message)
            .say(" ")
            .put(Ink::Dim, &format!("[{}]", finding.code))
            .end();
        finding_body(page, finding);
    }
}

/// What follows the message of a finding: the diff, and what to do.
fn finding_body(page: &mut Page, finding: &FindingView) {
    for line in finding.diff.iter().flat_map(|diff| diff.lines()) {
        let ink = match line.as_bytes().first() {
            _ if line.starts_with("---") || line.starts_with("+++") => Ink::Dim,
            Some(b'+') => Ink::Good,
            Some(b'-') => Ink::Bad,
            Some(b'@') => Ink::Place,
            _ => Ink::Plain,
        };
        page.say("    ").put(ink, line).end();
    }
    if finding.severity == Severity::Refused {
        commands(page, &finding.help);
    }
}

fn status(page: &mut Page, rows: &[RowView]) {
    if rows.is_empty() {
        return;
    }
    let head = ["version", "name", "state", "applied at", "by", "time"];
    let rows = rows.iter().map(|row| {
        let state = match row.edit {
            Some(Edit::Cosmetic) => format!("{} (cosmetic)", row.state),
            _ => row.state.to_owned(),
        };
        let cells = [
            row.version.to_string(),
            row.name.clone(),
            state,
            row.applied_at.as_deref().map(moment).unwrap_or_default(),
            row.applied_by.clone().unwrap_or_default(),
            row.duration_ms
                .and_then(|ms| u64::try_from(ms).ok())
                .map(time)
                .unwrap_or_default(),
        ];
        (standing_mark(row.standing), cells)
    });
    table::draw(page, head, rows);
}

fn standing_mark(standing: Standing) -> Mark {
    match standing {
        Standing::Applied | Standing::Baseline => Mark::Applied,
        Standing::Pending => Mark::Pending,
        Standing::Reverted => Mark::Reverted,
        Standing::Changed(Edit::Cosmetic) | Standing::Running => Mark::Note,
        Standing::Partial => Mark::Failed,
        Standing::Changed(Edit::Semantic) | Standing::OutOfOrder | Standing::Missing | Standing::Unknown => {
            Mark::Refused
        }
    }
}

fn log(page: &mut Page, records: &[RecordView], failed: bool) {
    if records.is_empty() && !failed {
        page.say("there is no history yet\n");
        return;
    }
    let head = ["record", "what", "version", "name", "when", "by", "time", "run", ""];
    let rows = records.iter().map(|record| {
        let mark = match (record.outcome, record.kind) {
            (Outcome::Failed, _) => Mark::Failed,
            (Outcome::Unknown | Outcome::Running, _) => Mark::Refused,
            (Outcome::Applied, Kind::Down) => Mark::Reverted,
            (Outcome::Applied, Kind::Up | Kind::Repeat) => Mark::Applied,
            (Outcome::Applied, _) => Mark::Note,
        };
        let what = match record.outcome {
            Outcome::Applied => record.kind.to_string(),
            outcome => format!("{} {outcome}", record.kind),
        };
        let by = if record.applied_by.is_empty() {
            record.host.clone()
        } else {
            format!("{}@{}", record.applied_by, record.host)
        };
        let (version, name) = match record.kind {
            Kind::Init => (String::new(), format!("database {}", record.name)),
            _ => (record.version.clone().unwrap_or_default(), record.name.clone()),
        };
        let cells = [
            record.seq.to_string(),
            what,
            version,
            name,
            moment(&record.started_at),
            by,
            record
                .duration_ms
                .and_then(|ms| u64::try_from(ms).ok())
                .map(time)
                .unwrap_or_default(),
            record.run_id.chars().take(8).collect(),
            record
                .reason
                .clone()
                .or_else(|| record.error.clone())
                .unwrap_or_default(),
        ];
        (mark, cells)
    });
    if !records.is_empty() {
        table::draw(page, head, rows);
    }
}

/// Writes what went wrong: code, what happened, where, what state the database is in, and the next command.
pub fn error(document: &Document, output: &Output) {
    let Some(error) = &document.error else { return };
    let mut page = Page::default();
    page.put(Ink::Bad, &format!("error[{}]", error.code))
        .say(": ")
        .put(Ink::Bold, &error.message)
        .end();
    let failure = match &document.body {
        Body::Run(run) => run.failure.as_ref(),
        _ => None,
    };
    let snippet = Snippet {
        path: error.path.as_deref().unwrap_or_default(),
        line: error.line,
        column: error.column,
        source: failure.and_then(|failure| failure.source.as_deref()),
        label: failure.map_or("", |failure| &failure.message),
    };
    let margin = snippet.margin();
    if error.path.is_some() {
        snippet.draw(&mut page, Ink::Bad);
    } else if let Some(failure) = failure {
        remark(&mut page, margin, "", &failure.message);
    }
    let detail = failure.map_or(&error.detail, |failure| &failure.detail);
    let hint = failure.map_or(&error.hint, |failure| &failure.hint);
    for (name, text) in [("detail: ", detail), ("hint: ", hint)] {
        if let Some(text) = text {
            remark(&mut page, margin, name, text);
        }
    }
    for problem in &document.problems {
        let snippet = Snippet {
            path: &problem.path,
            line: problem.line,
            column: problem.column,
            source: problem.source.as_deref(),
            label: &problem.message,
        };
        snippet.draw(&mut page, Ink::Bad);
        if !problem.help.is_empty() {
            remark(&mut page, snippet.margin(), "help: ", &problem.help);
        }
    }
    // A plan and a verification show their findings as part of the result.
    if !matches!(document.body, Body::Plan { .. } | Body::Verify { .. }) {
        let refused: Vec<&FindingView> = document
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Refused)
            .collect();
        match refused.as_slice() {
            // The headline has said it already.
            [only] if only.message == error.message => finding_body(&mut page, only),
            _ => findings(&mut page, &document.findings, Severity::Refused),
        }
    }
    if let Some(state) = &error.state {
        page.put(Ink::Bold, "state:").say(" ").word(Ink::Plain, state).end();
    }
    commands(&mut page, &error.next);
    output.talk(&page);
}

/// Commands, ready to be typed.
fn commands(page: &mut Page, commands: &[String]) {
    for (index, command) in commands.iter().enumerate() {
        let lead = if index == 0 { "next: " } else { "      " };
        page.put(Ink::Bold, lead).say(" ");
        match command.split_once("   #") {
            Some((command, remark)) => {
                page.word(Ink::Plain, command)
                    .put(Ink::Dim, "   #")
                    .word(Ink::Dim, remark)
                    .end();
            }
            None => drop(page.word(Ink::Plain, command).end()),
        }
    }
}

/// The moment to the second; the JSON document has it in full.
fn moment(time: &str) -> String {
    match time.get(..19) {
        Some(start) => format!("{}Z", start.replace('T', " ")),
        None => time.to_owned(),
    }
}

fn time(ms: u64) -> String {
    match ms {
        0..=999 => format!("{ms} ms"),
        1_000..=59_999 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

fn counted(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}
