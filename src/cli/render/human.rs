//! The document as text for people.

use std::time::Duration;

use syncline::history::Kind;
use syncline::migration::{Direction, Id};
use syncline::plan::{Severity, Source};

use super::page::{Ink, Mark, Page};
use super::words::{counted, time};
use super::{Output, Reader, Volume, errors, escape, lists};
use crate::cli::document::{AdoptView, Body, Document, DoneView, RunView, StepView, label};

/// Writes the result to stdout and what went wrong to stderr.
pub fn render(document: &Document, output: &Output) {
    let mut page = Page::default();
    body(&mut page, document, output);
    if !page.is_empty() {
        output.result(&page);
    }
    errors::error(document, output);
}

fn body(page: &mut Page, document: &Document, output: &Output) {
    let failed = document.error.is_some();
    // A plan and a verification show them as part of the result.
    if output.volume == Volume::Normal && !matches!(document.body, Body::Plan { .. } | Body::Verify { .. }) {
        notes(document, output);
    }
    match &document.body {
        Body::Nothing {} => {}
        Body::Created { created } => paths(page, "made", created),
        Body::Plan { steps } => {
            plan(page, document, steps);
            errors::findings(page, &document.findings, Severity::Note);
            errors::findings(page, &document.findings, Severity::Refused);
        }
        Body::Run(run) => {
            if output.volume == Volume::Normal {
                run_summary(page, document, run);
            }
        }
        Body::Status {
            migrations,
            verdict,
            next,
            ..
        } if !failed || !migrations.is_empty() => {
            lists::status(page, migrations);
            page.say(verdict).end();
            errors::commands(page, next);
        }
        Body::Status { .. } => {}
        Body::Adopt(view) => adopted(page, view, failed),
        Body::Log { records } => lists::log(page, records, failed),
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
            errors::findings(page, &document.findings, Severity::Note);
            errors::findings(page, &document.findings, Severity::Refused);
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
            .word(Ink::Bold, &label(step.version.as_ref(), &step.name));
        if step.direction.is_none() {
            page.say("  ")
                .put(Ink::Dim, &format!("only recorded: {}", step.kind))
                .end();
            continue;
        }
        let mut about = vec![counted(step.statements, "statement")];
        if step.statements_done > 0 {
            about.push(format!("goes on after statement {}", step.statements_done));
        }
        if step.kind == Kind::Repeat {
            about.push(match step.version {
                Some(Id::Version(_)) => "again, since it has changed".to_owned(),
                _ => "repeatable".to_owned(),
            });
        }
        if !step.only_if.is_empty() {
            about.push("asks the database whether to".to_owned());
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
    if done.version.is_none() {
        page.mark(mark)
            .say("recorded: none of the migrations is in the database")
            .end();
        return;
    }
    page.mark(mark)
        .word(Ink::Bold, &label(done.version.as_ref(), &done.name))
        .say("  ");
    let about = match done.kind {
        Kind::Up | Kind::Repeat | Kind::Down => {
            format!("{}, {}", counted(done.statements, "statement"), time(done.took))
        }
        kind => format!("recorded: {kind}"),
    };
    page.put(Ink::Dim, &about).end();
}

fn run_summary(page: &mut Page, document: &Document, run: &RunView) {
    if let Some(failure) = &run.failure {
        page.mark(Mark::Failed)
            .word(Ink::Bold, &label(failure.version.as_ref(), &failure.name))
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
    // That none is there was said in full.
    if all.iter().all(|done| done.version.is_none()) {
        return;
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
    let total: Duration = all.iter().map(|done| done.took).sum();
    page.say(&format!("{} in {}", words.join(", "), time(total))).end();
}

/// What is worth knowing, and stops nothing, goes to the talk.
fn notes(document: &Document, output: &Output) {
    let mut page = Page::default();
    errors::findings(&mut page, &document.findings, Severity::Note);
    if !page.is_empty() {
        output.talk(&page);
    }
}

/// What another tool has applied, and what was recorded of it.
fn adopted(page: &mut Page, view: &AdoptView, failed: bool) {
    let (Some(tool), Some(table)) = (view.tool, &view.table) else {
        return;
    };
    if let Some(told) = view.mirrored {
        page.say(&format!(
            "`{table}` of {tool} was told of {}",
            counted(told, "migration")
        ))
        .end();
        return;
    }
    lists::taken(page, &view.migrations);
    let found = counted(view.migrations.len(), "migration");
    page.say(&format!("{found} in `{table}` of {tool}"));
    match view.recorded {
        _ if view.dry_run && !failed => page.say(", nothing recorded"),
        0 => page,
        recorded => page.say(&format!(", {recorded} recorded")),
    };
    page.end();
}
