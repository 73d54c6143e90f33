//! The statements. Before each of them there is `t (a int PRIMARY KEY, b int)`, empty, and so there is behind what takes it back.

use super::row::{Row, claimed, commits, never, refused, spared, unseen};

pub(super) const T: &str = "CREATE TABLE t (a int PRIMARY KEY, b int)";
const NO_T: &str = "DROP TABLE t";
const N: &str = "CREATE TABLE n (z int)";
const NO_N: &str = "DROP TABLE n";
const ONE: &str = "INSERT INTO t VALUES (1, 1)";
const RANGES: &str =
    "ALTER TABLE t PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (10), PARTITION q VALUES LESS THAN (20))";
const HASHED: &str = "ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 2";
const V: &str = "CREATE VIEW v AS SELECT 1 AS x";
const NO_V: &str = "DROP VIEW v";
const P: &str = "CREATE PROCEDURE p() INSERT INTO t VALUES (1, 1)";
const NO_P: &str = "DROP PROCEDURE p";
const F: &str = "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1";
const NO_F: &str = "DROP FUNCTION f";
const R: &str = "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 1";
const NO_R: &str = "DROP TRIGGER r";
const E: &str = "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1";
const NO_E: &str = "DROP EVENT e";
const D: &str = "CREATE DATABASE d_{}";
const NO_D: &str = "DROP DATABASE d_{}";
const S: &str = "CREATE SEQUENCE s";
const NO_S: &str = "DROP SEQUENCE s";
const SERVER: &str = "CREATE SERVER s_{} FOREIGN DATA WRAPPER mysql OPTIONS (USER 'x', HOST '127.0.0.1')";
const NO_SERVER: &str = "DROP SERVER s_{}";
const U: &str = "CREATE USER u_{} IDENTIFIED BY 'x'";
const NO_U: &str = "DROP USER u_{}";
const ROLE: &str = "CREATE ROLE r_{}";
const NO_ROLE: &str = "DROP ROLE r_{}";
const GRANTED: &str = "CREATE USER u_{} IDENTIFIED BY 'x'; CREATE ROLE r_{}; GRANT r_{} TO u_{}";
const NOT_GRANTED: &str = "DROP USER u_{}; DROP ROLE r_{}";
const MYISAM: &str = "ALTER TABLE t ENGINE = MyISAM";
const CACHE: &str = "ALTER TABLE t ENGINE = MyISAM; SET GLOBAL c_{}.key_buffer_size = 131072";
const NO_CACHE: &str = "SET GLOBAL c_{}.key_buffer_size = 0";
const TEMPORARY: &str = "CREATE TEMPORARY TABLE x (a int)";
const ORACLE: &str = "SET sql_mode = ORACLE";
const TABLESPACE: &str = "CREATE TABLESPACE s_{} ADD DATAFILE 's_{}.ibd'";
const NO_TABLESPACE: &str = "DROP TABLESPACE s_{}";
const SRS: &str = "CREATE SPATIAL REFERENCE SYSTEM {#} NAME '{}' DEFINITION 'GEOGCS[\"x\",DATUM[\"x\",SPHEROID[\"x\",6378137,298]],PRIMEM[\"x\",0],UNIT[\"degree\",0.01745],AXIS[\"Lat\",NORTH],AXIS[\"Lon\",EAST]]'";
const NO_SRS: &str = "DROP SPATIAL REFERENCE SYSTEM {#}";
const GROUP: &str = "CREATE RESOURCE GROUP g_{} TYPE = USER";
const NO_GROUP: &str = "DROP RESOURCE GROUP g_{}";
const LIBRARY: &str = "CREATE LIBRARY l_{} LANGUAGE JAVASCRIPT AS 'export function f() { return 1 }'";
const LIBRARY_ONCE: &str = "CREATE LIBRARY l_{} LANGUAGE JAVASCRIPT AS ''; DROP LIBRARY l_{}";
const NO_RECORD: &str = "it is refused beforehand, since no record could be written";
const SOURCE: &str = "CHANGE MASTER 'c_{}' TO MASTER_HOST = '127.0.0.1', MASTER_USER = 'x'";
const NO_SOURCE: &str = "RESET SLAVE 'c_{}' ALL";

pub(super) const ROWS: &[Row] = &[
    // Tables.
    commits("CREATE TABLE n (a int)").after(NO_N).hindered(N, NO_N),
    commits("CREATE TABLE n LIKE t").after(NO_N).hindered(N, NO_N),
    commits("CREATE TABLE n SELECT a FROM t").before(ONE).after("DELETE FROM n LIMIT 1; DROP TABLE n").hindered(N, NO_N),
    commits("CREATE TABLE n (a int, FOREIGN KEY (a) REFERENCES t (a))").after(NO_N).hindered(N, NO_N),
    commits("CREATE TABLE IF NOT EXISTS t (z int)"),
    commits("CREATE OR REPLACE TABLE t (z int)").after("INSERT INTO t (z) VALUES (1)").mariadb(),
    commits("ALTER TABLE t ADD c int").after("ALTER TABLE t DROP COLUMN c").hindered("ALTER TABLE t ADD c int", "ALTER TABLE t DROP COLUMN c"),
    commits("ALTER TABLE t DROP COLUMN b").after("ALTER TABLE t ADD b int").hindered("ALTER TABLE t DROP COLUMN b", "ALTER TABLE t ADD b int"),
    commits("ALTER TABLE t MODIFY b bigint NOT NULL").hindered("INSERT INTO t VALUES (1, NULL)", "DELETE FROM t"),
    commits("ALTER TABLE t CHANGE b c int").after("ALTER TABLE t CHANGE c b int").hindered("ALTER TABLE t CHANGE b d int", "ALTER TABLE t CHANGE d b int"),
    commits("ALTER TABLE t RENAME TO n").after("RENAME TABLE n TO t").hindered(N, NO_N),
    commits("ALTER TABLE t RENAME COLUMN b TO c").after("ALTER TABLE t RENAME COLUMN c TO b").hindered("ALTER TABLE t ADD c int", "ALTER TABLE t DROP COLUMN c"),
    commits("ALTER TABLE t ADD UNIQUE INDEX i (b)").after("DROP INDEX i ON t").hindered("INSERT INTO t VALUES (1, 1), (2, 1)", "DELETE FROM t"),
    commits("ALTER TABLE t DROP PRIMARY KEY").after("ALTER TABLE t ADD PRIMARY KEY (a)").hindered("ALTER TABLE t DROP PRIMARY KEY", "ALTER TABLE t ADD PRIMARY KEY (a)"),
    commits("ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES t (a)").after("ALTER TABLE t DROP FOREIGN KEY k").hindered("INSERT INTO t VALUES (1, 2)", "DELETE FROM t"),
    commits("ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0)").after("ALTER TABLE t DROP CONSTRAINT c").hindered("INSERT INTO t VALUES (1, 0)", "DELETE FROM t"),
    commits("ALTER TABLE t FORCE"),
    commits("ALTER TABLE t COMMENT = 'x'"),
    commits("ALTER TABLE t AUTO_INCREMENT = 7"),
    commits("ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4"),
    commits("ALTER TABLE t ENGINE = MyISAM"),
    commits("ALTER TABLE t DISABLE KEYS").before(MYISAM),
    commits("ALTER TABLE t ENABLE KEYS").before(MYISAM),
    commits("ALTER TABLE t DISCARD TABLESPACE"),
    commits("ALTER TABLE t IMPORT TABLESPACE").unsent("it needs the files of a table"),
    commits("IMPORT TABLE FROM 't.sdi'").mysql().unsent("it needs the files of a table"),
    commits("DROP TABLE t").after(T).hindered(NO_T, T),
    // MariaDB drops the first where the second is not there; `settles` has that.
    commits("DROP TABLE t, n").before(N).after(T).mariadb(),
    commits("DROP TABLE t, n").before(N).after(T).hindered(NO_N, N).mysql(),
    commits("DROP TABLE IF EXISTS t").after(T),
    commits("DROP TABLE IF EXISTS nosuch"),
    commits("RENAME TABLE t TO n").after("RENAME TABLE n TO t").hindered(N, NO_N),
    commits("RENAME TABLE t TO m, n TO t").before("CREATE TABLE n LIKE t").after("DROP TABLE m").hindered(NO_N, "CREATE TABLE n LIKE t"),
    commits("TRUNCATE TABLE t").before(ONE).after(ONE).hindered(NO_T, T),
    commits("TRUNCATE t").before(ONE).after(ONE),
    // Temporary ones, which other statements than CREATE and DROP may commit for.
    never("CREATE TEMPORARY TABLE x (a int)"),
    never("DROP TEMPORARY TABLE x").within(TEMPORARY),
    commits("DROP TABLE x").within(TEMPORARY),
    commits("ALTER TABLE x ADD b int").within(TEMPORARY),
    commits("CREATE INDEX i ON x (a)").within(TEMPORARY),
    commits("TRUNCATE TABLE x").within(TEMPORARY),
    // Partitions.
    commits("ALTER TABLE t PARTITION BY HASH (a) PARTITIONS 2").after("ALTER TABLE t COALESCE PARTITION 1"),
    commits("ALTER TABLE t REMOVE PARTITIONING").before(HASHED).after(RANGES),
    commits("ALTER TABLE t COALESCE PARTITION 1").before(HASHED),
    commits("ALTER TABLE t ADD PARTITION (PARTITION r VALUES LESS THAN (30))").before(RANGES).after("ALTER TABLE t DROP PARTITION r").hindered("ALTER TABLE t ADD PARTITION (PARTITION r VALUES LESS THAN (40))", "ALTER TABLE t DROP PARTITION r"),
    commits("ALTER TABLE t DROP PARTITION q").before(RANGES).after("ALTER TABLE t ADD PARTITION (PARTITION q VALUES LESS THAN (20))").hindered("ALTER TABLE t DROP PARTITION q", "ALTER TABLE t ADD PARTITION (PARTITION q VALUES LESS THAN (20))"),
    commits("ALTER TABLE t TRUNCATE PARTITION p").before("ALTER TABLE t PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (10)); INSERT INTO t VALUES (1, 1)").after(ONE),
    commits("ALTER TABLE t REORGANIZE PARTITION p, q INTO (PARTITION r VALUES LESS THAN (20))").before(RANGES).after("ALTER TABLE t TRUNCATE PARTITION r"),
    commits("ALTER TABLE t EXCHANGE PARTITION p WITH TABLE n").before("CREATE TABLE n LIKE t; ALTER TABLE t PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (10)); INSERT INTO n VALUES (1, 1)").after("INSERT INTO n VALUES (1, 1); DROP TABLE n"),
    commits("ALTER TABLE t CONVERT PARTITION p TO TABLE n").before(RANGES).after(NO_N).hindered(N, NO_N).mariadb(),
    commits("ALTER TABLE t REBUILD PARTITION p").before(RANGES),
    commits("ALTER TABLE t OPTIMIZE PARTITION p").before(RANGES),
    commits("ALTER TABLE t ANALYZE PARTITION p").before(RANGES),
    commits("ALTER TABLE t CHECK PARTITION p").before(RANGES),
    commits("ALTER TABLE t REPAIR PARTITION p").before(RANGES),
    // Indexes.
    commits("CREATE INDEX i ON t (b)").after("DROP INDEX i ON t").hindered("CREATE INDEX i ON t (a)", "DROP INDEX i ON t"),
    commits("CREATE UNIQUE INDEX i ON t (b)").after("DROP INDEX i ON t").hindered("INSERT INTO t VALUES (1, 1), (2, 1)", "DELETE FROM t"),
    commits("CREATE FULLTEXT INDEX i ON t (x)").before("ALTER TABLE t ADD x text").after("DROP INDEX i ON t"),
    commits("CREATE SPATIAL INDEX i ON t (g)").before("ALTER TABLE t ADD g point NOT NULL").after("DROP INDEX i ON t"),
    commits("DROP INDEX i ON t").before("CREATE INDEX i ON t (b)").after("CREATE INDEX i ON t (b)").hindered("DROP INDEX i ON t", "CREATE INDEX i ON t (b)"),
    // Views.
    commits("CREATE VIEW v AS SELECT a FROM t").after(NO_V).hindered(V, NO_V),
    commits("CREATE OR REPLACE VIEW v AS SELECT a FROM t").before(V).after("SELECT a FROM v; DROP VIEW v").hindered("ALTER TABLE t CHANGE a z int", "ALTER TABLE t CHANGE z a int"),
    commits("ALTER VIEW v AS SELECT a FROM t").before(V).after("SELECT a FROM v; DROP VIEW v").hindered(NO_V, V),
    commits("DROP VIEW v").before(V).hindered(NO_V, V),
    // Programs.
    commits("CREATE PROCEDURE p() SELECT 1").after(NO_P).hindered(P, NO_P),
    commits("CREATE OR REPLACE PROCEDURE p() SELECT 1").before(P).after(NO_P).mariadb(),
    commits("ALTER PROCEDURE p COMMENT 'x'").before(P).after(NO_P).hindered(NO_P, P),
    commits("DROP PROCEDURE p").before(P).hindered(NO_P, P),
    commits("CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 2").after(NO_F).hindered(F, NO_F),
    commits("ALTER FUNCTION f COMMENT 'x'").before(F).after(NO_F).hindered(NO_F, F),
    commits("DROP FUNCTION f").before(F).hindered(NO_F, F),
    commits("CREATE FUNCTION f_{} RETURNS STRING SONAME 'f.so'").unsent("it needs a library at the server"),
    commits("CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW SET @a = 1").after(NO_R).hindered(R, NO_R),
    commits("DROP TRIGGER r").before(R).hindered(NO_R, R),
    commits("CREATE EVENT e ON SCHEDULE EVERY 2 DAY DO SELECT 1").after(NO_E).hindered(E, NO_E),
    commits("CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 DAY DO SELECT 1").after(NO_E).hindered(E, NO_E),
    commits("ALTER EVENT e DISABLE").before(E).after(NO_E).hindered(NO_E, E),
    commits("DROP EVENT e").before(E).hindered(NO_E, E),
    commits("CREATE PACKAGE k AS PROCEDURE a(); END").within(ORACLE).after("SET sql_mode = ORACLE; DROP PACKAGE k").mariadb(),
    commits("CREATE PACKAGE BODY k AS PROCEDURE a() AS BEGIN NULL; END; END").before("SET sql_mode = ORACLE; CREATE PACKAGE k AS PROCEDURE a(); END").within(ORACLE).after("SET sql_mode = ORACLE; DROP PACKAGE BODY k; DROP PACKAGE k").mariadb(),
    commits("DROP PACKAGE BODY k").within(ORACLE).before("SET sql_mode = ORACLE; CREATE PACKAGE k AS PROCEDURE a(); END; CREATE PACKAGE BODY k AS PROCEDURE a() AS BEGIN NULL; END; END").after("SET sql_mode = ORACLE; DROP PACKAGE k").mariadb(),
    commits("DROP PACKAGE k").within(ORACLE).before("SET sql_mode = ORACLE; CREATE PACKAGE k AS PROCEDURE a(); END").mariadb(),
    // Databases, sequences, what is known to all of the server.
    commits("CREATE DATABASE d_{}").after(NO_D).hindered(D, NO_D),
    commits("CREATE SCHEMA d_{}").after(NO_D).hindered(D, NO_D),
    commits("ALTER DATABASE d_{} CHARACTER SET latin1").before(D).after(NO_D).hindered(NO_D, D),
    commits("ALTER DATABASE CHARACTER SET utf8mb4"),
    commits("DROP DATABASE d_{}").before(D).hindered(NO_D, D),
    commits("CREATE SEQUENCE s").after(NO_S).hindered(S, NO_S).mariadb(),
    commits("CREATE TEMPORARY SEQUENCE s").mariadb(),
    commits("ALTER SEQUENCE s MAXVALUE 100").before(S).after(NO_S).hindered(NO_S, S).mariadb(),
    commits("ALTER SEQUENCE s RESTART 5").before(S).after(NO_S).hindered(NO_S, S).mariadb(),
    commits("DROP SEQUENCE s").before(S).hindered(NO_S, S).mariadb(),
    commits("CREATE SERVER s_{} FOREIGN DATA WRAPPER mysql OPTIONS (USER 'x', HOST '127.0.0.1')").after(NO_SERVER).hindered(SERVER, NO_SERVER),
    commits("ALTER SERVER s_{} OPTIONS (USER 'y')").before(SERVER).after(NO_SERVER).hindered(NO_SERVER, SERVER),
    commits("DROP SERVER s_{}").before(SERVER).hindered(NO_SERVER, SERVER),
    commits("CREATE TABLESPACE s_{} ADD DATAFILE 's_{}.ibd'").after(NO_TABLESPACE).hindered(TABLESPACE, NO_TABLESPACE).mysql(),
    commits("ALTER TABLESPACE s_{} RENAME TO o_{}").before(TABLESPACE).after("DROP TABLESPACE o_{}").hindered(NO_TABLESPACE, TABLESPACE).mysql(),
    commits("DROP TABLESPACE s_{}").before(TABLESPACE).hindered(NO_TABLESPACE, TABLESPACE).mysql(),
    commits("CREATE LOGFILE GROUP g ADD UNDOFILE 'x'").mysql().unsent("it needs a cluster of NDB"),
    commits(SRS).after(NO_SRS).hindered(SRS, NO_SRS).mysql(),
    commits(NO_SRS).before(SRS).hindered(NO_SRS, SRS).mysql(),
    commits("CREATE RESOURCE GROUP g_{} TYPE = USER").after(NO_GROUP).hindered(GROUP, NO_GROUP).mysql(),
    commits("ALTER RESOURCE GROUP g_{} VCPU = 0").before(GROUP).after(NO_GROUP).hindered(NO_GROUP, GROUP).mysql(),
    commits("DROP RESOURCE GROUP g_{}").before(GROUP).hindered(NO_GROUP, GROUP).mysql(),
    // Users and rights.
    commits("CREATE ROLE r_{}").after(NO_ROLE).hindered(ROLE, NO_ROLE),
    commits("DROP ROLE r_{}").before(ROLE).hindered(NO_ROLE, ROLE),
    commits("CREATE USER u_{} IDENTIFIED BY 'y'").after(NO_U).hindered(U, NO_U),
    commits("ALTER USER u_{} IDENTIFIED BY 'y'").before(U).after(NO_U).hindered(NO_U, U),
    commits("RENAME USER u_{} TO v_{}").before(U).after("DROP USER v_{}").hindered(NO_U, U),
    commits("DROP USER u_{}").before(U).hindered(NO_U, U),
    commits("GRANT SELECT ON t TO u_{}").before(U).after("REVOKE SELECT ON t FROM u_{}; DROP USER u_{}").hindered(NO_U, U),
    commits("GRANT r_{} TO u_{}").before("CREATE USER u_{} IDENTIFIED BY 'x'; CREATE ROLE r_{}").after(NOT_GRANTED).hindered(NO_ROLE, ROLE),
    commits("REVOKE SELECT ON t FROM u_{}").before("CREATE USER u_{} IDENTIFIED BY 'x'; GRANT SELECT ON t TO u_{}").after(NO_U).hindered("REVOKE SELECT ON t FROM u_{}", "GRANT SELECT ON t TO u_{}"),
    commits("REVOKE r_{} FROM u_{}").before(GRANTED).after(NOT_GRANTED).hindered(NO_U, "CREATE USER u_{} IDENTIFIED BY 'x'; GRANT r_{} TO u_{}"),
    commits("SET PASSWORD FOR u_{} = PASSWORD('y')").before(U).after(NO_U).hindered(NO_U, U).mariadb(),
    commits("SET PASSWORD FOR u_{} = 'y'").before(U).after(NO_U).hindered(NO_U, U).mysql(),
    commits("SET DEFAULT ROLE r_{} FOR u_{}").before(GRANTED).after(NOT_GRANTED).hindered(NO_ROLE, "CREATE ROLE r_{}; GRANT r_{} TO u_{}").mariadb(),
    commits("SET DEFAULT ROLE r_{} TO u_{}").before(GRANTED).after(NOT_GRANTED).hindered(NO_ROLE, "CREATE ROLE r_{}; GRANT r_{} TO u_{}").mysql(),
    // The care of tables.
    commits("ANALYZE TABLE t"),
    commits("ANALYZE TABLE t UPDATE HISTOGRAM ON b").mysql(),
    commits("ANALYZE LOCAL TABLE t"),
    commits("CHECK TABLE t"),
    commits("CHECK VIEW v").before(V).after(NO_V).mariadb(),
    commits("OPTIMIZE TABLE t"),
    commits("REPAIR TABLE t"),
    // The manual of MariaDB says that these commit as well.
    claimed("CACHE INDEX t IN c_{}").before(CACHE).after(NO_CACHE).mariadb(),
    commits("CACHE INDEX t IN c_{}").before(CACHE).after(NO_CACHE).mysql(),
    claimed("LOAD INDEX INTO CACHE t").before(MYISAM).mariadb(),
    commits("LOAD INDEX INTO CACHE t").before(MYISAM).mysql(),
    // What the server holds in memory.
    commits("FLUSH TABLES"),
    commits("FLUSH TABLES t"),
    commits("FLUSH TABLES t WITH READ LOCK").hindered(NO_T, T),
    commits("FLUSH TABLES t FOR EXPORT").hindered(NO_T, T),
    commits("FLUSH PRIVILEGES"),
    commits("FLUSH STATUS"),
    commits("FLUSH USER_RESOURCES"),
    commits("FLUSH LOGS"),
    commits("FLUSH BINARY LOGS"),
    commits("FLUSH ENGINE LOGS"),
    commits("FLUSH ERROR LOGS"),
    commits("FLUSH GENERAL LOGS"),
    commits("FLUSH SLOW LOGS"),
    commits("FLUSH RELAY LOGS"),
    commits("FLUSH OPTIMIZER_COSTS").mysql(),
    commits("FLUSH HOSTS").mariadb(),
    commits("FLUSH QUERY CACHE").mariadb(),
    commits("FLUSH TABLE_STATISTICS").mariadb(),
    commits("RESET QUERY CACHE").mariadb(),
    // Locks.
    commits("LOCK TABLES probe WRITE, t READ").hindered(NO_T, T),
    // The transaction that it is sent in has ended the locks.
    claimed("UNLOCK TABLES").within("LOCK TABLES t WRITE"),
    claimed("UNLOCK TABLES"),
    commits("FLUSH TABLES WITH READ LOCK").unsent(NO_RECORD),
    commits("BACKUP STAGE START").mariadb().unsent(NO_RECORD),
    commits("BACKUP LOCK t").mariadb().unsent(NO_RECORD),
    never("LOCK INSTANCE FOR BACKUP").mysql().unsent("it stops every other test"),
    // Replication.
    claimed("CHANGE MASTER 'c_{}' TO MASTER_HOST = '127.0.0.1'").after(NO_SOURCE).mariadb(),
    refused("STOP SLAVE 'c_{}'").before(SOURCE).after(NO_SOURCE).mariadb(),
    commits("RESET SLAVE 'c_{}'").before(SOURCE).after(NO_SOURCE).mariadb(),
    claimed("START SLAVE 'c_{}' SQL_THREAD").before(SOURCE).after("STOP SLAVE 'c_{}'; RESET SLAVE 'c_{}' ALL").mariadb(),
    commits("REVOKE ALL PRIVILEGES, GRANT OPTION FROM u_{}").before(U).after(NO_U),
    commits("CREATE LIBRARY l_{} LANGUAGE JAVASCRIPT AS 'export function f() { return 1 }'").after("DROP LIBRARY l_{}").mysql(),
    commits("ALTER LIBRARY l_{} COMMENT 'x'").before(LIBRARY).after("DROP LIBRARY l_{}").mysql(),
    commits("DROP LIBRARY l_{}").before(LIBRARY).after(LIBRARY_ONCE).mysql(),
    commits("RESET MASTER").mariadb().unsent("it needs a binary log"),
    commits("CHANGE REPLICATION SOURCE TO SOURCE_USER = 'x'").mysql().unsent("the server is somebody's"),
    commits("START REPLICA").mysql().unsent("the server is somebody's"),
    commits("STOP REPLICA").mysql().unsent("the server is somebody's"),
    commits("RESET REPLICA").mysql().unsent("the server is somebody's"),
    // The server itself.
    commits("ALTER INSTANCE RELOAD TLS").mysql(),
    commits("INSTALL PLUGIN p SONAME 'p'").unsent("it needs a library at the server"),
    commits("UNINSTALL PLUGIN p").unsent("it needs a library at the server"),
    commits("INSTALL COMPONENT 'file://p'").mysql().unsent("it needs a library at the server"),
    commits("SHUTDOWN").unsent("it would end the tests"),
    // What only the server knows.
    unseen("CALL p()").before("CREATE PROCEDURE p() CREATE TABLE n (a int)").after("DROP TABLE n; DROP PROCEDURE p").hindered(N, NO_N),
    unseen("CALL p()").before("CREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (1, 1); COMMIT; START TRANSACTION; INSERT INTO t VALUES (2, 2); END").after("DELETE FROM t; DROP PROCEDURE p").hindered(ONE, "DELETE FROM t"),
    unseen("EXECUTE s").within("PREPARE s FROM 'CREATE TABLE n (a int)'").after(NO_N).hindered(N, NO_N),
    unseen("EXECUTE IMMEDIATE 'CREATE TABLE n (a int)'").after(NO_N).hindered(N, NO_N).mariadb(),
    unseen("BEGIN NOT ATOMIC CREATE TABLE n (a int); END").after(NO_N).hindered(N, NO_N).mariadb(),
    unseen("IF 1 THEN CREATE TABLE n (a int); END IF").after(NO_N).hindered(N, NO_N).mariadb(),
    unseen("CASE 1 WHEN 1 THEN CREATE TABLE n (a int); END CASE").after(NO_N).hindered(N, NO_N).mariadb(),
    unseen("FOR i IN 1..1 DO CREATE TABLE n (a int); END FOR").after(NO_N).hindered(N, NO_N).mariadb(),
    unseen("WHILE NOT EXISTS (SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'n') DO CREATE TABLE n (a int); END WHILE").after(NO_N).mariadb(),
    unseen("REPEAT CREATE TABLE n (a int); UNTIL 1 END REPEAT").after(NO_N).hindered(N, NO_N).mariadb(),
    unseen("SET STATEMENT max_statement_time = 9 FOR CALL p()").before("CREATE PROCEDURE p() CREATE TABLE n (a int)").after("DROP TABLE n; DROP PROCEDURE p").hindered(N, NO_N).mariadb(),
    unseen("SET autocommit = 1").within("SET autocommit = 0"),
    // What leaves the transaction alone.
    never("INSERT INTO t VALUES (1, 1)").after("INSERT INTO t VALUES (2, 2); DELETE FROM t LIMIT 2").hindered(ONE, "DELETE FROM t"),
    never("INSERT INTO t SELECT 1, 1").after("INSERT INTO t VALUES (2, 2); DELETE FROM t LIMIT 2").hindered(ONE, "DELETE FROM t"),
    never("REPLACE INTO t VALUES (1, 1)"),
    never("REPLACE INTO t SELECT 1, 1"),
    never("UPDATE t, t AS u SET t.b = t.b + 1 WHERE t.a = u.a").before(ONE),
    never("DELETE t FROM t, t AS u WHERE t.a = u.a").before(ONE).after(ONE),
    never("UPDATE t SET b = b + 1").before(ONE),
    never("DELETE FROM t").before(ONE).after(ONE),
    spared("CALL p()").before(P).after("DROP PROCEDURE p; DELETE FROM t").hindered(ONE, "DELETE FROM t"),
    spared("BEGIN NOT ATOMIC INSERT INTO t VALUES (1, 1); END").hindered(ONE, "DELETE FROM t").mariadb(),
    never("CHECKSUM TABLE t"),
    never("SELECT a FROM t"),
    never("TABLE t").mysql(),
    never("SHOW TABLES"),
    never("EXPLAIN SELECT a FROM t"),
    never("DO GET_LOCK('l_{}', 0)"),
    never("SELECT NEXTVAL(s)").before(S).after(NO_S).mariadb(),
    never("HANDLER t OPEN"),
    never("HANDLER t READ FIRST").within("HANDLER t OPEN"),
    never("HANDLER t CLOSE").within("HANDLER t OPEN"),
    never("HELP 'nothing'"),
    never("SET RESOURCE GROUP USR_default").mysql(),
    never("RESET PERSIST IF EXISTS nosuch").mysql(),
    never("PURGE BINARY LOGS BEFORE '2000-01-01'"),
    never("PREPARE s FROM 'DROP TABLE t'"),
    never("DEALLOCATE PREPARE s").within("PREPARE s FROM 'SELECT 1'"),
    never("SET NAMES latin1"),
    never("SET @a = 1"),
    never("SET foreign_key_checks = 0"),
    never("SET ROLE NONE"),
    never("USE `{}`"),
    never("SET STATEMENT max_statement_time = 9 FOR INSERT INTO t VALUES (1, 1)").mariadb(),
];
