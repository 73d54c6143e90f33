--liquibase formatted sql

--changeset ann:1
CREATE TABLE people (
  id integer PRIMARY KEY
);
--rollback DROP TABLE people;

--changeset ann:2
CREATE TABLE pets (id integer, name varchar(20));
INSERT INTO pets VALUES (1, 'Ann''s; cat');

--changeset ann:3 stripComments:false
-- a comment
CREATE TABLE c3 (id integer); -- behind
/* block
 comment */
CREATE TABLE c3b (id integer);

--changeset ann:4
-- a comment
CREATE TABLE c4 (id integer); -- behind
/* block
 comment */
CREATE TABLE c4b (id integer);

--changeset ann:5 splitStatements:false
--comment: what it is for
CREATE TABLE c5 (id integer);

--changeset ann:6 endDelimiter:GO
CREATE TABLE c6 (id integer)
GO
CREATE TABLE c6b (id integer)
GO

--changeset ann:7 runOnChange:true
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT 1
CREATE TABLE c7 (id integer);

--changeset ann:8 dbms:h2
CREATE TABLE c8 (id integer);

--changeset ann:9
CREATE TABLE cé9 (id integer);
INSERT INTO cé9 VALUES ('é ü	tab');
--ignoreLines:1
no
/* liquibase rollback
DROP TABLE c9;
*/
--changeset ann:10
--validCheckSum: 8:abc

CREATE TABLE c10 (id integer) /* café */;

--property name:nm value:c11
--changeset ann:11
CREATE TABLE ${nm} (id integer);
--changeset ann:12 splitStatements:false stripComments:false endDelimiter:;;
CREATE TABLE c12 (id integer);
--changeset ann:13 runInTransaction:false

-- only a comment
--changeset ann:14
INSERT INTO pets VALUES (14, '-- no comment /* at all */');
--changeset ann:15
CREATE TABLE c15 (id integer);
/* multi */ -- odd
--comment behind
--changeset dave:1
-- plain
--comment said
--rollback DROP TABLE g1;
--property name:zz value:g1
CREATE TABLE ${zz} (id integer);

-- last
--changeset dave:2 endDelimiter:\nGO
CREATE TABLE g2 (id integer)
GO
--changeset dave:3 stripComments:false
--rollback not required
--labels: none
--validCheckSum ANY
CREATE TABLE g3 (id integer);;
--ignoreLines:start
ignored
--ignoreLines:end
CREATE TABLE g3b (id integer);
/* liquibase rollback
DROP TABLE g3;
*/
--changeset eve:1
  --comment x
--COMMENT y
--comment:z
--comment
-- comment: q
--  validCheckSum: 9:ab
CREATE TABLE h1 (id integer);
  --rollback DROP TABLE h1;
CREATE TABLE h2 (id integer);
--changeset eve:2 stripComments:FALSE splitStatements:true
--commentary x
--labels x
CREATE TABLE h3 (id integer);   
	
