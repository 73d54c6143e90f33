//! Placeholders that a tool fills in itself: what they stand for is known when there is a connection, or when there is a file.

use std::borrow::Cow;

use super::Catalog;
use super::layouts::{Fact, Layout};
use crate::migration::{Migration, Script};
use crate::script::{Placeholders, Syntax};

/// What a server tells of a connection, for the placeholders of tools. Empty where there is no such thing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Here<'a> {
    /// The schema that is current.
    pub schema: &'a str,
    /// The user that statements are run as.
    pub user: &'a str,
}

impl Here<'_> {
    fn value(&self, fact: Fact, syntax: Syntax) -> Option<&str> {
        let value = match (fact, syntax) {
            (Fact::Schema, Syntax::Sqlite) => "main",
            // A schema is a database there.
            (Fact::Schema, _) | (Fact::Database, Syntax::Mysql(_)) => self.schema,
            (Fact::User, _) => self.user,
            (Fact::Database | Fact::File, _) => "",
        };
        Some(value).filter(|value| !value.is_empty())
    }
}

impl Catalog {
    /// The values of placeholders with those that are known here, where that makes a difference to some script.
    pub(super) fn filled_in(&self, here: Here<'_>, syntax: Syntax) -> Option<Placeholders> {
        let scripts = || {
            let migrations = self.migrations.values().chain(&self.stand_in);
            migrations.flat_map(|migration: &Migration| std::iter::once(&migration.up).chain(&migration.down))
        };
        let mut filled: Option<Placeholders> = None;
        for (written, fact) in self.detected.layout.tool().fills_in() {
            let Some(value) = here
                .value(*fact, syntax)
                .filter(|_| !self.placeholders.declares(written))
            else {
                continue;
            };
            if scripts().any(|script| script.source().contains(written)) {
                let all = filled.get_or_insert_with(|| Placeholders::clone(&self.placeholders));
                all.define(written, value.to_owned());
            }
        }
        filled
    }
}

/// A script with placeholders filled in, those that stand for its file among them.
pub(super) fn script(
    layout: &Layout,
    (path, first_line, text): (String, i32, String),
    syntax: Syntax,
    placeholders: &Placeholders,
) -> Script {
    let mut placeholders = Cow::Borrowed(placeholders);
    for (written, _) in layout.tool().fills_in().iter().filter(|(_, fact)| *fact == Fact::File) {
        if text.contains(written) {
            let file = path.rsplit(['/', std::path::MAIN_SEPARATOR]).next().unwrap_or(&path);
            placeholders.to_mut().define(written, file.to_owned());
        }
    }
    Script::expanded(path, first_line, text, syntax, &placeholders)
}
