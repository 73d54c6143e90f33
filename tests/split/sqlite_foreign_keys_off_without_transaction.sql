-- syncline: foreign-keys=off
-- syncline: no-transaction
PRAGMA foreign_keys = off;
VACUUM;
