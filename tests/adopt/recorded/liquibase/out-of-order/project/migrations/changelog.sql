--liquibase formatted sql

--changeset ann:people
CREATE TABLE people (id integer);
--rollback DROP TABLE people;
--changeset ann:pets
CREATE TABLE pets (id integer);
--rollback DROP TABLE pets;
--changeset bob:filtered context:demo
CREATE TABLE filtered (id integer);
--changeset bob:engine dbms:oracle
CREATE TABLE engine (id integer);
--changeset bob:late
CREATE TABLE late (id integer);
--changeset ann:toys
CREATE TABLE toys (id integer);
--rollback DROP TABLE toys;
