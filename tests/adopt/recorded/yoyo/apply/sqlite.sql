-- yoyo 9.0.0, SQLite: apply, two scripts
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "yoyo_lock" ("locked" INT DEFAULT 1, "ctime" TIMESTAMP,"pid" INT NOT NULL,PRIMARY KEY ("locked"));
CREATE TABLE IF NOT EXISTS "_yoyo_log" (
            "id" VARCHAR(36),
            "migration_hash" VARCHAR(64),
            "migration_id" VARCHAR(255),
            "operation" VARCHAR(10),
            "username" VARCHAR(255),
            "hostname" VARCHAR(255),
            "comment" VARCHAR(255),
            "created_at_utc" TIMESTAMP,
            PRIMARY KEY ("id")
        );
INSERT INTO _yoyo_log VALUES('1e81e45e-ed28-11f1-a51c-000000000000','18c68a3d93c5086e3a0ae1aff2aced7283d6374ff53cb15d317a2ee18583a6e6','0001_people','apply','ann','here',NULL,'2026-12-01T01:39:59.151378');
INSERT INTO _yoyo_log VALUES('1e82b30c-ed28-11f1-a51c-000000000000','60534c424e2450eb4bf52c8179d658dab50a64a7bfd5e29cf3d945dcde216574','0002_pets','apply','ann','here',NULL,'2026-12-01T01:39:59.155401');
CREATE TABLE IF NOT EXISTS "_yoyo_version" (
            "version" INT NOT NULL PRIMARY KEY,
            "installed_at_utc" TIMESTAMP
        );
INSERT INTO _yoyo_version VALUES(2,'2026-12-01 01:39:59.134749');
CREATE TABLE IF NOT EXISTS "_yoyo_migration" (
            "migration_hash" VARCHAR(64),
            "migration_id" VARCHAR(255),
            "applied_at_utc" TIMESTAMP,
            PRIMARY KEY ("migration_hash")
        );
INSERT INTO _yoyo_migration VALUES('18c68a3d93c5086e3a0ae1aff2aced7283d6374ff53cb15d317a2ee18583a6e6','0001_people','2026-12-01T01:39:59.152758');
INSERT INTO _yoyo_migration VALUES('60534c424e2450eb4bf52c8179d658dab50a64a7bfd5e29cf3d945dcde216574','0002_pets','2026-12-01T01:39:59.156178');
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
COMMIT;
