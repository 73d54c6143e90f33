//! Which table is the history that is meant, and whose it is: by all that tables, rows and files show, and by what somebody has said.
//!
//! Pure: tables and rows go in. In doubt nothing is chosen, and each choice is told as a command.

use super::shape::ShownBy;
use super::{Row, TOOLS, Table, Tells, Tool};
use crate::code::Code;
use crate::plan::{Finding, Origin, Severity};
use crate::shell::quote;

/// What somebody has said of the history that is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The tool.
    pub tool: Option<String>,
    /// The table, perhaps with its schema before a dot. Names that hold dots or quotes stand in double quotes.
    pub table: Option<String>,
}

impl Wanted {
    /// The schemas that may be meant.
    pub(crate) fn schemas(&self) -> Vec<String> {
        let text = self.table.as_deref().unwrap_or_default();
        readings(text).into_iter().filter_map(|(schema, _)| schema).collect()
    }
}

/// A table that may be the history of a tool.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub tool: &'static dyn Tool,
    pub table: &'a Table,
}

/// What is known before rows are read.
pub(crate) struct Question<'a> {
    pub tables: &'a [Table],
    /// The schemas in which names are looked for, in their order.
    pub path: &'a [String],
    pub wanted: &'a Wanted,
    /// The layout of the files, where it is that of a tool.
    pub layout: Option<&'a str>,
}

/// How many tables and tools are proposed.
const PROPOSED: usize = 6;

/// What helps where there is nothing to be taken over.
const BASELINE: &str = "syncline baseline VERSION   # records what is in it already";

/// The tables that show by themselves that they are a history, each with its tool.
pub(crate) fn found<'a>(tables: &'a [Table], from: Option<&str>) -> Vec<Candidate<'a>> {
    let shows = |tool: &'static dyn Tool, table: &Table| {
        let shape = tool.shape();
        shape.fits(table)
            && match shape.shown_by {
                ShownBy::Columns => true,
                ShownBy::Name => shape.is_named(&table.name),
                // Somebody who names the tool knows more than the tables show.
                ShownBy::Mark(mark) => shape.is_named(&table.name) && (from.is_some() || mark(table, tables)),
            }
    };
    let all = tools(from).flat_map(|tool| tables.iter().map(move |table| Candidate { tool, table }));
    all.filter(|candidate| shows(candidate.tool, candidate.table)).collect()
}

fn tools(from: Option<&str>) -> impl Iterator<Item = &'static dyn Tool> {
    let is_meant = move |tool: &&'static dyn Tool| from.is_none_or(|name| name == tool.name());
    TOOLS.iter().copied().filter(is_meant)
}

impl<'a> Question<'a> {
    /// The tables whose rows have to be read, each with a tool that may have written them.
    pub fn candidates(&self) -> Result<Vec<Candidate<'a>>, Finding> {
        if let Some(text) = &self.wanted.table {
            return self.of(self.named(text)?);
        }
        let own = found(self.tables, self.wanted.tool.as_deref());
        let mut near = own.clone();
        near.retain(|candidate| self.is_near(candidate.table) || candidate.tool.keeps_apart());
        // Of one tool's tables in several schemas, the nearest.
        let all = near.clone();
        near.retain(|candidate| {
            let its = all.iter().filter(|other| other.tool.name() == candidate.tool.name());
            its.map(|other| self.distance(other.table)).min() == Some(self.distance(candidate.table))
        });
        match (near.as_slice(), own.as_slice()) {
            ([], []) => Err(self.nothing()),
            ([], far) => Err(out_of_sight(far, self.wanted.tool.as_deref())),
            _ => Ok(near),
        }
    }

    /// The one that is meant, now that rows are known.
    pub fn choose(&self, candidates: &[(Candidate<'a>, Vec<Row<'_>>)]) -> Result<Candidate<'a>, Finding> {
        let denied: Vec<String> = candidates
            .iter()
            .filter_map(|(candidate, rows)| denial(*candidate, rows))
            .collect();
        let mut left: Vec<Candidate<'a>> = candidates
            .iter()
            .filter(|(candidate, rows)| denial(*candidate, rows).is_none())
            .map(|(candidate, _)| *candidate)
            .collect();
        // Twins are told apart by what only one of them leaves, and by whose files they are.
        let all = left.clone();
        left.retain(|candidate| {
            let shown = |other: &&Candidate<'_>| is_of(other.table, candidate.table) && self.is_shown(other);
            all.iter().filter(shown).count() == 0 || self.is_shown(candidate)
        });
        if left.len() > 1 {
            let is_of_the_files = |candidate: &&Candidate<'_>| self.layout == Some(candidate.tool.name());
            let of_the_files: Vec<Candidate<'a>> = left.iter().filter(is_of_the_files).copied().collect();
            let is_twin = left.iter().all(|candidate| is_of(candidate.table, left[0].table));
            if let ([only], false) = (of_the_files.as_slice(), is_twin) {
                return Ok(*only);
            }
        }
        match left.as_slice() {
            [only] => Ok(*only),
            [] => {
                let help = self.other_tools(candidates.iter().map(|(candidate, _)| candidate.table));
                Err(finding(denied.join("; "), help))
            }
            several => Err(ask(several, self.wanted.tool.as_deref())),
        }
    }

    /// The tools that may have written a table that somebody has named.
    fn of(&self, table: &'a Table) -> Result<Vec<Candidate<'a>>, Finding> {
        let from = self.wanted.tool.as_deref();
        let fitting = tools(from).filter(|tool| tool.shape().fits(table));
        let mut all: Vec<Candidate<'a>> = fitting.map(|tool| Candidate { tool, table }).collect();
        // Columns that have their names from a tool are that tool's.
        if !all.iter().all(|candidate| candidate.tool.shape().takes_any_name()) {
            all.retain(|candidate| !candidate.tool.shape().takes_any_name());
        }
        let mut marked: Vec<Candidate<'a>> = all
            .iter()
            .filter(|candidate| self.is_marked(candidate))
            .copied()
            .collect();
        // The name that a tool gives its table by default counts more than what lies beside it.
        let is_named = |candidate: &Candidate<'_>| candidate.tool.shape().is_named(&table.name);
        if marked.iter().any(is_named) {
            marked.retain(|candidate| is_named(candidate) || self.layout == Some(candidate.tool.name()));
        }
        let (shown, columns) = (table.full(), columns(table));
        match (
            marked.as_slice(),
            all.as_slice(),
            from.and_then(|name| tools(Some(name)).next()),
        ) {
            ([], [], Some(tool)) => {
                let why = tool.shape().lacks(table).unwrap_or_default();
                let message = format!("`{shown}` is no history of {}: it {why}", tool.name());
                Err(finding(message, self.other_tools([table])))
            }
            ([], [], None) => {
                let message = format!("`{shown}` is no history of a tool that is known: its columns are {columns}");
                let mut help = commands(&found(self.tables, None), None);
                help.push(BASELINE.to_owned());
                Err(finding(message, help))
            }
            ([], ..) => Ok(all),
            _ => Ok(marked),
        }
    }

    /// The table that a text names: as it is written, or else in other capitals.
    fn named(&self, text: &str) -> Result<&'a Table, Finding> {
        let readings = readings(text);
        let same: [fn(&str, &str) -> bool; 2] = [|a, b| a == b, |a, b| a.to_lowercase() == b.to_lowercase()];
        for same in same {
            let is_meant = |table: &&Table| {
                readings.iter().any(|(schema, name)| {
                    same(&table.name, name) && schema.as_ref().is_none_or(|schema| same(&table.home, schema))
                })
            };
            let is_qualified = |table: &&Table| {
                let mut with_schema = readings
                    .iter()
                    .filter_map(|(schema, name)| Some((schema.as_ref()?, name)));
                with_schema.any(|(schema, name)| same(&table.name, name) && same(&table.home, schema))
            };
            let all: Vec<&'a Table> = self.tables.iter().filter(is_meant).collect();
            let near = all.iter().map(|table| self.distance(table)).min();
            let mut meant = all.clone();
            meant.retain(|table| is_qualified(table) || Some(self.distance(table)) == near);
            match meant.as_slice() {
                [] => {}
                [only] if self.is_near(only) || is_qualified(only) => return Ok(*only),
                several => {
                    let message = match several {
                        [only] => format!(
                            "the table `{text}` is in the schema `{}`, where this connection looks for nothing",
                            only.home
                        ),
                        _ => format!("`{text}` could be more than one table"),
                    };
                    let help = several
                        .iter()
                        .map(|table| format!("syncline adopt {}--table {}", self.from(), typed(table, true)));
                    return Err(finding(message, help.take(PROPOSED).collect()));
                }
            }
        }
        let own = found(self.tables, self.wanted.tool.as_deref());
        let mut help = commands(&own, self.wanted.tool.as_deref());
        if help.is_empty() {
            help.push(BASELINE.to_owned());
        }
        Err(finding(format!("there is no table `{text}` in the database"), help))
    }

    /// Why nothing was found, and what may be meant.
    fn nothing(&self) -> Finding {
        let from = self.wanted.tool.as_deref();
        let mut message = match from {
            Some(name) => format!("there is no history of {name} in the database"),
            None => "there is no history of another tool in the database".to_owned(),
        };
        if let Some(tool) = from.and_then(|name| tools(Some(name)).next()) {
            let named = self.tables.iter().find(|table| tool.shape().is_named(&table.name));
            if let Some((table, why)) = named.and_then(|table| Some((table, tool.shape().lacks(table)?))) {
                message.push_str(&format!(": `{}` {why}", table.full()));
            }
        }
        let near = self.tables.iter().filter(|table| self.is_near(table));
        let mut like: Vec<Candidate<'_>> = near
            .flat_map(|table| tools(from).map(move |tool| Candidate { tool, table }))
            .filter(|candidate| candidate.tool.shape().suggests(candidate.table))
            .collect();
        // Of tools with the same columns the one whose files these are, or the likely one first.
        like.sort_by_key(|candidate| !self.is_marked(candidate));
        let is_of_the_files = |candidate: &Candidate<'_>| self.layout == Some(candidate.tool.name());
        let is_meant = |candidate: &&Candidate<'_>| {
            let mut twins = like.iter().filter(|other| is_of(other.table, candidate.table));
            is_of_the_files(candidate) || !twins.any(is_of_the_files)
        };
        let meant = like.iter().filter(is_meant);
        let help = meant.take(PROPOSED).map(|candidate| {
            let (tool, table) = (candidate.tool.name(), typed(candidate.table, false));
            format!("syncline adopt --from {tool} --table {table}   # if that is one: it has the columns of {tool}")
        });
        finding(message, help.chain([BASELINE.to_owned()]).collect())
    }

    /// Whether nothing is missing that shows such a table to be that of the tool.
    fn is_marked(&self, candidate: &Candidate<'_>) -> bool {
        !matches!(candidate.tool.shape().shown_by, ShownBy::Mark(_)) || self.is_shown(candidate)
    }

    /// Whether something shows that a table is that of the tool and not of another one with the same columns.
    fn is_shown(&self, candidate: &Candidate<'_>) -> bool {
        let has_mark = match candidate.tool.shape().shown_by {
            ShownBy::Mark(mark) => mark(candidate.table, self.tables),
            _ => false,
        };
        has_mark || self.layout == Some(candidate.tool.name())
    }

    /// How near a table is: the current schema first, then the others in which names without a schema are looked for.
    fn distance(&self, table: &Table) -> usize {
        match table.schema.as_str() {
            "" => 0,
            schema => {
                let at = self.path.iter().position(|other| other == schema);
                at.map_or(usize::MAX, |at| at + 1)
            }
        }
    }

    fn is_near(&self, table: &Table) -> bool {
        self.distance(table) < usize::MAX
    }

    /// The tool that somebody has named, as it is typed.
    fn from(&self) -> String {
        let tool = self.wanted.tool.as_ref();
        tool.map_or_else(String::new, |tool| format!("--from {tool} "))
    }

    /// Other tools that could have written these tables.
    fn other_tools<'b>(&self, tables: impl IntoIterator<Item = &'b Table>) -> Vec<String> {
        let mut help: Vec<String> = Vec::new();
        for table in tables {
            let fits = |tool: &&'static dyn Tool| {
                self.wanted.tool.as_deref() != Some(tool.name()) && tool.shape().suggests(table)
            };
            let command = |tool: &'static dyn Tool| {
                format!(
                    "syncline adopt --from {} --table {}   # its columns are those of {0}",
                    tool.name(),
                    typed(table, false)
                )
            };
            help.extend(tools(None).filter(fits).map(command));
        }
        help.dedup();
        help.truncate(PROPOSED);
        help.push(BASELINE.to_owned());
        help
    }
}

/// Why the rows cannot be those of the tool.
fn denial(candidate: Candidate<'_>, rows: &[Row<'_>]) -> Option<String> {
    let (tool, table) = (candidate.tool, candidate.table.full());
    if tool.tells() == Tells::Reached && rows.len() > 1 {
        let many = rows.len();
        return Some(format!(
            "`{table}` is no history of {0}: it has {many} rows, and that of {0} has one",
            tool.name()
        ));
    }
    let row = rows.iter().find(|row| !tool.could_write(row))?;
    Some(format!(
        "`{table}` is no history of {0}: {0} writes no row like {row}",
        tool.name()
    ))
}

fn is_of(one: &Table, other: &Table) -> bool {
    one.home == other.home && one.name == other.name
}

/// Why a table is not taken over that nobody has named: the history of another one was, and this may be that of another application.
pub(crate) fn second(tool: &str, table: &Table, wanted: &Wanted, known: &[Option<Origin>]) -> Option<Finding> {
    let origin = Origin {
        tool: tool.to_owned(),
        table: table.full(),
    };
    let is_named =
        wanted.table.is_some() || wanted.tool.is_some() && known.iter().flatten().all(|its| its.tool != tool);
    if known.is_empty() || is_named || known.contains(&None) || known.contains(&Some(origin.clone())) {
        return None;
    }
    let list: Vec<String> = known
        .iter()
        .flatten()
        .map(|its| format!("{} (`{}`)", its.tool, its.table))
        .collect();
    let message = format!(
        "the history that was taken over is that of {}, and `{}` is another one of {tool}",
        list.join(", "),
        origin.table
    );
    let again = known
        .iter()
        .flatten()
        .map(|its| format!("syncline adopt {}   # goes on with that one", its.words()));
    let new = format!(
        "syncline adopt --from {tool} --table {}   # takes over this one as well",
        typed(table, false)
    );
    Some(finding(message, again.take(PROPOSED).chain([new]).collect()))
}

fn out_of_sight(far: &[Candidate<'_>], from: Option<&str>) -> Finding {
    let message = match far {
        [only] => format!(
            "the history of {} is in the schema `{}`, where this connection looks for nothing",
            only.tool.name(),
            only.table.home
        ),
        several => format!(
            "there are histories in schemas where this connection looks for nothing: {}",
            list(several)
        ),
    };
    // The schema of the history may be the one that scripts ran in, and may be the history's alone.
    let mut homes: Vec<&str> = far.iter().map(|candidate| candidate.table.home.as_str()).collect();
    homes.sort_unstable();
    homes.dedup();
    let path = |home: &&str| {
        format!(
            "options=-csearch_path={home}   # in the URL instead, if the tables that the migrations made are in `{home}` as well"
        )
    };
    let paths = homes.iter().take(PROPOSED).map(path);
    finding(message, commands(far, from).into_iter().chain(paths).collect())
}

fn ask(several: &[Candidate<'_>], from: Option<&str>) -> Finding {
    let is_one_table = several.iter().all(|other| is_of(other.table, several[0].table));
    let message = match is_one_table {
        true => {
            let names: Vec<&str> = several.iter().map(|candidate| candidate.tool.name()).collect();
            let table = several[0].table.full();
            format!("`{table}` could be the history of {}", names.join(" or of "))
        }
        false => format!("there is more than one history in the database: {}", list(several)),
    };
    finding(message, commands(several, from))
}

/// The tables, each behind its tool.
fn list(candidates: &[Candidate<'_>]) -> String {
    let told = |candidate: &Candidate<'_>| format!("{} (`{}`)", candidate.tool.name(), candidate.table.full());
    candidates.iter().map(told).collect::<Vec<_>>().join(", ")
}

/// The commands that choose each of them. Where a tool is said, it is said again: without it, a table may show another one.
fn commands(candidates: &[Candidate<'_>], from: Option<&str>) -> Vec<String> {
    let command = |candidate: &Candidate<'_>| {
        let name = candidate.tool.name();
        let twins = candidates
            .iter()
            .filter(|other| is_of(other.table, candidate.table))
            .count();
        let table = typed(candidate.table, false);
        match twins {
            1 if from.is_none() => format!("syncline adopt --table {table}   # that of {name}"),
            _ => format!("syncline adopt --from {name} --table {table}"),
        }
    };
    candidates.iter().take(PROPOSED).map(command).collect()
}

fn columns(table: &Table) -> String {
    let names = table.columns.iter().map(|column| format!("`{}`", column.name));
    let some: Vec<String> = names.take(PROPOSED).collect();
    match table.columns.len() > PROPOSED {
        true => format!("{}, …", some.join(", ")),
        false => some.join(", "),
    }
}

/// A table as it is typed for a shell, so that it means no other one.
fn typed(table: &Table, in_full: bool) -> String {
    let part = |name: &str| match in_full || name.contains(['.', '"', '`', '[']) || name.is_empty() {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.to_owned(),
    };
    let name = match in_full || !table.schema.is_empty() {
        true if !table.home.is_empty() => format!("{}.{}", part(&table.home), part(&table.name)),
        _ => part(&table.name),
    };
    quote(&name)
}

/// What a text may mean, as schema and name: a name without quotes may hold dots.
fn readings(text: &str) -> Vec<(Option<String>, String)> {
    if let Some(parts) = quoted(text) {
        return match <[String; 2]>::try_from(parts) {
            Ok([schema, name]) => vec![(Some(schema), name)],
            Err(mut parts) => vec![(None, parts.pop().unwrap_or_default())],
        };
    }
    let whole = (None, text.to_owned());
    let split = text
        .match_indices('.')
        .map(|(at, _)| (Some(text[..at].to_owned()), text[at + 1..].to_owned()));
    std::iter::once(whole).chain(split).collect()
}

/// The one or two parts of a name in which quotes are used as any engine does; `None` where there are none.
fn quoted(text: &str) -> Option<Vec<String>> {
    if !text.contains(['"', '`', '[']) {
        return None;
    }
    let (mut parts, mut rest) = (Vec::new(), text);
    loop {
        let close = match rest.chars().next()? {
            '[' => Some(']'),
            quote @ ('"' | '`') => Some(quote),
            _ => None,
        };
        let (part, after) = match close {
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
            Some(close) => {
                let inner = &rest[1..];
                let mut part = String::new();
                let mut chars = inner.char_indices().peekable();
                let end = loop {
                    let (at, c) = chars.next()?;
                    if c != close {
                        part.push(c);
                    } else if chars.next_if(|(_, next)| *next == close).is_some() {
                        part.push(close);
                    } else {
                        break at + c.len_utf8();
                    }
                };
                (part, &inner[end..])
            }
        };
        parts.push(part);
        match (after, parts.len()) {
            ("", _) => return Some(parts),
            (after, 1) => rest = after.strip_prefix('.')?,
            _ => return None,
        }
    }
}

fn finding(message: String, help: Vec<String>) -> Finding {
    Finding::new(Code::NoForeignHistory, Severity::Refused, None, message, help)
}

#[cfg(test)]
mod tests;
