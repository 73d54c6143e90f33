//! Where a ledger is: what to do where the schema that is current has none.

use crate::code::Code;
use crate::plan::{Finding, Severity};

/// A ledger of that name somewhere in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The schema that holds it.
    pub schema: String,
    /// The name of its history table.
    pub history: String,
    /// Whose it is.
    pub owner: Owner,
    /// Whether the user may read it.
    pub rights: Rights,
}

/// Whom a ledger belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// The user that migrates, or a role that he is a member of.
    Ours,
    /// Another role.
    Other(String),
}

/// Whether somebody may read a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// He may.
    Granted,
    /// The catalog shows it, and its rows are kept from him.
    Denied,
}

/// Who said which schema is the current one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Chosen {
    /// Whoever connects: it is said in the URL.
    #[default]
    Connection,
    /// The server, the database or the role: every connection of that user has it, until somebody changes it.
    Standing,
}

/// What an engine finds of ledgers outside the schema that is current.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Who said which schema is the current one.
    pub chosen: Chosen,
    /// The schemas in which names without one are looked for, in their order.
    pub path: Vec<String>,
    /// The ledgers, in the order of their schemas.
    pub found: Vec<Place>,
}

/// Where the ledger is, and what is worth knowing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whereabouts {
    /// It belongs into the schema that is current.
    Here(Option<Finding>),
    /// It is in another one.
    There(String, Finding),
    /// Nobody can tell: nothing is done before somebody has said it.
    Unknown(Finding),
}

/// What is asked: where is the ledger that the current schema lacks?
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The schema that is current.
    pub here: &'a str,
    /// The schema that the configuration names.
    pub configured: Option<&'a str>,
    /// The name of its history table.
    pub history: &'a str,
}

/// Decides where the ledger is.
///
/// A name without a schema means the first table of that name on the path, and so does this where the path is the one that the user
/// always has: somebody has put a schema before the one that it was. A path that was said for this connection may lead past the ledger of
/// somebody else, as with a schema for each tenant, so another one is begun there unless it lies on the path. In doubt nothing is
/// done.
pub fn find(question: &Question<'_>, places: &Places) -> Whereabouts {
    let Question {
        here,
        configured,
        history,
    } = *question;
    let others = || (!places.found.is_empty()).then(|| beside(here, &places.found));
    if configured.is_some() {
        return Whereabouts::Here(others());
    }
    let candidates: Vec<&Place> = places.found.iter().filter(|place| place.history == history).collect();
    let on_path = places
        .path
        .iter()
        .find_map(|schema| candidates.iter().find(|place| place.schema == *schema));
    let is_first = places.path.first().is_some_and(|first| first == here);
    match (on_path, places.chosen) {
        (Some(place), Chosen::Standing) if is_first && place.owner == Owner::Ours => {
            return Whereabouts::There(place.schema.clone(), moved(here, place));
        }
        (Some(place), _) => return Whereabouts::Unknown(doubtful(here, place)),
        (None, Chosen::Connection) => return Whereabouts::Here(others()),
        (None, Chosen::Standing) => {}
    }
    // The user has one path, so a ledger of his outside it was on it once. Of those of others one may be that of an earlier user;
    // several belong to tenants.
    let ours: Vec<&Place> = candidates
        .iter()
        .copied()
        .filter(|place| place.owner == Owner::Ours)
        .collect();
    match (ours.as_slice(), candidates.as_slice()) {
        ([place], _) | ([], [place]) => Whereabouts::Unknown(doubtful(here, place)),
        _ => Whereabouts::Here(others()),
    }
}

/// The line of the configuration that says where the ledger is.
fn line(schema: &str) -> String {
    format!("history-schema = {schema:?}")
}

fn finding(severity: Severity, message: String, help: Vec<String>) -> Finding {
    Finding::new(Code::HistoryElsewhere, severity, None, message, help)
}

fn moved(here: &str, place: &Place) -> Finding {
    let message = format!(
        "the history is in the schema `{0}`, which is not the current one any more: `{here}` is; \
         `{1}` in the configuration says so for good",
        place.schema,
        line(&place.schema)
    );
    finding(Severity::Note, message, Vec::new())
}

fn doubtful(here: &str, place: &Place) -> Finding {
    let mut message = format!(
        "there is no history in the schema `{here}`, and there is one in `{}`",
        place.schema
    );
    if let Owner::Other(owner) = &place.owner {
        message.push_str(&format!(", which belongs to `{owner}`"));
    }
    if place.rights == Rights::Denied {
        message.push_str(" and may not be read by this user");
    }
    let help = vec![
        format!(
            "{}   # in the configuration: goes on with that one",
            line(&place.schema)
        ),
        format!("{}   # begins another one in `{here}`", line(here)),
    ];
    finding(Severity::Refused, message, help)
}

fn beside(here: &str, found: &[Place]) -> Finding {
    const MOST: usize = 3;
    let named: Vec<String> = found
        .iter()
        .take(MOST)
        .map(|place| format!("`{}.{}`", place.schema, place.history))
        .collect();
    let more = match found.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    // It is said before and after one is begun.
    let place = match here {
        "" => "the database".to_owned(),
        schema => format!("the schema `{schema}`"),
    };
    let message = format!(
        "{place} was without a history; others are in {}{more}",
        named.join(", ")
    );
    finding(Severity::Note, message, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HISTORY: &str = "syncline_history";

    fn place(schema: &str, owner: &str) -> Place {
        Place {
            schema: schema.to_owned(),
            history: HISTORY.to_owned(),
            owner: match owner {
                "me" => Owner::Ours,
                other => Owner::Other(other.to_owned()),
            },
            rights: Rights::Granted,
        }
    }

    /// `here` with a note, `there SCHEMA`, or `?` with the ways out.
    fn said(here: &str, configured: Option<&str>, places: &Places) -> String {
        let question = Question {
            here,
            configured,
            history: HISTORY,
        };
        match find(&question, places) {
            Whereabouts::Here(None) => "here".to_owned(),
            Whereabouts::Here(Some(_)) => "here, noted".to_owned(),
            Whereabouts::There(schema, _) => format!("there: {schema}"),
            Whereabouts::Unknown(finding) => {
                let way = |help: &String| help.split("   #").next().unwrap_or_default().to_owned();
                finding.help.iter().map(way).collect::<Vec<_>>().join(" | ")
            }
        }
    }

    #[test]
    fn a_ledger_is_gone_on_with_only_where_it_can_be_no_other() {
        use Chosen::{Connection, Standing};
        const BOTH: &str = "history-schema = \"public\" | history-schema = \"shop\"";
        let of = |schemas: &[(&str, &str)]| -> Vec<Place> {
            schemas.iter().map(|(schema, owner)| place(schema, owner)).collect()
        };
        for (why, here, path, chosen, found, expected) in [
            ("nothing anywhere", "public", "public", Standing, of(&[]), "here"),
            (
                "a schema of the user's was made",
                "shop",
                "shop public",
                Standing,
                of(&[("public", "me")]),
                "there: public",
            ),
            (
                "others have theirs beside",
                "shop",
                "shop public",
                Standing,
                of(&[("a", "a"), ("b", "me"), ("public", "me")]),
                "there: public",
            ),
            (
                "the first on the path counts",
                "shop",
                "shop app public",
                Standing,
                of(&[("app", "me"), ("public", "me")]),
                "there: app",
            ),
            (
                "it belongs to another",
                "shop",
                "shop public",
                Standing,
                of(&[("public", "owner")]),
                BOTH,
            ),
            (
                "the URL says the path",
                "shop",
                "shop public",
                Connection,
                of(&[("public", "me")]),
                BOTH,
            ),
            (
                "the path is not what it was at the start",
                "shop",
                "other public",
                Standing,
                of(&[("public", "me")]),
                BOTH,
            ),
            (
                "another path for all",
                "shop",
                "shop",
                Standing,
                of(&[("public", "me")]),
                BOTH,
            ),
            (
                "another path for all, beside those of others",
                "shop",
                "shop",
                Standing,
                of(&[("a", "a"), ("b", "b"), ("public", "me")]),
                BOTH,
            ),
            (
                "another user",
                "shop",
                "shop",
                Standing,
                of(&[("public", "before")]),
                BOTH,
            ),
            (
                "the second tenant, by the URL",
                "b",
                "b",
                Connection,
                of(&[("a", "me")]),
                "here, noted",
            ),
            (
                "the third tenant, by the URL",
                "c",
                "c public",
                Connection,
                of(&[("a", "me"), ("b", "me")]),
                "here, noted",
            ),
            (
                "the third tenant, by the role",
                "c",
                "c public",
                Standing,
                of(&[("a", "a"), ("b", "b")]),
                "here, noted",
            ),
            (
                "tenants of one user",
                "c",
                "c",
                Standing,
                of(&[("a", "me"), ("b", "me")]),
                "here, noted",
            ),
        ] {
            let places = Places {
                chosen,
                path: path.split(' ').map(str::to_owned).collect(),
                found,
            };
            assert_eq!(said(here, None, &places), expected, "{why}");
            // What is configured holds.
            let noted = if places.found.is_empty() { "here" } else { "here, noted" };
            assert_eq!(said(here, Some(here), &places), noted, "{why}");
        }
    }

    #[test]
    fn a_ledger_of_another_name_is_another_one() {
        let places = Places {
            chosen: Chosen::Standing,
            path: vec!["shop".to_owned(), "public".to_owned()],
            found: vec![Place {
                history: "other".to_owned(),
                ..place("public", "me")
            }],
        };
        assert_eq!(said("shop", None, &places), "here, noted");
    }

    #[test]
    fn a_refusal_says_whose_it_is_and_that_it_may_not_be_read() {
        let hidden = Place {
            rights: Rights::Denied,
            ..place("public", "owner")
        };
        let message = doubtful("shop", &hidden).message;
        assert!(
            message.contains("`owner`") && message.contains("may not be read"),
            "{message}"
        );
    }
}
