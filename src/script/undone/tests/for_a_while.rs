//! What is made for a while, as migrations do every day.

use super::*;

#[test]
fn what_is_made_for_a_while_is_left_alone() {
    let cases: &[(Syntax, &str)] = &[
        // What was there before.
        (SQLITE, "DROP TABLE IF EXISTS a; CREATE TABLE a (x)"),
        (
            SQLITE,
            "CREATE TABLE a_new (x); INSERT INTO a_new SELECT x FROM a; DROP TABLE a; ALTER TABLE a_new RENAME TO a",
        ),
        (
            SQLITE,
            "CREATE TABLE a (x); CREATE TABLE a_new (x); INSERT INTO a_new SELECT x FROM a; DROP TABLE a; ALTER TABLE a_new RENAME TO a",
        ),
        (
            SQLITE,
            "ALTER TABLE a RENAME TO a_old; CREATE TABLE a (x); INSERT INTO a SELECT x FROM a_old; DROP TABLE a_old",
        ),
        (SQLITE, "CREATE TABLE a (x); DROP INDEX i; DROP VIEW v; DROP TABLE b"),
        (
            SQLITE,
            "CREATE VIEW v AS SELECT 1; DROP VIEW v; CREATE VIEW v AS SELECT 2",
        ),
        (SQLITE, "CREATE TABLE s.a AS SELECT * FROM a; DROP TABLE a"),
        (
            SQLITE,
            "ALTER TABLE a RENAME TO a_old; CREATE TABLE a (x); INSERT INTO a SELECT x FROM a_old; DROP TABLE a_old; DROP TABLE a",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x int); SAVEPOINT s; DROP TABLE a; ROLLBACK TO SAVEPOINT s",
        ),
        // What is gone with the session anyway.
        (
            SQLITE,
            "CREATE TEMP TABLE a (x); INSERT INTO b SELECT x FROM a; DROP TABLE a",
        ),
        (SQLITE, "CREATE TEMP TABLE a (x); DROP TABLE a"),
        (SQLITE, "CREATE TABLE temp.a (x); DROP TABLE temp.a"),
        (
            POSTGRES,
            "CREATE LOCAL TEMPORARY TABLE a (x int) ON COMMIT DROP; DROP TABLE a",
        ),
        (MYSQL, "CREATE TEMPORARY TABLE a (x int); DROP TEMPORARY TABLE a"),
        // Helpers.
        (
            SQLITE,
            "CREATE TABLE a AS SELECT * FROM b; UPDATE b SET x = (SELECT y FROM a WHERE a.id = b.id); DROP TABLE a",
        ),
        (
            SQLITE,
            "CREATE TABLE a (x); INSERT INTO a SELECT 1; CREATE TABLE b AS SELECT * FROM a; INSERT INTO c SELECT * FROM b; DROP TABLE b; DROP TABLE a",
        ),
        (
            SQLITE,
            "ALTER TABLE a ADD COLUMN b; UPDATE a SET b = x; UPDATE a SET x = y; UPDATE a SET y = b; ALTER TABLE a DROP COLUMN b",
        ),
        (
            SQLITE,
            "CREATE INDEX i ON a (x); UPDATE a SET y = 1 WHERE x = 2; DROP INDEX i",
        ),
        (
            SQLITE,
            "CREATE INDEX i ON a (x); DELETE FROM b WHERE x IN (SELECT x FROM a); DROP INDEX i",
        ),
        (
            SQLITE,
            "CREATE TRIGGER t AFTER UPDATE ON a BEGIN SELECT 1; END; UPDATE a SET x = x; DROP TRIGGER t",
        ),
        (
            POSTGRES,
            "CREATE FUNCTION f() RETURNS void AS $$ SELECT 1 $$ LANGUAGE sql; SELECT f(); DROP FUNCTION f()",
        ),
        (
            POSTGRES,
            "CREATE FUNCTION f(t text) RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql; ALTER TABLE a ALTER COLUMN x TYPE int USING f(x); DROP FUNCTION f(text)",
        ),
        (
            POSTGRES,
            "CREATE FUNCTION f(int, text) RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql; DROP FUNCTION f(int)",
        ),
        (
            POSTGRES,
            "CREATE FUNCTION f(text) RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql; DROP FUNCTION f(uuid)",
        ),
        (
            POSTGRES,
            "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN END $$ LANGUAGE plpgsql; CREATE TRIGGER t AFTER UPDATE ON a EXECUTE FUNCTION f(); UPDATE a SET x = x; DROP TRIGGER t ON a; DROP FUNCTION f()",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x int); DO $$ BEGIN INSERT INTO b SELECT x FROM a; END $$; DROP TABLE a",
        ),
        (
            POSTGRES,
            "CREATE SEQUENCE s; UPDATE a SET n = nextval('s'); DROP SEQUENCE s",
        ),
        (
            POSTGRES,
            "CREATE TYPE t_new AS ENUM ('a'); ALTER TABLE a ALTER COLUMN x TYPE t_new USING x::text::t_new; DROP TYPE t; ALTER TYPE t_new RENAME TO t",
        ),
        (
            POSTGRES,
            "ALTER TABLE a ADD CONSTRAINT c CHECK (x IS NOT NULL) NOT VALID; ALTER TABLE a VALIDATE CONSTRAINT c; ALTER TABLE a ALTER COLUMN x SET NOT NULL; ALTER TABLE a DROP CONSTRAINT c",
        ),
        (
            POSTGRES,
            "CREATE EXTENSION IF NOT EXISTS pgcrypto; CREATE TABLE a (x uuid DEFAULT gen_random_uuid()); DROP EXTENSION pgcrypto",
        ),
        (
            POSTGRES,
            "CREATE SCHEMA s; CREATE TABLE s.a AS SELECT 1 AS x; INSERT INTO b SELECT x FROM s.a; DROP SCHEMA s CASCADE",
        ),
        (
            POSTGRES,
            "ALTER TABLE a ADD COLUMN x_new bigint; UPDATE a SET x_new = x; ALTER TABLE a DROP COLUMN x; ALTER TABLE a RENAME COLUMN x_new TO x",
        ),
        (
            POSTGRES,
            "CREATE INDEX CONCURRENTLY i_new ON a (x); DROP INDEX CONCURRENTLY i; ALTER INDEX i_new RENAME TO i",
        ),
        (
            POSTGRES,
            "WITH moved AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM moved; CREATE TABLE c (x int)",
        ),
        (
            POSTGRES,
            "CREATE TABLE a (x int); SELECT migrate_rows(x) FROM a; DROP TABLE a",
        ),
        (POSTGRES, "CREATE INDEX i ON a (x); SELECT migrate_rows(); DROP INDEX i"),
        (
            MYSQL,
            "DROP PROCEDURE IF EXISTS p; CREATE PROCEDURE p() BEGIN SELECT 1; END; CALL p(); DROP PROCEDURE p",
        ),
        (
            MYSQL,
            "CREATE PROCEDURE p() SELECT 1; CALL p; DROP PROCEDURE IF EXISTS p",
        ),
        (
            MYSQL,
            "CREATE FUNCTION f() RETURNS int RETURN 1; UPDATE a SET x = f(); DROP FUNCTION f",
        ),
        (
            MYSQL,
            "CREATE TABLE a (x int); PREPARE s FROM 'INSERT INTO b SELECT x FROM a'; EXECUTE s; DROP TABLE a",
        ),
        (
            MYSQL,
            "CREATE INDEX i ON a (x); ALTER TABLE a DROP FOREIGN KEY f; DROP INDEX i ON a",
        ),
        (
            MYSQL,
            "ALTER TABLE a ADD INDEX i (x), DROP INDEX j; ALTER TABLE a RENAME INDEX i TO j",
        ),
        (
            MYSQL,
            "CREATE TABLE b LIKE a; INSERT INTO b SELECT * FROM a; RENAME TABLE a TO a_old, b TO a; DROP TABLE a_old",
        ),
        (MYSQL, "CREATE INDEX i ON a (x); DROP INDEX i ON b"),
        (
            MYSQL,
            "/*!50001 CREATE TABLE v (x int) */; /*!50001 DROP TABLE IF EXISTS v*/; /*!50001 CREATE VIEW v AS SELECT 1 AS x */",
        ),
        (
            MYSQL,
            "CREATE TABLE a (x int); INSERT INTO b SELECT x FROM a; INSERT INTO c VALUES ('a'); DROP TABLE a",
        ),
        (
            SQLITE,
            "ALTER TABLE t ADD COLUMN tmp int; UPDATE t SET tmp = c; ALTER TABLE t DROP COLUMN c; ALTER TABLE t ADD COLUMN c text; UPDATE t SET c = tmp; ALTER TABLE t DROP COLUMN tmp",
        ),
        (
            POSTGRES,
            "ALTER TABLE t ADD COLUMN tmp int; UPDATE t SET tmp = c; ALTER TABLE t DROP COLUMN c; ALTER TABLE t ADD COLUMN c text; UPDATE t SET c = tmp; ALTER TABLE t DROP COLUMN tmp",
        ),
        (
            MYSQL,
            "ALTER TABLE t ADD COLUMN tmp int; UPDATE t SET tmp = c; ALTER TABLE t DROP COLUMN c; ALTER TABLE t ADD COLUMN c text; UPDATE t SET c = tmp; ALTER TABLE t DROP COLUMN tmp",
        ),
        (
            POSTGRES,
            "ALTER TABLE t ADD COLUMN tmp int; UPDATE t SET tmp = c; ALTER TABLE t DROP COLUMN c, ADD COLUMN c text; UPDATE t SET c = tmp; ALTER TABLE t DROP COLUMN tmp",
        ),
        (
            MYSQL,
            "CREATE TABLE map (a int, b int); UPDATE map m JOIN t ON t.id = m.a SET t.b = m.b; DROP TABLE map",
        ),
        (
            MYSQL,
            "CREATE TABLE map (a int, b int); UPDATE map, t SET t.b = map.b WHERE t.id = map.a; DROP TABLE map",
        ),
        (
            MYSQL,
            "CREATE TABLE map (a int, b int); UPDATE map AS m LEFT JOIN t ON t.id = m.a SET t.b = 1; DROP TABLE map",
        ),
        (
            MYSQL,
            "CREATE TABLE map (a int); DELETE map, t FROM map JOIN t ON t.id = map.a; DROP TABLE map",
        ),
        (
            MYSQL,
            "CREATE TABLE map (a int); DELETE FROM map, t USING map JOIN t ON t.id = map.a; DROP TABLE map",
        ),
        (
            POSTGRES,
            "CREATE TABLE \"User\" (id int); INSERT INTO \"User\" SELECT * FROM \"user\"; DROP TABLE \"user\"",
        ),
        (
            POSTGRES,
            "CREATE TABLE \"User\" (id int); INSERT INTO \"User\" SELECT * FROM User; DROP TABLE User",
        ),
        (
            MYSQL,
            "CREATE TABLE `Users` (id int); INSERT INTO `Users` SELECT * FROM `users`; DROP TABLE `users`",
        ),
        (
            MYSQL,
            "CREATE TABLE Orders LIKE orders; INSERT INTO Orders SELECT * FROM orders; DROP TABLE orders",
        ),
        (
            POSTGRES,
            "CREATE TABLE mx AS SELECT max(id) AS m FROM t; SELECT setval('s', m) FROM mx; DROP TABLE mx",
        ),
        (
            POSTGRES,
            "CREATE TABLE mx AS SELECT max(id) AS m FROM t; SELECT pg_catalog.setval(pg_get_serial_sequence('t', 'id'), m) FROM mx; DROP TABLE mx",
        ),
        (
            POSTGRES,
            "CREATE TABLE n (x int); SELECT nextval('s') FROM n; DROP TABLE n",
        ),
        (
            POSTGRES,
            "CREATE INDEX tmp ON t (a); CLUSTER t USING tmp; DROP INDEX tmp",
        ),
        (
            POSTGRES,
            "CREATE INDEX tmp ON t (a); CLUSTER (VERBOSE) t USING tmp; DROP INDEX tmp",
        ),
        (
            POSTGRES,
            "CREATE INDEX tmp ON t (a); ALTER TABLE t CLUSTER ON tmp; CLUSTER; DROP INDEX tmp",
        ),
        (
            POSTGRES,
            "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw; CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (user 'x'); CREATE FOREIGN TABLE f (x int) SERVER s; INSERT INTO t SELECT x FROM f; DROP FOREIGN TABLE f; DROP USER MAPPING FOR CURRENT_USER SERVER s; DROP SERVER s",
        ),
        (
            POSTGRES,
            "CREATE USER MAPPING IF NOT EXISTS FOR a SERVER s; DROP USER MAPPING IF EXISTS FOR a SERVER other",
        ),
        (
            POSTGRES,
            "CREATE TABLE chk (ok int CHECK (ok = 1)); INSERT INTO chk SELECT count(*) = 0 FROM t WHERE a IS NULL; DROP TABLE chk",
        ),
        (
            SQLITE,
            "CREATE TABLE chk (ok int CHECK (ok = 1)); INSERT INTO chk SELECT count(*) = 0 FROM t WHERE a IS NULL; DROP TABLE chk",
        ),
        (
            POSTGRES,
            "CREATE TABLE chk AS SELECT count(*) AS n FROM t; ALTER TABLE chk ADD CONSTRAINT none CHECK (n = 0); DROP TABLE chk",
        ),
        (
            SQLITE,
            "CREATE TABLE chk (n int); CREATE TRIGGER tr BEFORE INSERT ON chk BEGIN SELECT RAISE(ABORT, 'no'); END; INSERT INTO chk SELECT id FROM t; DROP TABLE chk",
        ),
        (
            POSTGRES,
            "CREATE UNLOGGED TABLE st (x int); COPY st FROM '/tmp/st.csv'; SELECT load_it(); DROP TABLE st",
        ),
        (
            POSTGRES,
            "CREATE TABLE st (x int); DO $$ BEGIN EXECUTE format('INSERT INTO t SELECT * FROM %I', 's' || 't'); END $$; DROP TABLE st",
        ),
        (POSTGRES, "CREATE TABLE st (x int); EXECUTE p; DROP TABLE st"),
        (MYSQL, "CREATE TABLE st (x int); CALL load_it(); DROP TABLE st"),
        (
            POSTGRES,
            "ALTER TABLE a ADD COLUMN b int; SELECT load_it(); ALTER TABLE a DROP COLUMN b",
        ),
        (
            POSTGRES,
            "CREATE SCHEMA x; CREATE TABLE x.a (n int); ALTER TABLE x.a SET SCHEMA public; DROP SCHEMA x",
        ),
        (
            POSTGRES,
            "CREATE SCHEMA x; CREATE TYPE x.m AS ENUM ('a'); ALTER TYPE x.m SET SCHEMA public; DROP SCHEMA x",
        ),
        (
            POSTGRES,
            "CREATE SCHEMA x; SET search_path = x; CREATE TABLE a (n int); ALTER TABLE a SET SCHEMA public; RESET search_path; DROP SCHEMA x",
        ),
        (
            POSTGRES,
            "SET search_path = one; CREATE TABLE a (n int); SET search_path TO two, public; DROP TABLE a",
        ),
        (
            POSTGRES,
            "SET search_path = one; CREATE INDEX i ON a (n); SET search_path TO two; DROP INDEX i; CREATE INDEX j ON a (n)",
        ),
        (MYSQL, "USE one; CREATE TABLE a (n int); USE two; DROP TABLE a"),
    ];
    for (syntax, text) in cases {
        assert_eq!(found(text, *syntax), None, "{text}");
    }
}
