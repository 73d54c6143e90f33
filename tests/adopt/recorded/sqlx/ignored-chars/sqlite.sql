-- sqlx-cli 0.9.0, SQLite: migrate run, ignored-chars of sqlx.toml has blanks and line ends; the second script was indented since
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
INSERT INTO _sqlx_migrations VALUES(1,'people','2026-12-01 01:52:57',1,X'4d4dd7838027ff9b2ebeda68ac01807d7298be89cf500dae50a60f53360056ef2e5612a7affea5d27a607ec7f0b6cdbc',536829);
INSERT INTO _sqlx_migrations VALUES(2,'add pets','2026-12-01 01:52:57',1,X'50a5591407d2c36d6b04b14c4dfb7424063897911cc84a6f7f94142cc8c02ab4e74c6f8c5f3e68b25b88bbd5132deb8c',2692099);
INSERT INTO _sqlx_migrations VALUES(3,'toys','2026-12-01 01:52:57',1,X'b4d76112feb7c583ccc102a5c211cd469e660b18f937dd153ac873c48093ffea649ee692c458db74a7c384165aa05ee3',58173720);
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
CREATE TABLE toys (id integer);
COMMIT;
