//! The texts that Liquibase's checksums are made of: those of a change set, as they stand in its file. They are not those that are run,
//! where an end delimiter or a directive has been put in another way.

use roxmltree::{Document, Node};

use super::change_set::{ChangeSet, How};
use super::{changelog, formatted};
use crate::catalog::source::Draft;

/// A change of a change set.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub text: String,
    pub how: How,
    /// Whether it is a `sqlFile`, whose sum is that of the file as it is.
    pub is_file: bool,
}

/// What a change set is called within its file.
pub(crate) fn in_file(author: &str, id: &str) -> String {
    ChangeSet::new(author, id).in_file()
}

/// What a migration of that name is called within its file, and the file. What stands before a path may end with a colon, too.
pub(crate) fn parts(name: &str) -> (&str, &str) {
    let Some((mut within, mut file)) = name.rsplit_once(':') else {
        return (name, "");
    };
    for before in [":classpath", ":classpath*", ":file"] {
        if let Some(rest) = within.strip_suffix(before).filter(|rest| rest.contains(':')) {
            (within, file) = (rest, name.get(rest.len() + 1..).unwrap_or_default());
        }
    }
    (within, file)
}

/// The components of a path, without what Liquibase, Spring and archives put before it: `classpath:`, `classpath*:`, `file:`, `jar:…!`.
pub(crate) fn components(path: &str) -> Vec<&str> {
    let parts = path.split(['/', '\\']).map(|part| part.trim_end_matches('!'));
    let bare = parts.map(|part| part.rsplit(':').next().unwrap_or(part));
    bare.filter(|part| !part.is_empty() && *part != ".").collect()
}

/// Whether a migration of that name is this change set of its file.
fn is_it(set: &ChangeSet, name: &str) -> bool {
    let file = name.strip_prefix(&set.in_file());
    file.is_some_and(|file| file.is_empty() || file.starts_with(':'))
}

/// A change set, as its file tells of it.
pub(crate) struct Hashed {
    pub author: String,
    pub id: String,
    pub changes: Vec<Change>,
}

/// The change set of that name. `None` where the file does not hold it all. Neither author nor id are known of a file that another
/// one names.
pub(crate) fn set(path: &str, bytes: &[u8], name: &str) -> Option<Hashed> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if path.to_ascii_lowercase().ends_with(".xml") {
        return in_xml(text, name);
    }
    if formatted::is_formatted(text) {
        let sets = formatted::read(path, text, &mut Draft::default());
        let mut its = sets.into_iter().filter(|set| is_it(set, name));
        let set = its.next()?;
        let change = Change {
            text: set.up.text.trim().to_owned(),
            how: set.how,
            is_file: false,
        };
        return Some(Hashed {
            author: set.author,
            id: set.id,
            changes: vec![change],
        });
    }
    // Liquibase makes a change set of a file that says nothing of itself, and does not cut its text.
    let is_file = !is_it(&ChangeSet::new(RAW.0, RAW.1), name);
    let change = Change {
        text: text.to_owned(),
        how: How {
            is_whole: !is_file,
            keeps_comments: true,
            end: None,
        },
        is_file,
    };
    let (author, id) = if is_file { ("", "") } else { RAW };
    Some(Hashed {
        author: author.to_owned(),
        id: id.to_owned(),
        changes: vec![change],
    })
}

/// Author and id that Liquibase gives a file that says nothing of itself.
pub(crate) const RAW: (&str, &str) = ("includeAll", "raw");

fn in_xml(text: &str, name: &str) -> Option<Hashed> {
    let document = Document::parse(text).ok()?;
    let root = document.root_element();
    if root.tag_name().name() != changelog::ROOT {
        return None;
    }
    let attribute = |node: Node<'_, '_>, name: &str| node.attribute(name).unwrap_or_default().to_owned();
    let is_named = |node: &Node<'_, '_>| {
        let set = ChangeSet::new(&attribute(*node, "author"), &attribute(*node, "id"));
        node.tag_name().name() == "changeSet" && is_it(&set, name)
    };
    let found = root.children().find(is_named)?;
    let mut changes = Vec::new();
    for node in found.children().filter(Node::is_element) {
        match node.tag_name().name() {
            "comment" | "validCheckSum" | "preConditions" | "rollback" => {}
            "sql" => {
                let texts = node.children().filter(Node::is_text).filter_map(|child| child.text());
                changes.push(Change {
                    text: texts.collect::<String>().trim().to_owned(),
                    how: How {
                        is_whole: attribute(node, "splitStatements").eq_ignore_ascii_case("false"),
                        keeps_comments: !attribute(node, "stripComments").eq_ignore_ascii_case("true"),
                        end: node.attribute("endDelimiter").map(str::to_owned),
                    },
                    is_file: false,
                });
            }
            _ => return None,
        }
    }
    Some(Hashed {
        author: attribute(found, "author"),
        id: attribute(found, "id"),
        changes,
    })
}
