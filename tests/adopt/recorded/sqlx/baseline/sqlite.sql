-- sqlx-cli 0.9.0, SQLite: migrate override skip --target-version 1
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE people (id integer);
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations VALUES(1,'people','2026-12-01 01:52:55',1,X'8a43fefaf3565b4e606777c022635029e7986ee1557640ab512e83404ce3a26ba4c03a4146aef7f679e2244517a8a4fa',-1);
COMMIT;
