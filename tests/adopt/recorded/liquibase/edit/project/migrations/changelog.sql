--liquibase formatted sql

--changeset ann:people
CREATE TABLE people (id integer);
--rollback DROP TABLE people;
--changeset ann:pets
CREATE TABLE pets (id integer, name text);
--rollback DROP TABLE pets;
