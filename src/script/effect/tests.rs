//! The manner and the aftermath of every kind of statement.

use super::*;
use crate::script::{SqlMode, objects, parse};
use Aftermath::*;
use Manner::*;

const MYSQL: Syntax = Syntax::Mysql(SqlMode {
    no_backslash_escapes: false,
    ansi_quotes: false,
    oracle: false,
});

/// The manner of the one statement of a script.
fn of(statement: &str, syntax: Syntax) -> Manner {
    let parsed = parse(statement, syntax).unwrap();
    assert_eq!(parsed.sent().count(), 1, "{statement}");
    let found = parsed.sent().next().unwrap();
    manner(&statement[found.body.clone()], &found.kind, syntax)
}

fn all_are(wanted: Manner, syntax: Syntax, statements: &[&str]) {
    for statement in statements {
        assert_eq!(of(statement, syntax), wanted, "{statement}");
    }
}

#[test]
fn what_commits_implicitly_on_mysql_is_committing() {
    all_are(
        Committing,
        MYSQL,
        &[
            "CREATE TABLE t (a int)",
            "CREATE TABLE IF NOT EXISTS t (a int)",
            "CREATE TABLE t SELECT 1",
            "CREATE TABLE t LIKE u",
            "CREATE OR REPLACE TABLE t (a int)",
            "ALTER TABLE t ADD b int",
            "ALTER TABLE t ADD PARTITION (PARTITION p VALUES LESS THAN (1))",
            "ALTER TABLE t DROP PARTITION p",
            "ALTER TABLE t TRUNCATE PARTITION p",
            "ALTER TABLE t DISABLE KEYS",
            "ALTER TABLE t ENABLE KEYS",
            "ALTER TABLE t RENAME TO u",
            "ALTER ONLINE TABLE t FORCE",
            "DROP TABLE t",
            "DROP TABLES t, u",
            "DROP TABLE IF EXISTS nosuch",
            "RENAME TABLE t TO u",
            "RENAME TABLES t TO u",
            "TRUNCATE TABLE t",
            "TRUNCATE t",
            "CREATE INDEX i ON t (a)",
            "CREATE UNIQUE INDEX i ON t (a)",
            "DROP INDEX i ON t",
            "CREATE VIEW v AS SELECT 1",
            "CREATE OR REPLACE VIEW v AS SELECT 1",
            "ALTER VIEW v AS SELECT 1",
            "DROP VIEW v",
            "CREATE PROCEDURE p() SELECT 1",
            "ALTER PROCEDURE p COMMENT 'x'",
            "DROP PROCEDURE p",
            "CREATE FUNCTION f() RETURNS int RETURN 1",
            "CREATE FUNCTION f RETURNS STRING SONAME 'x.so'",
            "ALTER FUNCTION f COMMENT 'x'",
            "DROP FUNCTION f",
            "CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW SET @a = 1",
            "DROP TRIGGER r",
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
            "ALTER EVENT e DISABLE",
            "DROP EVENT e",
            "DELIMITER //\nCREATE PACKAGE p AS PROCEDURE a(); END//",
            "DELIMITER //\nCREATE PACKAGE BODY p AS PROCEDURE a() AS BEGIN NULL; END; END//",
            "DROP PACKAGE p",
            "CREATE DATABASE d",
            "CREATE SCHEMA d",
            "ALTER DATABASE d CHARACTER SET utf8mb4",
            "ALTER DATABASE CHARACTER SET utf8mb4",
            "DROP DATABASE d",
            "CREATE SEQUENCE s",
            // MariaDB 10.11 commits here, unlike with a temporary table.
            "CREATE TEMPORARY SEQUENCE s",
            "ALTER SEQUENCE s RESTART",
            "DROP SEQUENCE s",
            "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (USER 'x')",
            "ALTER SERVER s OPTIONS (USER 'x')",
            "DROP SERVER s",
            "CREATE TABLESPACE s ADD DATAFILE 's.ibd'",
            "CREATE UNDO TABLESPACE s ADD DATAFILE 's.ibu'",
            "ALTER TABLESPACE s RENAME TO u",
            "DROP TABLESPACE s",
            "CREATE LOGFILE GROUP g ADD UNDOFILE 'x'",
            "CREATE SPATIAL REFERENCE SYSTEM 4120 NAME 'x' DEFINITION 'x'",
            "DROP SPATIAL REFERENCE SYSTEM 4120",
            "CREATE RESOURCE GROUP g TYPE = USER",
            "CREATE ROLE r",
            "DROP ROLE r",
            "CREATE USER u IDENTIFIED BY 'x'",
            "ALTER USER u IDENTIFIED BY 'x'",
            "DROP USER u",
            "RENAME USER u TO v",
            "GRANT SELECT ON *.* TO u",
            "GRANT r TO u",
            "REVOKE SELECT ON *.* FROM u",
            "REVOKE r FROM u",
            "SET PASSWORD = 'x'",
            "SET PASSWORD FOR u = 'x'",
            "SET DEFAULT ROLE r TO u",
            "ANALYZE TABLE t",
            "ANALYZE LOCAL TABLES t, u",
            "CHECK TABLE t",
            "CHECK VIEW v",
            "OPTIMIZE NO_WRITE_TO_BINLOG TABLE t",
            "REPAIR TABLE t",
            "FLUSH TABLES",
            "FLUSH TABLES t WITH READ LOCK",
            "FLUSH PRIVILEGES",
            "FLUSH LOCAL LOGS",
            "RESET MASTER",
            "RESET REPLICA",
            "RESET QUERY CACHE",
            "LOCK TABLES t WRITE",
            "LOCK TABLE t READ",
            "UNLOCK TABLES",
            "INSTALL PLUGIN p SONAME 'x'",
            "INSTALL SONAME 'x'",
            "INSTALL COMPONENT 'file://x'",
            "UNINSTALL PLUGIN p",
            "UNINSTALL COMPONENT 'file://x'",
            "CACHE INDEX t IN hot",
            "LOAD INDEX INTO CACHE t",
            "LOAD DATA INFILE 'x' INTO TABLE t ALGORITHM = BULK",
            "START SLAVE",
            "START ALL SLAVES",
            "START REPLICA FOR CHANNEL 'x'",
            "STOP SLAVE 'x'",
            "STOP REPLICA",
            "CHANGE MASTER TO MASTER_USER = 'x'",
            "CHANGE REPLICATION SOURCE TO SOURCE_USER = 'x'",
            "CHANGE REPLICATION FILTER REPLICATE_DO_DB = (d)",
            "ALTER INSTANCE RELOAD TLS",
            "IMPORT TABLE FROM 'x.sdi'",
            "BACKUP STAGE START",
        ],
    );
}

#[test]
fn what_changes_nothing_but_its_session_is_not_recorded() {
    all_are(
        Unrecorded,
        MYSQL,
        &[
            "DROP PREPARE s",
            "DEALLOCATE PREPARE s",
            "SET autocommit = 0",
            "SET @password = 'x', @global = 'global'",
            "SET ROLE r",
            "SET NAMES utf8mb4",
            "PREPARE s FROM 'DROP TABLE t'",
            "/*!40101 SET NAMES utf8 */",
            "/*!40014 SET FOREIGN_KEY_CHECKS = 0 */",
            "USE d",
            "SET @a = 1, @b := @a + 1, SESSION sql_mode = ''",
            "SET @@session.time_zone = '+00:00', @@lock_wait_timeout = 1",
            "SET @s = (SELECT IF((SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE table_schema = DATABASE()) > 0, 'SELECT 1', CONCAT('CREATE TABLE ', @t)))",
            "SET @s = (SELECT max(a) FROM `information_schema`.`columns` AS c WHERE c.a IN ('x', 'y'))",
        ],
    );
    all_are(
        Joined,
        MYSQL,
        &[
            "SET @a = 1, GLOBAL max_connections = 1",
            "SET @a = f()",
            "SET @a = count (1) + `count`.f (1)",
            "SET @a = `f`(1)",
            "SET @a = NEXT VALUE FOR s",
            "SET @a = NEXTVAL(s)",
            "SET @a = (SELECT b FROM view_that_calls)",
            "SET @a = (SELECT 1 FROM information_schema.tables, view_that_calls)",
            "SET @a = (SELECT 1 FROM information_schema.tables JOIN view_that_calls)",
            "SET @a = (SELECT 1 FROM (SELECT b FROM v) x)",
            "SET @a = (SELECT 1 FROM information_schema.tables `where`, view_that_calls)",
            "SELECT 1 INTO @a",
            "PREPARE s FROM CONCAT('DROP TABLE ', f())",
        ],
    );
}

#[test]
fn what_only_looks_as_if_it_would_commit_is_joined() {
    all_are(
        Joined,
        MYSQL,
        &[
            "CREATE TEMPORARY TABLE t (a int)",
            "CREATE OR REPLACE TEMPORARY TABLE t (a int)",
            "CREATE /* a table */ TEMPORARY TABLE t SELECT 1",
            "DROP TEMPORARY TABLE t",
            "DROP TEMPORARY TABLE IF EXISTS t, u",
            "DROP TEMPORARY SEQUENCE s",
            "CHECKSUM TABLE t",
            "SET RESOURCE GROUP g",
            "SET GLOBAL max_connections = 1",
            "RESET PERSIST",
            "SAVEPOINT a",
            "RELEASE SAVEPOINT a",
            "ROLLBACK TO SAVEPOINT a",
            "HANDLER t OPEN",
            "INSERT INTO t VALUES ('ALTER TABLE t')",
            "INSERT INTO t SELECT `DROP` FROM u",
            "UPDATE t SET a = 'x; DROP TABLE t'",
            "DELETE FROM `alter`",
            "-- DROP TABLE t\nSELECT 1",
            "# CREATE TABLE t (a int)\nSELECT 1",
            "/* ALTER TABLE t FORCE */ INSERT INTO t VALUES (1)",
            "/*M!100100 CREATE TEMPORARY TABLE t (a int) */",
            "SELECT 1 /*!50100 , 2 */",
            "ANALYZE SELECT 1",
            "ANALYZE FORMAT=JSON UPDATE t SET a = 1",
            "LOAD DATA INFILE 'x' INTO TABLE t",
            "LOCK INSTANCE FOR BACKUP",
            "SHOW CREATE TABLE t",
            "TABLE t",
            "DO SLEEP(1)",
            "SELECT NEXTVAL(s)",
            "PURGE BINARY LOGS TO 'x'",
            "SET STATEMENT max_statement_time = 1 FOR INSERT INTO t VALUES (1)",
            "(SELECT 1) UNION (SELECT 2)",
            "WITH x AS (SELECT 1) SELECT 1 FROM x",
            "VALUES (1)",
            "REPLACE INTO t VALUES (1)",
            "KILL 1",
            "HELP 'x'",
        ],
    );
}

#[test]
fn what_is_not_known_to_run_no_program_is_guarded() {
    all_are(
        Guarded,
        MYSQL,
        &[
            "EXECUTE s",
            "EXECUTE IMMEDIATE 'DROP TABLE t'",
            "CALL p()",
            "/*!50003 CALL p() */",
            "SET STATEMENT max_statement_time = 1 FOR CALL p()",
            "SET STATEMENT sql_mode = '' FOR EXECUTE s",
            "BEGIN NOT ATOMIC DROP TABLE t; END",
            "IF 1 THEN DROP TABLE t; END IF",
            "CASE 1 WHEN 1 THEN DROP TABLE t; END CASE",
            "FOR i IN 1..2 DO DROP TABLE t; END FOR",
            "WHILE 0 DO DROP TABLE t; END WHILE",
            "REPEAT DROP TABLE t; UNTIL 1 END REPEAT",
            "LOOP DROP TABLE t; END LOOP",
            "BINLOG 'x'",
            "SOMETHING NEW",
        ],
    );
}

#[test]
fn what_stands_before_the_first_word_does_not_hide_that_it_commits() {
    all_are(
        Committing,
        MYSQL,
        &[
            "-- a comment\n  # and another\n/* and a third */ DROP /* it */ TABLE t",
            "/*!50003 DROP TABLE t */",
            "/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`%`*/ /*!50003 TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET @a = 1 */",
            "/*M!100100 ALTER TABLE t ADD u uuid */",
            "alter table t force",
            "SET STATEMENT max_statement_time = 1, lock_wait_timeout = 2 FOR ALTER TABLE t FORCE",
        ],
    );
}

#[test]
fn what_postgres_refuses_in_a_transaction_goes_alone() {
    all_are(
        Alone,
        Syntax::Postgres(Default::default()),
        &[
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "DROP INDEX CONCURRENTLY i",
            "VACUUM t",
            "CREATE DATABASE d",
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
            "ALTER SYSTEM SET work_mem = '1MB'",
            "REINDEX TABLE t",
            "CLUSTER t USING i",
            "DROP SUBSCRIPTION s",
            "ALTER SUBSCRIPTION s SET (failover = true)",
            "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)",
        ],
    );
    all_are(
        Joined,
        Syntax::Postgres(Default::default()),
        &[
            // One that commits inside is refused in a transaction, and sent again without one.
            "CALL p()",
            "DO $$ BEGIN COMMIT; END $$",
            "CREATE INDEX i ON t (a)",
            "CREATE TABLE t (a int)",
            "INSERT INTO t VALUES ('CALL p()')",
            "-- VACUUM\nSELECT 1",
            "SET work_mem = '1MB'",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            "ALTER SUBSCRIPTION s DISABLE",
            "ALTER SUBSCRIPTION s RENAME TO u",
            "ALTER TABLE t DETACH PARTITION p",
        ],
    );
}

#[test]
fn what_sqlite_refuses_or_ignores_in_a_transaction_goes_alone() {
    all_are(
        Alone,
        Syntax::Sqlite,
        &[
            "VACUUM",
            "PRAGMA synchronous = OFF",
            "PRAGMA foreign_keys = OFF",
            "PRAGMA journal_mode = WAL",
            "PRAGMA user_version = 3",
            "ATTACH 'x' AS y",
            "DETACH y",
        ],
    );
    all_are(
        Joined,
        Syntax::Sqlite,
        &["CREATE TABLE vacuum (a)", "INSERT INTO t VALUES ('VACUUM')"],
    );
}

fn leave(wanted: Aftermath, syntax: Syntax, statements: &[&str]) {
    for statement in statements {
        assert_eq!(aftermath(statement, syntax), wanted, "{statement}");
        let shown = matches!(wanted, Shown | Hinted);
        assert!(!shown || !objects(statement, syntax).is_empty(), "{statement}");
    }
}

#[test]
fn what_the_catalog_of_mysql_shows() {
    leave(
        Shown,
        MYSQL,
        &[
            "CREATE TABLE t (a int)",
            "CREATE TABLE t SELECT 1",
            "CREATE TABLE IF NOT EXISTS t (a int)",
            "ALTER TABLE t ADD exchange int COMMENT 'TRUNCATE PARTITION'",
            "ALTER TABLE t REORGANIZE PARTITION p INTO (PARTITION q VALUES LESS THAN (1))",
            "ALTER TABLE t RENAME TO u",
            "DROP TABLE IF EXISTS t, u",
            "CREATE OR REPLACE VIEW v AS SELECT 1",
            "ALTER VIEW v AS SELECT 1",
            "CREATE INDEX i ON t (a)",
            "CREATE OR REPLACE INDEX i ON t (a)",
            "DROP INDEX i ON t",
            "RENAME TABLE a TO b, c TO d",
            "RENAME TABLE a.t TO b.t",
            "CREATE OR REPLACE PROCEDURE p() SELECT 1",
            "DROP FUNCTION IF EXISTS f",
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
            "ALTER EVENT e RENAME TO f",
            "CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW SET @a = 1",
            "CREATE PACKAGE p AS PROCEDURE a(); END",
            "CREATE DATABASE d",
            "DROP DATABASE IF EXISTS d",
            "ALTER DATABASE d CHARACTER SET utf8mb4",
            "CREATE SEQUENCE s",
            "ALTER SEQUENCE s MAXVALUE 10",
            "ALTER LIBRARY l COMMENT 'x'",
            "CREATE JSON RELATIONAL DUALITY VIEW v AS SELECT 1",
            "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (USER 'x')",
            "CREATE TABLESPACE s ADD DATAFILE 's.ibd'",
            "CREATE RESOURCE GROUP g TYPE = USER",
            "SET STATEMENT lock_wait_timeout = 2 FOR ALTER TABLE t ADD b int",
            "/*!50003 DROP TABLE t */",
        ],
    );
}

#[test]
fn what_the_catalog_of_mysql_shows_only_where_it_differs() {
    leave(
        Hinted,
        MYSQL,
        &[
            "CREATE OR REPLACE TABLE t (a int)",
            "CREATE OR REPLACE TABLE t SELECT 1",
            "CREATE OR REPLACE SEQUENCE s",
            "CREATE OR REPLACE DATABASE d",
            "CREATE EVENT e ON SCHEDULE AT NOW() DO SELECT 1",
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS NOW() ENDS NOW() + INTERVAL 1 WEEK DO SELECT 1",
            "CREATE USER u IDENTIFIED BY 'x'",
            "DROP USER IF EXISTS u",
            "RENAME USER u TO v",
            "CREATE ROLE r",
            "DROP ROLE r, s",
            // What had one name has the other: the catalog may look as before.
            "RENAME TABLE a TO b, c TO a",
            "RENAME TABLE a TO d.old, d.new TO A",
        ],
    );
}

#[test]
fn what_can_be_run_again_on_mysql() {
    leave(
        Harmless,
        MYSQL,
        &[
            "GRANT SELECT ON *.* TO u",
            "ALTER USER u IDENTIFIED BY 'x'",
            "SET PASSWORD = 'x'",
            "SET DEFAULT ROLE r TO u",
            "ANALYZE TABLE t",
            "CHECK TABLE t",
            "OPTIMIZE LOCAL TABLE t",
            "REPAIR TABLE t",
            "FLUSH PRIVILEGES",
            "LOCK TABLES t WRITE",
            "UNLOCK TABLES",
            "CACHE INDEX t IN hot",
            "LOAD INDEX INTO CACHE t",
            "ALTER DATABASE CHARACTER SET utf8mb4",
            "ALTER SCHEMA DEFAULT COLLATE utf8mb4_bin",
        ],
    );
}

#[test]
fn what_nothing_tells_about_on_mysql() {
    leave(
        Hidden,
        MYSQL,
        &[
            "INSERT INTO t VALUES ('CREATE TABLE t (a int)')",
            "UPDATE t SET a = a + 1",
            "TRUNCATE TABLE t",
            "ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u",
            "ALTER TABLE t ALGORITHM = INPLACE, TRUNCATE PARTITION p",
            "ALTER TABLE t IMPORT TABLESPACE",
            "ALTER TABLE t DISCARD PARTITION p TABLESPACE",
            "ALTER SEQUENCE s INCREMENT 2 RESTART 1",
            "REVOKE SELECT ON *.* FROM u",
            "ALTER USER u IDENTIFIED BY 'x' RETAIN CURRENT PASSWORD",
            "ALTER USER u ADD 2 FACTOR IDENTIFIED WITH x",
            "SET PASSWORD = 'x' RETAIN CURRENT PASSWORD",
            "RESET MASTER",
            "STOP REPLICA",
            "INSTALL PLUGIN p SONAME 'x'",
            "CREATE LOGFILE GROUP g ADD UNDOFILE 'x'",
            "DROP SPATIAL REFERENCE SYSTEM 4120",
            "CREATE FUNCTION f RETURNS STRING SONAME 'x.so'",
            "CREATE TEMPORARY TABLE t (a int)",
            "DROP TEMPORARY TABLE t",
            "CALL p()",
            "EXECUTE IMMEDIATE 'DROP TABLE t'",
            "BEGIN NOT ATOMIC DROP TABLE t; END",
            "SET GLOBAL max_connections = 1",
            "DROP TABLE 'no name'",
            "(SELECT 1) UNION (SELECT 2)",
            "WITH x AS (SELECT 1) SELECT 1 FROM x",
            "VALUES (1)",
            "REPLACE INTO t VALUES (1)",
            "KILL 1",
            "HELP 'x'",
            "",
            "-- nothing",
        ],
    );
}

#[test]
fn what_the_catalog_of_postgres_shows() {
    let postgres = |wanted, statements| leave(wanted, Syntax::Postgres(Default::default()), statements);
    postgres(
        Shown,
        &[
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "CREATE UNIQUE INDEX CONCURRENTLY ON t (a)",
            "DROP INDEX CONCURRENTLY IF EXISTS i",
            "CREATE DATABASE d",
            "DROP DATABASE IF EXISTS d WITH (FORCE)",
            "CREATE TABLESPACE s LOCATION '/x'",
            "DROP SUBSCRIPTION s",
            "ALTER TABLE ONLY p DETACH PARTITION c CONCURRENTLY",
        ],
    );
    postgres(
        Harmless,
        &[
            "REINDEX INDEX CONCURRENTLY i",
            "VACUUM FULL t",
            "CLUSTER",
            "REPACK (CONCURRENTLY) t",
            "ALTER SYSTEM RESET ALL",
            "ALTER DATABASE d SET TABLESPACE s",
            "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
            "DISCARD ALL",
            "REFRESH MATERIALIZED VIEW v",
            "ANALYZE t",
            "CHECKPOINT",
        ],
    );
    postgres(
        Hidden,
        &[
            "CREATE TABLE t (a int)",
            "CREATE INDEX i ON t (a)",
            "ALTER TABLE p DETACH PARTITION c",
            "ALTER SUBSCRIPTION s ADD PUBLICATION p",
            "ALTER SUBSCRIPTION s RENAME TO u",
            "CALL p()",
            "DO $$ BEGIN END $$",
            "ROLLBACK PREPARED 'x'",
            "INSERT INTO t VALUES ('VACUUM')",
        ],
    );
}

#[test]
fn what_can_be_run_again_on_sqlite() {
    leave(
        Harmless,
        Syntax::Sqlite,
        &[
            "VACUUM",
            "VACUUM main",
            "PRAGMA user_version = 3",
            "ATTACH 'x' AS y",
            "DETACH y",
        ],
    );
    leave(
        Hidden,
        Syntax::Sqlite,
        &[
            "VACUUM INTO 'x'",
            "VACUUM main INTO 'x'",
            "CREATE TABLE t (a)",
            "DROP TABLE t",
        ],
    );
}
