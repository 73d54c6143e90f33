PRAGMA foreign_keys = OFF;
PRAGMA main.foreign_keys(0);
PRAGMA foreign_keys;
PRAGMA journal_mode=WAL;
PRAGMA journal_mode;
PRAGMA user_version = 3;
PRAGMA defer_foreign_keys = ON;
CREATE TABLE foreign_keys(a);
