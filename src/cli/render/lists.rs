//! The tables of `status` and `log`.

use std::time::Duration;

use syncline::history::{Kind, Outcome};
use syncline::plan::Verdict;
use syncline::status::{Edit, Standing};
use syncline::version::Point;

use super::page::{Ink, Mark, Page};
use super::table;
use super::words::time;
use crate::cli::document::{RecordView, RowView, StoppedView, TakenView};

/// One row a migration.
pub fn status(page: &mut Page, rows: &[RowView]) {
    if rows.is_empty() {
        return;
    }
    let head = ["version", "name", "state", "applied at", "by", "time"];
    let all = rows;
    let rows = rows.iter().map(|row| {
        let state = match (row.edit, &row.stopped) {
            (Some(Edit::Cosmetic), _) => format!("{} (cosmetic)", row.state),
            (_, Some(stopped)) => format!(
                "{} {}/{}",
                row.state,
                row.statements_done.unwrap_or_default(),
                stopped.of
            ),
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
                .map(|ms| time(Duration::from_millis(ms)))
                .unwrap_or_default(),
        ];
        (standing_mark(row.standing), cells)
    });
    table::draw(page, head, rows);
    for row in all {
        if let Some(stopped) = &row.stopped {
            stopped_at(page, row, stopped);
        }
    }
}

fn stopped_at(page: &mut Page, row: &RowView, stopped: &StoppedView) {
    let mut text = format!("{} at statement {}", row.version, stopped.statement);
    if let Some(summary) = &stopped.summary {
        text.push_str(&format!(", {summary}"));
    }
    if let Some(error) = &stopped.error {
        text.push_str(&format!(": {error}"));
    }
    page.mark(standing_mark(row.standing)).word(Ink::Plain, &text).end();
}

/// One row for each migration of another tool's history.
pub fn taken(page: &mut Page, rows: &[TakenView]) {
    if rows.is_empty() {
        return;
    }
    let head = ["version", "name", "file", "applied at", "by"];
    let rows = rows.iter().map(|row| {
        let mark = match row.verdict {
            Verdict::Verified => Mark::Applied,
            Verdict::Unverifiable | Verdict::Code | Verdict::Baseline => Mark::Note,
            Verdict::Edited | Verdict::MissingFile => Mark::Refused,
        };
        let cells = [
            row.version.to_string(),
            row.name.clone(),
            row.verdict.to_string(),
            row.applied_at.as_deref().map(moment).unwrap_or_default(),
            row.applied_by.clone().unwrap_or_default(),
        ];
        (mark, cells)
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
        Standing::Changed(Edit::Semantic)
        | Standing::OutOfOrder
        | Standing::Missing
        | Standing::Renumbered
        | Standing::Unknown => Mark::Refused,
    }
}

/// One row a record.
pub fn log(page: &mut Page, records: &[RecordView], failed: bool) {
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
            Kind::Baseline if record.version.is_none() && record.name.is_empty() => {
                (Point::BeforeAll.to_string(), String::new())
            }
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
                .map(|ms| time(Duration::from_millis(ms)))
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

/// The moment to the second, with a `Z` where it is in UTC; the JSON document has it in full.
fn moment(time: &str) -> String {
    let zone = if time.ends_with('Z') { "Z" } else { "" };
    match time.get(..19) {
        Some(start) => format!("{}{zone}", start.replace('T', " ")),
        None => time.to_owned(),
    }
}
