--liquibase formatted sql

--changeset ann:people
CREATE TABLE people (id integer);
--rollback DROP TABLE people;
--changeset ann:names runOnChange:true
INSERT INTO people VALUES (1);
