//! The ids of changes: SHA-1 of what `sqitch.plan` says of a change, and of the one before it.
//! <https://github.com/sqitchers/sqitch/blob/develop/lib/App/Sqitch/Plan/Change.pm>

use url::Url;

use crate::catalog::sqitch_plan::{Line, line as said};
use crate::compat::adopt::sums;

/// A change, as its plan tells of it.
pub(super) struct Planned<'a> {
    pub id: String,
    pub project: &'a str,
    pub at: &'a str,
    pub planner: &'a str,
    pub email: &'a str,
    pub note: String,
    needs: Vec<&'a str>,
}

/// The changes of a plan, in its order. `None` where it is no plan that Sqitch would read.
pub(super) fn planned(plan: &str) -> Option<Vec<Planned<'_>>> {
    let (mut project, mut uri) = (None, None);
    let mut all: Vec<Planned<'_>> = Vec::new();
    for line in plan.lines() {
        match said(line) {
            None | Some(Line::Tag(_)) => {}
            Some(Line::Reverts) => return None,
            Some(Line::Pragma(pragma)) => match pragma.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
                Some(("project", value)) => project = Some(value),
                Some(("uri", value)) => uri = Some(canonical(value)),
                _ => {}
            },
            Some(Line::Change(name, rest, note)) => {
                let mut told = vec![format!("project {}", project?)];
                told.extend(uri.as_ref().map(|uri| format!("uri {uri}")));
                told.push(format!("change {name}"));
                told.extend(all.last().map(|parent| format!("parent {}", parent.id)));
                let mut change = change(rest, note, project?)?;
                told.extend(change.told());
                let told = told.join("\n");
                change.id = sums::sha1(format!("change {}\0{told}", told.len()).as_bytes());
                all.push(change);
            }
        }
    }
    Some(all)
}

/// What follows the name of a change.
fn change<'a>(rest: &'a str, note: &str, project: &'a str) -> Option<Planned<'a>> {
    let (needs, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    let (at, planner) = rest.trim_start().split_at_checked("2026-01-31T09:00:00Z".len())?;
    let (planner, email) = planner.trim_start().split_once('<')?;
    Some(Planned {
        id: String::new(),
        project,
        at,
        // One blank before the address is no part of the name.
        planner: planner.strip_suffix([' ', '\t'])?,
        email: email.strip_suffix('>')?,
        note: unescaped(note),
        needs: needs.split_whitespace().collect(),
    })
}

impl Planned<'_> {
    /// What its id is made of, behind its parent.
    fn told(&self) -> Vec<String> {
        let own = format!("{}:", self.project);
        let list = |title: &str, sign: &str, names: Vec<&str>| {
            let names: Vec<&str> = names
                .into_iter()
                .map(|name| name.strip_prefix(&own).unwrap_or(name))
                .collect();
            (!names.is_empty()).then(|| format!("{title}\n  {sign} {}", names.join(&format!("\n  {sign} "))))
        };
        let needs = self.needs.iter();
        let (conflicts, requires): (Vec<&str>, Vec<&str>) = needs.partition(|name| name.starts_with('!'));
        let mut told = vec![
            format!("planner {} <{}>", self.planner, self.email),
            format!("date {}", self.at),
        ];
        told.extend(list("requires", "+", requires));
        let conflicts = conflicts.into_iter().map(|name| name.trim_start_matches('!'));
        told.extend(list("conflicts", "-", conflicts.collect()));
        if !self.note.is_empty() {
            told.extend([String::new(), self.note.clone()]);
        }
        told
    }
}

fn unescaped(note: &str) -> String {
    let mut text = String::with_capacity(note.len());
    let mut rest = note.chars().peekable();
    while let Some(c) = rest.next() {
        let meant = match (c, rest.peek()) {
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some('r')) => Some('\r'),
            ('\\', Some('\\')) => Some('\\'),
            _ => None,
        };
        if meant.is_some() {
            rest.next();
        }
        text.push(meant.unwrap_or(c));
    }
    text
}

/// Scheme and host in small letters, and no port that goes without saying.
fn canonical(uri: &str) -> String {
    Url::parse(uri).map_or_else(|_| uri.to_owned(), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `sqitch plan --format 'format:%H'` of Sqitch 1.3.1 prints them.
    #[test]
    fn ids_are_those_that_sqitch_gives() {
        let plan = "%syntax-version=1.0.0\n%project=shop\n%uri=HTTPS://Example.com/Shop\n\n\
             people 2026-01-01T09:00:00Z Ann Ö. <ann@example.com> # First people,\\nthen \\\\ pets\n\
             + pets  [people]2026-01-02T09:00:00Z Ann <ann@example.com># no blank before it\n\
             @v1 2026-01-02T10:00:00Z Ann <ann@example.com> # Tag\n\n\
             toys [people shop:pets@v1 other:cats !dogs] 2026-01-03T09:00:00Z Ann  <ann@example.com>\n\
             pets [pets@v1] 2026-01-04T09:00:00Z Ann <ann@example.com> #\n";
        let wanted = [
            "3d806896eee549714b0d22ae73e5a3cef3497df5",
            "4fb020b91eac79a9aa628284b8cb5123b76d2658",
            "da130ea1be02911684f866ed4de55f13fd841420",
            "4907ff6f960bcfca36200af90515a95b984884ae",
        ];
        let ids = |plan: &str| planned(plan).map(|all| all.into_iter().map(|change| change.id).collect::<Vec<_>>());
        assert_eq!(ids(plan).unwrap(), wanted);
        assert_eq!(ids(&plan.replace('\n', "\r\n")).unwrap(), wanted);
        for not_a_plan in [
            "a 2026-01-01T09:00:00Z Ann <a@b>\n",
            "%project=p\na\n",
            "%project=p\na 2026 <a@b>\n",
        ] {
            assert_eq!(ids(not_a_plan), None, "{not_a_plan}");
        }
    }
}
