-- Prisma 6.19.0, SQLite: migrate deploy, whose second migration fails; migrate resolve --rolled-back
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
INSERT INTO _prisma_migrations VALUES('961fcb4c-ad0a-40a2-b176-21b54fb049f6','f86e06d0ef2af8bc6caf08bed47c72fdf6d679d19c59632d50ae759a8b9e4760','2026-12-01T03:13:32.022+00:00','20260101090000_people',NULL,NULL,'2026-12-01T03:13:31.959+00:00',1);
INSERT INTO _prisma_migrations VALUES('9106f47b-a88d-496f-a3ca-e633fe088a35','107fbdd901932f1df434cd93179f492bd135415eba6932744b655b60dbb811b1',NULL,'20260102090000_pets',replace('SQLITE_ERROR: no such table: nowhere\n   0: sql_schema_connector::apply_migration::apply_script\n           with migration_name="20260102090000_pets"\n             at schema-engine/connectors/sql-schema-connector/src/apply_migration.rs:113\n   1: schema_commands::commands::apply_migrations::Applying migration\n           with migration_name="20260102090000_pets"\n             at schema-engine/commands/src/commands/apply_migrations.rs:95\n   2: schema_engine_wasm::wasm::engine::ApplyMigrations\n             at schema-engine/schema-engine-wasm/src/wasm/engine.rs:167','\n',char(10)),'2026-12-01T03:13:33.777+00:00','2026-12-01T03:13:32.030+00:00',0);
CREATE TABLE IF NOT EXISTS "people" ("id" INTEGER NOT NULL PRIMARY KEY);
CREATE TABLE IF NOT EXISTS "pets" ("id" INTEGER NOT NULL PRIMARY KEY);
COMMIT;
