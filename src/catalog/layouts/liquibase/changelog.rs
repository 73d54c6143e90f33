//! Changelogs in XML: they name the files in their order, or hold change sets themselves.
//! <https://docs.liquibase.com/concepts/changelogs/xml-format.html>

use roxmltree::{Document, Node};

use super::change_set::{Beyond, ChangeSet, Check, OnFail, Refusal, policy};
use super::delimiter::Delimiter;
use super::formatted;
use super::parts::{self, Piece};
use super::project::Project;

pub(super) const ROOT: &str = "databaseChangeLog";

const ONLY_LIQUIBASE: &str = "write its SQL in an element `sql` (`liquibase update-sql` prints it), or keep the change set out of this directory";

/// A changelog that was parsed.
pub(super) struct Changelog<'a> {
    document: Document<'a>,
    /// Where its lines begin.
    starts: Vec<usize>,
}

impl<'a> Changelog<'a> {
    pub fn new(document: Document<'a>) -> Self {
        let breaks = memchr::memchr_iter(b'\n', document.input_text().as_bytes());
        let starts = std::iter::once(0).chain(breaks.map(|at| at + 1)).collect();
        Self { document, starts }
    }

    /// What is in it.
    pub fn elements(&self) -> impl Iterator<Item = Node<'_, 'a>> {
        self.document.root_element().children().filter(Node::is_element)
    }

    /// Lines before a byte.
    pub fn line_of(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The line that an element begins on.
    fn line_with(&self, node: Node<'_, '_>) -> (usize, &'a str) {
        let number = self.line_of(node.range().start);
        (number, self.line(number))
    }

    fn line(&self, number: usize) -> &'a str {
        let start = self.starts.get(number).copied().unwrap_or_default();
        let rest = self.document.input_text().get(start..).unwrap_or_default();
        rest.lines().next().unwrap_or_default()
    }
}

/// A changelog that is being read, and its name.
#[derive(Clone, Copy)]
struct Here<'a> {
    name: &'a str,
    log: &'a Changelog<'a>,
}

/// Whether a `relativeToChangelogFile` says yes.
pub(super) fn is_relative(node: Node<'_, '_>) -> bool {
    node.attribute("relativeToChangelogFile")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Reads the changelog of that name, and what it includes.
pub(super) fn read(project: &mut Project<'_>, name: &str) {
    let Some(log) = project.documents.get(name) else {
        return;
    };
    let here = Here { name, log };
    for node in log.elements() {
        let read = match node.tag_name().name() {
            "include" => include(project, name, node),
            "includeAll" => include_all(project, name, node),
            "property" => {
                formatted::property(&attributes(node)).map(|property| project.draft.properties.push(property))
            }
            "changeSet" => {
                change_set(project, here, node);
                Ok(())
            }
            "preConditions" => Err((
                "preconditions of a whole changelog are not supported".to_owned(),
                "remove them; `database-id` of a target keeps a run from the wrong database",
            )),
            other => Err((
                format!("`{other}` is not supported in a changelog"),
                "it takes `include`, `includeAll`, `property` and `changeSet`",
            )),
        };
        refuse(project, here, node, read);
    }
}

fn refuse(project: &mut Project<'_>, here: Here<'_>, node: Node<'_, '_>, read: Result<(), Refusal>) {
    if let Err((message, help)) = read {
        let path = project.path(here.name);
        project
            .draft
            .problem_at("layout", &path, here.log.line_with(node), message, help);
    }
}

/// What is refused of a change set unless the configuration says that it is not run.
fn beyond(
    set: &mut ChangeSet,
    project: &Project<'_>,
    here: Here<'_>,
    node: Node<'_, '_>,
    (word, read): (&str, Result<(), Refusal>),
) {
    if let Err(refusal) = read {
        let (number, line) = here.log.line_with(node);
        set.beyond.push(Beyond {
            word: word.to_owned(),
            path: project.path(here.name),
            line: (number, line.to_owned()),
            refusal,
        });
    }
}

fn attributes(node: Node<'_, '_>) -> Vec<(String, String)> {
    let pair = |attribute: roxmltree::Attribute<'_, '_>| (attribute.name().to_owned(), attribute.value().to_owned());
    node.attributes().map(pair).collect()
}

fn required<'a>(node: Node<'a, '_>, name: &str) -> Result<&'a str, Refusal> {
    node.attribute(name)
        .ok_or_else(|| (format!("it has no `{name}`"), "add it"))
}

/// What an element says besides `known`, which is not supported.
fn only(node: Node<'_, '_>, known: &[&str]) -> Result<(), Refusal> {
    let is_other = |attribute: &roxmltree::Attribute<'_, '_>| !known.contains(&attribute.name());
    match node.attributes().find(is_other) {
        None => Ok(()),
        Some(other) => Err((
            format!("`{}` of `{}` is not supported", other.name(), node.tag_name().name()),
            "remove it if it changes nothing; syncline has neither contexts nor labels, and reads files in the order of their paths",
        )),
    }
}

fn include(project: &mut Project<'_>, name: &str, node: Node<'_, '_>) -> Result<(), Refusal> {
    if node.attribute("ignore").is_some_and(|value| value == "true") {
        return Ok(());
    }
    let known = [
        "file",
        "relativeToChangelogFile",
        "errorIfMissing",
        "logicalFilePath",
        "ignore",
    ];
    only(node, &known)?;
    let file = required(node, "file")?;
    match project.find(name, file, is_relative(node)) {
        Ok(found) => project.include(&found),
        Err(_) if node.attribute("errorIfMissing").is_some_and(|value| value == "false") => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

fn include_all(project: &mut Project<'_>, name: &str, node: Node<'_, '_>) -> Result<(), Refusal> {
    let known = [
        "path",
        "relativeToChangelogFile",
        "errorIfMissingOrEmpty",
        "logicalFilePath",
    ];
    only(node, &known)?;
    let files = project.below(name, required(node, "path")?, is_relative(node))?;
    for file in files {
        project.include(&file)?;
    }
    Ok(())
}

fn change_set(project: &mut Project<'_>, here: Here<'_>, node: Node<'_, '_>) {
    let mut set = ChangeSet::new(
        node.attribute("author").unwrap_or_default(),
        node.attribute("id").unwrap_or_default(),
    );
    for (key, value) in attributes(node) {
        let read = set.attribute(&key, &value);
        beyond(&mut set, project, here, node, (&key, read));
    }
    let (mut up, mut down) = (Vec::new(), None);
    for child in node.children().filter(Node::is_element) {
        let read = match child.tag_name().name() {
            // The second speaks of the checksums in Liquibase's own table.
            "comment" | "validCheckSum" => Ok(()),
            "preConditions" => preconditions(&mut set, child),
            "rollback" => rollback(project, here, child, down.get_or_insert_with(Vec::new)),
            "sql" | "sqlFile" => piece(project, here, child).map(|piece| up.extend(piece)),
            other => {
                let read = Err((
                    format!("`{other}` is no SQL, and only Liquibase can run it"),
                    ONLY_LIQUIBASE,
                ));
                beyond(&mut set, project, here, child, (other, read));
                Ok(())
            }
        };
        refuse(project, here, child, read);
    }
    if set.file.is_empty() {
        let root = here.log.document.root_element();
        set.file = root.attribute("logicalFilePath").unwrap_or(here.name).to_owned();
    }
    let (path, shown) = (project.path(here.name), set.in_file());
    set.up = parts::together(up, &path, &shown);
    set.down = down.map(|pieces| parts::together(pieces, &path, &shown));
    project.sets.push(set);
}

fn no_sql(change: &str) -> Refusal {
    let message = format!("`{change}` is no SQL, and only Liquibase can run it");
    (message, ONLY_LIQUIBASE)
}

/// A change that is SQL.
fn piece(project: &mut Project<'_>, here: Here<'_>, node: Node<'_, '_>) -> Result<Option<Piece>, Refusal> {
    let piece = match node.tag_name().name() {
        "sql" => {
            only(node, &["splitStatements", "stripComments", "endDelimiter"])?;
            let mut elements = node.children().filter(Node::is_element);
            if let Some(other) = elements.find(|element| element.tag_name().name() != "comment") {
                let what = format!("`{}` in an element `sql`", other.tag_name().name());
                return Err((what, ONLY_LIQUIBASE));
            }
            parts::inline(here.log, node)
        }
        "sqlFile" => {
            let known = [
                "path",
                "relativeToChangelogFile",
                "encoding",
                "splitStatements",
                "stripComments",
                "endDelimiter",
            ];
            only(node, &known)?;
            let found = project.find(here.name, required(node, "path")?, is_relative(node))?;
            project.script(&found)
        }
        other => return Err(no_sql(other)),
    };
    Ok(match (piece, node.attribute("endDelimiter")) {
        (Some(piece), Some(delimiter)) => Some(piece.ended(&Delimiter::new(delimiter)?)),
        (piece, _) => piece,
    })
}

fn rollback(
    project: &mut Project<'_>,
    here: Here<'_>,
    node: Node<'_, '_>,
    down: &mut Vec<Piece>,
) -> Result<(), Refusal> {
    if let Some(other) = node.attributes().next() {
        return Err((
            format!("`{}` makes the rollback that of another change set", other.name()),
            "write the statements of that rollback here",
        ));
    }
    down.extend(parts::inline(here.log, node));
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "comment" | "empty" => {}
            _ => down.extend(piece(project, here, child)?),
        }
    }
    Ok(())
}

fn preconditions(set: &mut ChangeSet, node: Node<'_, '_>) -> Result<(), Refusal> {
    let mut on_fail = OnFail::default();
    for (key, value) in attributes(node) {
        policy(&mut on_fail, &key, &value)?;
    }
    // All have to hold anyway.
    let checks = node.children().flat_map(|child| match child.tag_name().name() {
        "and" => child.children().collect(),
        _ => vec![child],
    });
    for check in checks.filter(Node::is_element) {
        set.precondition(on_fail, precondition(check)?)?;
    }
    Ok(())
}

fn precondition(node: Node<'_, '_>) -> Result<Check, Refusal> {
    Ok(match node.tag_name().name() {
        "sqlCheck" => Check::Sql {
            answer: required(node, "expectedResult")?.to_owned(),
            sql: node.text().unwrap_or_default().to_owned(),
        },
        "changeLogPropertyDefined" => {
            only(node, &["property"])?;
            Check::Declared(required(node, "property")?.to_owned())
        }
        "dbms" => Check::Database(required(node, "type")?.to_owned()),
        other => {
            return Err((
                format!("the precondition `{other}` is not read"),
                "write it as an `sqlCheck`, or remove it",
            ));
        }
    })
}
