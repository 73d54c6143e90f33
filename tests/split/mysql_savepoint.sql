-- syncline: no-transaction
INSERT INTO t VALUES ('SAVEPOINT a');
SAVEPOINT a;
