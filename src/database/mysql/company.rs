//! What else may be at work when a statement writes rows: tables that are not rolled back, triggers and functions.

use super::MySql;
use crate::database::{Database, DatabaseError};
use crate::script;

/// What there is on the server besides tables that can be rolled back.
pub(super) struct Company {
    /// Schemas that have tables whose rows are not rolled back.
    plain_tables: Vec<String>,
    /// Triggers and functions, which may set variables of the session, and take locks.
    pub programs: bool,
}

/// The names of schemas with such tables, and whether there are programs, which begins with a blank that no schema's name has.
const ASK: &str = "SELECT DISTINCT TABLE_SCHEMA FROM information_schema.TABLES WHERE TABLE_TYPE <> 'VIEW' \
     AND TABLE_SCHEMA NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') \
     AND ENGINE NOT IN (SELECT ENGINE FROM information_schema.ENGINES WHERE TRANSACTIONS = 'YES') \
     UNION ALL SELECT ' programs' FROM DUAL WHERE EXISTS (SELECT 1 FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN ('mysql', 'sys')) \
     OR EXISTS (SELECT 1 FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = 'FUNCTION' AND ROUTINE_SCHEMA NOT IN ('mysql', 'sys'))";

impl MySql {
    /// Whether a schema that the statement may mean has tables whose rows are not rolled back.
    pub(super) async fn may_change_plain_tables(&mut self, statement: &str) -> Result<bool, DatabaseError> {
        if self.company.is_none() {
            let mut names = super::sql::first_column(self.query(ASK).await?);
            let all = names.len();
            names.retain(|name| name != " programs");
            self.company = Some(Company {
                programs: names.len() < all,
                plain_tables: names,
            });
        }
        let syntax = self.syntax();
        let plain = self.company.as_ref().map_or(&[][..], |company| &company.plain_tables);
        // After a USE any of them may be the current one.
        let meant =
            |schema: &String| self.elsewhere || *schema == self.schema || script::mentions(statement, schema, syntax);
        Ok(plain.iter().any(meant))
    }
}
