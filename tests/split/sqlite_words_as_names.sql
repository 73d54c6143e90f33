CREATE TABLE x(a) STRICT, WITHOUT ROWID; CREATE TABLE trigger(end); CREATE TABLE "trigger"(begin, end);
CREATE INDEX trigger ON t(end); SELECT 1
