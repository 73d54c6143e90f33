//! The names in statements that make, drop, change and rename, read from a place on.

use super::{Act, Deeds, Sort, Spelling, Thing, is_usual};
use crate::script::Syntax;
use crate::script::lexer::{Lexer, Token, TokenKind};
use crate::script::names::{self, Name, Names};
use crate::script::pattern::{is_one_of, segment};

/// What is dropped or changed in a table and is no column: the words before its name.
const PARTS: &[(&str, Option<Sort>)] = &[
    ("CONSTRAINT|CHECK <if>", Some(Sort::Constraint)),
    ("FOREIGN KEY <if>", Some(Sort::Constraint)),
    ("UNIQUE|FULLTEXT|SPATIAL|VECTOR? INDEX|KEY <if>", Some(Sort::Index)),
    ("COLUMN <if>", Some(Sort::Column)),
    ("PRIMARY|PARTITION|PARTITIONS|PERIOD|SYSTEM|UNIQUE|EXCLUDE|(", None),
];

/// A place in a statement.
#[derive(Clone)]
pub(super) struct Reader<'a> {
    pub body: &'a str,
    pub place: Lexer<'a>,
    pub spelling: &'a Spelling,
}

impl<'a> Reader<'a> {
    /// Goes on behind what fits these items.
    pub fn behind(mut self, items: &str) -> Option<Self> {
        self.place = segment(items, self.body, self.place)?.end;
        Some(self)
    }

    fn next(&mut self) -> Option<Token> {
        self.place.find(|token| !token.is_beside())
    }

    fn peek(&self) -> Option<&'a str> {
        let token = self.place.clone().find(|token| !token.is_beside())?;
        Some(token.text(self.body))
    }

    /// Takes the words, where they come next.
    fn takes(&mut self, items: &str) -> bool {
        let behind = self.clone().behind(items);
        behind.map(|reader| *self = reader).is_some()
    }

    fn name(&mut self) -> Option<Name> {
        let name = names::next(self.body, &mut self.place, self.spelling.syntax)?;
        Some(self.spelling.folded(name))
    }

    pub fn relation(&mut self) -> Option<Thing> {
        Some(thing(Sort::Relation, self.name()?))
    }

    /// The schema that stands next, as a name or a string. `DEFAULT` and `"$user"` are none of a script.
    pub fn schema(mut self) -> Option<String> {
        let string = self.place.clone().find(|token| !token.is_beside());
        let string = string.filter(|token| token.kind == TokenKind::Text);
        let schema = match string {
            Some(token) => names::unquoted(token.text(self.body))?,
            None => self.name()?.pop()?,
        };
        let usual = is_usual(&schema) || schema.starts_with('$') || is_one_of("DEFAULT", &schema);
        (!usual && !schema.is_empty()).then_some(schema)
    }

    /// `TRUNCATE a, b`, and everybody else's one table.
    pub fn relations(mut self) -> Option<Vec<Thing>> {
        let mut all = vec![self.relation()?];
        while self.takes(",") {
            all.push(self.relation()?);
        }
        Some(all)
    }

    /// What CREATE makes, behind its words.
    pub fn made(mut self, sort: Sort) -> Option<Vec<Act>> {
        // `CREATE INDEX ON t (a)`: the server chooses the name.
        if sort == Sort::Index && self.peek().is_some_and(|word| is_one_of("ON", word)) {
            return Some(Vec::new());
        }
        // `CREATE SCHEMA AUTHORIZATION shop`
        if sort == Sort::Schema {
            self.takes("AUTHORIZATION");
        }
        let mut made = match sort {
            Sort::Role => self.role()?,
            sort => thing(sort, self.name()?),
        };
        if is_gone_with_the_session(&made.name) {
            return Some(Vec::new());
        }
        if sort == Sort::Routine {
            made.takes = self.arguments();
        }
        if sort.works_unnamed() {
            made.on = self.table(sort);
        }
        // It lies in the schema of its table: https://www.postgresql.org/docs/current/sql-createindex.html
        if let (Sort::Index, Syntax::Postgres(_), Some(table)) = (sort, self.spelling.syntax, &made.on) {
            made.name = beside(table, made.name);
        }
        Some(vec![Act::Makes(made)])
    }

    pub fn dropped(mut self, sort: Sort) -> Option<Vec<Act>> {
        let mut acts = Vec::new();
        loop {
            let mut dropped = match sort {
                Sort::Role => self.role()?,
                sort => thing(sort, self.name()?),
            };
            if sort == Sort::Routine {
                dropped.takes = self.arguments();
            }
            if sort.works_unnamed() && self.takes("ON|SERVER") {
                dropped.on = self.name();
            }
            acts.push(Act::Drops(dropped));
            if !self.takes(",") {
                return Some(acts);
            }
        }
    }

    pub fn altered(mut self, sort: Sort) -> Option<Vec<Act>> {
        let it = match sort {
            Sort::Role => self.role()?,
            sort => thing(sort, self.name()?),
        };
        if sort == Sort::Relation {
            return self.altered_table(it);
        }
        let renamed = |name| Some(vec![Act::Renames(it.clone(), name)]);
        while let Some(token) = self.next() {
            if is_one_of("RENAME", token.text(self.body)) && self.takes("TO") {
                let name = beside(&it.name, self.name()?);
                return renamed(name);
            }
            if is_one_of("SET", token.text(self.body)) && self.takes("SCHEMA") {
                let name = moved(&it.name, self.name()?);
                return renamed(name);
            }
        }
        Some(vec![Act::Changes(it)])
    }

    fn altered_table(mut self, table: Thing) -> Option<Vec<Act>> {
        self.takes("*");
        let mut acts = Vec::new();
        while self.peek().is_some() {
            let act = self.clone().part(&table);
            acts.push(act.unwrap_or_else(|| Act::Changes(table.clone())));
            self.skip_to_comma();
        }
        Some(acts)
    }

    /// One of the changes that ALTER TABLE lists. `None`: it is one of the table itself.
    fn part(mut self, table: &Thing) -> Option<Act> {
        let of = |sort, name| Thing {
            on: Some(table.name.clone()),
            ..thing(sort, name)
        };
        let verb = self.next()?.text(self.body);
        let is = |words: &str| is_one_of(words, verb);
        if is("RENAME") {
            if self.takes("CONSTRAINT") {
                return self.renamed_part(|name| of(Sort::Constraint, name));
            }
            if self.takes("INDEX|KEY") {
                return self.renamed_part(|name| of(Sort::Index, name));
            }
            if self.takes("COLUMN") {
                return self.renamed_part(|name| of(Sort::Column, name));
            }
            // `RENAME TO b` is the table, `RENAME a TO b` a column, and `RENAME b` of MySQL the table again.
            let of_table = self.takes("TO|AS");
            let name = self.name()?;
            if !of_table && self.takes("TO") {
                return Some(Act::Renames(of(Sort::Column, name), self.name()?));
            }
            return Some(Act::Renames(table.clone(), beside(&table.name, name)));
        }
        if is("SET") && self.takes("SCHEMA") {
            return Some(Act::Renames(table.clone(), moved(&table.name, self.name()?)));
        }
        if is("CHANGE") {
            self.takes("COLUMN");
            let (from, to) = (self.name()?, self.name()?);
            return Some(Act::Renames(of(Sort::Column, from), to));
        }
        let sort = PARTS.iter().find(|(words, _)| self.takes(words));
        let sort = match sort {
            Some((_, sort)) => (*sort)?,
            None => {
                self.takes("<if>");
                Sort::Column
            }
        };
        // `ADD CHECK (…)`, `ADD UNIQUE KEY (…)`, `ADD FOREIGN KEY (…)`: the server chooses the name.
        let part = of(sort, self.name()?);
        Some(match verb {
            _ if is("ADD") => Act::Makes(part),
            _ if is("DROP") => Act::Drops(part),
            _ if is("ALTER|MODIFY|VALIDATE") => Act::Changes(part),
            _ => return None,
        })
    }

    fn renamed_part(mut self, part: impl Fn(Name) -> Thing) -> Option<Act> {
        let from = self.name()?;
        self.takes("TO");
        Some(Act::Renames(part(from), self.name()?))
    }

    /// `RENAME TABLE a TO b, c TO d`
    pub fn renamed(self) -> Option<Vec<Act>> {
        let reader = self.behind("TABLE|TABLES <if>")?;
        let names = names::read(Names::Pairs, reader.body, reader.place, reader.spelling.syntax)?;
        let folded = |name: &Name| reader.spelling.folded(name.clone());
        let pairs = names.chunks_exact(2);
        let rename = |pair: &[Name]| Act::Renames(thing(Sort::Relation, folded(&pair[0])), folded(&pair[1]));
        Some(pairs.map(rename).collect())
    }

    /// `UPDATE t SET a = 1, b = 2`: the columns, which may be what the script has made; the table where they cannot be told.
    pub fn updated(mut self) -> Option<Vec<Act>> {
        self.takes("OR? ROLLBACK|ABORT|REPLACE|FAIL|IGNORE? LOW_PRIORITY? IGNORE? ONLY?");
        let table = self.relation()?;
        let whole = vec![Act::Changes(table.clone())];
        if !self.takes("SET") {
            // Several tables: any of them may be what changes.
            return (!self.joins_before_set()).then_some(whole);
        }
        let mut acts = Vec::new();
        while let Some(name) = self.name() {
            if !self.takes("=") {
                return Some(whole);
            }
            acts.push(Act::Changes(Thing {
                on: Some(table.name.clone()),
                ..thing(Sort::Column, name.into_iter().next_back().into_iter().collect())
            }));
            if !self.skip_to_comma() {
                return Some(acts);
            }
        }
        Some(whole)
    }

    fn joins_before_set(&self) -> bool {
        let words = self.place.clone().filter(|token| !token.is_beside());
        let mut words = words.map(|token| token.text(self.body));
        let first = words.find(|word| is_one_of("SET|,|JOIN|STRAIGHT_JOIN", word));
        first.is_some_and(|word| !is_one_of("SET", word))
    }

    /// Goes on behind the next comma outside of parentheses; false where there is none.
    fn skip_to_comma(&mut self) -> bool {
        let mut depth = 0_usize;
        while let Some(token) = self.next() {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth = depth.saturating_sub(1),
                _ if depth == 0 && token.text(self.body) == "," => return true,
                _ => {}
            }
        }
        false
    }

    /// The table of an index, a trigger, a rule or a policy; the server of a mapping.
    fn table(&self, sort: Sort) -> Option<Name> {
        let before = before_whole(sort);
        let mut reader = self.clone();
        while let Some(token) = reader.next() {
            if is_one_of(before, token.text(self.body)) {
                reader.takes("ONLY");
                return reader.name();
            }
        }
        None
    }

    /// A user or a role, of MySQL with its host.
    fn role(&mut self) -> Option<Thing> {
        let users = names::read(Names::Users, self.body, self.place.clone(), self.spelling.syntax)?;
        let name = users.into_iter().next()?;
        while let Some(word) = self.peek() {
            if word == "," {
                break;
            }
            self.next();
        }
        Some(thing(Sort::Role, self.spelling.folded(name)))
    }

    /// What stands in the parentheses behind the name of a routine, argument by argument; what goes out is not told by DROP.
    fn arguments(&mut self) -> Option<Vec<String>> {
        let mut ahead = self.clone();
        if ahead.next()?.kind != TokenKind::Open {
            return None;
        }
        let (mut all, mut words, mut depth, mut is_default) = (Vec::new(), Vec::new(), 0_usize, false);
        let mut end = |words: &mut Vec<String>| {
            let is_out = words.first().is_some_and(|word| word == "out");
            if !words.is_empty() && !is_out {
                all.push(usual_type(&words.join(" ")));
            }
            words.clear();
        };
        while let Some(token) = ahead.next() {
            let word = token.text(self.body);
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close if depth == 0 => break,
                TokenKind::Close => depth -= 1,
                _ if depth > 0 => {}
                _ if word == "," => {
                    end(&mut words);
                    is_default = false;
                }
                _ if is_one_of("DEFAULT|=", word) => is_default = true,
                _ if is_default => {}
                _ => words.push(word.to_lowercase()),
            }
        }
        end(&mut words);
        *self = ahead;
        Some(all)
    }

    /// What a query does: nothing, or what the functions do that it calls. What only reads is told by its name.
    pub fn queried(&self) -> Deeds {
        const READS: &str = "ALL|AND|ANY|AS|AVG|BY|COALESCE|COUNT|CURRVAL|DISTINCT|EXISTS|FILTER|FROM|IN|JOIN|LENGTH|LOWER|MAX|MIN|NOT|ON|OR|OVER|PG_GET_SERIAL_SEQUENCE|SELECT|SUM|UPPER|USING|VALUES|WHERE|WITH";
        let mut sequences = Vec::new();
        let mut before = None;
        let mut reader = self.clone();
        while let Some(token) = reader.next() {
            let word = token.text(self.body);
            // It makes a table, or puts rows somewhere.
            if is_one_of("INTO", word) {
                return Deeds::Unknown;
            }
            if let (TokenKind::Open, Some(called)) = (token.kind, before) {
                match is_one_of("NEXTVAL|SETVAL", called) {
                    true => sequences.push(reader.clone().sequence()),
                    false if is_one_of(READS, called) => {}
                    false => return Deeds::Runs,
                }
            }
            let named = matches!(token.kind, TokenKind::Word | TokenKind::WideWord | TokenKind::Name);
            before = named.then_some(word);
        }
        if sequences.is_empty() {
            return Deeds::Nothing;
        }
        let changed: Option<Vec<Act>> = sequences.into_iter().map(|it| it.map(Act::Changes)).collect();
        changed.map_or(Deeds::Unknown, Deeds::Acts)
    }

    /// `'s'`, and the table of `pg_get_serial_sequence('t', 'c')`, which its sequence goes with.
    fn sequence(mut self) -> Option<Thing> {
        self.takes("PG_GET_SERIAL_SEQUENCE (");
        let token = self.next().filter(|token| token.kind == TokenKind::Text)?;
        let text = names::unquoted(token.text(self.body))?;
        let spelled = Reader {
            body: &text,
            place: Lexer::new(&text, self.spelling.syntax),
            spelling: self.spelling,
        };
        spelled.clone().relation()
    }

    /// Whether one of these words stands anywhere, also in the text of a block.
    pub fn names_one_of(&self, words: &str) -> bool {
        let mut tokens = self.place.clone().filter(|token| !token.is_beside());
        tokens.any(|token| {
            let text = token.text(self.body);
            let mut parts = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            match token.kind {
                TokenKind::Word => is_one_of(words, text),
                TokenKind::Text | TokenKind::Dollar => parts.any(|part| is_one_of(words, part)),
                _ => false,
            }
        })
    }
}

fn thing(sort: Sort, name: Name) -> Thing {
    Thing {
        sort,
        name,
        on: None,
        takes: None,
    }
}

/// The name with the schema of another one, unless it has its own.
fn beside(other: &Name, name: Name) -> Name {
    match (other.as_slice(), name.as_slice()) {
        ([schema, _], [_]) => std::iter::once(schema.clone()).chain(name).collect(),
        _ => name,
    }
}

/// The words before the table, or the server, that something belongs to.
fn before_whole(sort: Sort) -> &'static str {
    match sort {
        Sort::Rule => "TO",
        Sort::Mapping => "SERVER",
        _ => "ON",
    }
}

/// The name in another schema.
fn moved(name: &Name, schema: Name) -> Name {
    schema.into_iter().chain(name.last().cloned()).collect()
}

/// `temp.t` of SQLite, `pg_temp.t` of PostgreSQL.
fn is_gone_with_the_session(name: &Name) -> bool {
    matches!(name.as_slice(), [schema, _] if matches!(schema.as_str(), "temp" | "pg_temp"))
}

/// One name for a type that has several: <https://www.postgresql.org/docs/current/datatype.html>.
fn usual_type(argument: &str) -> String {
    const SAME: [(&str, &str); 10] = [
        ("int4", "integer"),
        ("int8", "bigint"),
        ("int2", "smallint"),
        ("int", "integer"),
        ("bool", "boolean"),
        ("varchar", "character varying"),
        ("decimal", "numeric"),
        ("float8", "double precision"),
        ("timestamptz", "timestamp with time zone"),
        ("timestamp", "timestamp without time zone"),
    ];
    let (before, last) = argument.rsplit_once(' ').unwrap_or(("", argument));
    match SAME.iter().find(|(short, _)| *short == last) {
        Some((_, long)) => format!("{before} {long}").trim_start().to_owned(),
        None => argument.to_owned(),
    }
}
