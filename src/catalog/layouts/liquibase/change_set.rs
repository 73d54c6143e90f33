//! A change set of Liquibase's, whichever format it is written in: what its attributes and preconditions are in syncline's terms.
//! <https://docs.liquibase.com/concepts/changelogs/changeset.html>

use super::delimiter::{self, Delimiter};
use crate::catalog::conditions::Condition;
use crate::catalog::layouts::adapt::{EMPTY, OUTSIDE, say};
use crate::catalog::source::{Draft, Found};
use crate::migration::{Direction, Id};
use crate::version::Version;

const AGAIN: &str = "-- syncline: run-on-change";
/// What is recorded without being run may come late.
const LATE: &str = "-- syncline: allow out-of-order reason=\"nothing of it is run\"";

/// What is not supported: what it is, and the way out.
pub(super) type Refusal = (String, &'static str);

/// A script with its place.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub path: String,
    /// Lines of the file before it.
    pub first_line: i32,
    pub text: String,
}

/// Something of a change set that only Liquibase does.
#[derive(Debug)]
pub(super) struct Beyond {
    /// What it is called in the changelog.
    pub word: String,
    pub path: String,
    /// The line of the file, counted from 0, and its text.
    pub line: (usize, String),
    pub refusal: Refusal,
}

/// What happens where a precondition does not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum OnFail {
    /// Liquibase ends with an error.
    #[default]
    Halt,
    /// It is passed over, and looked at again the next time.
    Continue,
    /// It is recorded, and never run.
    MarkRan,
    /// It is run all the same.
    Warn,
}

/// A precondition.
#[derive(Debug)]
pub(super) enum Check {
    Sql { answer: String, sql: String },
    Declared(String),
    Database(String),
}

/// How Liquibase cuts the text of a change, which is part of its older checksums.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct How {
    pub is_whole: bool,
    pub keeps_comments: bool,
    pub end: Option<String>,
}

/// A change set.
#[derive(Debug, Default)]
pub(super) struct ChangeSet {
    pub author: String,
    pub id: String,
    /// The file that it stands in, by its path from the directory on, or what it calls itself: the third part of its identity.
    pub file: String,
    pub up: Part,
    pub down: Option<Part>,
    directives: Vec<String>,
    conditions: Vec<Condition>,
    pub how: How,
    delimiter: Option<Delimiter>,
    down_delimiter: Option<Delimiter>,
    /// What cannot be done here. Whether it has to be is known when the change set gets its place.
    pub beyond: Vec<Beyond>,
}

impl ChangeSet {
    pub fn new(author: &str, id: &str) -> Self {
        Self {
            author: author.to_owned(),
            id: id.to_owned(),
            ..Self::default()
        }
    }

    /// Its name as a migration, which is its identity: author, id and file.
    pub fn name(&self) -> String {
        format!("{}:{}", self.in_file(), self.file)
    }

    /// What it is called within its file, as it is shown: an identifier may hold anything.
    pub fn in_file(&self) -> String {
        let shown = |c: char| {
            if c.is_control() || "/\\\u{202e}".contains(c) {
                '_'
            } else {
                c
            }
        };
        format!("{}:{}", self.author, self.id).chars().map(shown).collect()
    }

    /// Takes an attribute.
    pub fn attribute(&mut self, key: &str, value: &str) -> Result<(), Refusal> {
        let value = value.trim().trim_matches('"');
        let is = |word: &str| value.eq_ignore_ascii_case(word);
        match key.to_ascii_lowercase().as_str() {
            // The splitter finds the ends of statements itself, and comments mean nothing to a server.
            "splitstatements" => {
                self.how.is_whole = !is("true");
                Ok(())
            }
            "stripcomments" => {
                self.how.keeps_comments = !is("true");
                Ok(())
            }
            "logicalfilepath" => {
                value.clone_into(&mut self.file);
                Ok(())
            }
            "id" | "author" | "rollbacksplitstatements" | "created" | "objectquotingstrategy" => Ok(()),
            "runonchange" | "runalways" | "ignore" if is("false") => Ok(()),
            "runintransaction" | "failonerror" if is("true") => Ok(()),
            "onvalidationfail" if is("HALT") => Ok(()),
            "runwith" if is("jdbc") => Ok(()),
            "dbms" | "context" | "contextfilter" | "labels" | "labelfilter" if value.is_empty() => Ok(()),
            "runonchange" if is("true") => {
                self.directives.push(AGAIN.to_owned());
                Ok(())
            }
            "runintransaction" if is("false") => {
                self.directives.push(OUTSIDE.to_owned());
                Ok(())
            }
            "ignore" if is("true") => {
                self.conditions.push(Condition::Never);
                Ok(())
            }
            "dbms" => {
                self.conditions.push(Condition::Database(value.to_owned()));
                Ok(())
            }
            "enddelimiter" => {
                self.how.end = Some(value.to_owned());
                self.delimiter = Some(Delimiter::new(value)?);
                Ok(())
            }
            "rollbackenddelimiter" => {
                self.down_delimiter = Some(Delimiter::new(value)?);
                Ok(())
            }
            "runalways" => Err((
                "it runs in every run, and syncline has no such migrations".to_owned(),
                "where it sets the session, put its statements into `session` of the configuration; else let `runOnChange:true` run it when it changes",
            )),
            "context" | "contextfilter" | "labels" | "labelfilter" => Err((
                format!(
                    "`{key}` chooses change sets when Liquibase is started, and syncline has neither contexts nor labels"
                ),
                "remove it where the change set is for all databases; else keep the change set in a directory of its own, which only some targets name in `dir`",
            )),
            "failonerror" => Err((
                "`failOnError:false` goes on after an error, and syncline stops at it".to_owned(),
                "write the statement so that it cannot fail (`IF EXISTS`, `IF NOT EXISTS`), and remove the attribute",
            )),
            "runwith" | "runwithspoolfile" => Err((
                format!("`{key}` hands the change set to another program"),
                "write it so that the database itself can run it, and remove the attribute",
            )),
            "runorder" => Err((
                "`runOrder` takes the change set out of the order of the files".to_owned(),
                "move it to the place where it runs, and remove the attribute",
            )),
            _ => Err((
                format!("`{key}` with the value `{value}` means nothing to syncline"),
                "remove it if it changes nothing; else only Liquibase can run the change set",
            )),
        }
    }

    /// Whether one of these is why it is not run. Then nothing of it is, in either direction, and nothing of it is refused.
    pub fn give_up(&mut self, not_run: &[String], draft: &mut Draft) -> bool {
        let is_named = |beyond: &Beyond| not_run.iter().any(|word| word.eq_ignore_ascii_case(&beyond.word));
        if self.beyond.iter().any(is_named) {
            self.up.text.clear();
            // Nothing that comes late can harm what came before it.
            self.directives = vec![LATE.to_owned()];
            self.down = self.down.take().map(|part| Part {
                text: String::new(),
                ..part
            });
            return true;
        }
        for Beyond {
            word,
            path,
            line: (number, line),
            refusal: (message, help),
        } in self.beyond.drain(..)
        {
            let help =
                format!("{help}; or name `{word}` in `liquibase.not-run`: such change sets are recorded, and not run");
            draft.problem_at("layout", &path, (number, &line), message, &help);
        }
        false
    }

    /// Takes a precondition.
    pub fn precondition(&mut self, on_fail: OnFail, check: Check) -> Result<(), Refusal> {
        match (check, on_fail) {
            (Check::Sql { answer, sql }, OnFail::MarkRan) => {
                if sql.contains("--") || answer.contains(['"', '\n']) {
                    return Err((
                        "its question cannot be written on one line".to_owned(),
                        "write it without comments and double quotes",
                    ));
                }
                let sql: Vec<&str> = sql.split_whitespace().collect();
                let sql = sql.join(" ");
                let sql = sql.trim_end_matches([';', ' ']);
                self.directives
                    .push(format!("-- syncline: only-if answer=\"{answer}\" {sql}"));
            }
            // What a database is never changes, so whether it is recorded makes no difference.
            (Check::Database(list), OnFail::MarkRan | OnFail::Continue) => {
                self.conditions.push(Condition::Database(list));
            }
            (Check::Declared(name), OnFail::Continue) => {
                self.conditions.push(Condition::Declared(format!("${{{name}}}")));
            }
            (check, on_fail) => {
                let what = match check {
                    Check::Sql { .. } => "a question",
                    Check::Declared(_) => "a property that has to be defined",
                    Check::Database(_) => "a database that it has to be",
                };
                let then = match on_fail {
                    OnFail::Halt => "HALT",
                    OnFail::Continue => "CONTINUE",
                    OnFail::MarkRan => "MARK_RAN",
                    OnFail::Warn => "WARN",
                };
                return Err((
                    format!("{what} with `onFail` {then} is not supported"),
                    "an SQL check is read with `onFail` MARK_RAN, a property with CONTINUE, a database with both: choose one of them, or remove the precondition",
                ));
            }
        }
        Ok(())
    }

    /// Writes it down as the migration of that place in the changelog.
    pub fn place(self, place: u32, draft: &mut Draft) {
        let (id, name) = (Id::Version(Version::from_number(place.into())), self.name());
        draft.conditions.extend(
            self.conditions
                .into_iter()
                .map(|condition| (id.clone(), self.up.path.clone(), condition)),
        );
        let found = |direction, part: Part, delimiter: Option<&Delimiter>| {
            let mut found = Found {
                id: id.clone(),
                name: name.clone(),
                direction,
                path: part.path,
                first_line: part.first_line,
                text: match delimiter {
                    Some(delimiter) => delimiter::ended(&part.text, delimiter),
                    None => part.text,
                },
                can_be_cut: false,
            };
            if found.text.trim().is_empty() {
                say(&mut found, EMPTY);
            } else {
                // The empty lines before the next change set belong to neither.
                let (text, rest) = found.text.split_at(found.text.trim_end().len());
                let end = if rest.contains('\n') { "\n" } else { "" };
                found.text = format!("{text}{end}");
            }
            found
        };
        let mut up = found(Direction::Up, self.up, self.delimiter.as_ref());
        for directive in self.directives.iter().rev() {
            say(&mut up, directive);
        }
        draft.scripts.push(up);
        if let Some(part) = self.down {
            let mut down = found(Direction::Down, part, self.down_delimiter.as_ref());
            if self.directives.iter().any(|directive| directive == OUTSIDE) {
                say(&mut down, OUTSIDE);
            }
            draft.scripts.push(down);
        }
    }
}

impl OnFail {
    pub fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_uppercase().as_str() {
            "HALT" => Self::Halt,
            "CONTINUE" => Self::Continue,
            "MARK_RAN" => Self::MarkRan,
            "WARN" => Self::Warn,
            _ => return None,
        })
    }
}

/// Takes what the head of preconditions says.
pub(super) fn policy(on_fail: &mut OnFail, key: &str, value: &str) -> Result<(), Refusal> {
    match key.to_ascii_lowercase().as_str() {
        "onfail" => match OnFail::of(value) {
            Some(found) => {
                *on_fail = found;
                Ok(())
            }
            None => Err((
                format!("`{value}` is no value of `onFail`"),
                "the values are HALT, CONTINUE, MARK_RAN and WARN",
            )),
        },
        // An error in a question stops the run here, too.
        "onerror" if value.eq_ignore_ascii_case("HALT") => Ok(()),
        "onfailmessage" | "onerrormessage" | "onsqloutput" => Ok(()),
        _ => Err((
            format!("`{key}:{value}` is not supported: an error in a question stops the run"),
            "remove it, or write the question so that it cannot fail",
        )),
    }
}
