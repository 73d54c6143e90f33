CREATE INDEX transfers_by_source ON transfers (source);
