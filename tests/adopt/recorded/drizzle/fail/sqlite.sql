-- drizzle-orm 0.45.4, SQLite: migrate, whose second migration fails at its second statement
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "__drizzle_migrations" (
			id SERIAL PRIMARY KEY,
			hash text NOT NULL,
			created_at numeric
		);
COMMIT;
