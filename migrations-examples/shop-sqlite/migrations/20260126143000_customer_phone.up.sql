-- SQLite rebuilds a table to change a column: with foreign keys on, dropping the old one would take its orders along.
-- syncline: foreign-keys=off
CREATE TABLE customers_new (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    phone TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT;
INSERT INTO customers_new (id, name, email, created_at) SELECT id, name, email, created_at FROM customers;
DROP TABLE customers;
ALTER TABLE customers_new RENAME TO customers;
