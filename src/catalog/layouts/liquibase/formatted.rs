//! Formatted SQL: change sets in a script, told apart by comment lines. Liquibase reads line by line, whatever stands around a line, and
//! so it is done here. <https://docs.liquibase.com/concepts/changelogs/sql-format.html>

use super::change_set::{Beyond, ChangeSet, Check, OnFail, Part, Refusal, policy};
use crate::catalog::conditions::Property;
use crate::catalog::source::Draft;

/// Whether a file says in its first line that it is one. Blank lines do not count.
pub(in crate::catalog::layouts) fn is_formatted(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    word(first).is_some_and(|(word, rest)| {
        let rest = rest.trim_start().to_ascii_lowercase();
        word == "liquibase" && rest.starts_with("formatted")
    })
}

/// What a file calls itself in its first line, whatever its path is.
pub(super) fn logical_path(text: &str) -> Option<String> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let mut pairs = pairs(first).into_iter();
    let found = pairs.find(|(key, value)| key.eq_ignore_ascii_case("logicalFilePath") && !value.is_empty());
    found.map(|(_, value)| value)
}

/// The first word of a line that is a comment, in small letters, and what follows it.
fn word(line: &str) -> Option<(String, &str)> {
    let said = line.trim_start().strip_prefix("--")?.trim_start();
    let end = said
        .find(|c: char| c != '-' && !c.is_ascii_alphanumeric())
        .unwrap_or(said.len());
    let (word, rest) = said.split_at_checked(end)?;
    Some((word.to_ascii_lowercase(), rest.trim_end_matches(['\r', '\n'])))
}

/// Lines that are left out.
enum Ignored {
    None,
    Lines(usize),
    UntilEnd,
}

struct Rollback {
    first_line: usize,
    /// The line of the file that comes next.
    there: usize,
    text: String,
}

struct Reading<'a> {
    path: &'a str,
    sets: Vec<ChangeSet>,
    on_fail: OnFail,
    /// What the current change set has of its rollback.
    rollback: Option<Rollback>,
    ignored: Ignored,
    /// Whether a `/* liquibase rollback` is open.
    in_rollback: bool,
}

/// The change sets of a file.
pub(super) fn read(path: &str, text: &str, draft: &mut Draft) -> Vec<ChangeSet> {
    let mut reading = Reading {
        path,
        sets: Vec::new(),
        on_fail: OnFail::default(),
        rollback: None,
        ignored: Ignored::None,
        in_rollback: false,
    };
    for (number, line) in text.split_inclusive('\n').enumerate().skip(1) {
        if let Err((message, help)) = reading.line(number, line, draft) {
            draft.problem_at("layout", path, (number, line), message, help);
        }
    }
    if reading.in_rollback {
        let message = "the comment `/* liquibase rollback` is never closed";
        draft.problem("layout", path, message, "write `*/` on a line behind the statements");
    }
    reading.end_set();
    if reading.sets.is_empty() {
        draft.notes.push(format!("`{path}` holds no change set"));
    }
    reading.sets
}

impl Reading<'_> {
    fn line(&mut self, number: usize, line: &str, draft: &mut Draft) -> Result<(), Refusal> {
        if self.is_ignored(line) {
            self.keep(line_break(line));
            return Ok(());
        }
        if self.in_rollback {
            let (said, ended) = match line.trim_end().strip_suffix("*/") {
                Some(said) => (said, true),
                None => (line.trim_end_matches(['\r', '\n']), false),
            };
            self.in_rollback = !ended;
            self.take_back(number, said);
            return self.directive_line(line);
        }
        let opens = line.trim().strip_prefix("/*").map(str::trim).unwrap_or_default();
        if opens.eq_ignore_ascii_case("liquibase rollback") {
            self.in_rollback = true;
            return self.directive_line(line);
        }
        let Some((word, rest)) = word(line) else {
            return match nearly(line) {
                Some(refusal) => Err(refusal),
                None => self.text(line),
            };
        };
        let said = rest.trim_start_matches(':').trim();
        match word.as_str() {
            // Whatever follows: Liquibase reads no comment into it.
            other if other.starts_with("changeset") => {
                self.end_set();
                self.begin_set(number, line, said)
            }
            "rollback" if rest.starts_with(char::is_whitespace) => {
                self.directive_line(line)?;
                if said.to_ascii_lowercase().starts_with("changesetid") {
                    return Err((
                        "its rollback is that of another change set".to_owned(),
                        "write the statements of that rollback here",
                    ));
                }
                self.take_back(number, rest);
                Ok(())
            }
            "property" if rest.starts_with([' ', '\t', ':']) => {
                draft.properties.push(property(&pairs(&said.replace(": ", ":")))?);
                self.keep(line_break(line));
                Ok(())
            }
            "preconditions" => {
                self.directive_line(line)?;
                self.on_fail = OnFail::default();
                for (key, value) in pairs(said) {
                    policy(&mut self.on_fail, &key, &value)?;
                }
                Ok(())
            }
            "precondition-sql-check" => {
                self.directive_line(line)?;
                let check = sql_check(said)?;
                let on_fail = self.on_fail;
                self.current()?.precondition(on_fail, check)
            }
            other if other.starts_with("precondition-") => Err((
                format!("`{other}` is not read"),
                "write it as `--precondition-sql-check expectedResult:… SELECT …`",
            )),
            "ignorelines" => {
                self.ignored = match said.to_ascii_lowercase().as_str() {
                    "start" => Ignored::UntilEnd,
                    count => Ignored::Lines(count.parse().map_err(|_| {
                        (
                            format!("`ignoreLines` takes `start`, `end` or a number of lines, not `{said}`"),
                            "correct it",
                        )
                    })?),
                };
                self.keep(line_break(line));
                Ok(())
            }
            "ignore" if rest.starts_with(':') => Err((
                "Liquibase knows no line `--ignore`".to_owned(),
                "write `--ignoreLines:start` or a number of lines",
            )),
            // Liquibase keeps it beside the change set, and MariaDB would take it for SQL.
            "comment" if line.starts_with("--") && rest.strip_prefix(':').unwrap_or(rest).starts_with(' ') => {
                self.keep(line_break(line));
                Ok(())
            }
            // It speaks of the checksums in Liquibase's own table.
            "validchecksum" => self.directive_line(line),
            _ => self.text(line),
        }
    }

    fn is_ignored(&mut self, line: &str) -> bool {
        match self.ignored {
            Ignored::None => false,
            Ignored::Lines(0) => {
                self.ignored = Ignored::None;
                false
            }
            Ignored::Lines(more) => {
                self.ignored = Ignored::Lines(more - 1);
                true
            }
            Ignored::UntilEnd => {
                let ends = word(line).is_some_and(|(word, rest)| {
                    word == "ignorelines" && rest.trim_start_matches(':').trim().eq_ignore_ascii_case("end")
                });
                if ends {
                    self.ignored = Ignored::None;
                }
                true
            }
        }
    }

    fn begin_set(&mut self, number: usize, line: &str, said: &str) -> Result<(), Refusal> {
        let help = "write `--changeset author:id`, with quotes around what holds blanks";
        let (author, rest) = quoted(said, ':').ok_or_else(|| ("it has no `author:id`".to_owned(), help))?;
        let rest = rest.trim_start().strip_prefix(':').unwrap_or(rest).trim_start();
        let (id, attributes) = quoted(rest, ' ').ok_or_else(|| ("it has no id".to_owned(), help))?;
        let mut set = ChangeSet::new(author, id);
        set.up = Part {
            path: self.path.to_owned(),
            first_line: i32::try_from(number + 1).unwrap_or(i32::MAX),
            text: String::new(),
        };
        let pairs = pairs(attributes);
        for (key, value) in &pairs {
            if let Err(refusal) = set.attribute(key, value) {
                set.beyond.push(Beyond {
                    word: key.clone(),
                    path: self.path.to_owned(),
                    line: (number, line.to_owned()),
                    refusal,
                });
            }
        }
        self.on_fail = OnFail::default();
        self.sets.push(set);
        Ok(())
    }

    fn end_set(&mut self) {
        let rollback = self.rollback.take();
        if let (Some(Rollback { first_line, text, .. }), Some(set)) = (rollback, self.sets.last_mut()) {
            let said = text.trim().get(..12).unwrap_or(text.trim()).to_ascii_lowercase();
            let is_none = said.starts_with("empty") || said == "not required";
            set.down = Some(Part {
                path: self.path.to_owned(),
                first_line: i32::try_from(first_line).unwrap_or(i32::MAX),
                text: if is_none { String::new() } else { text },
            });
        }
    }

    /// Adds a line to the rollback. Lines between keep their places.
    fn take_back(&mut self, number: usize, said: &str) {
        let rollback = self.rollback.get_or_insert_with(|| Rollback {
            first_line: number,
            there: number,
            text: String::new(),
        });
        let missing = number.saturating_sub(rollback.there);
        rollback.text.push_str(&"\n".repeat(missing));
        rollback
            .text
            .push_str(said.strip_prefix(' ').unwrap_or(said).trim_end());
        rollback.text.push('\n');
        rollback.there = number + 1;
    }

    fn current(&mut self) -> Result<&mut ChangeSet, Refusal> {
        self.sets.last_mut().ok_or_else(|| {
            (
                "it stands before the first line `--changeset`".to_owned(),
                "move it behind the line of the change set that it is for",
            )
        })
    }

    /// A line that says something to Liquibase and is no SQL.
    fn directive_line(&mut self, line: &str) -> Result<(), Refusal> {
        self.current()?.up.text.push_str(line_break(line));
        Ok(())
    }

    fn keep(&mut self, text: &str) {
        if let Some(set) = self.sets.last_mut() {
            set.up.text.push_str(text);
        }
    }

    fn text(&mut self, line: &str) -> Result<(), Refusal> {
        let is_comment = line.trim().is_empty() || line.trim_start().starts_with("--");
        if self.sets.is_empty() && !is_comment {
            return Err((
                "it stands before the first line `--changeset`, and Liquibase does not run it".to_owned(),
                "move it behind that line",
            ));
        }
        self.keep(line);
        Ok(())
    }
}

/// One dash instead of two, which Liquibase refuses as well.
fn nearly(line: &str) -> Option<Refusal> {
    let said = line.trim_start().strip_prefix('-')?;
    let (word, _) = word(&format!("--{said}"))?;
    ["changeset", "rollback", "preconditions", "property", "ignorelines"]
        .contains(&word.as_str())
        .then(|| {
            (
                "one dash instead of two".to_owned(),
                "a line for Liquibase begins with two",
            )
        })
}

fn line_break(line: &str) -> &str {
    line.trim_start_matches(|c| c != '\n' && c != '\r')
}

/// A text to a letter, or in quotes, and what follows it.
fn quoted(said: &str, end: char) -> Option<(&str, &str)> {
    let found = match said.strip_prefix('"') {
        Some(rest) => rest.split_once('"'),
        None if end == ' ' => Some(said.split_once(char::is_whitespace).unwrap_or((said, ""))),
        None => said.split_once(end),
    };
    found
        .map(|(text, rest)| (text.trim(), rest))
        .filter(|(text, _)| !text.is_empty())
}

/// `key:value key:"value with blanks"`
fn pairs(said: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = said.trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == ':' || c.is_whitespace()).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        // A word by itself says nothing to Liquibase either.
        let Some(after) = after.strip_prefix(':') else {
            rest = after.trim_start();
            continue;
        };
        let (value, after) = match after.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            Some(mark) => after
                .get(1..)
                .and_then(|text| text.split_once(mark))
                .unwrap_or((after, "")),
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        pairs.push((key.to_owned(), value.to_owned()));
        rest = after.trim_start();
    }
    pairs
}

/// `expectedResult:N SELECT …`
fn sql_check(said: &str) -> Result<Check, Refusal> {
    let name = "expectedResult:";
    let rest = match said.get(..name.len()) {
        Some(head) if head.eq_ignore_ascii_case(name) => said.get(name.len()..).unwrap_or_default(),
        _ => said,
    };
    let split = match rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        Some(mark) => rest.get(1..).and_then(|text| text.split_once(mark)),
        None => rest.split_once(char::is_whitespace),
    };
    match split.map(|(answer, sql)| (answer.to_owned(), sql.trim().to_owned())) {
        Some((answer, sql)) if !sql.is_empty() => Ok(Check::Sql { answer, sql }),
        _ => Err((
            "it has no answer and question".to_owned(),
            "write `--precondition-sql-check expectedResult:N SELECT …`",
        )),
    }
}

/// What a property is, by its keys. Those of the XML are the same.
pub(super) fn property(pairs: &[(String, String)]) -> Result<Property, Refusal> {
    let (mut name, mut value, mut databases) = (None, None, None);
    for (key, said) in pairs {
        match key.to_ascii_lowercase().as_str() {
            "name" => name = Some(said),
            "value" => value = Some(said),
            "dbms" => databases = Some(said.clone()),
            "global" if said.eq_ignore_ascii_case("true") => {}
            _ => {
                return Err((
                    format!("`{key}` of a property is not supported"),
                    "declare it in `placeholders` of the configuration instead, where each target can have its own value",
                ));
            }
        }
    }
    match (name, value) {
        (Some(name), Some(value)) if !name.is_empty() && !value.contains("${") => Ok(Property {
            placeholder: format!("${{{name}}}"),
            value: value.clone(),
            databases,
        }),
        _ => Err((
            "a property without a name, or whose value is not written out".to_owned(),
            "declare it in `placeholders` of the configuration: `\"${name}\" = \"value\"`",
        )),
    }
}
