-- drizzle-orm 0.45.4, SQLite: migrate with two
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "__drizzle_migrations" (
			id SERIAL PRIMARY KEY,
			hash text NOT NULL,
			created_at numeric
		);
INSERT INTO __drizzle_migrations VALUES(NULL,'69ae72ebc023544505dc38bb6c001a2706c41d60f93473fc0a06e9a6727e30aa',1767258000000);
INSERT INTO __drizzle_migrations VALUES(NULL,'629df23248d7dd83f8fff6e0cf3ddb9cf62cf8a8197e7ac836ab8839821d3833',1767344400000);
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
COMMIT;
