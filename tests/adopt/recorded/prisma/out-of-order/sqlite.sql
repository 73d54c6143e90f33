-- Prisma 6.19.0, SQLite: migrate deploy with 1 and 3, then with 2 as well
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
INSERT INTO _prisma_migrations VALUES('c90be355-4244-4203-927d-4350c6f1a5f3','f86e06d0ef2af8bc6caf08bed47c72fdf6d679d19c59632d50ae759a8b9e4760','2026-12-01T03:13:35.107+00:00','20260101090000_people',NULL,NULL,'2026-12-01T03:13:35.090+00:00',1);
INSERT INTO _prisma_migrations VALUES('d009dd6d-ab87-4dde-89a0-ab908d9ff16a','f3a10d02051bd173bbeb5022771ab70ac44b7aaf4e21dc739044dcb32a3ef7a3','2026-12-01T03:13:35.116+00:00','20260103090000_toys',NULL,NULL,'2026-12-01T03:13:35.109+00:00',1);
INSERT INTO _prisma_migrations VALUES('29413efb-061c-4d11-9a36-db455a8c9378','512ab3b4f69480af3c952ecfdec898ebb8e9183f4528048cab803fe4871aac19','2026-12-01T03:13:36.335+00:00','20260102090000_pets',NULL,NULL,'2026-12-01T03:13:36.327+00:00',1);
CREATE TABLE IF NOT EXISTS "people" ("id" INTEGER NOT NULL PRIMARY KEY);
CREATE TABLE IF NOT EXISTS "toys" ("id" INTEGER NOT NULL PRIMARY KEY);
CREATE TABLE IF NOT EXISTS "pets" ("id" INTEGER NOT NULL PRIMARY KEY);
COMMIT;
