//! Which names are the same one, however they are spelled.

use std::collections::{BTreeMap, BTreeSet};

use crate::script::Syntax;
use crate::script::lexer::{Lexer, TokenKind};
use crate::script::names::{Name, unquoted};

/// How the server tells names apart.
pub(in crate::script) struct Spelling {
    pub syntax: Syntax,
    /// Names in small letters that mean several things, by how they are spelled.
    apart: BTreeSet<String>,
}

impl Spelling {
    /// The spelling of a script. PostgreSQL tells quoted names apart, SQLite none, and MySQL those of tables where the files do:
    /// where one statement spells a name in two ways, they are taken for two.
    /// <https://dev.mysql.com/doc/refman/8.4/en/identifier-case-sensitivity.html>
    pub fn of<'a>(bodies: impl Iterator<Item = &'a str>, syntax: Syntax) -> Self {
        let mut apart = BTreeSet::new();
        if matches!(syntax, Syntax::Mysql(_)) {
            bodies.for_each(|body| apart.extend(spelled_twice(body, syntax)));
        }
        Self { syntax, apart }
    }

    /// The name, the same for all that mean the same thing.
    pub fn folded(&self, name: Name) -> Name {
        // What stands without quotes is in small letters already.
        if matches!(self.syntax, Syntax::Postgres(_)) {
            return name;
        }
        let fold = |part: String| {
            let small = part.to_lowercase();
            if self.apart.contains(&small) { part } else { small }
        };
        name.into_iter().map(fold).collect()
    }
}

fn spelled_twice(body: &str, syntax: Syntax) -> BTreeSet<String> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut twice = BTreeSet::new();
    for token in Lexer::new(body, syntax) {
        let text = token.text(body);
        let name = match token.kind {
            TokenKind::Word | TokenKind::WideWord => Some(text.to_owned()),
            TokenKind::Name => unquoted(text),
            _ => None,
        };
        let Some(name) = name else { continue };
        let small = name.to_lowercase();
        match first.get(&small) {
            Some(other) if *other != name => drop(twice.insert(small)),
            Some(_) => {}
            None => drop(first.insert(small, name)),
        }
    }
    twice
}
