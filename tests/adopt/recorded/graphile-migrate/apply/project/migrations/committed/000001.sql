--! Previous: -
--! Hash: sha1:2bebbbed6eb2e5a2e86b1866e8b65b8fdb6f5cc6

CREATE TABLE people (id integer);
