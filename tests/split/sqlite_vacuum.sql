VACUUM;
PRAGMA synchronous = OFF;
