-- syncline: foreign-keys=off
CREATE TABLE new_t(a);
DROP TABLE t;
ALTER TABLE new_t RENAME TO t;
