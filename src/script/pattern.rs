//! The language of the tables about statements: their first words, and a pattern for what follows.

use super::Syntax;
use super::lexer::{Lexer, Token, TokenKind};

/// One line of a table: first words, and a pattern for what follows. In a pattern, blanks separate items:
/// `WORD` a word · `A|B` one of several · `A?` may be left out · `_` any token · `_+` any token with what is written together
/// with it · `(*)?` a parenthesised list or nothing · `…` any tokens or none · `'*'` a string · `^` here the names begin ·
/// `<if>` and `<between>` words that may stand there, see [`PARTS`] · `$` the end of the statement · anything else is punctuation.
pub(super) struct Rule<T> {
    first: &'static [&'static str],
    rest: &'static str,
    /// The rule does not hold where one of these matches as well.
    except: &'static [&'static str],
    says: T,
}

pub(super) const fn rule<T>(first: &'static [&'static str], rest: &'static str, says: T) -> Rule<T> {
    rule_except(first, rest, &[], says)
}

pub(super) const fn rule_except<T>(
    first: &'static [&'static str],
    rest: &'static str,
    except: &'static [&'static str],
    says: T,
) -> Rule<T> {
    Rule {
        first,
        rest,
        except,
        says,
    }
}

/// A pattern for an option of PostgreSQL whose value says no, in the words that its server takes for that: `defGetBoolean` in `define.c`.
macro_rules! no {
    ($before:literal) => {
        concat!($before, " FALSE|OFF|0|'false'|'off'|'0'")
    };
}
pub(super) use no;

/// Words that may stand at a place, by the name that patterns have for them.
struct Part {
    name: &'static str,
    any: &'static [&'static str],
    /// Whether several of them may follow each other.
    repeated: bool,
}

/// `<between>` is what MySQL and MariaDB take between CREATE, ALTER or DROP and the kind of the object, in any order:
/// <https://dev.mysql.com/doc/refman/8.4/en/create-view.html>, <https://mariadb.com/kb/en/create-function/> and their neighbours.
/// TEMPORARY is not among them: it makes another statement.
static PARTS: [Part; 2] = [
    Part {
        name: "<if>",
        any: &["IF NOT EXISTS", "IF EXISTS"],
        repeated: false,
    },
    Part {
        name: "<between>",
        any: &[
            "OR REPLACE",
            "ALGORITHM = _",
            "DEFINER = _ ( )",
            "DEFINER = _ @ _+",
            "DEFINER = _",
            "SQL SECURITY _",
            "AGGREGATE|UNIQUE|FULLTEXT|SPATIAL|VECTOR|ONLINE|OFFLINE|IGNORE",
            // https://dev.mysql.com/doc/refman/9.7/en/create-json-duality-view.html
            "JSON RELATIONAL? DUALITY",
            "MATERIALIZED|EXTERNAL",
        ],
        repeated: true,
    },
];

const LIST: &str = "(*)";
const STRING: &str = "'*'";
const TOGETHER: &str = "_+";
const MARK: &str = "^";
const END: &str = "$";

/// A statement whose first word was read.
#[derive(Clone)]
pub(super) struct Opening<'a> {
    body: &'a str,
    first: &'a str,
    start: usize,
    /// What follows the first word.
    pub rest: Lexer<'a>,
}

/// A rule that fits, and where its names begin: at its mark, or behind it.
pub(super) struct Found<'r, 'a, T> {
    pub says: &'r T,
    pub names: Lexer<'a>,
}

impl<'a> Opening<'a> {
    /// Reads the first word of a statement. None: it has no tokens.
    pub fn of(body: &'a str, syntax: Syntax) -> Option<Self> {
        Self::at(body, Lexer::new(body, syntax))
    }

    fn at(body: &'a str, mut rest: Lexer<'a>) -> Option<Self> {
        let first = rest.find(|token| !token.is_beside())?;
        Some(Self {
            body,
            first: first.text(body),
            start: first.start,
            rest,
        })
    }

    /// Where the first word stands.
    pub fn start(&self) -> usize {
        self.start
    }

    /// The first word.
    pub fn word(&self) -> &'a str {
        self.first
    }

    pub fn is(&self, word: &str) -> bool {
        self.first.eq_ignore_ascii_case(word)
    }

    /// The statement behind `SET STATEMENT … FOR`, which may stand several times.
    pub fn behind_settings(mut self) -> Self {
        while self.is("SET")
            && let Some(fit) = segment("STATEMENT", self.body, self.rest.clone())
            && let Some(behind) = behind_outer("FOR", self.body, fit.end)
            && let Some(next) = Self::at(self.body, behind)
        {
            self = next;
        }
        self
    }

    /// The first rule that fits.
    pub fn find<'r, T>(&self, rules: &'r [Rule<T>]) -> Option<Found<'r, 'a, T>> {
        let fits = |pattern| matches(pattern, self.body, self.rest.clone());
        rules.iter().find_map(|rule| {
            let fit = match rule.first.iter().any(|word| self.is(word)) {
                true => fits(rule.rest)?,
                false => return None,
            };
            let excepted = rule.except.iter().any(|except| fits(except).is_some());
            (!excepted).then(|| Found {
                says: &rule.says,
                names: fit.mark.unwrap_or(fit.end),
            })
        })
    }
}

/// How far a pattern reaches.
pub(super) struct Fit<'a> {
    pub end: Lexer<'a>,
    mark: Option<Lexer<'a>>,
}

/// Whether `text` is one of the words of `item`, which are separated by bars.
pub(super) fn is_one_of(item: &str, text: &str) -> bool {
    // Most items are one word, and most texts are another.
    match item.as_bytes().contains(&b'|') {
        true => item.split('|').any(|word| word.eq_ignore_ascii_case(text)),
        false => item.eq_ignore_ascii_case(text),
    }
}

/// Whether the tokens from `place` on fit the pattern. A part behind a gap begins with a word.
fn matches<'a>(pattern: &str, body: &str, place: Lexer<'a>) -> Option<Fit<'a>> {
    let mut parts = pattern.split('…').map(str::trim);
    let mut fit = segment(parts.next()?, body, place)?;
    // The first place where a part fits is enough: a gap reaches as far as the next one wants.
    for part in parts {
        let first = part.split(' ').next().unwrap_or("");
        loop {
            let here = fit.end.clone();
            if !is_one_of(first, fit.end.next()?.text(body)) {
                continue;
            }
            if let Some(next) = segment(part, body, here) {
                fit = Fit {
                    end: next.end,
                    mark: next.mark.or(fit.mark),
                };
                break;
            }
        }
    }
    Some(fit)
}

/// Matches the items of a pattern without gaps from `place` on.
pub(super) fn segment<'a>(items: &str, body: &str, mut place: Lexer<'a>) -> Option<Fit<'a>> {
    let mut mark = None;
    for item in items.split(' ').filter(|item| !item.is_empty()) {
        if item == MARK {
            mark = Some(place.clone());
            continue;
        }
        if let Some(part) = PARTS.iter().find(|part| part.name == item) {
            place = behind_part(part, body, place);
            continue;
        }
        let mut ahead = place.clone();
        let token = ahead.find(|token| !token.is_beside());
        if item == END {
            return token.is_none().then_some(Fit { end: ahead, mark });
        }
        let (item, optional) = match item.strip_suffix('?') {
            Some(item) => (item, true),
            None => (item, false),
        };
        let fits = token.filter(|token| match item {
            "_" | TOGETHER => true,
            LIST => token.kind == TokenKind::Open,
            STRING => matches!(token.kind, TokenKind::Text | TokenKind::Dollar),
            _ => is_one_of(item, token.text(body)),
        });
        match (fits, optional) {
            (Some(_), _) if item == LIST => place = behind_list(ahead),
            (Some(token), _) if item == TOGETHER => {
                together(&mut ahead, token, body);
                place = ahead;
            }
            (Some(_), _) => place = ahead,
            (None, true) => {}
            (None, false) => return None,
        }
    }
    Some(Fit { end: place, mark })
}

/// Goes on behind the first such word that stands in no parentheses.
fn behind_outer<'a>(word: &str, body: &str, mut place: Lexer<'a>) -> Option<Lexer<'a>> {
    let mut depth = 0_usize;
    loop {
        let token = place.next()?;
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Word if depth == 0 && token.text(body).eq_ignore_ascii_case(word) => return Some(place),
            _ => {}
        }
    }
}

/// Goes on behind the words of a part, if there are any.
fn behind_part<'a>(part: &Part, body: &str, mut place: Lexer<'a>) -> Lexer<'a> {
    // Parts are made of plain items, so this goes no deeper.
    let next = |place: &Lexer<'a>| part.any.iter().find_map(|items| segment(items, body, place.clone()));
    while let Some(fit) = next(&place) {
        place = fit.end;
        if !part.repeated {
            break;
        }
    }
    place
}

/// Goes on behind what is written together with an unquoted word or number, as in `127.0.0.1`; where that ends.
pub(super) fn together(place: &mut Lexer<'_>, first: Token, body: &str) -> usize {
    let plain = |token: Token| match token.kind {
        TokenKind::Word | TokenKind::WideWord | TokenKind::Number => true,
        _ => token.text(body) == ".",
    };
    let mut end = first.end;
    while plain(first)
        && let Some(token) = place.clone().next()
        && token.start == end
        && plain(token)
    {
        end = token.end;
        place.next();
    }
    end
}

/// Goes on behind the parenthesis that closes the one just read.
fn behind_list(mut place: Lexer<'_>) -> Lexer<'_> {
    let mut depth = 1_usize;
    while depth > 0
        && let Some(token) = place.next()
    {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
    }
    place
}
