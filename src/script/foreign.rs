//! Directives of other tools: comment lines that mean something there, and here would be passed over.
//!
//! A file of goose or dbmate holds the down script behind the up script; who takes it for one script runs both.

/// Which tool has lines like this, and what they are like here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    pub tool: &'static str,
    pub instead: &'static str,
}

const PARTS: &str = "write the down script behind a line `-- syncline: down`, and remove the other tool's lines";
const OUTSIDE: &str = "write `-- syncline: no-transaction`";
const ENDS: &str = "`layout = \"atlas\"` reads such files; else end each statement with `;`, and remove the line";
const STANDS: &str =
    "`layout = \"atlas\"` reads such files; else keep it out of this directory, since it repeats what comes before it";
const EACH_RUN: &str =
    "a repeatable migration runs here whenever it changes; what is to run each time belongs behind `syncline up`";
const BY_NAME: &str = "repeatable migrations run here in the order of their names: name them so, and remove the line";
const CHANGES: &str = "`layout = \"liquibase\"` reads such files; else make each change set a migration of its own";

/// How the text behind `--` begins, and the tool with its reference.
const MARKS: [(&str, &str, &str); 22] = [
    // https://pressly.github.io/goose/documentation/annotations/
    ("+goose ", "goose", PARTS),
    // https://github.com/amacneil/dbmate#creating-migrations
    ("migrate:up", "dbmate", PARTS),
    ("migrate:down", "dbmate", PARTS),
    // https://github.com/rubenv/sql-migrate#writing-migrations
    ("+migrate ", "sql-migrate", PARTS),
    // https://github.com/elwinar/rambler#migrations
    ("rambler up", "rambler", PARTS),
    ("rambler down", "rambler", PARTS),
    // https://docs.rs/sqlx/latest/sqlx/macro.migrate.html
    ("no-transaction", "sqlx", OUTSIDE),
    // https://salsita.github.io/node-pg-migrate/migrations/
    ("Down Migration", "node-pg-migrate", PARTS),
    // https://atlasgo.io/versioned/apply#transaction-configuration
    ("atlas:txmode none", "Atlas", OUTSIDE),
    ("atlas:delimiter", "Atlas", ENDS),
    ("atlas:checkpoint", "Atlas", STANDS),
    // https://github.com/jackc/tern#migrations
    ("-- create above / drop below ----", "tern", PARTS),
    ("-- tern: disable-tx ----", "tern", OUTSIDE),
    // https://github.com/graphile/migrate#no-transaction
    ("! no-transaction", "graphile-migrate", OUTSIDE),
    // https://github.com/ThomWright/postgres-migrations#migrations-rules
    (
        "postgres-migrations disable-transaction",
        "postgres-migrations",
        OUTSIDE,
    ),
    // https://github.com/mybatis/migrations/blob/master/src/main/java/org/apache/ibatis/migration/MigrationReader.java
    ("//@UNDO", "MyBatis Migrations", PARTS),
    ("// @UNDO", "MyBatis Migrations", PARTS),
    // https://github.com/lecaillon/Evolve/blob/master/src/Evolve/Migration/MigrationScript.cs
    ("evolve-tx-off", "Evolve", OUTSIDE),
    ("evolve-repeat-always", "Evolve", EACH_RUN),
    ("evolve-repeatable-deps=", "Evolve", BY_NAME),
    // https://docs.liquibase.com/concepts/changelogs/sql-format.html
    ("liquibase formatted sql", "Liquibase", CHANGES),
    ("changeset ", "Liquibase", CHANGES),
];

/// Reads a comment with its marks. Those that are words of any language have to be all that it says.
pub(super) fn read(comment: &str) -> Option<Foreign> {
    let said = comment.strip_prefix("--")?.trim();
    let begins = |mark: &str| {
        let (head, rest) = (said.get(..mark.len()), said.get(mark.len()..));
        let is_word = !mark.contains(['+', ':', '@', '=']) && !mark.ends_with(' ');
        let ends = |rest: &str| {
            rest.is_empty() || (!is_word && (mark.ends_with([' ', '=']) || rest.starts_with(char::is_whitespace)))
        };
        head.is_some_and(|head| head.eq_ignore_ascii_case(mark)) && rest.is_some_and(ends)
    };
    let (_, tool, instead) = MARKS.iter().find(|(mark, ..)| begins(mark))?;
    // `-- changeset ann:1` names its author.
    let is_prose = *instead == CHANGES && said.contains(' ') && !said.contains(':') && !said.ends_with("sql");
    (!is_prose).then_some(Foreign { tool, instead })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_tools_lines_are_known_and_prose_is_not() {
        for (comment, tool) in [
            ("-- +goose Up", "goose"),
            ("-- +goose StatementBegin", "goose"),
            ("-- +goose NO TRANSACTION", "goose"),
            ("-- migrate:up", "dbmate"),
            ("--migrate:down transaction:false", "dbmate"),
            ("-- +migrate Down", "sql-migrate"),
            ("-- rambler down", "rambler"),
            ("-- no-transaction", "sqlx"),
            ("-- Down Migration", "node-pg-migrate"),
            ("-- atlas:txmode none", "Atlas"),
            ("-- atlas:delimiter \\n\\n", "Atlas"),
            ("-- atlas:checkpoint", "Atlas"),
            ("---- create above / drop below ----", "tern"),
            ("---- tern: disable-tx ----", "tern"),
            ("--! no-transaction", "graphile-migrate"),
            ("-- postgres-migrations disable-transaction", "postgres-migrations"),
            ("-- //@UNDO", "MyBatis Migrations"),
            ("--// @undo takes the pets away again", "MyBatis Migrations"),
            ("-- evolve-tx-off", "Evolve"),
            ("-- evolve-repeat-always", "Evolve"),
            ("-- evolve-repeatable-deps=R__a.sql|R__b.sql", "Evolve"),
            ("--liquibase formatted sql", "Liquibase"),
            ("-- changeset ann:1 splitStatements:false", "Liquibase"),
        ] {
            assert_eq!(read(comment).map(|found| found.tool), Some(tool), "{comment}");
        }
        for comment in [
            "-- no-transaction is needed here, since …",
            "-- goose is another tool",
            "-- migrate:upwards",
            "-- the changeset of May",
            "-- changeset of May",
            "-- rambler upstairs",
            "-- atlas:nolint",
            "---- create above",
            "-- //@UNDOING",
            "-- // what it does",
            "-- evolve-tx-off is not needed",
            "-- Down Migration follows",
            "--",
            "/* +goose Up */",
        ] {
            assert_eq!(read(comment), None, "{comment}");
        }
    }
}
