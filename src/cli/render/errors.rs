//! What went wrong: code, what happened, where, what state the database is in, and the next command.

use std::collections::BTreeMap;
use std::io;

use syncline::Code;
use syncline::plan::Severity;

use super::Output;
use super::page::{Ink, Mark, Page};
use super::snippet::{Snippet, remark};
use crate::cli::document::{Body, Document, FindingView};

/// Problems of one kind beyond so many are counted; `--format json` has them all.
const MOST_OF_A_KIND: usize = 8;
const DRAWN: usize = 4;

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
    let mut kinds: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for problem in &document.problems {
        *kinds.entry((problem.code, &problem.help)).or_default() += 1;
    }
    let mut drawn: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for problem in &document.problems {
        let kind = (problem.code, problem.help.as_str());
        let all = kinds.get(&kind).copied().unwrap_or_default();
        let before = drawn.entry(kind).or_default();
        *before += 1;
        if all > MOST_OF_A_KIND && *before > DRAWN {
            if *before == DRAWN + 1 {
                page.put(Ink::Dim, &format!("  … and {} more of this kind", all - DRAWN))
                    .end();
            }
            continue;
        }
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
    let mut next = error.next.clone();
    if !matches!(document.body, Body::Plan { .. } | Body::Verify { .. }) {
        let refused = document
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Refused);
        match refused.collect::<Vec<_>>().as_slice() {
            // The headline has said it already.
            [only] if only.message == error.message => {
                diff(&mut page, only);
                next.extend(only.help.iter().cloned());
            }
            _ => findings(&mut page, &document.findings, Severity::Refused),
        }
    }
    if let Some(state) = &error.state {
        page.put(Ink::Bold, "state:").say(" ").word(Ink::Plain, state).end();
    }
    commands(&mut page, &next);
    output.talk(&page);
}

/// Says that stdout did not take the result, and what was done all the same.
pub fn untold(document: &Document, error: &io::Error, output: &Output) {
    let mut page = Page::default();
    page.put(Ink::Bad, &format!("error[{}]", Code::Untold))
        .say(": ")
        .put(Ink::Bold, &format!("the result cannot be written: {error}"))
        .end();
    // An error has said it.
    if document.error.is_none() {
        page.put(Ink::Bold, "state:")
            .say(" ")
            .word(Ink::Plain, &document.deeds())
            .end();
    }
    output.talk(&page);
}

/// Commands, ready to be typed.
pub fn commands(page: &mut Page, commands: &[String]) {
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

/// What files and history disagree on, of one severity.
pub fn findings(page: &mut Page, all: &[FindingView], severity: Severity) {
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
        diff(page, finding);
        if severity == Severity::Refused {
            commands(page, &finding.help);
        }
    }
}

/// The unified diff of a finding, where there is one.
fn diff(page: &mut Page, finding: &FindingView) {
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
}
