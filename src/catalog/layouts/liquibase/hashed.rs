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

/// The name that a change set has as a migration.
pub(crate) fn name(author: &str, id: &str) -> String {
    ChangeSet::new(author, id).name()
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
        let mut its = sets.into_iter().filter(|set| set.name() == name);
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
    let is_file = !name.starts_with("includeAll:");
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
    let is_it = |node: &Node<'_, '_>| {
        let set = ChangeSet::new(&attribute(*node, "author"), &attribute(*node, "id"));
        node.tag_name().name() == "changeSet" && set.name() == name
    };
    let found = root.children().find(is_it)?;
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
