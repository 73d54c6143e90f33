//! Tables that a script makes to fail where the rows of others are not as it expects.

use std::collections::{BTreeMap, BTreeSet};

use super::{Aim, Made, Script, last};
use crate::script::Syntax;
use crate::script::acts::Sort;
use crate::script::lexer::{Lexer, TokenKind};
use crate::script::names::{self, Name};

impl Script {
    /// Tables that are there to fail: with a check or a trigger, and rows out of what the script has not made.
    pub(super) fn asserts(&self, bodies: &[&str], syntax: Syntax) -> Vec<bool> {
        let is_table = |made: &&Made| made.thing.sort == Sort::Relation;
        let known: BTreeSet<&String> = self.made.iter().filter(is_table).flat_map(|made| &made.names).collect();
        let gone = self.made.iter().enumerate();
        let gone = gone.filter(|(_, made)| made.thing.sort == Sort::Relation && made.gone.is_some());
        let gone: BTreeMap<&Name, usize> = gone.map(|(place, made)| (&made.thing.name, place)).collect();
        let table = |aim: &Aim| match aim {
            Aim::Other => None,
            Aim::Made(place) => {
                let thing = &self.made[*place].thing;
                gone.get(thing.on.as_ref().unwrap_or(&thing.name))
            }
        };
        let is_trigger = |aim: &Aim| matches!(aim, Aim::Made(place) if self.made[*place].thing.sort == Sort::Trigger);
        let (mut checked, mut filled) = (BTreeSet::new(), BTreeSet::new());
        for (body, aims) in bodies.iter().zip(&self.aims).filter(|_| !gone.is_empty()) {
            let (mut checks, mut reads) = (aims.iter().any(is_trigger), false);
            let tables: Vec<usize> = aims.iter().filter_map(table).copied().collect();
            let mut place = Lexer::new(body, syntax);
            while let Some(token) = place.next().filter(|_| !tables.is_empty()) {
                let word = token.text(body);
                let is = |word: &str, other: &str| token.kind == TokenKind::Word && word.eq_ignore_ascii_case(other);
                checks |= is(word, "CHECK");
                let from = is(word, "FROM") || is(word, "JOIN");
                let name = from.then(|| names::next(body, &mut place.clone(), syntax)).flatten();
                reads |= name.is_some_and(|name| !known.iter().any(|made| made.eq_ignore_ascii_case(last(&name))));
            }
            checked.extend(tables.iter().copied().filter(|_| checks));
            filled.extend(tables.into_iter().filter(|_| reads));
        }
        (0..self.made.len())
            .map(|place| checked.contains(&place) && filled.contains(&place))
            .collect()
    }
}
