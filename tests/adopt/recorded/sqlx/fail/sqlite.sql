-- sqlx-cli 0.9.0, SQLite: migrate run, the third begins with -- no-transaction and fails behind its first statement
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations VALUES(1,'people','2026-12-01 01:52:53',1,X'8a43fefaf3565b4e606777c022635029e7986ee1557640ab512e83404ce3a26ba4c03a4146aef7f679e2244517a8a4fa',1156478);
INSERT INTO _sqlx_migrations VALUES(2,'add pets','2026-12-01 01:52:53',1,X'5b1ada703ef5156d3d69d70dc6fee72afd18cc878524bd711d35f8c17d5f4d3e49f3b45d1d291b076e9694c0b083c60b',1002107);
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
CREATE TABLE toys (id integer);
COMMIT;
