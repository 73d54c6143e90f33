//! A project of Liquibase's, used in place.

use insta::assert_snapshot;

use super::project::Project;

const TABLES: &str = "--liquibase formatted sql

--changeset ann:books
CREATE TABLE books (id integer PRIMARY KEY, title text);
--rollback DROP TABLE books;

--changeset ann:\"count of books\" endDelimiter:// runOnChange:true
CREATE TABLE IF NOT EXISTS counted (n integer)
//
DROP TRIGGER IF EXISTS count_books
//
CREATE TRIGGER count_books AFTER INSERT ON books BEGIN
  DELETE FROM counted;
  INSERT INTO counted SELECT count(*) FROM books;
END
//
--rollback DROP TRIGGER count_books;
--rollback DROP TABLE counted;
";

const ROWS: &str = "--liquibase formatted sql

--changeset ben:first-book dbms:sqlite
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT count(*) FROM books
INSERT INTO books VALUES (1, 'It');
--rollback DELETE FROM books WHERE id = 1;
";

#[test]
fn a_project_of_liquibases_goes_up_and_again_and_down() {
    let mut project = Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .file("migrations/01-tables.sql", TABLES)
        .file("migrations/rows/02-rows.sql", ROWS);
    project.ok(&["plan", "--sql"]);
    project.ok(&["up"]);
    project.ok(&["verify"]);
    project.note("the trigger is written anew");
    project.write("migrations/01-tables.sql", TABLES.replace("count(*)", "count(*) + 100"));
    project.ok(&["status"]);
    project.ok(&["verify"]);
    project.ok(&["plan"]);
    project.ok(&["up"]);
    project.ok(&["verify"]);
    project.sql("INSERT INTO books VALUES (2, 'Us')");
    project.ok(&["down", "--to", "none", "--yes"]);
    project.note("somebody is quicker with the first book");
    project.ok(&["up", "--steps", "2", "--quiet"]);
    project.sql("INSERT INTO books VALUES (7, 'Emma')");
    project.ok(&["up"]);
    project.ok(&["log", "--limit", "1"]);
    project.ok(&["down", "--yes"]);
    assert_snapshot!(project.story());
}

#[test]
fn what_only_liquibase_can_do_is_told_with_a_way_out() {
    let mut project = Project::new()
        .variable("SYNCLINE_URL", "sqlite:shop.db")
        .file(
            "migrations/main.xml",
            "<databaseChangeLog>\n  <changeSet id=\"1\" author=\"ann\">\n    <createTable tableName=\"a\"/>\n  </changeSet>\n\
             <include file=\"a.sql\" relativeToChangelogFile=\"true\"/>\n</databaseChangeLog>\n",
        )
        .file(
            "migrations/a.sql",
            "--liquibase formatted sql\n--changeset ann:2 runAlways:true\nSELECT 1;\n--changeset ann:3 context:test\nSELECT 2;\n",
        );
    assert_eq!(project.run(&["plan"]).exit, 2);
    assert_snapshot!(project.story());
}
