DROP INDEX transfers_by_source;
