-- goose 3.30.1, SQLite: up with -no-versioning
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
COMMIT;
