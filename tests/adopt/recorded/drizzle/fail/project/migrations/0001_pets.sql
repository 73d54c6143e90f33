CREATE TABLE pets (id integer);
--> statement-breakpoint
INSERT INTO nowhere VALUES (1);
