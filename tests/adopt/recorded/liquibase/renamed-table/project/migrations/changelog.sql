--liquibase formatted sql

--changeset ann:people
CREATE TABLE people (id integer);
--rollback DROP TABLE people;
--changeset ann:pets
CREATE TABLE pets (id integer);
--rollback DROP TABLE pets;
--changeset ann:toys
CREATE TABLE toys (id integer);
--rollback DROP TABLE toys;
