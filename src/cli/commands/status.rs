//! `status`: how all migrations stand, and a verdict.

use syncline::Code;
use syncline::database::Access;
use syncline::migration::Id;
use syncline::plan::{Finding, Policy, Rule, Severity, beside};
use syncline::status::{Edit, Row, Standing, join};

use crate::cli::args::Status;
use crate::cli::context::{Context, Presence};
use crate::cli::document::{Body, RowView};
use crate::cli::nothing::Nothing;
use crate::cli::settings::Scope;
use crate::cli::trouble::{Result, Trouble};

/// What `--exit-code` ends with when something is pending.
const PENDING: u8 = 10;

pub async fn run(args: &Status, mut context: Context<'_>) -> Result<()> {
    let settings = context.settings(Scope::Database)?;
    let catalog = context.catalog(&settings, Presence::Needed)?;
    let nothing = catalog.is_empty().then(|| Nothing::of(&settings, catalog.syntax()));
    let mut migrator = context.connect(&settings, Access::Read).await?;
    let known = migrator.status(&catalog).await?;
    context.say_where(&migrator);
    context.document.head = known.history.newest().cloned();
    let catalog = migrator.read_here(&catalog);
    let catalog = catalog.for_history(&known.history);
    let rows = join(&catalog, &known);
    let beside = beside(&catalog, &known);
    let verdict = Verdict::of(&rows, &settings.policy, &beside);
    let next = verdict
        .next()
        .into_iter()
        .map(|next| context.document.flags.add_to(&next))
        .collect();
    context.document.body = Body::Status {
        migrations: rows
            .iter()
            .map(|row| RowView::new(row, &known, catalog.syntax()))
            .collect(),
        pending: verdict.pending,
        verdict: verdict.text(rows.is_empty()),
        next,
    };
    let is_blank = known.history.is_blank();
    if let Some(nothing) = nothing.filter(|nothing| nothing.is_suspicious() || !nothing.is_a_beginning(is_blank)) {
        // Who asks whether all is applied is not to be told so by a wrong directory.
        if args.exit_code && settings.empty == Rule::Refuse && verdict.wrong.is_none() {
            return Err(nothing.trouble(&context.document.flags.typed));
        }
        context.warn_of_nothing(&nothing);
    }
    context.document.findings(&beside);
    if args.exit_code {
        if let Some(finding) = &verdict.beside {
            return Err(Trouble::new(finding.code, finding.message.clone()));
        }
        if let Some((code, id, word)) = &verdict.wrong {
            return Err(Trouble::new(
                *code,
                format!("files and history disagree: {id} is {word}"),
            ));
        }
        if verdict.pending > 0 {
            context.document.exit_code = PENDING;
        }
    }
    Ok(())
}

/// What the rows come to.
#[derive(Default)]
struct Verdict {
    applied: usize,
    pending: usize,
    /// What has to be settled first, as words with their counts.
    open: Vec<(&'static str, usize)>,
    /// The first of them.
    wrong: Option<(Code, Id, &'static str)>,
    /// What another tool has done that has to be settled before.
    beside: Option<Finding>,
}

impl Verdict {
    fn of(rows: &[Row<'_>], policy: &Policy, beside: &[Finding]) -> Self {
        let mut refused = beside.iter().filter(|finding| finding.severity == Severity::Refused);
        let mut verdict = Self {
            beside: refused.next().cloned(),
            ..Self::default()
        };
        for row in rows {
            let code = match row.standing {
                Standing::Applied | Standing::Baseline | Standing::Changed(Edit::Cosmetic) => {
                    verdict.applied += 1;
                    continue;
                }
                Standing::Pending | Standing::Reverted => {
                    verdict.pending += 1;
                    continue;
                }
                Standing::Partial | Standing::Running => Code::PartialUp,
                Standing::OutOfOrder => Code::OutOfOrder,
                Standing::Changed(Edit::Semantic) => Code::Changed,
                Standing::Missing => Code::Missing,
                Standing::Renumbered => Code::Renumbered,
                Standing::Unknown => Code::UnknownOutcome,
            };
            match row.standing {
                Standing::OutOfOrder | Standing::Partial | Standing::Running => verdict.pending += 1,
                Standing::Changed(_) | Standing::Missing => verdict.applied += 1,
                Standing::Renumbered if row.current.is_some() => verdict.applied += 1,
                _ => {}
            }
            let is_let_through = match row.standing {
                Standing::OutOfOrder => policy.out_of_order == Rule::Allow,
                Standing::Missing => policy.missing == Rule::Allow,
                _ => false,
            };
            let word = row.standing.word();
            match verdict.open.iter_mut().find(|(known, _)| *known == word) {
                Some((_, count)) => *count += 1,
                None => verdict.open.push((word, 1)),
            }
            if !is_let_through {
                verdict.wrong.get_or_insert_with(|| (code, row.id.clone(), word));
            }
        }
        verdict
    }

    fn text(&self, empty: bool) -> String {
        if empty {
            return "there are no migrations yet".to_owned();
        }
        let mut text = match (self.applied, self.pending) {
            (0, pending) => format!("{pending} pending"),
            (applied, 0) if self.open.is_empty() => format!("{applied} applied, up to date"),
            (applied, 0) => format!("{applied} applied"),
            (applied, pending) => format!("{applied} applied, {pending} pending"),
        };
        for (index, (word, count)) in self.open.iter().enumerate() {
            text.push_str(if index == 0 { "; " } else { ", " });
            text.push_str(&format!("{count} {word}"));
        }
        if let Some(finding) = &self.beside {
            text.push_str(&format!("; {}", finding.message));
        }
        text
    }

    fn next(&self) -> Option<String> {
        if let Some(finding) = &self.beside {
            return finding.help.first().cloned();
        }
        if self.wrong.is_some() {
            return Some("syncline plan   # says what is wrong, and what to do".to_owned());
        }
        (self.pending > 0).then(|| "syncline up".to_owned())
    }
}
