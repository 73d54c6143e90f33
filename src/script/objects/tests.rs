//! Objects of statements, with all that may stand before and in their names.

use super::*;
use crate::script::SqlMode;

const MYSQL: Syntax = Syntax::Mysql(SqlMode {
    no_backslash_escapes: false,
    ansi_quotes: false,
    oracle: false,
});
const ANSI: Syntax = Syntax::Mysql(SqlMode {
    no_backslash_escapes: true,
    ansi_quotes: true,
    oracle: false,
});

/// The objects of each statement are all of one kind, with these names. A blank separates the parts of a name.
fn named(kind: ObjectKind, syntax: Syntax, statements: &[(&str, &[&str])]) {
    for (statement, names) in statements {
        let wanted: Vec<Object> = names
            .iter()
            .map(|name| Object {
                kind,
                name: name.split(' ').map(str::to_owned).collect(),
            })
            .collect();
        assert_eq!(objects(statement, syntax), wanted, "{statement}");
    }
}

#[test]
fn tables_views_and_indexes_of_mysql_are_tables() {
    named(
        Table,
        MYSQL,
        &[
            ("CREATE TABLE t (a int)", &["t"]),
            ("CREATE TABLE IF NOT EXISTS d.t LIKE u", &["d t"]),
            ("create or replace table T (a int)", &["T"]),
            ("ALTER TABLE t ADD a int", &["t"]),
            ("ALTER ONLINE IGNORE TABLE IF EXISTS t WAIT 5 ADD a int", &["t"]),
            ("ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u", &["t"]),
            ("DROP TABLE a, d.b, `c`", &["a", "d b", "c"]),
            ("DROP TABLES IF EXISTS a, b NOWAIT CASCADE", &["a", "b"]),
            ("CREATE VIEW v AS SELECT 1", &["v"]),
            (
                "CREATE OR REPLACE ALGORITHM = MERGE DEFINER = `a`@`b` SQL SECURITY INVOKER VIEW d.v (a, b) AS SELECT 1, 2",
                &["d v"],
            ),
            (
                "ALTER ALGORITHM=UNDEFINED DEFINER=CURRENT_USER() VIEW v AS SELECT 1",
                &["v"],
            ),
            ("DROP VIEW IF EXISTS a, b RESTRICT", &["a", "b"]),
            (
                "CREATE OR REPLACE JSON RELATIONAL DUALITY VIEW d.v AS SELECT 1",
                &["d v"],
            ),
            ("ALTER SQL SECURITY INVOKER JSON DUALITY VIEW v AS SELECT 1", &["v"]),
            ("CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1", &["v"]),
            ("CREATE EXTERNAL TABLE t (a int)", &["t"]),
            ("CREATE INDEX i ON t (a)", &["t"]),
            ("CREATE UNIQUE INDEX `i` USING BTREE ON d.t (a)", &["d t"]),
            (
                "CREATE OR REPLACE FULLTEXT INDEX IF NOT EXISTS i ON t NOWAIT (a)",
                &["t"],
            ),
            ("CREATE SPATIAL INDEX i ON t (a)", &["t"]),
            ("DROP INDEX IF EXISTS `PRIMARY` ON t", &["t"]),
            ("DROP ONLINE INDEX i ON t", &["t"]),
            ("RENAME TABLE a TO b, d.c TO e.c", &["a", "b", "d c", "e c"]),
            (
                "RENAME TABLES IF EXISTS a WAIT 5 TO b, c NOWAIT TO a",
                &["a", "b", "c", "a"],
            ),
        ],
    );
}

#[test]
fn names_of_mysql_are_unquoted() {
    named(
        Table,
        MYSQL,
        &[
            ("DROP TABLE `a``b`.`c d`", &["a`b c d"][..0]),
            ("DROP TABLE `a``b`.`c`", &["a`b c"]),
            ("DROP TABLE d . t", &["d t"]),
            ("DROP TABLE /* this */ d/**/./**/t", &["d t"]),
            ("DROP TABLE /*!32312 IF EXISTS*/ `t`", &["t"]),
            ("/*!50003 DROP TABLE d.t */", &["d t"]),
            ("DROP TABLE täble, $a", &["täble", "$a"]),
            (
                "DROP TABLE 2024_data, d.2024_data, `1`, d.1",
                &["2024_data", "d 2024_data", "1", "d 1"],
            ),
            // The script may have set ANSI_QUOTES; a string has no business here.
            ("DROP TABLE \"a\"\"b\"", &["a\"b"]),
            ("DROP TABLE a.b.c", &[]),
            ("DROP TABLE 'a'", &[]),
            ("DROP TABLE 1", &[]),
            ("DROP TABLE d.1.2", &[]),
            ("DROP TABLE 1é", &[]),
            ("DROP TABLE ``", &[]),
            ("DROP TABLE a, ", &[]),
            ("DROP TABLE", &[]),
            ("RENAME TABLE a TO", &[]),
        ][1..],
    );
    named(
        Table,
        ANSI,
        &[
            ("DROP TABLE \"a\"\"b\", `c`", &["a\"b", "c"]),
            ("DROP TABLE \"a\\\"", &["a\\"]),
        ],
    );
    let spaced = Object {
        kind: Table,
        name: vec!["a`b".to_owned(), "c d".to_owned()],
    };
    assert_eq!(objects("DROP TABLE `a``b`.`c d`", MYSQL), [spaced]);
}

#[test]
fn programs_and_databases_of_mysql_have_kinds_of_their_own() {
    for (kind, statements) in [
        (
            Sequence,
            &[
                ("CREATE SEQUENCE IF NOT EXISTS s START WITH 1", &["s"] as &[&str]),
                ("CREATE OR REPLACE SEQUENCE d.s", &["d s"]),
                ("ALTER SEQUENCE IF EXISTS s RESTART", &["s"]),
                ("DROP SEQUENCE a, b", &["a", "b"]),
            ] as &[(&str, &[&str])],
        ),
        (
            Library,
            &[
                (
                    "CREATE LIBRARY IF NOT EXISTS d.l LANGUAGE JAVASCRIPT AS $$ ; $$",
                    &["d l"],
                ),
                ("ALTER LIBRARY l COMMENT 'x'", &["l"]),
                ("DROP LIBRARY IF EXISTS l", &["l"]),
            ],
        ),
        (
            Server,
            &[
                (
                    "CREATE OR REPLACE SERVER IF NOT EXISTS s FOREIGN DATA WRAPPER mysql OPTIONS (USER 'x')",
                    &["s"],
                ),
                ("ALTER SERVER `s` OPTIONS (USER 'y')", &["s"]),
                ("DROP SERVER IF EXISTS s", &["s"]),
            ],
        ),
        (
            ResourceGroup,
            &[
                ("CREATE RESOURCE GROUP g TYPE = USER", &["g"]),
                ("ALTER RESOURCE GROUP g VCPU = 0", &["g"]),
                ("DROP RESOURCE GROUP g FORCE", &["g"]),
            ],
        ),
        (
            Tablespace,
            &[
                ("CREATE TABLESPACE s ADD DATAFILE 's.ibd'", &["s"]),
                ("ALTER UNDO TABLESPACE s SET INACTIVE", &["s"]),
                ("DROP TABLESPACE s", &["s"]),
            ],
        ),
        (
            Procedure,
            &[
                ("CREATE PROCEDURE d.p(a int) SELECT 1", &["d p"]),
                (
                    "CREATE OR REPLACE DEFINER = u@127.0.0.1 PROCEDURE IF NOT EXISTS p() SELECT 1",
                    &["p"],
                ),
                ("ALTER PROCEDURE p COMMENT 'x'", &["p"]),
                ("DROP PROCEDURE IF EXISTS p", &["p"]),
            ],
        ),
        (
            Function,
            &[
                (
                    "CREATE DEFINER=root@localhost FUNCTION f() RETURNS int RETURN 1",
                    &["f"],
                ),
                (
                    "CREATE DEFINER = CURRENT_ROLE AGGREGATE FUNCTION f(a int) RETURNS int RETURN 1",
                    &["f"],
                ),
                ("CREATE AGGREGATE FUNCTION f RETURNS REAL SONAME 'x.so'", &["f"]),
                ("ALTER FUNCTION f COMMENT 'x'", &["f"]),
                ("DROP FUNCTION d.f", &["d f"]),
            ],
        ),
        (
            Trigger,
            &[
                (
                    "CREATE DEFINER='a b'@'%' TRIGGER r AFTER INSERT ON t FOR EACH ROW SET @a = 1",
                    &["r"],
                ),
                (
                    "/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`%`*/ /*!50003 TRIGGER `r` BEFORE INSERT ON t FOR EACH ROW SET @a = 1 */",
                    &["r"],
                ),
                (
                    "CREATE DEFINER=u@h/*!50003 TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET @a = 1 */",
                    &["r"],
                ),
                ("DROP TRIGGER IF EXISTS d.r", &["d r"]),
            ],
        ),
        (
            Event,
            &[
                (
                    "CREATE DEFINER = role EVENT IF NOT EXISTS e ON SCHEDULE AT NOW() DO SELECT 1",
                    &["e"],
                ),
                ("ALTER DEFINER = u EVENT e DISABLE", &["e"]),
                ("DROP EVENT e", &["e"]),
            ],
        ),
        (
            Package,
            &[
                ("CREATE OR REPLACE PACKAGE p AS PROCEDURE a(); END", &["p"]),
                ("DROP PACKAGE IF EXISTS p", &["p"]),
            ],
        ),
        (
            PackageBody,
            &[
                ("CREATE DEFINER = u PACKAGE BODY p AS END", &["p"]),
                ("DROP PACKAGE BODY p", &["p"]),
            ],
        ),
        (
            Database,
            &[
                ("CREATE DATABASE /*!32312 IF NOT EXISTS*/ `d`", &["d"]),
                ("CREATE OR REPLACE SCHEMA d", &["d"]),
                ("ALTER DATABASE d CHARACTER SET utf8mb4", &["d"]),
                ("DROP SCHEMA IF EXISTS d", &["d"]),
                ("ALTER DATABASE CHARACTER SET utf8mb4", &[]),
            ],
        ),
    ] {
        named(kind, MYSQL, statements);
    }
}

#[test]
fn a_user_of_mysql_is_a_name_with_or_without_a_host() {
    named(
        User,
        MYSQL,
        &[
            ("CREATE USER u", &["u"]),
            ("CREATE USER IF NOT EXISTS 'u'@'%' IDENTIFIED BY 'x, y'", &["u %"]),
            (
                "CREATE USER u@localhost IDENTIFIED BY 'x', `v`@`10.0.%` REQUIRE SSL, w@127.0.0.1",
                &["u localhost", "v 10.0.%", "w 127.0.0.1"],
            ),
            ("CREATE USER u IDENTIFIED BY 'x' DEFAULT ROLE a, b ACCOUNT LOCK", &["u"]),
            ("CREATE OR REPLACE ROLE r WITH ADMIN u", &["r"]),
            ("DROP USER a, \"b\"@\"h\", 'it''s'", &["a", "b h", "it's"]),
            ("DROP ROLE IF EXISTS a, 'b'", &["a", "b"]),
            ("DROP USER ''@localhost", &[" localhost"]),
            ("RENAME USER a TO b, c@h TO d@h", &["a", "b", "c h", "d h"]),
            ("DROP USER CURRENT_USER()", &[]),
            ("DROP USER 'a\\'b'", &[]),
            ("DROP USER a@", &[]),
        ],
    );
}

#[test]
fn other_statements_of_mysql_have_no_objects() {
    for statement in [
        "CREATE TEMPORARY TABLE t (a int)",
        "DROP TEMPORARY TABLE t",
        "TRUNCATE TABLE t",
        "GRANT SELECT ON t TO u",
        "ALTER USER u ACCOUNT LOCK",
        "INSERT INTO t VALUES ('DROP TABLE t')",
        "-- DROP TABLE t\nSELECT 1",
        "CREATE LOGFILE GROUP g ADD UNDOFILE 'x'",
        "",
    ] {
        assert_eq!(objects(statement, MYSQL), [], "{statement}");
    }
}

#[test]
fn objects_of_postgres_are_folded_and_have_the_schema_of_their_table() {
    for (kind, statements) in [
        (
            BuiltIndex,
            &[
                ("CREATE INDEX CONCURRENTLY I ON T (a)", &["i"] as &[&str]),
                (
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"I\" ON ONLY S.t USING gin (a)",
                    &["s I"],
                ),
                (
                    "CREATE INDEX /* not */ CONCURRENTLY \"a\"\"b\" ON d.\"S\".t (a)",
                    &["S a\"b"],
                ),
                ("CREATE INDEX CONCURRENTLY Été ON t (a)", &["Été"]),
                // A long name is cut, and never inside a character.
                (
                    "CREATE INDEX CONCURRENTLY a234567890b234567890c234567890d234567890e234567890f234567890ggéé ON t (a)",
                    &["a234567890b234567890c234567890d234567890e234567890f234567890gg"],
                ),
                ("CREATE INDEX CONCURRENTLY U&\"\\0061\" ON t (a)", &[]),
                ("CREATE INDEX CONCURRENTLY a.i ON t (a)", &[]),
            ] as &[(&str, &[&str])],
        ),
        (
            Indexes,
            &[
                ("CREATE INDEX CONCURRENTLY ON t (a)", &["t"]),
                ("CREATE UNIQUE INDEX CONCURRENTLY ON ONLY s.T (a)", &["s t"]),
            ],
        ),
        (
            Relation,
            &[
                ("DROP INDEX CONCURRENTLY i", &["i"]),
                ("DROP INDEX CONCURRENTLY IF EXISTS S.i, \"J\" RESTRICT", &["s i", "J"]),
            ],
        ),
        (
            Partition,
            &[
                (
                    "ALTER TABLE IF EXISTS ONLY a.p * DETACH PARTITION a.C CONCURRENTLY",
                    &["a c"],
                ),
                ("ALTER TABLE detach DETACH PARTITION c CONCURRENTLY", &["c"]),
                ("ALTER TABLE p DETACH PARTITION c", &[]),
            ],
        ),
        (
            Database,
            &[
                ("CREATE DATABASE D OWNER o", &["d"]),
                ("DROP DATABASE IF EXISTS \"D\" WITH (FORCE)", &["D"]),
                ("ALTER DATABASE d SET TABLESPACE s", &[]),
            ],
        ),
        (
            Tablespace,
            &[
                ("CREATE TABLESPACE s LOCATION '/x'", &["s"]),
                ("DROP TABLESPACE IF EXISTS s", &["s"]),
            ],
        ),
        (
            Subscription,
            &[
                ("CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", &["s"]),
                ("DROP SUBSCRIPTION s", &["s"]),
            ],
        ),
    ] {
        named(kind, Syntax::Postgres(Default::default()), statements);
    }
    assert_eq!(
        objects("CREATE INDEX i ON t (a)", Syntax::Postgres(Default::default())),
        []
    );
}

#[test]
fn sqlite_has_no_objects() {
    for statement in ["CREATE TABLE t (a)", "DROP TABLE t", "VACUUM"] {
        assert_eq!(objects(statement, Syntax::Sqlite), [], "{statement}");
    }
}

#[test]
fn what_drops_a_database_is_known_by_its_name() {
    for (statement, drops) in [
        ("DROP DATABASE shop", true),
        ("/*!40000 DROP DATABASE IF EXISTS `Shop`*/", true),
        ("DROP SCHEMA IF EXISTS shop", true),
        ("CREATE OR REPLACE DATABASE shop", true),
        ("SET STATEMENT lock_wait_timeout = 1 FOR DROP DATABASE shop", true),
        ("DROP DATABASE shops", false),
        ("CREATE DATABASE shop", false),
        ("ALTER DATABASE shop CHARACTER SET utf8mb4", false),
        ("DROP TABLE shop", false),
    ] {
        assert_eq!(drops_database(statement, "shop", MYSQL), drops, "{statement}");
    }
    assert!(!drops_database(
        "DROP DATABASE shop",
        "shop",
        Syntax::Postgres(Default::default())
    ));
}
