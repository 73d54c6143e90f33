//! The files as they are on this connection.

use std::borrow::Cow;

use super::Migrator;
use crate::catalog::{Catalog, Here};

impl Migrator {
    /// The same files, split by the rules of this server, and with the values that placeholders of their tool have here. A catalog is
    /// compared with the history by these.
    pub fn read_here<'c>(&self, catalog: &'c Catalog) -> Cow<'c, Catalog> {
        let server = self.database.server();
        let here = Here {
            schema: &server.schema,
            user: &server.user,
        };
        catalog.read_at(here, self.database.syntax())
    }
}
