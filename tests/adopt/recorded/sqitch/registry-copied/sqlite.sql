-- Sqitch 1.3.1, SQLite: deploy, two changes; then the table was copied out of sqitch.db
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE people (id integer);
CREATE TABLE pets (id integer);
CREATE TABLE changes(
  change_id TEXT,
  script_hash TEXT,
  change TEXT,
  project TEXT,
  note TEXT,
  committed_at NUM,
  committer_name TEXT,
  committer_email TEXT,
  planned_at NUM,
  planner_name TEXT,
  planner_email TEXT
);
INSERT INTO changes VALUES('e9589ad65632180ba2baba05a777bcdff99987fc','2bebbbed6eb2e5a2e86b1866e8b65b8fdb6f5cc6','people','shop','people','2026-12-01 02:32:16.653','Ann','ann@example.com','2026-12-01 02:32:13','Ann','ann@example.com');
INSERT INTO changes VALUES('5af3ddac1f43901ef17cbe16a2894f1120ed9ba6','eede0ca27f93dbdc9da1cc83f1bacacd310ee3b7','pets','shop','pets','2026-12-01 02:32:16.683','Ann','ann@example.com','2026-12-01 02:32:14','Ann','ann@example.com');
COMMIT;
