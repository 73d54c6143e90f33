//! Placeholders: texts that stand for a value, such as `${name}`. Only what is declared is replaced, and what is written like it and
//! not declared is a problem.

use super::{Expanded, Problem};

/// The placeholders of a project, each as it is written in the scripts, with its value. None by default, and then nothing is replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placeholders {
    shapes: Vec<Shape>,
    /// Key without what is not part of it, and value.
    values: Vec<(String, String)>,
}

/// How a placeholder is written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    /// `${name}`, `{{ name }}`, `$(name)`, `/* TEMPLATE: name */`
    Between(String, &'static str),
    /// `@NAME@`
    At,
    /// `:NAME`
    Colon,
    /// Anything else: only this very text.
    Exact(String),
}

/// What cannot be a placeholder, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` is no placeholder: {why}")]
pub struct BadPlaceholder {
    /// As it was written.
    pub key: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Placeholders {
    /// Declares placeholders, each written as in the scripts: `${name}`, `{{ name }}`, `:NAME`, `@NAME@`, or any other text.
    ///
    /// # Errors
    /// For a key that would be found where nobody meant it.
    pub fn new(declared: impl IntoIterator<Item = (String, String)>) -> Result<Self, BadPlaceholder> {
        let mut all = Self::default();
        for (key, value) in declared {
            let shape = shape(&key);
            let inner = inner(&key, &shape);
            if inner.len() < 2 && matches!(shape, Shape::Exact(_)) {
                let why = "it is too short to be told from other text";
                return Err(BadPlaceholder { key, why });
            }
            let spelled = spelled(&shape, &inner);
            if all.values.iter().any(|(known, _)| *known == spelled) {
                let why = "it is declared twice";
                return Err(BadPlaceholder { key, why });
            }
            if !all.shapes.contains(&shape) {
                all.shapes.push(shape);
            }
            all.values.push((spelled, value));
        }
        // Where one begins like another, the longer one is meant.
        all.shapes.sort_by_key(|shape| std::cmp::Reverse(shape.length()));
        Ok(all)
    }

    /// Takes this way of writing for placeholders, too, though no name is declared: `${name}` where a tool always replaces it.
    #[must_use]
    pub fn written_like(mut self, example: &str) -> Self {
        let shape = shape(example);
        if !self.shapes.contains(&shape) {
            self.shapes.push(shape);
        }
        self
    }

    /// Gives one a value, unless it has one already.
    pub(crate) fn define(&mut self, key: &str, value: String) {
        if !self.declares(key) {
            let shape = shape(key);
            self.values.push((spelled(&shape, &inner(key, &shape)), value));
            if !self.shapes.contains(&shape) {
                self.shapes.push(shape);
            }
        }
    }

    /// Whether one has a value, by how it is written in scripts.
    pub(crate) fn declares(&self, key: &str) -> bool {
        let shape = shape(key);
        let key = spelled(&shape, &inner(key, &shape));
        self.values.iter().any(|(known, _)| *known == key)
    }

    /// Whether nothing is ever replaced.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// The values, which may be secret.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(_, value)| value.as_str())
    }

    /// Puts the values in. They are not looked into for placeholders of their own.
    ///
    /// # Errors
    /// Everything that is written like a placeholder and is not declared.
    pub fn expand(&self, text: &str) -> Result<Expanded, Vec<Problem>> {
        let mut expanded = Expanded {
            text: String::with_capacity(text.len()),
            pieces: vec![(0, 0, false)],
        };
        let mut problems = Vec::new();
        let (mut taken, mut at) = (0, 0);
        while let Some(found) = self.next(text, at) {
            let Some((end, key)) = self.read(text, found) else {
                at = found + 1;
                continue;
            };
            at = end;
            let Some((_, value)) = self.values.iter().find(|(known, _)| *known == key) else {
                problems.push(self.unknown(text, found, end));
                continue;
            };
            expanded.text.push_str(text.get(taken..found).unwrap_or_default());
            expanded.pieces.push((expanded.text.len(), found, true));
            expanded.text.push_str(value);
            expanded.pieces.push((expanded.text.len(), end, false));
            taken = end;
        }
        expanded.text.push_str(text.get(taken..).unwrap_or_default());
        if problems.is_empty() {
            Ok(expanded)
        } else {
            Err(problems)
        }
    }

    fn unknown(&self, text: &str, start: usize, end: usize) -> Problem {
        let written = text.get(start..end).unwrap_or_default();
        let near = super::nearest(written, self.values.iter().map(|(key, _)| key.as_str()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`? if not, declare it in `placeholders` of the configuration"),
            None => "declare it in `placeholders` of the configuration; as itself, where it is meant as it stands"
                .to_owned(),
        };
        Problem::new(
            "placeholder",
            start,
            format!("the placeholder `{written}` has no value"),
            help,
        )
    }

    /// The next byte at which one could begin.
    fn next(&self, text: &str, from: usize) -> Option<usize> {
        let rest = text.as_bytes().get(from..)?;
        let begins = |byte: &u8| self.shapes.iter().any(|shape| shape.first() == *byte);
        rest.iter().position(begins).map(|found| from + found)
    }

    /// Where the placeholder that begins there ends, and its key. `None` where what stands there is something else.
    fn read(&self, text: &str, at: usize) -> Option<(usize, String)> {
        self.shapes.iter().find_map(|shape| {
            let rest = text.get(at..)?;
            let (length, inner) = shape.read(rest, text.get(..at)?)?;
            let key = spelled(shape, inner);
            let known = self.values.iter().any(|(known, _)| *known == key);
            (known || shape.is_surely(inner)).then_some((at + length, key))
        })
    }
}

impl Shape {
    /// How much of the text is its own and not a name.
    fn length(&self) -> usize {
        match self {
            Shape::Between(open, _) => open.len(),
            Shape::At | Shape::Colon => 1,
            Shape::Exact(text) => text.len(),
        }
    }

    fn first(&self) -> u8 {
        let first = |text: &str| text.bytes().next().unwrap_or_default();
        match self {
            Shape::Between(open, _) => first(open),
            Shape::At => b'@',
            Shape::Colon => b':',
            Shape::Exact(text) => first(text),
        }
    }

    /// The length of what is written like this at the start of a text, and the name in it.
    fn read<'a>(&self, rest: &'a str, before: &str) -> Option<(usize, &'a str)> {
        match self {
            Shape::Between(open, close) => {
                let inner = rest.strip_prefix(open.as_str())?;
                let line = inner.split(['\n', '\r']).next().unwrap_or_default();
                let end = line.find(close)?;
                Some((open.len() + end + close.len(), line.get(..end)?.trim()))
            }
            Shape::At => {
                let name = identifier(rest.get(1..)?)?;
                rest.get(1 + name.len()..)?
                    .starts_with('@')
                    .then_some((name.len() + 2, name))
            }
            Shape::Colon => {
                let is_part = before.ends_with(|c: char| c == ':' || c == '_' || c.is_alphanumeric());
                let name = identifier(rest.get(1..)?).filter(|_| !is_part)?;
                Some((name.len() + 1, name))
            }
            Shape::Exact(text) => rest
                .starts_with(text.as_str())
                .then_some((text.len(), rest.get(..text.len())?)),
        }
    }

    /// Whether what is written like this is a placeholder also where nobody has declared it.
    fn is_surely(&self, inner: &str) -> bool {
        match self {
            // `${:name}` is how Liquibase keeps one from being replaced: it stands for `${name}` there.
            // `{{- name }}` and `{{ $x }}` are Go's, and an array of PostgreSQL begins with neither.
            Shape::Between(open, _) => {
                inner.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '.' | ':'))
                    || open == "{{" && ["- ", "$", "(", "/*"].iter().any(|begin| inner.starts_with(begin))
            }
            // `:name` and `me@name@` mean something to too many.
            Shape::At | Shape::Colon => {
                inner.len() > 1
                    && inner
                        .bytes()
                        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
            }
            Shape::Exact(_) => false,
        }
    }
}

fn identifier(text: &str) -> Option<&str> {
    let end = text
        .find(|c: char| c != '_' && !c.is_ascii_alphanumeric())
        .unwrap_or(text.len());
    text.get(..end)
        .filter(|name| name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic()))
}

/// How a placeholder is written, by one that is written so.
fn shape(key: &str) -> Shape {
    let between = |open: &str, close: &'static str| {
        (key.starts_with(open) && key.ends_with(close) && key.len() > open.len() + close.len())
            .then(|| Shape::Between(open.to_owned(), close))
    };
    // What comes before a colon tells it from other comments.
    let comment = || {
        let (head, _) = key.strip_prefix("/*").and(key.split_once(':'))?;
        key.ends_with("*/").then(|| Shape::Between(format!("{head}:"), "*/"))
    };
    between("${", "}")
        .or_else(|| between("{{", "}}"))
        .or_else(|| between("$(", ")"))
        .or_else(comment)
        .or_else(|| {
            let name = key.strip_prefix('@')?.strip_suffix('@')?;
            (identifier(name)? == name).then_some(Shape::At)
        })
        .or_else(|| {
            let name = key.strip_prefix(':')?;
            (identifier(name)? == name).then_some(Shape::Colon)
        })
        .unwrap_or_else(|| Shape::Exact(key.to_owned()))
}

fn inner(key: &str, shape: &Shape) -> String {
    shape
        .read(key, "")
        .map_or_else(|| key.to_owned(), |(_, inner)| inner.to_owned())
}

/// A placeholder as it is compared: white space at its ends means nothing.
fn spelled(shape: &Shape, inner: &str) -> String {
    match shape {
        Shape::Between(open, close) => format!("{open}{inner}{close}"),
        Shape::At => format!("@{inner}@"),
        Shape::Colon => format!(":{inner}"),
        Shape::Exact(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(pairs: &[(&str, &str)]) -> Placeholders {
        Placeholders::new(
            pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned())),
        )
        .unwrap()
    }

    fn expanded(pairs: &[(&str, &str)], text: &str) -> String {
        declared(pairs).expand(text).unwrap().text
    }

    #[test]
    fn every_way_to_write_one_is_replaced() {
        for (key, value, text, wanted) in [
            (
                "${a-b}",
                "x",
                "GRANT ALL TO ${a-b}; -- $$ ${a-b}",
                "GRANT ALL TO x; -- $$ x",
            ),
            (
                "{{ index .Options \"Namespace\" }}",
                "auth",
                "{{index .Options \"Namespace\" }}.t {{ index .Options \"Namespace\" }}",
                "auth.t auth",
            ),
            (
                ":DATABASE_OWNER",
                "o",
                "to :DATABASE_OWNER; x::text := 1; '12:30'",
                "to o; x::text := 1; '12:30'",
            ),
            (
                "@ZM_DB_NAME@",
                "zm",
                "USE @ZM_DB_NAME@; SET @s = 1",
                "USE zm; SET @s = 1",
            ),
            (
                "/* TEMPLATE: schema */",
                "s.",
                "to_regclass('/* TEMPLATE: schema */river') /* else */",
                "to_regclass('s.river') /* else */",
            ),
            ("$(name)", "v", "a$(name)b", "avb"),
            ("%name%", "v", "a%name%b", "avb"),
        ] {
            assert_eq!(expanded(&[(key, value)], text), wanted, "{key}");
        }
    }

    #[test]
    fn nothing_is_replaced_that_is_not_declared() {
        let text = "SELECT '${a}', '{{ b }}', :C, @d@";
        assert_eq!(expanded(&[], text), text);
        assert_eq!(expanded(&[("${a}", "1")], text), "SELECT '1', '{{ b }}', :C, @d@");
    }

    #[test]
    fn what_is_written_like_a_placeholder_and_has_no_value_is_a_problem() {
        for (key, text, at) in [
            ("${user}", "TO ${usr}", 3),
            ("{{ a }}", "TO {{ b }}", 3),
            (":OWNER", "TO :OWNRE", 3),
            ("@A_B@", "TO @A_C@", 3),
            ("/* TEMPLATE: a */", "TO /* TEMPLATE: b */", 3),
        ] {
            let problems = declared(&[(key, "x")]).expand(text).unwrap_err();
            assert_eq!(
                (problems.len(), problems[0].at, problems[0].code),
                (1, at, "placeholder"),
                "{text}"
            );
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        for (key, text) in [
            ("${user}", "SELECT $${$$, '${', '${ }', '${1}'"),
            (":OWNER", "SELECT a::OWNER, b[1:N], ':name', x:=1, '10:AM'"),
            ("@A_B@", "SELECT @a, 'me@here', @@b, '@'"),
        ] {
            assert_eq!(expanded(&[(key, "x")], text), text);
        }
    }

    #[test]
    fn a_place_in_what_is_run_is_told_as_one_of_the_file() {
        let expanded = declared(&[("${a}", "long\nvalue")]).expand("x ${a} y ${a} z").unwrap();
        assert_eq!(expanded.text, "x long\nvalue y long\nvalue z");
        for (here, there) in [(0, 0), (2, 2), (8, 2), (12, 6), (13, 7), (15, 9), (26, 14)] {
            assert_eq!(expanded.origin(here), there, "{here}");
        }
    }

    #[test]
    fn values_are_not_looked_into() {
        assert_eq!(expanded(&[("${a}", "${b}"), ("${b}", "${a}")], "${a}${b}"), "${b}${a}");
    }
}
