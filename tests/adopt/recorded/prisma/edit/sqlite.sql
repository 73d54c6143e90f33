-- Prisma 6.19.0, SQLite: migrate deploy with two; the second was edited then, and migrate deploy found nothing to do
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
);
INSERT INTO _prisma_migrations VALUES('2f46f8df-aa94-477c-b89e-e0ea1422950d','f86e06d0ef2af8bc6caf08bed47c72fdf6d679d19c59632d50ae759a8b9e4760','2026-12-01T03:13:29.299+00:00','20260101090000_people',NULL,NULL,'2026-12-01T03:13:29.282+00:00',1);
INSERT INTO _prisma_migrations VALUES('a46e8d56-f667-4531-b310-49c38d82ac90','512ab3b4f69480af3c952ecfdec898ebb8e9183f4528048cab803fe4871aac19','2026-12-01T03:13:29.312+00:00','20260102090000_pets',NULL,NULL,'2026-12-01T03:13:29.301+00:00',1);
CREATE TABLE IF NOT EXISTS "people" ("id" INTEGER NOT NULL PRIMARY KEY);
CREATE TABLE IF NOT EXISTS "pets" ("id" INTEGER NOT NULL PRIMARY KEY);
COMMIT;
