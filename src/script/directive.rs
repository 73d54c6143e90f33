//! Directives: the comment lines `-- syncline: …` that say how a script wants to run.

use std::ops::Range;
use std::time::Duration;

use super::near::{distance, nearest};
use super::{Isolation, Problem, Syntax};

/// Everything a script may ask for on `-- syncline: …` comment lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Directives {
    /// `no-transaction` sets [`Mode::Outside`].
    pub transaction: Mode,
    /// `foreign-keys=off`, SQLite only.
    pub foreign_keys: ForeignKeys,
    /// `isolation=serializable`: how far the transaction of the script is kept apart from others.
    pub isolation: Option<Isolation>,
    /// `empty`: the script has nothing to run, and that is meant.
    pub empty: Emptiness,
    /// `run-on-change`: an applied migration runs again when its text has changed.
    pub again: Again,
    /// `only-if answer="…" SELECT …`, in the order of the text. All have to be answered like this, or the script is not run.
    pub only_if: Vec<Question>,
    /// `lock-timeout=2s`. Never zero.
    pub lock_timeout: Option<Duration>,
    /// `statement-timeout=5m`. Never zero.
    pub statement_timeout: Option<Duration>,
    /// `retries=5`. Zero is a wish too: no second attempt.
    pub retries: Option<u32>,
    /// `allow CODE reason="…"`, in the order of the text.
    pub allow: Vec<Allow>,
    /// Where each directive stands, as `(name, comment)` in the order of the text.
    pub places: Vec<(&'static str, Range<usize>)>,
}

impl Directives {
    /// True when both ask for the same, wherever in the text they do. What the author lets through changes nothing about how a script
    /// runs.
    pub fn same_wishes(&self, other: &Directives) -> bool {
        let wishes = |all: &Directives| Directives {
            places: Vec::new(),
            allow: Vec::new(),
            ..all.clone()
        };
        wishes(self) == wishes(other)
    }

    /// The comment that holds the first directive of this name.
    pub fn place(&self, name: &str) -> Option<Range<usize>> {
        self.places
            .iter()
            .find(|(placed, _)| *placed == name)
            .map(|(_, range)| range.clone())
    }
}

/// Whether a script runs in a transaction that the migration tool opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// In one transaction, together with its history record.
    #[default]
    Inside,
    /// Statement by statement, each on its own.
    Outside,
}

/// What happens to foreign key enforcement while the script runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ForeignKeys {
    /// As the connection is configured.
    #[default]
    AsConfigured,
    /// Off before the transaction begins, checked before it ends.
    Off,
}

/// Whether a script without statements is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Emptiness {
    /// Nobody said so.
    #[default]
    Unexpected,
    /// `-- syncline: empty` says so.
    Intended,
}

/// Whether a migration that was applied runs again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Again {
    /// What was applied stays as it is, and an edit of it is refused.
    #[default]
    Never,
    /// `-- syncline: run-on-change` says that it runs again, in its place, when its text has changed.
    OnChange,
}

/// What the database is asked before a script is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What the first column of the first row has to be, as text.
    pub answer: String,
    /// One query.
    pub query: String,
}

/// A finding that the author has seen and accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The code of the finding.
    pub code: String,
    /// Why it is accepted here. Never empty.
    pub reason: String,
}

pub(super) const DOWN: &str = "down";
const MARK: &str = "syncline";

/// How each directive is written. The names are all there are.
const FORMS: [(&str, &str); 11] = [
    ("no-transaction", "-- syncline: no-transaction"),
    ("lock-timeout", "-- syncline: lock-timeout=2s"),
    ("statement-timeout", "-- syncline: statement-timeout=5m"),
    ("retries", "-- syncline: retries=5"),
    ("foreign-keys", "-- syncline: foreign-keys=off"),
    ("isolation", "-- syncline: isolation=serializable"),
    ("empty", "-- syncline: empty"),
    ("run-on-change", "-- syncline: run-on-change"),
    ("only-if", "-- syncline: only-if answer=\"…\" SELECT …"),
    ("allow", "-- syncline: allow CODE reason=\"…\""),
    (DOWN, "-- syncline: down"),
];

const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// PostgreSQL keeps its time limits in a 32-bit count of milliseconds:
/// <https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT>.
const LONGEST: u64 = i32::MAX as u64;

/// What a comment is to syncline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comment<'a> {
    /// Not a directive.
    Ordinary,
    /// The text behind `syncline:`, trimmed.
    Directive(&'a str),
    /// Nearly one: the mark or the colon is misspelt and a known name follows.
    Near(&'static str),
}

/// Reads a comment with its marks.
pub(super) fn read(comment: &str) -> Comment<'_> {
    let content = comment
        .trim_end()
        .trim_start_matches(['-', '/', '*', '#'])
        .trim_end_matches(['*', '/'])
        .trim();
    let head = content.get(..content.floor_char_boundary(16)).unwrap_or("");
    if !head.bytes().next().is_some_and(|byte| byte.eq_ignore_ascii_case(&b's')) {
        return Comment::Ordinary;
    }
    let (mark, rest) = match head.find(|letter: char| letter == ':' || letter.is_whitespace()) {
        Some(end) => (content.get(..end).unwrap_or(""), content.get(end..).unwrap_or("")),
        None => return Comment::Ordinary,
    };
    if mark.eq_ignore_ascii_case(MARK)
        && let Some(text) = rest.strip_prefix(':')
    {
        return Comment::Directive(text.trim());
    }
    if distance(mark, MARK) > 2 {
        return Comment::Ordinary;
    }
    let said = rest.trim_start().trim_start_matches(':').trim();
    let name = said
        .split(|letter: char| letter == '=' || letter.is_whitespace())
        .next()
        .unwrap_or("");
    let after = said.get(name.len()..).unwrap_or("").trim_start();
    // Prose may mention the tool: "syncline runs this at night". A short name counts only where nothing but a value follows.
    let found = FORMS.iter().map(|(known, _)| *known).find(|known| {
        let near = distance(name, known) <= if known.len() >= 8 { 2 } else { 0 };
        near && (known.contains('-') || after.is_empty() || after.starts_with('=') || after.contains("reason"))
    });
    found.map_or(Comment::Ordinary, Comment::Near)
}

/// True for a comment that says `down` or something close to it.
pub(super) fn is_about_down(comment: &str) -> bool {
    let Comment::Directive(said) = read(comment) else {
        return false;
    };
    let name = name_of(said);
    distance(name, DOWN) <= 2 && nearest(name, names()) == Some(DOWN)
}

/// The name at the start of a directive, as it is written.
fn name_of(said: &str) -> &str {
    let end = said
        .find(|letter: char| letter == '=' || letter == ',' || letter.is_whitespace())
        .unwrap_or(said.len());
    said.get(..end).unwrap_or("")
}

fn names() -> impl Iterator<Item = &'static str> {
    FORMS.iter().map(|(known, _)| *known)
}

pub(super) fn form(name: &str) -> &'static str {
    FORMS
        .iter()
        .find(|(known, _)| *known == name)
        .map_or("-- syncline: …", |(_, form)| form)
}

/// Takes one directive, given as the text behind the colon, into `directives`. `down` is only noted as a place.
pub(super) fn take(
    directives: &mut Directives,
    said: &str,
    comment: Range<usize>,
    syntax: Syntax,
) -> Result<(), Problem> {
    let at = comment.start;
    let end = said
        .find(|letter: char| letter == '=' || letter == ',' || letter.is_whitespace())
        .unwrap_or(said.len());
    let (written, rest) = said.split_at(end);
    let Some((name, form)) = FORMS.iter().find(|(known, _)| written.eq_ignore_ascii_case(known)) else {
        return Err(unknown(written, at));
    };
    let bad = |what: String| Problem::new("bad-directive", at, what, format!("write `{form}`"));
    if !["allow", "only-if"].contains(name) && directives.place(name).is_some() {
        return Err(Problem::new(
            "bad-directive",
            at,
            format!("`{name}` is said twice"),
            "keep one of the two lines",
        ));
    }
    let rest = rest.trim();
    let value = rest.strip_prefix('=').map(str::trim);
    match *name {
        "no-transaction" | "empty" | "run-on-change" | DOWN if !rest.is_empty() => {
            return Err(
                match rest
                    .trim_start_matches(',')
                    .split(['=', ' ', '\t'])
                    .find(|word| !word.is_empty())
                {
                    Some(word) if FORMS.iter().any(|(known, _)| word.eq_ignore_ascii_case(known)) => one_a_line(at),
                    _ => bad(format!("`{name}` takes no value, and `{}` follows it", shorten(rest))),
                },
            );
        }
        "no-transaction" => directives.transaction = Mode::Outside,
        "empty" => directives.empty = Emptiness::Intended,
        "run-on-change" => directives.again = Again::OnChange,
        "only-if" => directives.only_if.push(question(rest).map_err(bad)?),
        "allow" => directives.allow.push(allow(rest).map_err(bad)?),
        "foreign-keys" if syntax != Syntax::Sqlite => {
            let message = "`foreign-keys` is for SQLite; here it would change nothing";
            return Err(Problem::new("bad-directive", at, message, "remove the line"));
        }
        "lock-timeout" | "statement-timeout" | "retries" if syntax == Syntax::Sqlite => {
            let message =
                format!("`{name}` is not for SQLite: a migration there takes the one write lock at its beginning");
            let help = "remove the line; `--lock-wait` says how long to wait for that lock";
            return Err(Problem::new("bad-directive", at, message, help));
        }
        "isolation" if syntax == Syntax::Sqlite => {
            let message = "`isolation` is not for SQLite, where every transaction is serializable";
            return Err(Problem::new("bad-directive", at, message, "remove the line"));
        }
        DOWN => {}
        _ => {
            let value = value.ok_or_else(|| bad(format!("`{name}` needs a value")))?;
            if value.contains(|letter: char| letter == ',' || letter.is_whitespace()) {
                return Err(one_a_line(at));
            }
            match *name {
                "lock-timeout" => directives.lock_timeout = Some(duration(value).map_err(bad)?),
                "statement-timeout" => directives.statement_timeout = Some(duration(value).map_err(bad)?),
                "retries" => {
                    let many = value
                        .parse()
                        .map_err(|_| bad(format!("`{}` is no number of retries", shorten(value))))?;
                    directives.retries = Some(many);
                }
                "isolation" => {
                    let level = Isolation::named(value).ok_or_else(|| {
                        let levels = "serializable, repeatable-read, read-committed and read-uncommitted";
                        bad(format!(
                            "`{}` is no level of isolation; those are {levels}",
                            shorten(value)
                        ))
                    })?;
                    directives.isolation = Some(level);
                }
                _ if value.eq_ignore_ascii_case("off") => directives.foreign_keys = ForeignKeys::Off,
                _ => {
                    return Err(bad(format!(
                        "`foreign-keys` can be `off` only, not `{}`",
                        shorten(value)
                    )));
                }
            }
        }
    }
    directives.places.push((name, comment));
    Ok(())
}

fn unknown(written: &str, at: usize) -> Problem {
    let help = match nearest(written, names()) {
        Some(name) => format!("did you mean `{}`?", form(name)),
        None => format!("the directives are: {}", names().collect::<Vec<_>>().join(", ")),
    };
    let message = match written {
        "" => "a directive without a name".to_owned(),
        _ => format!("unknown directive `{}`", shorten(written)),
    };
    Problem::new("unknown-directive", at, message, help)
}

fn one_a_line(at: usize) -> Problem {
    Problem::new(
        "bad-directive",
        at,
        "more than one directive on a line",
        "give each directive a `-- syncline: …` line of its own",
    )
}

fn allow(rest: &str) -> Result<Allow, String> {
    let (code, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if code.is_empty() || code.contains('=') {
        return Err("`allow` does not say which code it allows".to_owned());
    }
    let after = after.trim_start();
    let value = after
        .get(.."reason".len())
        .filter(|word| word.eq_ignore_ascii_case("reason"));
    let value = value
        .and(after.get("reason".len()..))
        .and_then(|text| text.trim_start().strip_prefix('='));
    let reason = value
        .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"'))
        .map(str::trim);
    match reason {
        Some("") => Err(format!("the reason to allow `{}` is empty", shorten(code))),
        Some(text) if text.contains('"') => Err("a reason cannot hold a double quote".to_owned()),
        Some(text) => Ok(Allow {
            code: code.to_owned(),
            reason: text.to_owned(),
        }),
        None => Err(format!("`allow {}` gives no reason", shorten(code))),
    }
}

fn question(rest: &str) -> Result<Question, String> {
    let said = rest.strip_prefix("answer").map(str::trim_start);
    let said = said.and_then(|said| said.strip_prefix('=')?.trim_start().strip_prefix('"'));
    let Some((answer, query)) = said.and_then(|said| said.split_once('"')) else {
        return Err("`only-if` does not say which answer is wanted".to_owned());
    };
    let query = query.trim();
    let first = query
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or_default();
    if !["SELECT", "WITH", "VALUES"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word))
    {
        return Err("`only-if` asks with a query, which begins with SELECT, WITH or VALUES".to_owned());
    }
    // A second statement would run unseen.
    if query.contains(';') {
        return Err("`only-if` asks with one query, and `;` is not part of it".to_owned());
    }
    Ok(Question {
        answer: answer.to_owned(),
        query: query.to_owned(),
    })
}

fn duration(value: &str) -> Result<Duration, String> {
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = value.split_at(digits);
    if number.is_empty() {
        return Err(format!("`{}` is no duration", shorten(value)));
    }
    if unit.is_empty() {
        return Err(format!(
            "`{}` has no unit; the units are ms, s, m and h",
            shorten(value)
        ));
    }
    let Some((_, factor)) = UNITS.iter().find(|(name, _)| unit.eq_ignore_ascii_case(name)) else {
        return Err(format!(
            "`{}` is no unit of time; the units are ms, s, m and h",
            shorten(unit)
        ));
    };
    match number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(*factor))
    {
        Some(0) => Err("a limit of zero would mean no limit".to_owned()),
        Some(milliseconds) if milliseconds <= LONGEST => Ok(Duration::from_millis(milliseconds)),
        _ => Err(format!(
            "`{}` is longer than a server can count (about 24 days)",
            shorten(value)
        )),
    }
}

/// Enough of a text to know it again.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
